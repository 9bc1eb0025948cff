package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// answersOf are the bytes of what a server says of gaps and of floors.
func answersOf(t *testing.T, conn *grpc.ClientConn) []byte {
	t.Helper()
	client := canopyv1.NewCoverageServiceClient(conn)
	gaps, err := client.FindGaps(testContext(t), gapsAroundPuesto())
	if err != nil {
		t.Fatal(err)
	}
	all, err := proto.MarshalOptions{Deterministic: true}.Marshal(gaps)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := client.ExportFloor(testContext(t), &canopyv1.ExportFloorRequest{Network: plain()})
	if err != nil {
		t.Fatal(err)
	}
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if all, err = (proto.MarshalOptions{Deterministic: true}).MarshalAppend(all, part); err != nil {
			t.Fatal(err)
		}
	}
}

// Where surfaces are kept, for how long and by whom, shows in no byte.
func TestSameBytesWhereverSurfacesAreKept(t *testing.T) {
	dir := t.TempDir()
	_, plainly := serve(t, server.Config{})
	want := answersOf(t, plainly)
	for _, tt := range []struct {
		name  string
		cache server.Cache
	}{
		{"in memory", server.Cache{MemoryB: 1 << 28}},
		{"in a directory, empty", server.Cache{Dir: dir}},
		{"in a directory, filled", server.Cache{Dir: dir}},
		{"in both", server.Cache{Dir: dir, MemoryB: 1 << 28}},
		{"in a directory that is too small", server.Cache{Dir: t.TempDir(), LimitB: 1000}},
	} {
		s, conn := serve(t, server.Config{Cache: tt.cache})
		for _, state := range []string{"first", "again"} {
			if !bytes.Equal(answersOf(t, conn), want) {
				t.Errorf("%s, %s: other bytes", tt.name, state)
			}
		}
		s.Close()
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.floor"))
	if err != nil || len(files) != 1 {
		t.Errorf("files %q, %v: want one, of the one radar", files, err)
	}
}

func TestAnswersTellWhatTheyWereReadOff(t *testing.T) {
	_, conn := serve(t, server.Config{Cache: server.Cache{MemoryB: 1 << 28}})
	client := canopyv1.NewCoverageServiceClient(conn)
	points := &canopyv1.CheckPointsRequest{Network: plain(), WithoutSights: true, Points: []*canopyv1.Point{
		{Position: position(-12.6, -69.6), Altitude: agl(3000)}, {Position: position(-12.6, -69.1), Altitude: agl(20)},
	}}
	exposed := &canopyv1.AssessAirstripsRequest{Network: plain(), Airstrips: strips(&canopyv1.Airstrip{Name: "Cerca", Position: position(-12.6, -69.6)})}
	ask := func() (*canopyv1.CheckPointsResponse, *canopyv1.AssessAirstripsResponse) {
		checked, err := client.CheckPoints(testContext(t), points)
		if err != nil {
			t.Fatal(err)
		}
		assessed, err := client.AssessAirstrips(testContext(t), exposed)
		if err != nil {
			t.Fatal(err)
		}
		return checked, assessed
	}
	rays, strips := ask()
	answersOf(t, conn)
	surfaces, stripsOff := ask()
	for i, tt := range []struct {
		got  *canopyv1.Provenance
		want float64
	}{{rays.GetProvenance(), 0}, {strips.GetProvenance(), 0}, {surfaces.GetProvenance(), 30}, {stripsOff.GetProvenance(), 30}} {
		if got := tt.got.GetAnalysisSpacingArcsec(); got != tt.want {
			t.Errorf("answer %d: posts %v arc-seconds apart, want %v", i, got, tt.want)
		}
	}
	for i, o := range surfaces.GetOutcomes() {
		if want := rays.GetOutcomes()[i]; o.GetSeen() != want.GetSeen() || !slices.Equal(o.GetSeenBy(), want.GetSeenBy()) || len(o.GetSights()) > 0 {
			t.Errorf("point %d: %v, want %v", i, o, want)
		}
	}
	if !rays.GetOutcomes()[0].GetSeen() || len(rays.GetOutcomes()[0].GetSeenBy()) != 1 {
		t.Errorf("the first point: %v", rays.GetOutcomes()[0])
	}
}

// A directory that cannot be used is refused; one that is lost later is not
// needed for answers.
func TestCacheDirectories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := server.New(server.Config{Terrain: ridge{}, Cache: server.Cache{Dir: file}})
	if unusable := new(server.CacheError); !errors.As(err, &unusable) {
		t.Errorf("a file as the directory: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "cache")
	_, conn := serve(t, server.Config{Cache: server.Cache{Dir: dir}})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(context.Background(), gapsAroundPuesto()); err != nil {
		t.Error(err)
	}
}
