package planning_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// What a step closes of the gaps is what it adds to the covered area, but for the
// gaps that are too small to be listed.
func TestStepsCloseWhatTheyCover(t *testing.T) {
	for _, reach := range []sight.Reach{sight.Terrain, sight.Disc} {
		q := planFor([]radar.Radar{site("there", off(valley, 0.2, 0.3), 30e3)}, spread(3, 0.4, 30e3), 4, agl(500), amsl(6000))
		q.Reach = reach
		got := plan(t, andes(120), q)
		before := got.Existing
		for i, step := range got.Steps {
			for band := range q.Objective.Altitudes {
				closed := 0.0
				for _, c := range step.Closes {
					if c.Band == band {
						closed += c.AreaM2
					}
				}
				added := step.Stage.CoveredM2[band] - before.CoveredM2[band]
				small := got.Gaps[band].SmallM2
				// A boundary departs from the cells by twice their spacing here and there.
				if closed > added*1.02 || closed < (added-small)*0.95 {
					t.Errorf("reach %v, step %d, band %d: closes %.1f km² of gaps, covers %.1f more, and small gaps are %.1f", reach, i, band, closed/1e6, added/1e6, small/1e6)
				}
			}
			if !slices.IsSortedFunc(step.Closes, func(a, b planning.ClosedGap) int {
				if a.Band != b.Band {
					return a.Band - b.Band
				}
				return int(math.Copysign(1, b.AreaM2-a.AreaM2))
			}) {
				t.Errorf("step %d closes %v, out of order", i, step.Closes)
			}
			before = step.Stage
		}
	}
}

// A gap that a radar covers as a whole is closed as a whole, and no more than
// that.
func TestAGapIsClosed(t *testing.T) {
	// Two discs leave a gap in each corner of a square.
	q := planFor([]radar.Radar{site("there", valley, 75e3)}, spread(2, 1, 30e3), 1, agl(500))
	q.Airspace = around(valley, 0.6)
	q.Reach = sight.Disc
	got := plan(t, andes(120), q)
	if len(got.Gaps[0].Gaps) != 4 {
		t.Fatalf("%d gaps, want 4", len(got.Gaps[0].Gaps))
	}
	closes := got.Steps[0].Closes
	if len(closes) != 1 {
		t.Fatalf("it closes %v, want one gap", closes)
	}
	g := got.Gaps[0].Gaps[closes[0].Gap]
	at := q.Candidates[got.Steps[0].Candidate].Position
	if math.Abs(closes[0].AreaM2/g.AreaM2-1) > 1e-9 || math.Abs(g.PointInside.Lon()-at.Lon()) > 0.3 || math.Abs(g.PointInside.Lat()-at.Lat()) > 0.3 {
		t.Errorf("it closes %v m² of gap %d, which has %v around %v; the radar stands at %v", closes[0].AreaM2, closes[0].Gap, g.AreaM2, g.PointInside, at)
	}
}

// What the first step closes is what SuggestSites has for it, cell by cell: demand
// at every other post and the simplified boundaries of gaps cost a few hundredths.
func TestStepsCloseWhatIsSuggested(t *testing.T) {
	m := andes(240)
	q := planFor([]radar.Radar{site("there", off(valley, 0.2, 0.3), 30e3)}, spread(3, 0.4, 50e3), 1, agl(500), agl(2000), amsl(6000))
	q.Airspace = around(valley, 1.5)
	got := plan(t, m, q)
	step := got.Steps[0]
	gaps := coverage.GapQuery{Query: q.Query, Airspace: q.Airspace, MinAreaM2: 25e6, ToleranceM: -1}
	for _, a := range q.Objective.Altitudes {
		gaps.Altitudes = append(gaps.Altitudes, a.Altitude)
	}
	want, err := planner(m).SuggestSites(context.Background(), gaps, []radar.Radar{q.Candidates[step.Candidate].Radar})
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, s := range want.Suggestions {
		if s.ClosedM2 < 100e6 {
			continue
		}
		compared++
		i := slices.IndexFunc(step.Closes, func(c planning.ClosedGap) bool { return c.Band == s.Band && c.Gap == s.Gap })
		if i < 0 || math.Abs(step.Closes[i].AreaM2/s.ClosedM2-1) > 0.05 {
			t.Errorf("band %d, gap %d: %.1f km² are closed, the step closes %v", s.Band, s.Gap, s.ClosedM2/1e6, step.Closes)
		}
	}
	if compared == 0 {
		t.Error("no gap is closed by enough to compare")
	}
}

// With more candidates than the budget allows for, those that coarser terrain
// rules out are not searched, and the plan is the same.
func TestScreening(t *testing.T) {
	m := andes(240)
	q := stopping()
	q.MaxCount = 4
	e := &coverage.Engine{Terrain: m, BudgetPosts: 600_000}
	screened, err := (&planning.Planner{Engine: e}).Plan(context.Background(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	q.WithoutScreening = true
	searched, err := (&planning.Planner{Engine: e}).Plan(context.Background(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := screened.Considered
	if c.ScreeningSpacingArcsec != 30 || searched.Considered.ScreeningSpacingArcsec != 0 || c.Searched+c.ScreenedOut+c.Excluded != c.Candidates || searched.Considered.ScreenedOut != 0 {
		t.Errorf("screened %+v, else %+v", c, searched.Considered)
	}
	if !slices.Equal(built(screened), built(searched)) || screened.SpacingArcsec != 15 || screened.ObjectiveKM2 != searched.ObjectiveKM2 {
		t.Errorf("built %v for %v km² on posts %v″ apart, without screening %v for %v", built(screened), screened.ObjectiveKM2, screened.SpacingArcsec, built(searched), searched.ObjectiveKM2)
	}
}

// The same on real terrain, where candidates are of all sorts: the averaged Andes
// rule out the right ones.
func TestScreeningOfPeru(t *testing.T) {
	if testing.Short() {
		t.Skip("plans for Peru twice")
	}
	q := peru(t, 60, 3)
	q.ResolutionArcsec = 30
	e := &coverage.Engine{Terrain: terraintest.Real(t, compositePath), BudgetPosts: 20_000_000}
	p := &planning.Planner{Engine: e}
	screened, err := p.Plan(context.Background(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	q.WithoutScreening = true
	searched, err := p.Plan(context.Background(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := screened.Considered
	if c.ScreeningSpacingArcsec <= 30 || c.ScreenedOut == 0 {
		t.Errorf("%+v: nothing is ruled out", c)
	}
	t.Logf("%d of %d candidates are ruled out on posts %v″ apart", c.ScreenedOut, c.Candidates, c.ScreeningSpacingArcsec)
	if !slices.Equal(built(screened), built(searched)) || screened.UpperBoundKM2 > searched.UpperBoundKM2*(1+1e-6) {
		t.Errorf("built %v, without screening %v; bounds %v and %v km²", built(screened), built(searched), screened.UpperBoundKM2, searched.UpperBoundKM2)
	}
}
