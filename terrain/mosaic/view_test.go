package mosaic_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/viewtest"
)

// viewed is a part that is looked at in place.
type viewed struct {
	*part
	open     *atomic.Int32
	closeErr error
}

func (p viewed) View(_ context.Context, l terrain.Lattice) (*terrain.View, error) {
	if p.err != nil {
		return nil, p.err
	}
	inside := l.Intersect(p.Grid.Lattice)
	p.open.Add(1)
	if inside.Posts() == 0 {
		return terrain.NewView(l, nil, p), nil
	}
	from := (inside.Row0-p.Row0)*p.Cols + inside.Col0 - p.Col0
	return terrain.NewView(l, []terrain.Panel{{Lattice: inside, Stride: p.Cols, Float32: p.ElevationM[from:], HasVoid: true}}, p), nil
}

func (p viewed) Fault(uintptr) error { return nil }

func (p viewed) Close() error {
	p.open.Add(-1)
	return p.closeErr
}

// without returns a tile less its last rows and columns, so that tiles do not
// share posts.
func without(tile *part, edges int) *part {
	l := tile.Sub(0, 0, tile.Cols-edges, tile.Rows-edges)
	tile.Grid = &terrain.Grid{Lattice: l, ElevationM: tile.ElevationM[:l.Posts()]}
	return tile
}

func TestViews(t *testing.T) {
	var open atomic.Int32
	apart := func(lonDeg, latDeg int) terrain.Model {
		return viewed{part: without(tile(lonDeg, latDeg, float32(lonDeg*latDeg)), 1), open: &open}
	}
	shared := viewed{part: tile(-70, -13, 7), open: &open}
	tests := []struct {
		name    string
		m       terrain.Model
		l       terrain.Lattice
		inPlace bool
	}{
		{"side by side", combine(t, apart(-70, -13), apart(-69, -13), apart(-70, -14)), around(-5, -5, 40, 40), true},
		{"one of them", combine(t, apart(-70, -13), apart(-69, -13)), around(-5, -5, 10, 10), true},
		{"none of them", combine(t, apart(-70, -13), apart(-68, -13)), around(13, 0, 5, 5), false},
		{"sharing an edge", combine(t, shared, apart(-69, -13)), around(0, 0, 20, 10), false},
		{"sharing an edge beyond the window", combine(t, shared, apart(-69, -13), apart(-70, -12)), around(0, -3, 12, 5), true},
		{"one that cannot", combine(t, apart(-70, -13), without(tile(-69, -13, 3), 1)), around(0, 0, 20, 10), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			viewtest.Same(t, test.m, test.l)
			v := viewtest.Open(t, test.m, test.l)
			if v.InPlace() != test.inPlace {
				t.Errorf("in place: %v, want %v", v.InPlace(), test.inPlace)
			}
			if err := v.Close(); err != nil || open.Load() != 0 {
				t.Errorf("closed with %v, %d left open", err, open.Load())
			}
		})
	}
}

// around is a window by its offset from 70° W, 12° S.
func around(col, row, cols, rows int) terrain.Lattice {
	return terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg, Col0: 110*perDeg + col, Row0: 102*perDeg + row, Cols: cols, Rows: rows}
}

func TestViewsOfRandomWindows(t *testing.T) {
	var open atomic.Int32
	rapid.Check(t, func(r *rapid.T) {
		var parts []terrain.Model
		for i := range rapid.IntRange(1, 6).Draw(r, "parts") {
			p := tile(rapid.IntRange(-72, -69).Draw(r, "lon"), rapid.IntRange(-14, -11).Draw(r, "lat"), float32(i))
			if rapid.IntRange(0, 5).Draw(r, "edges") > 0 {
				p = without(p, 1)
			}
			if rapid.IntRange(0, 5).Draw(r, "void") == 0 {
				p.ElevationM[rapid.IntRange(0, p.Posts()-1).Draw(r, "at")] = missing
			}
			parts = append(parts, viewed{part: p, open: &open})
		}
		m := combine(t, parts...)
		for _, model := range []terrain.Model{m, terrain.FillVoids(m)} {
			viewtest.Same(r, model, around(rapid.IntRange(-30, 20).Draw(r, "col"), rapid.IntRange(-30, 20).Draw(r, "row"),
				rapid.IntRange(0, 40).Draw(r, "cols"), rapid.IntRange(0, 40).Draw(r, "rows")))
		}
		if open.Load() != 0 {
			r.Fatalf("%d views are left open", open.Load())
		}
	})
}

func TestViewFails(t *testing.T) {
	var open atomic.Int32
	broken := viewed{part: without(tile(-69, -13, 1), 1), open: &open}
	m := combine(t, viewed{part: without(tile(-70, -13, 2), 1), open: &open}, broken)
	broken.err = errors.New("broken")
	if _, err := terrain.ViewOf(t.Context(), m, m.Lattice()); !errors.Is(err, broken.err) || open.Load() != 0 {
		t.Errorf("got %v, %d left open", err, open.Load())
	}
	other := m.Lattice()
	other.OffLon = 0.25
	var spacing *terrain.SpacingError
	if _, err := terrain.ViewOf(t.Context(), m, other); !errors.As(err, &spacing) {
		t.Errorf("of other posts: %v", err)
	}
}
