package planning_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

func strip(id string, at orb.Point, lengthM float64) *airstrip.Airstrip {
	return &airstrip.Airstrip{ID: id, Name: "Strip " + id, Position: at, LengthM: lengthM, ElevationAMSLM: math.NaN()}
}

func findCandidates(t testing.TB, m terrain.Model, q planning.CandidateQuery) *planning.CandidateResult {
	t.Helper()
	r, err := planner(m).FindCandidates(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ids(found []planning.Found) (ids []string) {
	for _, f := range found {
		ids = append(ids, f.Airstrip.ID)
	}
	return ids
}

func TestAirstripsAsCandidates(t *testing.T) {
	m := andes(240)
	q := planning.CandidateQuery{Within: around(valley, 0.5), MaxCount: 10, Airstrips: []*airstrip.Airstrip{
		strip("unknown", off(valley, 0.3, 0.3), math.NaN()), strip("short", off(valley, 0.02, 0), 500), strip("b", off(valley, -0.3, 0), 900),
		strip("long", valley, 2000), strip("a", off(valley, 0.3, 0), 900), strip("outside", off(valley, 0.6, 0), 3000),
	}}
	for _, tt := range []struct {
		name   string
		change func(*planning.CandidateQuery)
		want   string
	}{
		{"all of them", func(*planning.CandidateQuery) {}, "long a b short unknown"},
		{"not nearer than that", func(q *planning.CandidateQuery) { q.ThinM = 5e3 }, "long a b unknown"},
		{"far apart", func(q *planning.CandidateQuery) { q.ThinM = 33.2e3 }, "long unknown"},
		{"at most so many", func(q *planning.CandidateQuery) { q.MaxCount = 2 }, "long a"},
		{"none", func(q *planning.CandidateQuery) { q.WithoutAirstrips = true }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := q
			tt.change(&q)
			r := findCandidates(t, m, q)
			if got := strings.Join(ids(r.Found), " "); got != tt.want {
				t.Errorf("found %s, want %s", got, tt.want)
			}
			if more := len(r.Warnings) == 1 && r.Warnings[0].ID == "candidates.more"; more != (q.MaxCount == 2) {
				t.Errorf("warnings %v", r.Warnings)
			}
			for _, f := range r.Found {
				if want := m.heightM(f.Position.Lon(), f.Position.Lat()); math.Abs(f.GroundAMSLM-want) > 20 || f.AwayM != 0 {
					t.Errorf("%s stands on %v m, want %v", f.Name, f.GroundAMSLM, want)
				}
			}
		})
	}
}

// highQuery asks for high points near some airstrips.
func highQuery(within orb.MultiPolygon, strips ...*airstrip.Airstrip) planning.CandidateQuery {
	return planning.CandidateQuery{Within: within, Airstrips: strips, NearAccessM: 25e3, ThinM: 8e3, MaxCount: 2000}
}

// checkHighPoints compares candidates with all posts of the terrain. Summits are
// looked for by blocks, whose middle may lie up to slackM from their post, for
// which they answer.
func checkHighPoints(t *testing.T, m terrain.Model, q planning.CandidateQuery, r *planning.CandidateResult, slackM float64) (high int) {
	t.Helper()
	const summitM = 3000
	g, err := m.Read(context.Background(), m.Lattice().Cover(q.Within.Bound(), int(0.1*m.Lattice().PerDegLat)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range r.Found {
		for _, other := range r.Found[:i] {
			if d := earth.DistanceM(f.Position, other.Position); d < q.ThinM {
				t.Errorf("%s stands %.0f m from %s", f.Name, d, other.Name)
			}
		}
		if f.AwayM == 0 {
			continue
		}
		high++
		if !airspace.Contains(q.Within, f.Position) {
			t.Errorf("%s lies outside", f.Name)
		}
		if d := earth.DistanceM(f.Position, f.Airstrip.Position); math.Abs(d-f.AwayM) > 0.01 || d > q.NearAccessM {
			t.Errorf("%s is %v m away, and said to be %v", f.Name, d, f.AwayM)
		}
		if z := g.At(f.Position.Lon(), f.Position.Lat()); math.Abs(z-f.GroundAMSLM) > 0.01 {
			t.Errorf("%s is %v m high", f.Name, z)
		}
		if z, at := highestAround(g, f.Position, summitM-slackM); z > f.GroundAMSLM {
			t.Errorf("%s: %v m at %v", f.Name, z, at)
		}
	}
	checkNoneIsMissing(t, g, q, r, summitM+slackM)
	return high
}

// highestAround returns the highest post within a distance.
func highestAround(g *terrain.Grid, p orb.Point, distanceM float64) (highest float64, at orb.Point) {
	highest = math.Inf(-1)
	box := g.Cover(earth.BoundAround(p, distanceM), 0).Intersect(g.Lattice)
	for r := range box.Rows {
		for c := range box.Cols {
			post := orb.Point{box.Lon(c), box.Lat(r)}
			z := float64(g.RowM(r + box.Row0 - g.Row0)[c+box.Col0-g.Col0])
			if z > highest && earth.DistanceM(p, post) <= distanceM {
				highest, at = z, post
			}
		}
	}
	return highest, at
}

// checkNoneIsMissing finds for each post that is surely a summit what stands in
// its way, if it is none of those found.
func checkNoneIsMissing(t *testing.T, g *terrain.Grid, q planning.CandidateQuery, r *planning.CandidateResult, summitM float64) {
	t.Helper()
	for row := range g.Rows {
		for col := range g.Cols {
			at, z := orb.Point{g.Lon(col), g.Lat(row)}, float64(g.RowM(row)[col])
			near := func(a *airstrip.Airstrip) bool { return earth.DistanceM(a.Position, at) <= q.NearAccessM }
			if !isPeak(g, col, row) || !airspace.Contains(q.Within, at) || !slices.ContainsFunc(q.Airstrips, near) {
				continue
			}
			if highest, where := highestAround(g, at, summitM); highest > z || where != at {
				continue
			}
			inTheWay := func(f planning.Found) bool {
				d := earth.DistanceM(f.Position, at)
				return d < 1 || d < q.ThinM && (f.AwayM == 0 || f.GroundAMSLM >= z)
			}
			if !slices.ContainsFunc(r.Found, inTheWay) {
				t.Errorf("the summit of %.0f m at %v is not found", z, at)
			}
		}
	}
}

// isPeak reports whether a post is higher than those beside it.
func isPeak(g *terrain.Grid, col, row int) bool {
	if col == 0 || row == 0 || col == g.Cols-1 || row == g.Rows-1 {
		return false
	}
	z := g.RowM(row)[col]
	return z > g.RowM(row)[col-1] && z > g.RowM(row)[col+1] && z > g.RowM(row - 1)[col] && z > g.RowM(row + 1)[col]
}

func TestHighPoints(t *testing.T) {
	strips := []*airstrip.Airstrip{strip("a", valley, 1000), strip("b", off(valley, 0.25, 0.1), 800), strip("c", off(valley, 0.7, 0), 500)}
	for _, tt := range []struct {
		name   string
		perDeg int
		slackM float64
	}{
		{"posts 15 arc-seconds apart", 240, 1},
		// Blocks of 5 × 5 posts: two half diagonals.
		{"posts 3 arc-seconds apart", shorter(1200, 720), 700},
		{"posts 60 arc-seconds apart", 60, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := andes(tt.perDeg)
			q := highQuery(around(valley, 0.4), strips...)
			r := findCandidates(t, m, q)
			if n := checkHighPoints(t, m, q, r, tt.slackM); n < 10 {
				t.Errorf("%d high points show too little", n)
			}
			again := findCandidates(t, m, q)
			if fmt.Sprint(r.Found) != fmt.Sprint(again.Found) {
				t.Error("other candidates when asked again")
			}
			q.MaxCount = 5
			if some := findCandidates(t, m, q); fmt.Sprint(some.Found) != fmt.Sprint(r.Found[:5]) {
				t.Errorf("the first 5 are %v, want %v", some.Found, r.Found[:5])
			}
		})
	}
}

func TestHighPointsOnRealTerrain(t *testing.T) {
	c := catalog.Default()
	mazamari := orb.Point{-74.5356, -11.3254}
	area := around(mazamari, shorter(0.7, 0.3))
	q := highQuery(area, c.Airstrips().InArea(area, nil)...)
	m := terraintest.Real(t, compositePath)
	r := findCandidates(t, m, q)
	if n := checkHighPoints(t, m, q, r, 1); n < 5 {
		t.Errorf("%d high points show too little", n)
	}
	for _, f := range r.Found {
		t.Log(f.Name)
	}
	sierra := planning.CandidateQuery{Within: around(orb.Point{-118.5, 36.9}, 0.25), MaxCount: 100, ThinM: 10e3, NearAccessM: 30e3,
		Airstrips: []*airstrip.Airstrip{strip("s", orb.Point{-118.4, 36.8}, 900)}}
	fine := terraintest.Real(t, sierraPath)
	if n := checkHighPoints(t, fine, sierra, findCandidates(t, fine, sierra), 700); n < 5 {
		t.Errorf("%d high points on fine terrain show too little", n)
	}
}

// What is missing is never high, and a plain has no summits.
func TestNoHighPointWhereNothingIsHigh(t *testing.T) {
	for name, heightM := range map[string]func(lon, lat float64) float64{
		"plain": func(_, _ float64) float64 { return 120 },
		"void":  func(_, _ float64) float64 { return math.NaN() },
	} {
		m := &formula{lattice: andes(240).lattice, heightM: heightM}
		r := findCandidates(t, m, highQuery(around(valley, 0.4), strip("a", valley, 1000)))
		if len(r.Found) != 1 || math.IsNaN(r.Found[0].GroundAMSLM) != (name == "void") || warned(r.Warnings, "terrain.missing_site") != (name == "void") {
			t.Errorf("%s: %+v, warnings %v", name, r.Found, r.Warnings)
		}
	}
}

func warned(warnings []coverage.Warning, id string) bool {
	return slices.ContainsFunc(warnings, func(w coverage.Warning) bool { return w.ID == id })
}

// High points nearer to their airstrip than candidates may stand are said to be in
// the way of themselves.
func TestHighPointsAllTooNear(t *testing.T) {
	q := highQuery(around(valley, 0.4), strip("a", valley, 1000))
	q.ThinM = 25e3
	r := findCandidates(t, andes(240), q)
	if len(r.Found) != 1 || !warned(r.Warnings, "candidates.thinned") {
		t.Errorf("%d found, warnings %v", len(r.Found), r.Warnings)
	}
	q.WithoutAirstrips = true
	if r = findCandidates(t, andes(240), q); len(r.Found) == 0 || warned(r.Warnings, "candidates.thinned") {
		t.Errorf("without airstrips: %d found, warnings %v", len(r.Found), r.Warnings)
	}
}

func TestNamesAreUnique(t *testing.T) {
	q := planning.CandidateQuery{Within: around(valley, 0.5), MaxCount: 10}
	for i := range 3 {
		a := strip(fmt.Sprint("s", i), off(valley, float64(i)/10, 0), 1000)
		a.Name = "Campo"
		q.Airstrips = append(q.Airstrips, a)
	}
	q.Airstrips[2].Name = ""
	var names []string
	for _, f := range findCandidates(t, andes(240), q).Found {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, ", "); got != "Campo, Campo (s1), s2" {
		t.Errorf("names are %s", got)
	}
	q.WithoutAirstrips, q.NearAccessM, q.MaxCount = true, 30e3, 100
	seen := map[string]bool{}
	for _, f := range findCandidates(t, andes(240), q).Found {
		if seen[f.Name] {
			t.Errorf("two are called %s", f.Name)
		}
		seen[f.Name] = true
	}
}

func TestCandidatesStop(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := planner(andes(240)).FindCandidates(ctx, highQuery(around(valley, 0.4), strip("a", valley, 1000)))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
