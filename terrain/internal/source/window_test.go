package source_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

func TestWindow(t *testing.T) {
	all := terrain.Lattice{PerDegLon: 10, PerDegLat: 10, Col0: 100, Row0: 100, Cols: 5, Rows: 4}
	other := all
	other.PerDegLon = 20
	failed := errors.New("failed")
	tests := []struct {
		name   string
		window terrain.Lattice
		fill   error
		part   terrain.Lattice // without posts where fill is not to be called
		err    bool
	}{
		{"all of it", all, nil, all, false},
		{"over the rim", all.Sub(-2, -2, 4, 4), nil, all.Sub(0, 0, 2, 2), false},
		{"beyond it", all.Sub(9, 9, 2, 2), nil, terrain.Lattice{}, false},
		{"of another spacing", other, nil, terrain.Lattice{}, true},
		{"that cannot be filled", all, failed, all, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var part terrain.Lattice
			g, err := source.Window(t.Context(), all, tt.window, func(_ *terrain.Grid, p terrain.Lattice) error {
				part = p
				return tt.fill
			})
			if part != tt.part || (err != nil) != tt.err || (g == nil) != tt.err || g != nil && g.Lattice != tt.window {
				t.Errorf("part %+v, grid %v, error %v", part, g, err)
			}
		})
	}
}

func TestBands(t *testing.T) {
	var mu sync.Mutex
	seen := make([]int, 10)
	err := source.Bands(t.Context(), len(seen), 4, func(_ context.Context, first, count int) error {
		mu.Lock()
		defer mu.Unlock()
		for i := range count {
			seen[first+i]++
		}
		return nil
	})
	for i, n := range seen {
		if err != nil || n != 1 {
			t.Errorf("row %d is done %d times, %v", i, n, err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	err = source.Bands(cancelled, 10, 4, func(context.Context, int, int) error { t.Error("it goes on"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("with the context done: %v", err)
	}
}
