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
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// bothWays checks points off surfaces and along rays.
func bothWays(t testing.TB, m terrain.Model, q coverage.Query, points []coverage.Point) (kept, rays *coverage.CheckResult) {
	t.Helper()
	e := &coverage.Engine{Terrain: m, Surfaces: ample()}
	fill(t, e, q)
	kept, err := e.CheckPoints(context.Background(), coverage.PointQuery{Query: q, Points: points, WithoutLooks: true})
	if err != nil {
		t.Fatal(err)
	}
	rays, err = e.CheckPoints(context.Background(), coverage.PointQuery{Query: q, Points: points})
	if err != nil {
		t.Fatal(err)
	}
	if kept.SpacingArcsec == 0 || rays.SpacingArcsec != 0 {
		t.Fatalf("posts %v and %v arc-seconds apart, want some and none", kept.SpacingArcsec, rays.SpacingArcsec)
	}
	return kept, rays
}

// atAllHeights puts points over places, from the ground to 6000 m.
func atAllHeights(places []orb.Point) []coverage.Point {
	points := make([]coverage.Point, len(places))
	for i, p := range places {
		points[i] = coverage.Point{Position: p, Altitude: agl(6000 * float64(i) / float64(len(places)))}
	}
	return points
}

// Between posts, a surface departs from a ray by what the ray meets between
// the posts' rays: centimetres for most places, metres where the view changes
// from one post to the next, and more far behind rough ground near the radar.
func TestSurfacesAgreeWithRays(t *testing.T) {
	sierra := orb.Point{-118.5, 37.5}
	tests := []struct {
		name    string
		terrain terrain.Model
		query   coverage.Query
		deg     float64
		// A half and 95 % of the floors are within so many metres of the ray's,
		// and the answer differs at so many points in a thousand.
		halfM, mostM, differ float64
	}{
		{"made-up mountains", andes(), query(site("r", valley, 150e3)), 1.4, 0.3, 3, 1},
		{"made-up mountains on coarse posts", andes(), coarse(query(site("r", valley, 150e3)), 30), 1.4, 0.6, 10, 3},
		{"a network", andes(), query(site("a", valley, 60e3), site("b", east(valley, 0.3), 60e3), site("c", east(valley, 0.1), 60e3, outOfService)), 0.9, 0.3, 3, 1},
		{"mountains at 3 arc-seconds", terraintest.Real(t, sierraTiles), query(site("r", sierra, 60e3)), 0.6, 0.6, 6, 1},
		{"mountains at 15 arc-seconds", terraintest.Real(t, sierraTiles), coarse(query(site("r", sierra, 60e3)), 15), 0.6, 4, 30, 4},
		{"the forest", terraintest.Real(t, compositePath), query(site("r", orb.Point{-69.2282, -12.6131}, 300e3)), 2.7, 0.3, 10, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.MinRadars = (len(tt.query.Radars) + 1) / 2
			kept, rays := bothWays(t, tt.terrain, tt.query, atAllHeights(scattered(shorter(4000, 400), tt.query.Radars[0].Position, tt.deg)))
			var off []float64
			differ := 0
			for i := range kept.Outcomes {
				a, b := kept.Outcomes[i], rays.Outcomes[i]
				if a.GroundAMSLM != b.GroundAMSLM || a.AltitudeAMSLM != b.AltitudeAMSLM || len(a.Looks) > 0 {
					t.Errorf("point %d: %+v, want %+v", i, a, b)
				}
				if a.Seen != b.Seen || !slices.Equal(a.SeenBy, b.SeenBy) {
					differ++
				}
				if d := math.Abs(a.FloorAMSLM - b.FloorAMSLM); d == d {
					off = append(off, d)
				}
				if d := math.Abs(a.CeilingAMSLM - b.CeilingAMSLM); d > 0.5 {
					t.Errorf("point %d: ceiling %v m, want %v m", i, a.CeilingAMSLM, b.CeilingAMSLM)
				}
			}
			slices.Sort(off)
			half, most := off[len(off)/2], off[len(off)*95/100]
			t.Logf("%d floors: half within %.2f m, 95 %% within %.2f m; %d of %d answers differ", len(off), half, most, differ, len(kept.Outcomes))
			// One answer more may differ than the share of few points allows.
			if half > tt.halfM || most > tt.mostM || float64(differ) > 1+tt.differ*float64(len(kept.Outcomes))/1000 {
				t.Errorf("want %v m, %v m and %v ‰", tt.halfM, tt.mostM, tt.differ)
			}
		})
	}
}

func coarse(q coverage.Query, arcsec float64) coverage.Query {
	q.ResolutionArcsec = arcsec
	return q
}

// On the rims of what a radar sees, what decides is the place, not the post.
func TestRimsAreThoseOfRays(t *testing.T) {
	r := site("r", valley, 20e3, func(r *radar.Radar) {
		r.MinRangeM, r.MaxElevationDeg, r.HeightLimitAMSLM = 4000, 30, 7000
		r.Sector = &radar.Sector{FromDeg: 200, ToDeg: 40}
	})
	plain := andes()
	plain.heightM = func(float64, float64) float64 { return 300 }
	kept, rays := bothWays(t, plain, query(r), atAllHeights(scattered(shorter(20000, 2500), valley, 0.2)))
	rim := 0
	for i := range kept.Outcomes {
		a, b := kept.Outcomes[i], rays.Outcomes[i]
		look := b.Looks[0]
		// A post is 460 m; where ever less is seen than on posts, a floor
		// between them is that of the ones that see.
		near := math.Abs(look.DistanceM-4000) < 700
		if a.Seen != b.Seen && !near {
			t.Errorf("%+v: seen %v from %v to %v m; the ray says %v, from %v to %v m", look.Envelope, a.Seen, a.FloorAMSLM, a.CeilingAMSLM, b.Seen, b.FloorAMSLM, b.CeilingAMSLM)
		}
		if math.Abs(look.DistanceM-20e3) < 460 {
			rim++
		}
	}
	if rim < 50 {
		t.Errorf("%d points on the rim of the range: the case is empty", rim)
	}
}

func TestAirstripsOffSurfaces(t *testing.T) {
	q := query(site("a", valley, 60e3), site("b", east(valley, 0.4), 60e3), site("c", east(valley, 0.2), 90e3, outOfService))
	var strips []*airstrip.Airstrip
	for i, p := range scattered(1000, valley, 0.8) {
		strips = append(strips, &airstrip.Airstrip{ID: fmt.Sprint(i), Position: p, ElevationAMSLM: 1400})
	}
	e := &coverage.Engine{Terrain: andes()}
	rays, err := e.AssessAirstrips(context.Background(), q, strips)
	if err != nil {
		t.Fatal(err)
	}
	e.Surfaces = ample()
	fill(t, e, q)
	kept, err := e.AssessAirstrips(context.Background(), q, strips)
	if err != nil {
		t.Fatal(err)
	}
	if kept.SpacingArcsec != 15 || rays.SpacingArcsec != 0 || !slices.Equal(kept.Warnings, rays.Warnings) || len(kept.Warnings) == 0 {
		t.Errorf("posts %v and %v arc-seconds apart, warnings %v and %v", kept.SpacingArcsec, rays.SpacingArcsec, kept.Warnings, rays.Warnings)
	}
	differ := 0
	for i := range strips {
		a, b := kept.Exposures[i], rays.Exposures[i]
		if a.Airstrip != b.Airstrip || a.GroundAMSLM != b.GroundAMSLM || a.Nearest != b.Nearest || a.NearestM != b.NearestM {
			t.Errorf("%+v, want %+v", a, b)
		}
		if d := math.Abs(a.FloorAMSLM - b.FloorAMSLM); !slices.Equal(a.SeenBy, b.SeenBy) || d > 10 || (d != d && a.FloorAMSLM == b.FloorAMSLM) {
			differ++
		}
	}
	if differ > len(strips)/100 {
		t.Errorf("%d of %d differ", differ, len(strips))
	}
}

// Points are read off surfaces when all that have a say are kept, and when
// rays are not asked for.
func TestWhenPointsAreReadOffSurfaces(t *testing.T) {
	a, b := site("a", valley, 30e3), site("b", east(valley, 0.2), 30e3)
	far := site("far", east(valley, 1.5), 30e3)
	broken := site("broken", valley, 35e3, outOfService)
	points := []coverage.Point{{Position: east(valley, 0.1), Altitude: agl(2000)}}
	strict := query(a, b)
	strict.StrictTerrain = true
	horizon := query(a, b)
	horizon.Reach = sight.Horizon
	tests := []struct {
		name  string
		kept  coverage.Query
		asked coverage.PointQuery
		want  float64 // arc-seconds, 0 for rays
	}{
		{"all kept", query(a, b), coverage.PointQuery{Query: query(a, b), WithoutLooks: true}, 15},
		{"looks asked for", query(a, b), coverage.PointQuery{Query: query(a, b)}, 0},
		{"one not kept", query(a), coverage.PointQuery{Query: query(a, b), WithoutLooks: true}, 0},
		{"one not kept, which is too far away", query(a, b), coverage.PointQuery{Query: query(a, b, far), WithoutLooks: true}, 15},
		{"one not kept, which does not work", query(a, b), coverage.PointQuery{Query: query(a, b, broken), WithoutLooks: true}, 15},
		{"only others kept", query(far), coverage.PointQuery{Query: query(far), WithoutLooks: true}, 0},
		{"another k", query(a, b), coverage.PointQuery{Query: coverage.Query{Radars: []radar.Radar{a, b}, K: 1.4, MinRadars: 1}, WithoutLooks: true}, 0},
		{"another reach", horizon, coverage.PointQuery{Query: horizon, WithoutLooks: true}, 0},
		{"coarse", coarse(query(a, b), 30), coverage.PointQuery{Query: coarse(query(a, b), 30), WithoutLooks: true}, 30},
		{"on finer posts than kept", coarse(query(a, b), 30), coverage.PointQuery{Query: query(a, b), WithoutLooks: true}, 0},
		{"strict, and all terrain there", query(a, b), coverage.PointQuery{Query: strict, WithoutLooks: true}, 15},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &coverage.Engine{Terrain: andes(), Surfaces: ample()}
			fill(t, e, tt.kept)
			tt.asked.Points = points
			r, err := e.CheckPoints(context.Background(), tt.asked)
			if err != nil {
				t.Fatal(err)
			}
			if r.SpacingArcsec != tt.want || (len(r.Outcomes[0].Looks) > 0) == tt.asked.WithoutLooks {
				t.Errorf("posts %v arc-seconds apart and %d looks, want %v", r.SpacingArcsec, len(r.Outcomes[0].Looks), tt.want)
			}
		})
	}
}

// Gaps on coarse terrain are found on posts in between; their surfaces serve
// points as well.
func TestPointsUseTheSurfacesOfGaps(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), Surfaces: ample()}
	q := exactGaps(coarse(query(site("r", valley, 30e3)), 60), around(valley, 0.2), agl(300))
	if _, err := e.FindGaps(context.Background(), q); err != nil {
		t.Fatal(err)
	}
	p := coverage.PointQuery{Query: q.Query, Points: atAllHeights(scattered(500, valley, 0.3)), WithoutLooks: true}
	kept, err := e.CheckPoints(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	p.WithoutLooks = false
	rays, err := e.CheckPoints(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	differ := 0
	for i := range kept.Outcomes {
		if kept.Outcomes[i].Seen != rays.Outcomes[i].Seen {
			differ++
		}
	}
	if kept.SpacingArcsec != 30 || differ > 2 {
		t.Errorf("posts %v arc-seconds apart, %d of %d differ", kept.SpacingArcsec, differ, len(kept.Outcomes))
	}
}

// A few points are not worth a look at the shelf, and many are.
func TestAShelfIsAskedForManyPoints(t *testing.T) {
	shelf := &drawer{}
	q := query(site("r", valley, 30e3))
	first := &coverage.Engine{Terrain: andes(), Surfaces: surfaces.New(0, shelf)}
	fill(t, first, q)
	first.Surfaces.Close()
	for n, want := range map[int]float64{1: 0, 99: 0, 100: 15} {
		e := &coverage.Engine{Terrain: andes(), Surfaces: surfaces.New(0, shelf)}
		r, err := e.CheckPoints(context.Background(), coverage.PointQuery{Query: q, Points: atAllHeights(scattered(n, valley, 0.2)), WithoutLooks: true})
		if err != nil {
			t.Fatal(err)
		}
		if r.SpacingArcsec != want {
			t.Errorf("%d points: posts %v arc-seconds apart, want %v", n, r.SpacingArcsec, want)
		}
	}
}

// Missing terrain is warned of, and where a query is strict about it, rays
// decide: what is missing may not lie on the way.
func TestMissingTerrainUnderSurfaces(t *testing.T) {
	e := &coverage.Engine{Terrain: holed(valley.Lon() + 0.3), Surfaces: ample()}
	q := coverage.PointQuery{Query: query(site("r", east(valley, 0.2), 30e3)), WithoutLooks: true,
		Points: []coverage.Point{{Position: east(valley, 0.1), Altitude: agl(3000)}}}
	fill(t, e, q.Query)
	r, err := e.CheckPoints(context.Background(), q)
	if err != nil || r.SpacingArcsec != 15 || !slices.Equal(warningIDs(r.Basis), []string{"terrain.missing"}) {
		t.Errorf("%v, posts %v arc-seconds apart, warnings %v", err, r.SpacingArcsec, r.Warnings)
	}
	q.StrictTerrain = true
	if r, err = e.CheckPoints(context.Background(), q); err != nil || r.SpacingArcsec != 0 || len(r.Warnings) > 0 {
		t.Errorf("%v, posts %v arc-seconds apart, warnings %v", err, r.SpacingArcsec, r.Warnings)
	}
}

func TestPointsOffSurfacesCutShortAreAnError(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), Surfaces: ample(), Workers: 1}
	q := coverage.PointQuery{Query: query(site("r", valley, 30e3)), Points: atAllHeights(scattered(3000, valley, 0.2)), WithoutLooks: true}
	fill(t, e, q.Query)
	for asked, finished := int64(0), false; !finished; asked++ {
		ctx := &countdown{Context: context.Background()}
		ctx.left.Store(asked)
		r, err := e.CheckPoints(ctx, q)
		finished = err == nil
		if finished && (r.SpacingArcsec == 0 || r.Outcomes[2999].AltitudeAMSLM == 0) {
			t.Fatalf("cut short after %d checks, without an error", asked)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}

// Not one allocation a point, nor one for fifty.
func TestPointsOffSurfacesDoNotAllocate(t *testing.T) {
	const points = 50000
	e := &coverage.Engine{Terrain: andes(), Surfaces: ample(), Workers: 1}
	q := coverage.PointQuery{Query: query(elevenRadars()...), Points: atAllHeights(scattered(points, valley, 0.2)), WithoutLooks: true}
	fill(t, e, q.Query)
	allocs := testing.AllocsPerRun(1, func() {
		if r, err := e.CheckPoints(context.Background(), q); err != nil || r.SpacingArcsec == 0 {
			t.Fatal(err)
		}
	})
	t.Logf("%v allocations for %d points", allocs, points)
	if allocs > points/50 {
		t.Errorf("%v allocations for %d points", allocs, points)
	}
}
