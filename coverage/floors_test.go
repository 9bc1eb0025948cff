package coverage_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// floorGrid returns the floor of a network, NaN where there is none.
func floorGrid(t *testing.T, q coverage.Query) *terrain.Grid {
	t.Helper()
	e := &coverage.Engine{Terrain: andes()}
	r, err := e.Floor(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	g, row := terrain.NewGrid(r.Lattice), make([]int16, r.Cols)
	for i := range r.Rows {
		if err := r.Floor.Row(i, row); err != nil {
			t.Fatal(err)
		}
		for c, z := range row {
			if z != floor.NoAltitude {
				g.RowM(i)[c] = float32(z)
			}
		}
	}
	if err := r.Floor.Close(); err != nil {
		t.Fatal(err)
	}
	return g
}

// The floor of a network is, post by post, the k-th smallest of the floors
// that its radars in service have on their own.
func TestFloorIsTheKthSmallest(t *testing.T) {
	radars := []radar.Radar{site("a", valley, 25e3), site("b", east(valley, 0.2), 20e3), site("c", east(valley, -0.1), 30e3)}
	var alone []*terrain.Grid
	for _, r := range radars {
		alone = append(alone, floorGrid(t, query(r)))
	}
	q := query(append(radars, site("broken", valley, 35e3, outOfService))...)
	for k := 1; k <= 4; k++ {
		q.MinRadars = k
		whole := floorGrid(t, q)
		for i, got := range whole.ElevationM {
			// Floors of many are rounded above ground first.
			if want := kthSmallest(whole.Lattice, i, alone, k); !same(float64(got), float64(want)) && !(math.Abs(float64(got-want)) <= 1) {
				t.Fatalf("k = %d, post %d: %v, want %v", k, i, got, want)
			}
		}
	}
}

// kthSmallest is NaN where fewer than k of the grids have a value.
func kthSmallest(l terrain.Lattice, post int, grids []*terrain.Grid, k int) float32 {
	var values []float32
	for _, g := range grids {
		col, row := l.Col0+post%l.Cols-g.Col0, l.Row0+post/l.Cols-g.Row0
		if col < 0 || row < 0 || col >= g.Cols || row >= g.Rows {
			continue
		}
		if z := g.RowM(row)[col]; z == z {
			values = append(values, z)
		}
	}
	if len(values) < k {
		return float32(math.NaN())
	}
	slices.Sort(values)
	return values[k-1]
}

// On single posts the floor is the one of CheckPoints, to the accuracy that
// the sweep is held to.
func TestFloorAgreesWithPoints(t *testing.T) {
	q := query(site("a", valley, 40e3), site("b", east(valley, 0.3), 40e3))
	for _, minRadars := range []int{1, 2} {
		q.MinRadars = minRadars
		g := floorGrid(t, q)
		var points []coverage.Point
		var floors []float64
		for post := 0; post < g.Posts(); post += 31 {
			p := orb.Point{g.Lon(post % g.Cols), g.Lat(post / g.Cols)}
			if nearRim(q, p) {
				continue
			}
			points = append(points, coverage.Point{Position: p})
			floors = append(floors, float64(g.ElevationM[post]))
		}
		sum, n, apart := 0.0, 0, 0
		for i, o := range checkPoints(t, andes(), q, points...).Outcomes {
			if math.IsNaN(o.FloorAMSLM) != math.IsNaN(floors[i]) {
				apart++
			} else if !math.IsNaN(floors[i]) {
				sum += (o.FloorAMSLM - floors[i]) * (o.FloorAMSLM - floors[i])
				n++
			}
		}
		if apart > len(points)/1000 {
			t.Errorf("%d of %d posts have a floor in one way only, want at most one in a thousand", apart, len(points))
		}
		if rms := math.Sqrt(sum / float64(n)); rms > 4 || n < 100 {
			t.Errorf("%d posts differ by %.2f m rms, want at most 4 m", n, rms)
		}
	}
}

// nearRim reports whether a place lies where the slant range cuts floors off,
// so that a metre decides whether there is one.
func nearRim(q coverage.Query, p orb.Point) bool {
	return slices.ContainsFunc(q.Radars, func(r radar.Radar) bool {
		return math.Abs(earth.DistanceM(r.Position, p)/r.RangeM-1) < 0.02
	})
}

func TestFloorOfUnscreenedReaches(t *testing.T) {
	near, far := site("near", valley, 20e3), site("broken", east(valley, 0.2), 20e3, outOfService)
	q := query(near, far)
	q.Reach = sight.Disc
	disc := floorGrid(t, q)
	ground, err := andes().Read(context.Background(), disc.Lattice)
	if err != nil {
		t.Fatal(err)
	}
	q.Reach = sight.Horizon
	horizon := floorGrid(t, q)
	inside := 0
	for i, z := range disc.ElevationM {
		if z != z {
			continue
		}
		inside++
		if want := math.RoundToEven(float64(ground.ElevationM[i])); float64(z) != want {
			t.Fatalf("post %d: the floor of a disc is %v, want the ground, %v", i, z, want)
		}
		if h := horizon.ElevationM[i]; h < z {
			t.Fatalf("post %d: the horizon's floor %v is below the ground, %v", i, h, z)
		}
	}
	if share := float64(inside) / float64(disc.Posts()); share < 0.3 || share > 0.7 {
		t.Errorf("%.0f %% of the box of two discs lies in the one in service", 100*share)
	}
}

func TestFloorRefusals(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), MaxPosts: 50_000}
	tests := []struct {
		name  string
		query coverage.Query
	}{
		{"no radar", query()},
		{"radars far apart", query(site("a", valley, 5e3), site("b", east(valley, 2), 5e3), site("c", orb.Point{-70, -8.5}, 5e3))},
		{"over the antimeridian", query(site("a", orb.Point{179.99, 0}, 50e3))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.ResolutionArcsec = 15
			if _, err := e.Floor(context.Background(), tt.query); err == nil {
				t.Error("it is not refused")
			}
		})
	}
}
