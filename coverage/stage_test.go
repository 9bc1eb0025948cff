package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

const sierraTiles = "../../shared/data/srtm3_sierra_nevada"

// fineAndes are the mountains of andes with posts 3 arc-seconds apart, in one
// degree around the valley, with crags that only such posts show.
func fineAndes() *formula {
	m := andes()
	smooth := m.heightM
	m.heightM = func(lon, lat float64) float64 {
		return smooth(lon, lat) + 120*math.Sin(900*lon)*math.Sin(1100*lat)
	}
	m.lattice = terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 109*1200 + 300, Row0: 99*1200 + 300, Cols: 1801, Rows: 1801}
	m.info.SpacingArcsec = 3
	return m
}

func TestResolutionIsTakenOrRefused(t *testing.T) {
	tests := []struct {
		name   string
		arcsec float64
		want   string
	}{
		{"the terrain's own", 15, ""},
		{"twice that", 30, ""},
		{"a long multiple", 45, ""},
		{"finer", 3, "3 arc-seconds is finer than the terrain's own 15: ask for that or coarser, or load finer terrain"},
		{"between multiples", 20, "20 arc-seconds is no multiple of the terrain's own 15: ask for 15 or 30"},
		{"a hair off", 15.001, "15.001 arc-seconds is no multiple of the terrain's own 15: ask for 15 or 30"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := query(site("r", valley, 20e3))
			q.ResolutionArcsec = tt.arcsec
			e := &coverage.Engine{Terrain: andes()}
			r, err := e.FindGaps(context.Background(), exactGaps(q, around(valley, 0.2), agl(300)))
			if tt.want != "" {
				if wrong := new(coverage.ResolutionError); !errors.As(err, &wrong) || err.Error() != tt.want {
					t.Errorf("error %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := r.SpacingArcsec; got != math.Min(tt.arcsec, 30) { // coarser posts are refined to 30
				if math.Abs(got-22.5) > 1e-9 || tt.arcsec != 45 {
					t.Errorf("computed on posts %v arc-seconds apart", got)
				}
			}
		})
	}
}

// Left open, the resolution is the finest that the budget allows, and said.
func TestBudgetPicksTheResolution(t *testing.T) {
	q := exactGaps(query(site("r", valley, 20e3)), around(valley, 0.2), agl(300))
	tests := []struct {
		name       string
		engine     coverage.Engine
		wantArcsec float64
		wantWarned bool
	}{
		{"by itself", coverage.Engine{}, 3, false},
		{"enough", coverage.Engine{BudgetPosts: 1_000_000}, 3, false},
		{"too small", coverage.Engine{BudgetPosts: 100_000}, 15, true},
		{"far too small", coverage.Engine{BudgetPosts: 10_000}, 30, true},
		{"too many posts of one radar", coverage.Engine{MaxPosts: 150_000}, 15, true},
		{"little memory", coverage.Engine{MemoryB: 5 << 20, Workers: 1}, 15, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &tt.engine
			e.Terrain = fineAndes()
			r, err := e.FindGaps(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			if warned := slices.Contains(warningIDs(r.Basis), "terrain.resolution"); math.Abs(r.SpacingArcsec-tt.wantArcsec) > 1e-9 || warned != tt.wantWarned {
				t.Errorf("%v arc-seconds, warnings %q; want %v and a warning: %v", r.SpacingArcsec, warningIDs(r.Basis), tt.wantArcsec, tt.wantWarned)
			}
		})
	}
}

// Points and floors keep to the resolution as gaps do, and to the terrain's own
// around the radar: there, points on 15 arc-seconds see what those on 3 see.
func TestNearTheRadarTheTerrainsOwnIsKept(t *testing.T) {
	q := query(site("r", valley, 60e3))
	var points []coverage.Point
	for _, p := range scattered(60, valley, 0.05) { // 5 km; the near field reaches 14
		points = append(points, coverage.Point{Position: p, Altitude: agl(100)})
	}
	own := checkPoints(t, fineAndes(), q, points...)
	q.ResolutionArcsec = 15
	coarse := checkPoints(t, fineAndes(), q, points...)
	hidden := 0
	for i := range points {
		a, b := own.Outcomes[i], coarse.Outcomes[i]
		// Rounding differs with the window that terrain is read in.
		if math.Abs(a.FloorAMSLM-b.FloorAMSLM) > 1e-9 || a.Seen != b.Seen {
			t.Errorf("point %d: floor %v m, want %v", i, b.FloorAMSLM, a.FloorAMSLM)
		}
		if !a.Seen {
			hidden++
		}
	}
	if hidden == 0 || hidden == len(points) {
		t.Errorf("%d of %d points are hidden: the case is empty", hidden, len(points))
	}
}

// The answer at full resolution lies in the bracket of coarser ones, on real
// mountains, to a thousandth of the airspace: their cells resolve the edges of
// airspace and range no better, and a mean hides how rough its cell is.
func TestBracketHoldsTheAnswer(t *testing.T) {
	m := terraintest.Real(t, sierraTiles)
	altitudes := []float64{100, 300, 1000, 3000}
	sites := shorter([]orb.Point{{-118.5, 37.5}, {-118.9, 37.2}, {-119.3, 37.8}, {-117.8, 36.8}}, []orb.Point{{-118.9, 37.2}})
	for _, at := range sites {
		q := exactGaps(query(site("r", at, 60e3)), around(at, 0.6), flightLevel100)
		for _, h := range altitudes {
			q.Altitudes = append(q.Altitudes, agl(h))
		}
		q.ResolutionArcsec = 3
		exact := shares(findGaps(t, m, q))
		for _, arcsec := range []float64{15, 30} {
			t.Run(fmt.Sprintf("%v at %v", at, arcsec), func(t *testing.T) {
				q.Bracket, q.ResolutionArcsec = true, arcsec
				r := findGaps(t, m, q)
				for i, want := range exact {
					low, high := coveredShare(r.Strictest[i]), coveredShare(r.Bands[i])
					if want < low-1e-3 || want > high+1e-3 || low > high {
						t.Errorf("%s: %.5f to %.5f, and %.5f at full resolution", r.Bands[i].Altitude, low, high, want)
					}
				}
			})
		}
	}
}

func TestBracketAtTheTerrainsOwnResolution(t *testing.T) {
	q := exactGaps(query(site("r", valley, 20e3)), around(valley, 0.2), agl(300))
	q.Bracket = true
	r := findGaps(t, andes(), q)
	if len(r.Strictest) != 1 || r.Strictest[0].CoveredM2 != r.Bands[0].CoveredM2 || !slices.Contains(warningIDs(r.Basis), "bracket.none") {
		t.Errorf("%d bands, warnings %q", len(r.Strictest), warningIDs(r.Basis))
	}
}

// A reach that does not ask the terrain has nothing to bracket.
func TestBracketOfADisc(t *testing.T) {
	q := exactGaps(query(site("r", valley, 20e3)), around(valley, 0.3), amsl(9000))
	q.Bracket, q.ResolutionArcsec, q.Reach = true, 30, sight.Disc
	r := findGaps(t, andes(), q)
	if r.Strictest[0].CoveredM2 != r.Bands[0].CoveredM2 {
		t.Errorf("%v and %v m² covered", r.Strictest[0].CoveredM2, r.Bands[0].CoveredM2)
	}
}

func TestProgressOfABracketGrows(t *testing.T) {
	q := exactGaps(query(site("r", valley, 20e3)), around(valley, 0.2), agl(300))
	q.Bracket, q.ResolutionArcsec = true, 30
	last, halves := -1.0, 0
	ctx := coverage.WithProgress(context.Background(), func(share float64, _ string) {
		if share < last {
			t.Errorf("from %v back to %v", last, share)
		}
		if share == 0.5 {
			halves++
		}
		last = share
	})
	e := &coverage.Engine{Terrain: andes()}
	if _, err := e.FindGaps(ctx, q); err != nil || last != 1 || halves == 0 {
		t.Errorf("it ends at %v with %v, %d times at a half", last, err, halves)
	}
}
