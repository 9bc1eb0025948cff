package coverage_test

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/terrain"
)

// speckled is mountains with small voids in the west, which are filled, and none in
// the east.
func speckled() terrain.Model {
	m := andes()
	whole := m.heightM
	m.heightM = func(lon, lat float64) float64 {
		if lon < valley.Lon() && math.Mod(math.Abs(lon*240), 97) < 1 && math.Mod(math.Abs(lat*240), 89) < 1 {
			return math.NaN()
		}
		return whole(lon, lat)
	}
	return terrain.FillVoids(m)
}

// counted counts how often a model is read.
type counted struct {
	terrain.Model
	reads atomic.Int32
}

func (c *counted) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	c.reads.Add(1)
	return c.Model.Read(ctx, l)
}

// TestWalkedChangesNothing: kept terrain gives the answers and warnings of terrain that
// is read, the first time and when it is kept, for few points and for many.
func TestWalkedChangesNothing(t *testing.T) {
	radars := query(site("west", east(valley, -0.4), 90e3), site("east", east(valley, 0.4), 90e3))
	for name, m := range map[string]terrain.Model{"whole": andes(), "half": holed(valley.Lon() + 0.3), "speckled": speckled()} {
		for _, arcsec := range []float64{0, 60} {
			q := coverage.PointQuery{Query: radars}
			q.ResolutionArcsec = arcsec
			plain, keeping := &coverage.Engine{Terrain: m}, &coverage.Engine{Terrain: m, Walked: coverage.NewWalked(1 << 20)}
			for _, n := range []int{1, 5, shorter(200, 40), 3} {
				q.Points = nil
				for _, p := range scattered(n, valley, 0.9) {
					q.Points = append(q.Points, coverage.Point{Position: p, Altitude: agl(300)})
				}
				want, err := plain.CheckPoints(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				got, err := keeping.CheckPoints(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				// Printed, missing elevations are equal.
				if fmt.Sprint(got.Outcomes, got.Warnings) != fmt.Sprint(want.Outcomes, want.Warnings) {
					t.Errorf("%s, %g arc-seconds, %d points: kept terrain gives another answer; warnings %q, want %q", name, arcsec, n, got.Warnings, want.Warnings)
				}
			}
		}
	}
}

func TestWalkedTerrainIsNotReadAgain(t *testing.T) {
	m := &counted{Model: andes()}
	e := &coverage.Engine{Terrain: m, Walked: coverage.NewWalked(16 << 20), Placed: &coverage.Placed{}}
	q := coverage.PointQuery{Query: query(site("r", valley, 90e3)), Points: []coverage.Point{{Position: orb.Point{-70.4, -10.3}, Altitude: agl(300)}}}
	cost, err := e.LookCost(t.Context(), q.Query, q.Places(), false)
	if err != nil {
		t.Fatal(err)
	}
	var reads [3]int32
	for i := range reads {
		before := m.reads.Load()
		if _, err := e.CheckPoints(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		reads[i] = m.reads.Load() - before
	}
	if reads[0] < 2 || reads[1] > 0 || reads[2] > 0 {
		t.Errorf("read %d times", reads)
	}
	again, err := e.LookCost(t.Context(), q.Query, q.Places(), false)
	if err != nil || again.Posts > cost.Posts/2 {
		t.Errorf("a cost of %.0f posts and then of %.0f, %v", cost.Posts, again.Posts, err)
	}
}
