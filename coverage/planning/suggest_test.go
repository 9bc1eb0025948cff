package planning_test

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
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

func suggest(t testing.TB, m terrain.Model, q coverage.GapQuery, candidates []radar.Radar) *planning.SuggestResult {
	t.Helper()
	r, err := planner(m).SuggestSites(context.Background(), q, candidates)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func gapsWithCells(t testing.TB, m terrain.Model, q coverage.GapQuery) *coverage.GapResult {
	t.Helper()
	q.Cells = true
	e := &coverage.Engine{Terrain: m}
	r, err := e.FindGaps(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// closed is what a candidate closes of each gap, band by band, and which airstrips
// are seen there then: found by having it in the network.
type closed struct {
	m2     [][]float64
	strips [][][]string
}

func closedBy(t testing.TB, m terrain.Model, q coverage.GapQuery, before *coverage.GapResult, candidate radar.Radar) (c closed) {
	t.Helper()
	candidate.InService = true
	q.Radars = append(slices.Clone(q.Radars), candidate)
	q.MinAreaM2 = 0
	after := gapsWithCells(t, m, q)
	rowM2 := gap.CellAreasM2(before.Posts)
	for b := range before.Bands {
		var areas []float64
		var strips [][]string
		for _, g := range before.Bands[b].Gaps {
			left, still := 0.0, map[string]bool{}
			for _, rest := range after.Bands[b].Gaps {
				raster.Meet(g.Cells, rest.Cells, func(_, _ int, shared raster.Run) { left += float64(shared.Len()) * rowM2[shared.Row] })
				for _, a := range rest.Airstrips {
					still[a.ID] = true
				}
			}
			var seen []string
			for _, a := range g.Airstrips {
				if !still[a.ID] {
					seen = append(seen, a.ID)
				}
			}
			areas, strips = append(areas, g.AreaM2-left), append(strips, seen)
		}
		c.m2, c.strips = append(c.m2, areas), append(c.strips, strips)
	}
	return c
}

// checkSuggestions compares suggestions with what each candidate closes. Areas of
// sampled gaps may be off by a share of the gap.
func checkSuggestions(t *testing.T, m terrain.Model, q coverage.GapQuery, candidates []radar.Radar, off float64) (compared int) {
	t.Helper()
	r := suggest(t, m, q, candidates)
	before := gapsWithCells(t, m, q)
	var by []closed
	for _, c := range candidates {
		by = append(by, closedBy(t, m, q, before, c))
	}
	next := 0
	for b := range before.Bands {
		for g, found := range before.Bands[b].Gaps {
			best, most := -1, 0.0
			for i := range by {
				if m2 := by[i].m2[b][g]; m2 > most {
					best, most = i, m2
				}
			}
			allowed := off*found.AreaM2 + 1
			if next == len(r.Suggestions) || r.Suggestions[next].Band != b || r.Suggestions[next].Gap != g {
				if most > allowed {
					t.Errorf("%v, gap %d: nothing is suggested, candidate %d closes %v of %v m²", q.Altitudes[b], g, best, most, found.AreaM2)
				}
				continue
			}
			s := r.Suggestions[next]
			next++
			compared++
			got := by[s.Candidate]
			if got.m2[b][g] < most-allowed || s.Candidate != best && most-got.m2[b][g] > 2*allowed {
				t.Errorf("%v, gap %d: candidate %d, which closes %v m², want %d, which closes %v", q.Altitudes[b], g, s.Candidate, got.m2[b][g], best, most)
			}
			if math.Abs(s.ClosedM2-got.m2[b][g]) > allowed {
				t.Errorf("%v, gap %d: %v m² are closed, want %v of %v", q.Altitudes[b], g, s.ClosedM2, got.m2[b][g], found.AreaM2)
			}
			var strips []string
			for _, a := range s.Airstrips {
				strips = append(strips, a.ID)
			}
			if !slices.Equal(strips, got.strips[b][g]) {
				t.Errorf("%v, gap %d: airstrips %v, want %v", q.Altitudes[b], g, strips, got.strips[b][g])
			}
		}
	}
	if next != len(r.Suggestions) {
		t.Errorf("%d suggestions are of no gap, or in another order", len(r.Suggestions)-next)
	}
	return compared
}

func TestSuggestionsAgainstBruteForce(t *testing.T) {
	var candidates []radar.Radar
	for i := range 6 {
		candidates = append(candidates, site(fmt.Sprint("c", i), off(valley, 0.15*float64(i%3)-0.1, 0.2*float64(i/3)-0.1), 15e3+3e3*float64(i)))
	}
	candidates = append(candidates, site("far away", off(valley, 1.2, 0), 10e3))
	candidates[2].InService = false
	var strips []*airstrip.Airstrip
	for i := range 30 {
		strips = append(strips, strip(fmt.Sprintf("s%02d", i), off(valley, 0.1*float64(i%6)-0.27, 0.11*float64(i/6)-0.25), 500))
	}
	for _, minRadars := range []int{1, 2} {
		t.Run(fmt.Sprint(minRadars, " radars"), func(t *testing.T) {
			q := coverage.GapQuery{Query: query(site("a", valley, 60e3), site("b", off(valley, 0.1, 0.1), 60e3)), Airspace: around(valley, 0.5),
				Altitudes: []altitude.Altitude{agl(150), agl(800), amsl(2200)}, Airstrips: strips, MinAreaM2: 1}
			q.MinRadars, q.ResolutionArcsec = minRadars, 15
			if n := checkSuggestions(t, andes(240), q, candidates, 0.01); n < 5 {
				t.Errorf("%d gaps show too little", n)
			}
		})
	}
}

func TestSuggestionsOnRealTerrain(t *testing.T) {
	m := terraintest.Real(t, compositePath)
	c := catalog.Default()
	model, err := c.Model("modern-3d")
	if err != nil {
		t.Fatal(err)
	}
	area := around(orb.Point{-74, -11.5}, 1.2)
	var candidates []radar.Radar
	for i, a := range c.Airstrips().InArea(area, nil) {
		if i%shorter(3, 8) == 0 {
			candidates = append(candidates, model.At(a.ID, a.Name, a.Position))
		}
	}
	q := coverage.GapQuery{Query: query(model.At("mazamari", "", orb.Point{-74.5356, -11.3254}), model.At("ayacucho", "", orb.Point{-74.19, -13.34})),
		Airspace: area, Altitudes: []altitude.Altitude{agl(1000), agl(3000)}, Airstrips: c.Airstrips().All(), MinAreaM2: 1e6, ToleranceM: -1}
	q.ResolutionArcsec = 30
	if n := checkSuggestions(t, m, q, candidates, 0.01); n < 5 {
		t.Errorf("%d gaps show too little", n)
	}
}

// Of candidates that close as much, the first is named, by any number of workers.
func TestSuggestionsAreTheSame(t *testing.T) {
	q := coverage.GapQuery{Query: query(site("a", valley, 10e3)), Airspace: around(valley, 0.3), Altitudes: []altitude.Altitude{agl(800)}, MinAreaM2: 1e6}
	q.ResolutionArcsec = 30
	at := off(valley, 0.15, 0)
	candidates := []radar.Radar{site("none", off(valley, 1.2, 0), 5e3), site("b", at, 20e3), site("b again", at, 20e3), site("less", at, 15e3)}
	var want string
	for _, workers := range []int{1, 4, 4, 4} {
		p := &planning.Planner{Engine: &coverage.Engine{Terrain: andes(240), Workers: workers}}
		r, err := p.SuggestSites(context.Background(), q, candidates)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Suggestions {
			if s.Candidate != 1 {
				t.Errorf("candidate %d is suggested", s.Candidate)
			}
		}
		for _, g := range r.Bands[0].Gaps {
			if g.Cells != nil {
				t.Error("cells are kept that nobody asked for")
			}
		}
		if got := fmt.Sprint(r.Suggestions); want == "" {
			want = got
		} else if got != want {
			t.Errorf("%d workers: %s, want %s", workers, got, want)
		}
	}
}

func TestSuggestionsWithoutCandidates(t *testing.T) {
	q := coverage.GapQuery{Query: query(site("a", valley, 10e3)), Airspace: around(valley, 0.3), Altitudes: []altitude.Altitude{agl(800)}}
	if r := suggest(t, andes(240), q, nil); len(r.Suggestions) != 0 || len(r.Bands[0].Gaps) == 0 {
		t.Errorf("%d suggestions, %d gaps", len(r.Suggestions), len(r.Bands[0].Gaps))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := planner(andes(240)).SuggestSites(ctx, q, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v once stopped", err)
	}
}
