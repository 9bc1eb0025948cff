package link_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

func TestOpenRefuses(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.tif")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		target link.Target
		want   string
	}{
		{"a scheme", link.Target{Server: "http://127.0.0.1:50051"}, "leave the scheme out"},
		{"no port", link.Target{Server: "radar-host"}, "has no port: write radar-host:50051"},
		{"no such authority", link.Target{Server: "radar:1", Security: link.Security{CA: "/nowhere"}}, "--tls-ca: open /nowhere: no such file"},
		{"no authority", link.Target{Server: "radar:1", Security: link.Security{CA: empty}}, "has no certificate: give a PEM file"},
		{"a certificate without its key", link.Target{Server: "radar:1", Security: link.Security{Cert: empty}}, "--tls-cert and --tls-key belong together"},
		{"no certificate", link.Target{Server: "radar:1", Security: link.Security{Cert: empty, Key: empty}}, "--tls-cert " + empty},
		{"a token in plain text", link.Target{Server: "radar:1", Token: "secret"}, "CANOPY_TOKEN would go to radar:1 for all to read: give --tls"},
		{"a token with a line break", link.Target{Server: "127.0.0.1:1", Token: "sec\nret"}, "CANOPY_TOKEN has characters that no token has"},
		{"no such terrain", link.Target{Terrain: "/nowhere"}, "no such file or directory"},
		{"empty terrain", link.Target{Terrain: empty}, "empty.tif"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := link.Open(t.Context(), tt.target)
			if err == nil || !strings.Contains(err.Error(), tt.want) || fault.Code(err) != fault.Usage || strings.Contains(err.Error(), "sec") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOpenInterrupted(t *testing.T) {
	const tiles = "../../../../../shared/data/srtm3_sierra_nevada"
	if _, err := os.Stat(tiles); err != nil {
		t.Skip("the tiles are not here")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := link.Open(ctx, link.Target{Terrain: tiles}); fault.Code(err) != fault.Interrupted {
		t.Errorf("got %v", err)
	}
}

func TestOpenInProcess(t *testing.T) {
	session, err := link.Open(t.Context(), link.Target{Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	answer, err := session.Terrain.GetTerrain(t.Context(), &canopyv1.GetTerrainRequest{})
	if err != nil || !answer.GetTerrain().GetDemonstration() {
		t.Errorf("got %v, %v", answer, err)
	}
}

// The program takes answers that are longer than gRPC clients take by
// themselves, of a server in-process and of one that listens.
func TestLongAnswers(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	model, err := link.OpenTerrain(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Terrain: model})
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.Serve(context.Background(), listener); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { s.Close(); serving.Wait() })
	point := &canopyv1.Point{Position: &canopyv1.Position{LatDeg: -12, LonDeg: -75}, Altitude: &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: 300}}}
	question := &canopyv1.CheckPointsRequest{Points: slices.Repeat([]*canopyv1.Point{point}, 10000), Network: &canopyv1.NetworkSelection{}}
	for i := range 16 {
		question.Network.Radars = append(question.Network.Radars, &canopyv1.Radar{RadarId: fmt.Sprint("r", i), Position: &canopyv1.Position{LatDeg: -5, LonDeg: -75}})
	}
	for name, target := range map[string]link.Target{"in-process": {}, "listening": {Server: listener.Addr().String()}} {
		session, err := link.Open(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := session.Coverage.CheckPoints(t.Context(), question)
		if bytes := proto.Size(answer); err != nil || bytes <= server.DefaultAnswerB {
			t.Errorf("%s: %d bytes, %v", name, bytes, err)
		}
		session.Close()
	}
}
