package link_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
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
		{"no such terrain", link.Target{Terrain: "/nowhere"}, "no such file or directory"},
		{"empty terrain", link.Target{Terrain: empty}, "empty.tif"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := link.Open(t.Context(), tt.target)
			if err == nil || !strings.Contains(err.Error(), tt.want) || fault.Code(err) != fault.Usage {
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
