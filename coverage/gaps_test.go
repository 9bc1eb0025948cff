package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

var usualBands = []altitude.Altitude{agl(100), agl(300), agl(1000), agl(3000)}

// Each pair of queries differs in one thing that can only help: the second
// covers at least as much in every band, and in one of them more.
func TestCoverageGrows(t *testing.T) {
	near, far := site("near", valley, 40e3), site("far", east(valley, 0.3), 40e3)
	with := func(q coverage.Query, change func(*coverage.Query)) coverage.Query {
		change(&q)
		return q
	}
	one, two := query(near), query(near, far)
	reach := func(r sight.Reach) func(*coverage.Query) { return func(q *coverage.Query) { q.Reach = r } }
	tests := []struct {
		name       string
		less, more coverage.Query
	}{
		{"from terrain to horizon", one, with(one, reach(sight.Horizon))},
		{"from horizon to disc", with(one, reach(sight.Horizon)), with(one, reach(sight.Disc))},
		{"from two radars asked for to one", with(two, func(q *coverage.Query) { q.MinRadars = 2 }), two},
		{"with another radar", one, two},
		{"with another radar far off", one, query(near, site("far", east(valley, 0.6), 40e3))},
		{"with the other radar in service", query(near, site("far", far.Position, 40e3, outOfService)), two},
		{"with k from 1 to 4/3", with(one, func(q *coverage.Query) { q.K = 1 }), one},
		{"with a higher mast", one, query(site("near", valley, 40e3, func(r *radar.Radar) { r.MastM = 60 }))},
	}
	m := andes()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			less := shares(findGaps(t, m, exactGaps(tt.less, around(valley, 0.4), usualBands...)))
			more := shares(findGaps(t, m, exactGaps(tt.more, around(valley, 0.4), usualBands...)))
			for i := range less {
				if more[i] < less[i] {
					t.Errorf("%v: from %.5f to %.5f", usualBands[i], less[i], more[i])
				}
			}
			if slices.Equal(less, more) {
				t.Error("nothing changed: the test shows nothing")
			}
		})
	}
}

func TestCoverageGrowsWithHeightAboveGround(t *testing.T) {
	for name, m := range map[string]terrain.Model{"mountains": andes(), "demonstration": demonstration()} {
		t.Run(name, func(t *testing.T) {
			got := shares(findGaps(t, m, exactGaps(query(site("r", valley, 100e3)), around(valley, 0.6), usualBands...)))
			if !slices.IsSorted(got) || got[0] == got[3] {
				t.Errorf("covered shares %.4f do not grow", got)
			}
		})
	}
}

// A radar out of service is the cause of exactly the area that it would cover.
func TestOutOfServiceIsWhatItWouldCover(t *testing.T) {
	working, broken := site("working", valley, 60e3), site("broken", east(valley, 0.4), 60e3, outOfService)
	repaired := broken
	repaired.InService = true
	area := around(valley, 0.6)
	now := findGaps(t, andes(), exactGaps(query(working, broken), area, usualBands...))
	then := findGaps(t, andes(), exactGaps(query(working, repaired), area, usualBands...))
	for i, band := range now.Bands {
		gained := then.Bands[i].CoveredM2 - band.CoveredM2
		if out := band.CausesM2[sight.OutOfService]; out <= 0 || !sameArea(out, gained) {
			t.Errorf("%v: out of service %.3f km², but repair covers %.3f km²", band.Altitude, out/1e6, gained/1e6)
		}
		if out := then.Bands[i].CausesM2[sight.OutOfService]; out != 0 {
			t.Errorf("%v: %.3f km² out of service with all in service", band.Altitude, out/1e6)
		}
	}
}

func TestNoRadarInService(t *testing.T) {
	tests := []struct {
		name  string
		query coverage.Query
		want  sight.Cause
	}{
		{"no radar at all", query(), sight.OutOfRange},
		{"one that would see all", query(site("r", valley, 100e3, outOfService)), sight.OutOfService},
		{"one far away", query(site("r", east(valley, -1.5), 20e3)), sight.OutOfRange},
		{"one that looks elsewhere", query(site("r", east(valley, -0.5), 100e3, func(r *radar.Radar) {
			r.Sector = &radar.Sector{FromDeg: 200, ToDeg: 300}
		})), sight.OutsideSector},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.Reach = sight.Disc
			band := findGaps(t, andes(), exactGaps(tt.query, around(valley, 0.2), agl(1000))).Bands[0]
			if band.CoveredM2 != 0 || len(band.Gaps) != 1 {
				t.Fatalf("covered %v m², %d gaps; want one gap", band.CoveredM2, len(band.Gaps))
			}
			if never := band.Gaps[0].Floor.NeverSeenM2; !sameArea(never, band.AirspaceM2) {
				t.Errorf("%v of %v m² is never seen", never, band.AirspaceM2)
			}
			if got := band.CausesM2[tt.want]; !sameArea(got, band.AirspaceM2) {
				t.Errorf("causes %v, want all %v", band.CausesM2, tt.want)
			}
		})
	}
}

// sameArea compares sums of the same cells in another order.
func sameArea(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(a, b) }

// The answer does not depend on how many goroutines made it, to the last bit.
func TestWorkersChangeNothing(t *testing.T) {
	q := exactGaps(query(site("a", valley, 50e3), site("b", east(valley, 0.3), 50e3)), around(valley, 0.5), usualBands...)
	q.MinAreaM2, q.ToleranceM = 1e6, -1
	q.Departments = []orb.MultiPolygon{around(valley, 0.3)}
	for name, m := range map[string]terrain.Model{"mountains": andes(), "refined demonstration": demonstration()} {
		t.Run(name, func(t *testing.T) {
			var got []*coverage.GapResult
			for _, workers := range []int{1, 8} {
				e := &coverage.Engine{Terrain: m, Workers: workers}
				r, err := e.FindGaps(context.Background(), q)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, r)
			}
			if text(got[0]) != text(got[1]) {
				t.Error("one worker and eight disagree")
			}
			if n := len(got[0].Bands[2].Gaps); n == 0 {
				t.Error("they find no gap to disagree on")
			}
		})
	}
}

// text spells a result out, every float to the bit and NaN like NaN.
func text(r *coverage.GapResult) string {
	return fmt.Sprintf("%+v %+v %v", r.Bands, r.Warnings, r.SpacingArcsec)
}

func TestRefusals(t *testing.T) {
	near := query(site("r", valley, 60e3))
	near.ResolutionArcsec = 15
	overPole := query(site("r", orb.Point{-70, -82}, 400e3))
	tests := []struct {
		name     string
		query    coverage.GapQuery
		maxPosts int
		want     any
	}{
		{"an airspace between posts", exactGaps(near, around(valley, 0.0001), agl(300)), 0, new(*coverage.AirspaceError)},
		{"an airspace of too many posts", exactGaps(near, around(valley, 0.5), agl(300)), 50_000, new(*coverage.LimitError)},
		{"a range of too many posts", exactGaps(near, around(valley, 0.2), agl(300)), 50_000, new(*coverage.LimitError)},
		{"no radar asked for", exactGaps(coverage.Query{K: 1}, around(valley, 0.2), agl(300)), 0, nil},
		{"no effective earth", exactGaps(coverage.Query{K: math.NaN(), MinRadars: 1}, around(valley, 0.2), agl(300)), 0, nil},
		{"a range over a pole", exactGaps(overPole, around(valley, 0.2), agl(300)), 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &coverage.Engine{Terrain: andes(), MaxPosts: tt.maxPosts}
			got, err := e.FindGaps(context.Background(), tt.query)
			if err == nil || got != nil {
				t.Fatalf("result %v, error %v; want an error alone", got, err)
			}
			if tt.want != nil && !errors.As(err, tt.want) {
				t.Errorf("error %T %q, want a %v", err, err, reflect.TypeOf(tt.want).Elem())
			}
		})
	}
}

func TestLimitNamesWhatIsTooLarge(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), MaxPosts: 1000}
	q := query(site("r", valley, 60e3))
	q.ResolutionArcsec = 15
	_, err := e.FindGaps(context.Background(), exactGaps(q, around(valley, 0.1), agl(300)))
	const want = "2704 posts in the box around the airspace, at most 1000 allowed: take a smaller airspace, or ask for a coarser resolution"
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

func TestSmallAirspaceIsWarnedOf(t *testing.T) {
	tests := []struct {
		name string
		area orb.MultiPolygon
		want bool
	}{
		{"one cell in a box of two", box(-70.005, -10.005, -69.999, -9.999), true},
		{"hundreds of cells a side", around(valley, 0.6), false},
		// Along a geodesic, its base would bow out of the 4 % that its area
		// then lacks.
		{"a triangle with long sides", orb.MultiPolygon{{{{-80, -20}, {-60, -20}, {-70, -10}, {-80, -20}}}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := exactGaps(query(), tt.area, agl(1000))
			q.Reach = sight.Disc
			got := slices.Contains(warningIDs(findGaps(t, andes(), q).Basis), "airspace.coarse")
			if got != tt.want {
				t.Errorf("warned %v, want %v", got, tt.want)
			}
		})
	}
}

// An airspace that the model knows nothing of is taken for the sea, and said
// to be.
func TestAirspaceOutsideOfTheTerrain(t *testing.T) {
	at := orb.Point{-50.001, -10.001} // off the posts, for the cone of silence
	r := findGaps(t, andes(), exactGaps(query(site("r", at, 50e3)), around(at, 0.2), agl(1000), amsl(-10)))
	for _, id := range []string{"terrain.missing_site", "terrain.missing_airspace", "terrain.missing"} {
		if !slices.Contains(warningIDs(r.Basis), id) {
			t.Errorf("warnings %q lack %s", warningIDs(r.Basis), id)
		}
	}
	if got := coveredShare(r.Bands[0]); got != 1 {
		t.Errorf("covered share %v at 1000 m over the sea, within the horizon; want 1", got)
	}
	if b := r.Bands[1]; b.UndergroundM2 != b.AirspaceM2 {
		t.Errorf("underground %v of %v m² below the sea", b.UndergroundM2, b.AirspaceM2)
	}
}

// What radars see at single posts is what CheckPoints sees there. Posts beside
// the edge of a gap do not count: there a metre decides.
func TestGapsAgreeWithPoints(t *testing.T) {
	tests := []struct {
		name  string
		model func(t *testing.T) terrain.Model
		at    orb.Point
	}{
		{"mountains", func(*testing.T) terrain.Model { return andes() }, valley},
		{"composite, Mazamari", func(t *testing.T) terrain.Model { return terraintest.Real(t, compositePath) }, orb.Point{-74.5356, -11.3254}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := tt.model(t)
			q := query(site("a", tt.at, 90e3, func(r *radar.Radar) { r.MaxElevationDeg = 20; r.MinElevationDeg = 0 }),
				site("b", east(tt.at, 0.5), 70e3))
			q.MinRadars = 1
			area := around(tt.at, 0.6)
			for _, band := range findGaps(t, m, exactGaps(q, area, agl(300), agl(2000), flightLevel100)).Bands {
				points, open := innerPosts(m.Lattice().Cover(area.Bound(), -2), band)
				same := agreeing(t, m, q, points, open)
				if least := 999 * len(points) / 1000; same < least || len(points) < 500 {
					t.Errorf("%v: %d of %d points agree, want %d", band.Altitude, same, len(points), least)
				}
			}
		})
	}
}

// innerPosts returns a sample of posts that lie in gaps, or in none, with all
// of their neighbours; and in which.
func innerPosts(l terrain.Lattice, band gap.Band) (points []coverage.Point, open []bool) {
	var gaps orb.MultiPolygon
	for _, g := range band.Gaps {
		gaps = append(gaps, g.Boundary)
	}
	m := airspace.Rasterise(gaps, l)
	for row := 1; row < l.Rows-1; row += 7 {
		for col := 1; col < l.Cols-1; col += 7 {
			in := m.Has(col, row)
			if m.Has(col-1, row) == in && m.Has(col+1, row) == in && m.Has(col, row-1) == in && m.Has(col, row+1) == in {
				points = append(points, coverage.Point{Position: orb.Point{l.Lon(col), l.Lat(row)}, Altitude: band.Altitude})
				open = append(open, in)
			}
		}
	}
	return points, open
}

// agreeing counts the points that are seen where they lie in no gap. What is
// under ground is in no gap and not seen.
func agreeing(t *testing.T, m terrain.Model, q coverage.Query, points []coverage.Point, open []bool) int {
	t.Helper()
	e := &coverage.Engine{Terrain: m}
	result, err := e.CheckPoints(context.Background(), coverage.PointQuery{Query: q, Points: points})
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for i, o := range result.Outcomes {
		if o.Seen != open[i] || !o.Seen && o.AltitudeAMSLM < o.GroundAMSLM {
			same++
		}
	}
	return same
}

// All of the answer at once, on the demonstration terrain: parts sum up, and
// the airstrips of the catalogue are sorted into gaps.
func TestDefaultScenario(t *testing.T) {
	s := scenario(t, catalog.DefaultScenarioID)
	q := coverage.GapQuery{Query: query(s.Radars...), Airspace: airspaceOf(t, s.AirspaceID), Altitudes: s.Altitudes,
		Airstrips: catalog.Default().Airstrips().All(), MinAreaM2: 25e6, ToleranceM: -1}
	for _, d := range catalog.Default().Departments() {
		q.Departments = append(q.Departments, d.Area)
	}
	r := findGaps(t, demonstration(), q)
	if r.SpacingArcsec != 30 || !slices.Contains(warningIDs(r.Basis), "terrain.demonstration") {
		t.Errorf("spacing %v″, warnings %q", r.SpacingArcsec, warningIDs(r.Basis))
	}
	if len(r.Bands) != len(s.Altitudes) {
		t.Fatalf("%d bands for %d altitudes", len(r.Bands), len(s.Altitudes))
	}
	strips := len(catalog.Default().Airstrips().InArea(q.Airspace, nil))
	for _, b := range r.Bands {
		sum := b.SmallM2
		for _, g := range b.Gaps {
			sum += g.AreaM2
		}
		if !sameArea(sum, b.UncoveredM2) {
			t.Errorf("%v: gaps sum to %.3f km², uncovered are %.3f km²", b.Altitude, sum/1e6, b.UncoveredM2/1e6)
		}
		// An airstrip beside the border may stand on a cell of the other side,
		// and one on a mountain above the flight level is under ground.
		n := b.AirstripsSeen + b.AirstripsUnseen
		if n > strips+2 || b.Altitude.Reference == altitude.AGL && n < strips-2 {
			t.Errorf("%v: %d airstrips, %d lie in Peru", b.Altitude, n, strips)
		}
	}
}

func TestToleranceDefaultsToTwoPosts(t *testing.T) {
	q := exactGaps(query(site("r", valley, 60e3)), around(valley, 0.3), agl(300))
	q.ToleranceM = 2 * earth.CurvatureAt(0).MeridianM * math.Pi / 180 / 240
	want := findGaps(t, andes(), q)
	q.ToleranceM = -1
	if got := findGaps(t, andes(), q); text(got) != text(want) {
		t.Error("a negative tolerance is not two post spacings")
	}
}
