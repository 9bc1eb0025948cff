package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// over puts points over each of some places.
func over(places []orb.Point, altitudes ...altitude.Altitude) (points []coverage.Point) {
	for _, p := range places {
		for _, a := range altitudes {
			points = append(points, coverage.Point{Position: p, Altitude: a})
		}
	}
	return points
}

// targets are points that are seen at their altitudes alone.
func targets(points []coverage.Point) []coverage.Target {
	all := make([]coverage.Target, len(points))
	for i, p := range points {
		all[i].Point = p
	}
	return all
}

func eachSeen(t testing.TB, e *coverage.Engine, q coverage.Query, points []coverage.Point) [][]uint64 {
	t.Helper()
	sets := make([][]uint64, len(q.Radars))
	var mu sync.Mutex
	_, err := e.EachSeen(context.Background(), q, targets(points), func(i int, seen []uint64) error {
		mu.Lock()
		defer mu.Unlock()
		sets[i] = seen
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

func isIn(set []uint64, i int) bool { return set[i/64]>>(i%64)&1 == 1 }

// What each radar of many sees is what it sees alone: of all points off its
// surface, of nearly all along a ray. Radars out of service look as well.
func TestEachSeenIsWhatEachSeesAlone(t *testing.T) {
	sierra := orb.Point{-118.5, 37.5}
	tests := []struct {
		name    string
		terrain terrain.Model
		reach   sight.Reach
		at      orb.Point
		// The answer of a ray differs at so many points in a thousand.
		perMille int
	}{
		{"made-up mountains", andes(), sight.Terrain, valley, 10},
		{"a smooth earth", andes(), sight.Horizon, valley, 2},
		{"discs", andes(), sight.Disc, valley, 0},
		{"the Sierra Nevada", nil, sight.Terrain, sierra, 25},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.terrain == nil {
				tt.terrain = terraintest.Real(t, sierraTile)
			}
			places := scattered(2000, tt.at, 0.4)
			points := over(places, agl(100), agl(500), agl(3000), amsl(1500), amsl(6000))
			q := query(
				site("west", tt.at, 25e3, func(r *radar.Radar) { r.MaxElevationDeg = 20 }),
				site("east", east(tt.at, 0.1), 30e3, func(r *radar.Radar) { r.MinRangeM = 5e3 }),
				site("sector", east(tt.at, -0.1), 20e3, func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: 30, ToDeg: 200} }))
			q.Reach = tt.reach
			q.ResolutionArcsec = tt.terrain.Info().SpacingArcsec
			sets := eachSeen(t, &coverage.Engine{Terrain: tt.terrain}, q, points)
			for i := range q.Radars {
				compareSeen(t, tt.terrain, q, i, points, sets[i], tt.perMille)
			}
		})
	}
}

func compareSeen(t *testing.T, m terrain.Model, q coverage.Query, one int, points []coverage.Point, set []uint64, perMille int) {
	t.Helper()
	q.Radars = q.Radars[one : one+1]
	rays := checkPoints(t, m, q, points...)
	kept := rays
	if q.Reach == sight.Terrain {
		kept, _ = bothWays(t, m, q, points)
	}
	seen, offRays, offSurface := 0, 0, 0
	for i := range points {
		outcome := rays.Outcomes[i]
		if underground := outcome.AltitudeAMSLM < outcome.GroundAMSLM; underground && q.Reach != sight.Disc && isIn(set, i) {
			t.Errorf("radar %d sees point %d, %.0f m below the ground", one, i, outcome.GroundAMSLM-outcome.AltitudeAMSLM)
		}
		if isIn(set, i) {
			seen++
		}
		if isIn(set, i) != outcome.Seen {
			offRays++
		}
		if q.Reach == sight.Terrain && isIn(set, i) != kept.Outcomes[i].Seen {
			offSurface++
		}
	}
	if offSurface > 0 || offRays*1000 > perMille*len(points) {
		t.Errorf("radar %d: %d of %d points differ from its surface, want none, and %d from rays, want %d ‰", one, offSurface, len(points), offRays, perMille)
	}
	if seen == 0 || seen == len(points) {
		t.Errorf("radar %d sees %d of %d points, which tells little", one, seen, len(points))
	}
}

// On the posts of the computation, what is seen is what FindGaps counts as
// covered, cell by cell, on averaged terrain too.
func TestEachSeenOnPostsIsFindGaps(t *testing.T) {
	for _, resolution := range []float64{15, 30} {
		for _, reach := range []sight.Reach{sight.Terrain, sight.Horizon, sight.Disc} {
			t.Run(fmt.Sprint(resolution, "″, reach ", reach), func(t *testing.T) {
				q := query(site("a", valley, 40e3, func(r *radar.Radar) { r.MaxElevationDeg = 20 }))
				q.ResolutionArcsec, q.Reach = resolution, reach
				e := &coverage.Engine{Terrain: andes()}
				posts, err := e.Posts(resolution)
				if err != nil {
					t.Fatal(err)
				}
				area := around(valley, 0.3)
				l := posts.Lattice().Cover(area.Bound(), -1)
				var cells []orb.Point
				for r := range l.Rows {
					for c := range l.Cols {
						cells = append(cells, orb.Point{l.Lon(c), l.Lat(r)})
					}
				}
				// An airspace of just these cells: its sides lie between posts.
				half := 0.4 / l.PerDegLat
				b := l.Bound()
				area = box(b.Min.Lon()-half, b.Min.Lat()-half, b.Max.Lon()+half, b.Max.Lat()+half)
				for _, a := range []altitude.Altitude{agl(100), agl(1000), amsl(2000), flightLevel100} {
					band := findGaps(t, andes(), exactGaps(q, area, a)).Bands[0]
					set := eachSeen(t, e, q, over(cells, a))[0]
					count := 0
					for i := range cells {
						if isIn(set, i) {
							count++
						}
					}
					// Cells of 0.6° differ in area by half a thousandth.
					got, want := float64(count)/float64(len(cells)), band.CoveredM2/band.AirspaceM2
					if math.Abs(got-want) > 5e-4 {
						t.Errorf("%v: %.5f of the cells are seen, %.5f of the area is covered", a, got, want)
					}
				}
			})
		}
	}
}

// Sets do not depend on who computes them, nor on the order of the points.
func TestEachSeenIsTheSameForAllWorkers(t *testing.T) {
	q := query(candidates(7, 20e3)...)
	q.ResolutionArcsec = 15
	points := over(scattered(500, valley, 0.3), agl(200), amsl(3000))
	want := eachSeen(t, &coverage.Engine{Terrain: andes(), Workers: 1}, q, points)
	for i, got := range eachSeen(t, &coverage.Engine{Terrain: andes(), Workers: 5}, q, points) {
		if !slices.Equal(got, want[i]) {
			t.Errorf("radar %d sees others with 5 workers than with 1", i)
		}
	}
	turned := slices.Clone(points)
	slices.Reverse(turned)
	for i, got := range eachSeen(t, &coverage.Engine{Terrain: andes()}, q, turned) {
		for p := range points {
			if isIn(want[i], p) != isIn(got, len(points)-1-p) {
				t.Fatalf("radar %d: point %d is seen in one order and not in the other", i, p)
			}
		}
	}
}

func TestEachSeenFails(t *testing.T) {
	e := &coverage.Engine{Terrain: andes()}
	q := query(site("edge", orb.Point{-72.99, -10}, 20e3))
	points := over(scattered(5, valley, 0.1), agl(100))
	ignore := func(int, []uint64) error { return nil }
	q.StrictTerrain = true
	var missing *coverage.MissingTerrainError
	if _, err := e.EachSeen(context.Background(), q, targets(points), ignore); !errors.As(err, &missing) || missing.RadarID != "edge" {
		t.Errorf("error %v, want missing terrain around the radar", err)
	}
	q.StrictTerrain, q.ResolutionArcsec = false, 17
	var resolution *coverage.ResolutionError
	if _, err := e.EachSeen(context.Background(), q, targets(points), ignore); !errors.As(err, &resolution) {
		t.Errorf("error %v, want that of the resolution", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.EachSeen(ctx, query(site("a", valley, 20e3)), targets(points), ignore); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

// Resolutions that the engine would choose are those that it chooses.
func TestFittingResolutions(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), BudgetPosts: 2_000_000}
	gaps := exactGaps(query(candidates(3, 40e3)...), around(valley, 1), agl(300))
	fit, err := e.FitGaps(context.Background(), gaps)
	if err != nil {
		t.Fatal(err)
	}
	q := gaps
	q.ResolutionArcsec = 0
	found, err := e.FindGaps(context.Background(), q)
	if err != nil || found.SpacingArcsec != fit || fit != 15 {
		t.Errorf("FindGaps takes posts %v″ apart, %v; FitGaps said %v, want 15", found.SpacingArcsec, err, fit)
	}
	many := query(candidates(30, 60e3)...)
	hurried, err := e.FitEach(context.Background(), many, true)
	if err != nil {
		t.Fatal(err)
	}
	patient, err := e.FitEach(context.Background(), many, false)
	if err != nil || hurried != 30 || patient != 15 {
		t.Errorf("in a hurry %v″, else %v″, %v; want 30 and 15", hurried, patient, err)
	}
}

// BenchmarkEachSeen is the demand of a plan for Peru.
func BenchmarkEachSeen(b *testing.B) {
	var all []radar.Radar
	for lon := -77.0; lon < -70; lon++ {
		for lat := -13.0; lat < -4; lat += 1.5 {
			all = append(all, site(fmt.Sprint(lon, lat), orb.Point{lon, lat}, 370e3))
		}
	}
	var places []orb.Point
	for lat := -18.0; lat < 0; lat += 1. / 30 {
		for lon := -79.0; lon < -71; lon += 1. / 30 {
			places = append(places, orb.Point{lon, lat})
		}
	}
	points := over(places, agl(300), agl(1000), agl(3000), flightLevel100)
	q := query(all...)
	q.ResolutionArcsec = 15
	e := &coverage.Engine{Terrain: stored(b)}
	b.Run(fmt.Sprintf("15s/370km/radars=%d/points=%d", len(all), len(points)), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := e.EachSeen(context.Background(), q, targets(points), func(int, []uint64) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(all)), "ms/radar")
	})
}

// Over the antenna itself a target is in the cone of silence, and seen only where a
// lower altitude will do.
func TestTargetsOrLower(t *testing.T) {
	beside := orb.Point{valley.Lon() + 0.002, valley.Lat()}
	asked := targets(over([]orb.Point{beside}, agl(300), agl(300)))
	asked[1].OrLower = true
	hidden := targets(over([]orb.Point{{valley.Lon() + 0.3, valley.Lat()}}, agl(1), agl(1)))
	hidden[1].OrLower = true
	e, low := &coverage.Engine{Terrain: andes()}, site("a", valley, 60e3)
	low.MaxElevationDeg = 20
	_, err := e.EachSeen(t.Context(), query(low), append(asked, hidden...), func(_ int, seen []uint64) error {
		for i, want := range []bool{false, true, false, false} {
			if isIn(seen, i) != want {
				t.Errorf("target %d: seen is %v, want %v", i, !want, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
