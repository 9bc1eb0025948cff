package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/specimen"
)

// What was asked for is told of every part of a request that says something.
func TestWhatAPlanCounts(t *testing.T) {
	tests := []struct{ name, request, counted, candidates string }{
		{"nothing said", ``, "km² of airspace at 300 m AGL, FL100", "2 searched of 3"},
		{"found", `candidates:{search:{}}`, "km² of airspace at 300 m AGL, FL100", "2 searched of 3: airports in use of the built-in list"},
		{"found near airports", `candidates:{search:{near_access_km:25}}`, "km² of airspace at 300 m AGL, FL100",
			"2 searched of 3: airports in use of the built-in list, and high points within 25 km of them"},
		{"high points of the request's airstrips", `candidates:{candidates:{} search:{near_access_km:25 without_airstrips:true airstrips:{without_builtin:true airstrips:{}}}}`,
			"km² of airspace at 300 m AGL, FL100", "2 searched of 3: 1 of the request, and high points within 25 km of airports in use of the request"},
		{"airstrips of both", `candidates:{search:{airstrips:{airstrips:{}}}}`, "km² of airspace at 300 m AGL, FL100",
			"2 searched of 3: airports in use of the built-in list and of the request"},
		{"weights", `objective:{altitudes:{altitude:{agl_m:300} weight:2} altitudes:{altitude:{flight_level:100}} count_weights:[1, 0.5]}`,
			"km² of airspace at 300 m AGL × 2, FL100; radars that see a place, one after the other, 1, 0.5", "2 searched of 3"},
		{"zones and areas", `objective:{zones:{zone:{airspace_id:"vraem"} weight:5} areas:{area:{area:{name:"mine"}} altitude:{agl_m:150} weight:2} areas:{area:{airspace_id:"peru"} altitude:{agl_m:150}}}`,
			"km² of airspace at 300 m AGL, FL100; vraem × 5; mine at 150 m AGL × 2; peru at 150 m AGL", "2 searched of 3"},
		{"airstrips", `objective:{airstrips:{}}`, "km² of airspace at 300 m AGL, FL100; airstrips, 1,000 km² each if seen at or below 300 m", "2 searched of 3"},
		{"airstrips with weights", `objective:{airstrips:{max_agl_m:150 weight_km2:500}}`,
			"km² of airspace at 300 m AGL, FL100; airstrips, 500 km² each if seen at or below 150 m", "2 searched of 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := &canopyv1.PlanNetworkRequest{}
			if err := prototext.Unmarshal([]byte(tt.request), asked); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.counted, countedText(asked.GetObjective(), specimen.Plan())); diff != "" {
				t.Error(diff)
			}
			considered := &canopyv1.PlanCandidates{CandidateCount: 3, SearchedCount: 2}
			if diff := cmp.Diff(tt.candidates, candidatesText(considered, asked)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestScreenedCandidates(t *testing.T) {
	c := &canopyv1.PlanCandidates{CandidateCount: 1200, SearchedCount: 1000, ScreenedOutCount: 190, ExcludedCount: 10, ScreeningSpacingArcsec: 60}
	want := "1,000 searched of 1,200; 10 forbidden, or too near to a radar that stands or is fixed; 190 ruled out on terrain with posts every 60″"
	if got := candidatesText(c, nil); got != want {
		t.Errorf("got %s", got)
	}
}

// A plan of a search that was ended early is shown as far as it goes.
func TestPlanThatWasEndedEarly(t *testing.T) {
	tests := []struct {
		name   string
		change func(*canopyv1.PlanNetworkResponse)
		want   string
	}{
		{"before it was measured", func(r *canopyv1.PlanNetworkResponse) {
			for _, s := range r.GetSteps() {
				s.Stage.Bands, s.Closes = nil, nil
			}
			r.Criticality, r.Radars = nil, nil
		}, "up to 2          80.9 %        151\n\nObjective"},
		{"before there was one", func(r *canopyv1.PlanNetworkResponse) {
			r.Steps, r.Curve, r.Radars, r.GapPercent = nil, nil, nil, 100
		}, "No radar stands yet\n\nCOVERED WITH"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := specimen.Plan()
			tt.change(plan)
			p := &Page{Width: 100}
			p.Plan(plan, nil)
			if text := p.b.String(); !strings.Contains(text, tt.want) {
				t.Errorf("no %q in\n%s", tt.want, text)
			}
		})
	}
}

// Altitudes that do not fit are counted.
func TestMoreAltitudesThanFit(t *testing.T) {
	plan := specimen.Plan()
	for range 12 {
		for _, stage := range []*canopyv1.PlanStage{plan.GetExisting(), plan.GetSteps()[0].GetStage(), plan.GetSteps()[1].GetStage()} {
			stage.Bands = append(stage.Bands, proto.Clone(stage.GetBands()[0]).(*canopyv1.PlanBand))
		}
	}
	p := &Page{Width: 80}
	p.stages(plan)
	if text := p.b.String(); !strings.Contains(text, "\n10 altitudes more: -o csv lists all\n") {
		t.Errorf("got\n%s", text)
	}
}

func TestWhatAPlanIsDoing(t *testing.T) {
	tests := []struct {
		name string
		m    *canopyv1.PlanNetworkMetadata
		want string
	}{
		{"waiting", &canopyv1.PlanNetworkMetadata{Phase: canopyv1.PlanPhase_PLAN_PHASE_WAITING}, "waiting for its turn"},
		{"sweeping", &canopyv1.PlanNetworkMetadata{Phase: canopyv1.PlanPhase_PLAN_PHASE_SWEEPING, CandidateCount: 174, CandidatesSwept: 12}, "sweeping 12 of 174"},
		{"searching", specimen.PlanMetadata(), "searching: 1,480,000 km², within 2.64 % of the best possible"},
		{"without a bound", &canopyv1.PlanNetworkMetadata{Phase: canopyv1.PlanPhase_PLAN_PHASE_SEARCHING, ObjectiveKm2: proto.Float64(5000)}, "searching: 5,000 km²"},
	}
	for _, tt := range tests {
		if got := PlanDoing(tt.m); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestBars(t *testing.T) {
	for share, want := range map[float64]string{0: "", 1: strings.Repeat("█", 30), 0.5: strings.Repeat("█", 15), 0.0125: "▍", 2: strings.Repeat("█", 30)} {
		if got := bar(share); got != want {
			t.Errorf("%v: got %s", share, got)
		}
	}
}

func TestRadarsThatNoneBacksUp(t *testing.T) {
	r := specimen.Criticality()
	r.Criticality.Pair = nil
	for _, loss := range r.GetCriticality().GetRadars() {
		for _, band := range loss.GetBands() {
			band.ZonesLostKm2 = []float64{0}
		}
	}
	p := &Page{Width: 100}
	p.Criticality(r)
	for _, want := range []string{"no two radars back each other up", "Zone VRAEM  nothing is lost"} {
		if !strings.Contains(p.b.String(), want) {
			t.Errorf("no %q in\n%s", want, p.b.String())
		}
	}
}
