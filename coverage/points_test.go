package coverage_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

func checkPoints(t testing.TB, m terrain.Model, q coverage.Query, points ...coverage.Point) *coverage.CheckResult {
	t.Helper()
	e := &coverage.Engine{Terrain: m}
	result, err := e.CheckPoints(context.Background(), coverage.PointQuery{Query: q, Points: points})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// scattered returns places within the given degrees of another.
func scattered(n int, at orb.Point, deg float64) []orb.Point {
	random := rand.New(rand.NewPCG(5, 6))
	places := make([]orb.Point, n)
	for i := range places {
		places[i] = orb.Point{at.Lon() + deg*(2*random.Float64()-1), at.Lat() + deg*(2*random.Float64()-1)}
	}
	return places
}

func TestLooksAtOnePoint(t *testing.T) {
	near, far := site("near", valley, 60e3), site("far", east(valley, 0.5), 100e3)
	broken := site("broken", east(valley, 0.1), 60e3, outOfService)
	lookingWest := site("west", valley, 60e3, func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: 181, ToDeg: 359} })
	narrow := site("narrow", valley, 60e3, func(r *radar.Radar) { r.MaxElevationDeg = 5 })
	place := east(valley, 0.02)
	tests := []struct {
		name       string
		radars     []radar.Radar
		minRadars  int
		point      coverage.Point
		wantSeen   bool
		wantCauses []sight.Cause // nearest radar first
	}{
		{"seen by all, nearest first", []radar.Radar{far, near}, 2, coverage.Point{place, agl(9000)}, true, []sight.Cause{sight.None, sight.None}},
		{"seen by one where two are asked for", []radar.Radar{near, site("far", east(valley, -1.5), 60e3)}, 2, coverage.Point{place, agl(9000)}, false,
			[]sight.Cause{sight.None, sight.OutOfRange}},
		{"a radar out of service does not count, but is told of", []radar.Radar{broken}, 1, coverage.Point{place, agl(9000)}, false, []sight.Cause{sight.None}},
		{"outside of the sector", []radar.Radar{lookingWest}, 1, coverage.Point{place, agl(9000)}, false, []sight.Cause{sight.OutsideSector}},
		{"above the beam", []radar.Radar{narrow}, 1, coverage.Point{place, agl(9000)}, false, []sight.Cause{sight.AboveBeam}},
		{"behind mountains", []radar.Radar{near}, 1, coverage.Point{east(valley, 0.3), amsl(1800)}, false, []sight.Cause{sight.TerrainBlocked}},
		{"below the sea", []radar.Radar{near}, 1, coverage.Point{place, amsl(-300)}, false, []sight.Cause{sight.BelowHorizon}},
		{"no radar", nil, 1, coverage.Point{place, agl(9000)}, false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := query(tt.radars...)
			q.MinRadars = tt.minRadars
			out := checkPoints(t, andes(), q, tt.point).Outcomes[0]
			var causes []sight.Cause
			for _, l := range out.Looks {
				causes = append(causes, l.Cause)
				if l.Sees != (l.Cause == sight.None) {
					t.Errorf("sees %v with cause %v", l.Sees, l.Cause)
				}
			}
			if out.Seen != tt.wantSeen || !slices.Equal(causes, tt.wantCauses) {
				t.Errorf("seen %v, causes %v; want %v, %v", out.Seen, causes, tt.wantSeen, tt.wantCauses)
			}
		})
	}
}

// Floor and ceiling are where a point begins and ceases to be seen.
func TestFloorAndCeilingBoundWhatIsSeen(t *testing.T) {
	limited := func(r *radar.Radar) { r.MaxElevationDeg, r.HeightLimitAMSLM = 20, 9000 }
	q := query(site("a", valley, 90e3, limited), site("b", east(valley, 0.4), 90e3, limited), site("c", east(valley, 0.2), 90e3, outOfService))
	for _, minRadars := range []int{1, 2} {
		q.MinRadars = minRadars
		for _, p := range scattered(60, valley, 0.5) {
			out := checkPoints(t, andes(), q, coverage.Point{p, agl(1)}).Outcomes[0]
			if math.IsNaN(out.FloorAMSLM) {
				continue
			}
			const cm = 0.01
			heights := []float64{out.FloorAMSLM - cm, out.FloorAMSLM, out.CeilingAMSLM, out.CeilingAMSLM + cm}
			for i, h := range heights {
				got := checkPoints(t, andes(), q, coverage.Point{p, amsl(h)}).Outcomes[0].Seen
				if want := i == 1 || i == 2; got != want {
					t.Errorf("at %v, by %d: seen %v at %.2f m between floor %.2f m and ceiling %.2f m", p, minRadars, got, h, out.FloorAMSLM, out.CeilingAMSLM)
				}
			}
		}
	}
}

// A ray along a parallel far from the equator bows many posts towards the
// pole. A wall there must be met, however few points are asked for.
func TestRaysAreFollowedOutsideOfTheBoxOfTheirEnds(t *testing.T) {
	from, to := orb.Point{6, 60}, orb.Point{12, 60}
	const northOfBoth = 60.02 // 5 posts; the ray reaches 60.07
	plain := &formula{
		lattice: terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 185 * 240, Row0: 28 * 240, Cols: 8*240 + 1, Rows: 4*240 + 1},
		heightM: func(_, lat float64) float64 {
			if lat > northOfBoth {
				return 3000
			}
			return 0
		},
		info: terrain.Info{SpacingArcsec: 15},
	}
	look := checkPoints(t, plain, query(site("r", from, 400e3)), coverage.Point{to, amsl(20000)}).Outcomes[0].Looks[0]
	if look.Crest.ElevationAMSLM != 3000 || look.Crest.Position.Lat() < northOfBoth {
		t.Errorf("crest %+v, want one on the wall", look.Crest)
	}
}

func TestPointsAreRefusedWhereLatticesEnd(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), MaxPosts: 100}
	var limit *coverage.LimitError
	q := query(site("r", valley, 60e3))
	q.ResolutionArcsec = 15
	_, err := e.CheckPoints(context.Background(), coverage.PointQuery{Query: q, Points: []coverage.Point{{east(valley, 0.5), agl(300)}}})
	if !errors.As(err, &limit) {
		t.Errorf("too many posts: %v, want a LimitError", err)
	}
	e.MaxPosts = 0
	_, err = e.CheckPoints(context.Background(), coverage.PointQuery{Query: query(site("r", orb.Point{179.9, 0}, 60e3)), Points: []coverage.Point{{orb.Point{-179.9, 0}, agl(300)}}})
	if err == nil {
		t.Error("a ray over the antimeridian is not refused")
	}
}

func TestAirstripsAreSeenAsPointsAre(t *testing.T) {
	q := query(site("a", valley, 60e3), site("b", east(valley, 0.4), 60e3), site("c", east(valley, 0.2), 90e3, outOfService))
	var strips []*airstrip.Airstrip
	var points []coverage.Point
	for _, p := range scattered(150, valley, 0.8) {
		strips = append(strips, &airstrip.Airstrip{Position: p, ElevationAMSLM: math.NaN()})
		points = append(points, coverage.Point{Position: p, Altitude: agl(500)})
	}
	for _, minRadars := range []int{1, 2} {
		q.MinRadars = minRadars
		e := &coverage.Engine{Terrain: andes()}
		assessed, err := e.AssessAirstrips(context.Background(), q, strips)
		if err != nil {
			t.Fatal(err)
		}
		outcomes := checkPoints(t, andes(), q, points...).Outcomes
		for i, x := range assessed.Exposures {
			checkExposure(t, x, outcomes[i])
		}
	}
}

// checkExposure holds an airstrip against the outcome of a point above it. The
// radar with index 2 is out of service.
func checkExposure(t *testing.T, x coverage.Exposure, o coverage.Outcome) {
	t.Helper()
	if !same(x.FloorAMSLM, o.FloorAMSLM) || x.GroundAMSLM != o.GroundAMSLM {
		t.Errorf("floor %v over ground %v, the point's are %v and %v", x.FloorAMSLM, x.GroundAMSLM, o.FloorAMSLM, o.GroundAMSLM)
	}
	looks := slices.DeleteFunc(slices.Clone(o.Looks), func(l coverage.Look) bool { return l.Site == 2 })
	if x.Nearest != looks[0].Site || x.NearestM != looks[0].DistanceM {
		t.Errorf("nearest radar %d at %v m, the point's is %d at %v m", x.Nearest, x.NearestM, looks[0].Site, looks[0].DistanceM)
	}
	looks = slices.DeleteFunc(looks, func(l coverage.Look) bool { return math.IsNaN(l.FloorAMSLM) })
	slices.SortFunc(looks, func(a, b coverage.Look) int { return int(math.Copysign(1, a.FloorAMSLM-b.FloorAMSLM)) })
	var seenBy []int
	for _, l := range looks {
		seenBy = append(seenBy, l.Site)
	}
	if !slices.Equal(x.SeenBy, seenBy) {
		t.Errorf("seen by %v, the point by %v", x.SeenBy, seenBy)
	}
}

// same is equality in which NaN is like NaN.
func same(a, b float64) bool { return a == b || a != a && b != b }

func TestDoubtfulElevationsAreWarnedOf(t *testing.T) {
	tests := []struct {
		name       string
		offM       float64
		demo, want bool
	}{
		{"as the terrain", 0, false, false},
		{"200 m above it", 200, false, true},
		{"200 m below it", -200, false, true},
		{"unknown", math.NaN(), false, false},
		{"200 m off a demonstration", 200, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := andes()
			m.info.Demonstration = tt.demo
			strip := &airstrip.Airstrip{ID: "XX", Position: valley, ElevationAMSLM: m.heightM(valley.Lon(), valley.Lat()) + tt.offM}
			e := &coverage.Engine{Terrain: m}
			r, err := e.AssessAirstrips(context.Background(), query(site("r", valley, 10e3)), []*airstrip.Airstrip{strip})
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Contains(warningIDs(r.Basis), "airstrip.elevation"); got != tt.want {
				t.Errorf("warned %v, want %v", got, tt.want)
			}
		})
	}
}

// With reach Disc nothing is measured against the ground, which is the floor.
func TestFloorOfADiscIsTheGround(t *testing.T) {
	q := query(site("r", valley, 30e3))
	q.Reach = sight.Disc
	e := &coverage.Engine{Terrain: andes()}
	strips := []*airstrip.Airstrip{{ID: "in", Position: east(valley, 0.1)}, {ID: "out", Position: east(valley, 0.5)}}
	r, err := e.AssessAirstrips(context.Background(), q, strips)
	if err != nil {
		t.Fatal(err)
	}
	if in := r.Exposures[0]; in.FloorAMSLM != in.GroundAMSLM || len(in.SeenBy) != 1 {
		t.Errorf("in the disc: floor %v over ground %v, seen by %v", in.FloorAMSLM, in.GroundAMSLM, in.SeenBy)
	}
	if out := r.Exposures[1]; !math.IsNaN(out.FloorAMSLM) || len(out.SeenBy) != 0 || out.Nearest != 0 {
		t.Errorf("outside: floor %v, seen by %v, nearest %d", out.FloorAMSLM, out.SeenBy, out.Nearest)
	}
}
