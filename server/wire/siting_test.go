package wire

import (
	"math"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// bandOf has gaps of 100 km² each.
func bandOf(m float64, gaps int) gap.Band {
	b := gap.Band{Altitude: altitude.Altitude{Value: m}}
	for range gaps {
		b.Gaps = append(b.Gaps, gap.Gap{AreaM2: 100e6})
	}
	return b
}

func TestStepsNameTheLargestGaps(t *testing.T) {
	p := &planning.Plan{Gaps: []gap.Band{bandOf(300, 7), bandOf(1000, 1)}}
	step := planning.Step{}
	for i := range 7 {
		step.Closes = append(step.Closes, planning.ClosedGap{Gap: i, AreaM2: float64(i+1) * 10e6})
	}
	step.Closes = append(step.Closes, planning.ClosedGap{Band: 1, AreaM2: 45e6})
	p.Steps = []planning.Step{step}
	q := &planning.PlanQuery{Candidates: make([]planning.Candidate, 1)}
	got := Plan(p, q, nil)
	var closed, named []string
	for _, c := range got.GetSteps()[0].GetCloses() {
		closed = append(closed, c.GetGapId())
	}
	for _, g := range got.GetGaps() {
		named = append(named, g.GetGapId())
	}
	if want := []string{"300m-agl/7", "300m-agl/6", "300m-agl/5", "1000m-agl/1", "300m-agl/4", "300m-agl/3"}; !slices.Equal(closed, want) {
		t.Errorf("closes %v, want %v", closed, want)
	}
	if want := []string{"300m-agl/3", "300m-agl/4", "300m-agl/5", "300m-agl/6", "300m-agl/7", "1000m-agl/1"}; !slices.Equal(named, want) {
		t.Errorf("names %v, want %v", named, want)
	}
	if c := got.GetSteps()[0].GetCloses()[0]; c.GetAreaKm2() != 70 || c.GetShare() != 0.7 {
		t.Errorf("closes %v", c)
	}
}

func TestGapOfPlans(t *testing.T) {
	tests := []struct{ objective, bound, want float64 }{
		{99, 100, 1}, {100, 100, 0}, {0, 0, 0}, {100.0000001, 100, 0}, {2, 3, 33.3333},
	}
	for _, tt := range tests {
		if got := gapPercent(tt.objective, tt.bound); math.Abs(got-tt.want) > 1e-4 || got < 0 {
			t.Errorf("%v of %v: %v %%, want %v", tt.objective, tt.bound, got, tt.want)
		}
	}
}

func TestProgressBeforeThereIsAPlan(t *testing.T) {
	m := &canopyv1.PlanNetworkMetadata{}
	Progress(m, planning.Progress{Phase: planning.Sweeping, Share: 0.25, Swept: 3, ObjectiveKM2: math.NaN(), UpperBoundKM2: 12.34567})
	if m.ObjectiveKm2 != nil || m.GetUpperBoundKm2() != 12.346 || m.GetPhase() != canopyv1.PlanPhase_PLAN_PHASE_SWEEPING || m.GetCandidatesSwept() != 3 || m.GetShare() != 0.25 {
		t.Errorf("%v", m)
	}
}

func TestCriticalityNamesRadars(t *testing.T) {
	c := &planning.Criticality{
		Basis:  coverage.Basis{Sites: []sight.Site{{Radar: radar.Radar{ID: "a"}}, {Radar: radar.Radar{ID: "b"}}}},
		Bands:  []planning.CriticalityBand{{AirspaceM2: 400e6, CoveredM2: 200e6, ExpectedM2: 100e6, ByCountM2: []float64{200e6, 150e6, 50e6}}},
		Losses: []planning.Loss{{Site: 1, LostM2: []float64{50e6}, ZonesLostM2: [][]float64{{1e6}}, Airstrips: []*airstrip.Airstrip{{ID: "X"}}}},
		Pair:   &planning.Pair{Sites: [2]int{0, 1}, AreasM2: []float64{50e6}},
	}
	got := Criticality(c, []planning.Zone{{Name: "Z"}}, 0.9)
	band, loss := got.GetBands()[0], got.GetRadars()[0]
	if band.GetCoveredShare() != 0.5 || band.GetExpectedCoveredShare() != 0.25 || !slices.Equal(band.GetAreaByCountKm2(), []float64{200, 150, 50}) {
		t.Errorf("band %v", band)
	}
	if loss.GetRadarId() != "b" || loss.GetBands()[0].GetLostShare() != 0.25 || loss.GetBands()[0].GetZonesLostKm2()[0] != 1 || !slices.Equal(loss.GetAirstripIds(), []string{"X"}) {
		t.Errorf("loss %v", loss)
	}
	if !slices.Equal(got.GetPair().GetRadarIds(), []string{"a", "b"}) || got.GetZones()[0] != "Z" || got.GetAvailability() != 0.9 {
		t.Errorf("%v", got)
	}
}
