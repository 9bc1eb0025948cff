package planning_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
)

// areaKM2 is what an airspace holds.
func areaKM2(area orb.MultiPolygon) float64 { return airspace.AreaM2(area) / 1e6 }

// What everything is worth is the area, times its weights.
func TestWorthOfEverything(t *testing.T) {
	all := around(valley, 0.6)
	west := orb.MultiPolygon{{{{-71, -11}, {valley.Lon(), -11}, {valley.Lon(), -9}, {-71, -9}, {-71, -11}}}}
	far := around(off(valley, 1.2, 1.2), 0.1)
	tests := []struct {
		name   string
		change func(*planning.PlanQuery)
		want   float64
	}{
		{"one altitude", func(*planning.PlanQuery) {}, areaKM2(all)},
		{"altitudes with weights", func(q *planning.PlanQuery) {
			q.Objective.Altitudes = []planning.WeightedAltitude{{Altitude: agl(300), Weight: 2}, {Altitude: agl(1000), Weight: 0.5}}
		}, 2.5 * areaKM2(all)},
		{"two radars count", func(q *planning.PlanQuery) { q.Objective.CountWeights = []float64{1, 0.5} }, 1.5 * areaKM2(all)},
		{"a zone in the west", func(q *planning.PlanQuery) {
			q.Objective.Zones = []planning.Zone{{Name: "west", Area: west, Weight: 5}}
		}, 3 * areaKM2(all)},
		{"zones multiply", func(q *planning.PlanQuery) {
			q.Objective.Zones = []planning.Zone{{Name: "west", Area: west, Weight: 5}, {Name: "all", Area: all, Weight: 2}}
		}, 6 * areaKM2(all)},
		{"a zone of weight 0", func(q *planning.PlanQuery) {
			q.Objective.Zones = []planning.Zone{{Name: "west", Area: west}}
		}, 0.5 * areaKM2(all)},
		{"an area elsewhere", func(q *planning.PlanQuery) {
			q.Objective.Areas = []planning.AreaExposure{{Name: "far", Area: far, Altitude: agl(100), Weight: 3}}
		}, areaKM2(all) + 3*areaKM2(far)},
		{"an area between posts", func(q *planning.PlanQuery) {
			q.Objective.Areas = []planning.AreaExposure{{Name: "town", Area: around(valley, 0.002), Altitude: agl(100), Weight: 1e6}}
		}, areaKM2(all) + 1e6*areaKM2(around(valley, 0.002))},
		{"airstrips inside", func(q *planning.PlanQuery) {
			q.Objective.Airstrips = strips(valley, off(valley, 0.3, 0.3), off(valley, 3, 0))
		}, areaKM2(all) + 2*1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := planFor(nil, spread(2, 0.3, 20e3), 1, agl(300))
			tt.change(&q)
			// The west ends between two posts.
			if got := plan(t, andes(120), q).PossibleKM2; math.Abs(got/tt.want-1) > 0.01 {
				t.Errorf("%.1f km², want %.1f", got, tt.want)
			}
		})
	}
}

func strips(at ...orb.Point) planning.Airstrips {
	all := planning.Airstrips{MaxAGLM: 300, WeightKM2: 1000}
	for i, p := range at {
		all.All = append(all.All, &airstrip.Airstrip{ID: fmt.Sprint("s", i), Position: p})
	}
	return all
}

// Ground above an altitude is in no worth, unless the reach is a disc's.
func TestUndergroundIsNotPossible(t *testing.T) {
	for _, reach := range []sight.Reach{sight.Terrain, sight.Disc} {
		q := planFor(nil, spread(2, 0.3, 20e3), 1, amsl(1800))
		q.Reach = reach
		got := plan(t, andes(120), q)
		band := gapsWith(t, andes(120), q).Bands[0]
		want := (band.AirspaceM2 - band.UndergroundM2) / 1e6
		if math.Abs(got.PossibleKM2/want-1) > 1e-3 || reach == sight.Terrain && band.UndergroundM2 == 0 {
			t.Errorf("reach %v: %.1f km² are possible, want %.1f of %.1f", reach, got.PossibleKM2, want, band.AirspaceM2/1e6)
		}
	}
}

// Weights draw radars to what they weigh: each case wants another candidate of
// four in the corners, of which nothing else tells one from the other.
func TestWeightsDrawRadars(t *testing.T) {
	corners := spread(2, 0.6, 25e3)
	tests := []struct {
		name   string
		change func(*planning.PlanQuery)
		want   int
	}{
		{"a zone", func(q *planning.PlanQuery) {
			q.Objective.Zones = []planning.Zone{{Name: "north-east", Area: around(corners[3].Position, 0.2), Weight: 100}}
		}, 3},
		{"another zone", func(q *planning.PlanQuery) {
			q.Objective.Zones = []planning.Zone{{Name: "north-west", Area: around(corners[2].Position, 0.2), Weight: 100}}
		}, 2},
		{"an area outside of the airspace", func(q *planning.PlanQuery) {
			q.Objective.Areas = []planning.AreaExposure{{Name: "far", Area: around(off(corners[0].Position, -0.35, -0.1), 0.04), Altitude: agl(4000), Weight: 1000}}
		}, 0},
		{"airstrips", func(q *planning.PlanQuery) {
			q.Objective.Airstrips = strips(off(corners[1].Position, 0.01, 0))
			q.Objective.Airstrips.WeightKM2 = 1e5
		}, 1},
		{"a second radar counts more than anything", func(q *planning.PlanQuery) {
			q.Radars = []radar.Radar{site("there", off(corners[1].Position, 0, 0.05), 30e3)}
			q.Objective.CountWeights = []float64{1, 1}
			q.Objective.Zones = []planning.Zone{{Name: "south-east", Area: around(corners[1].Position, 0.3), Weight: 100}}
		}, 1},
		{"one is enough", func(q *planning.PlanQuery) {
			q.Radars = []radar.Radar{site("there", off(corners[1].Position, 0, 0.05), 60e3)}
			q.Objective.Zones = []planning.Zone{
				{Name: "south-east", Area: around(corners[1].Position, 0.3), Weight: 100},
				{Name: "north-west", Area: around(corners[2].Position, 0.3), Weight: 99},
			}
		}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := planFor(nil, corners, 1, agl(500))
			tt.change(&q)
			if got := built(plan(t, andes(120), q)); !slices.Equal(got, []int{tt.want}) {
				t.Errorf("built %v, want %d", got, tt.want)
			}
		})
	}
}

// Airstrips are counted stage by stage, as points are checked.
func TestAirstripsOfStages(t *testing.T) {
	q := planFor([]radar.Radar{site("there", off(valley, 0.2, 0.3), 25e3)}, spread(3, 0.3, 25e3), 4, agl(300))
	var places []orb.Point
	for i := range 40 {
		places = append(places, off(valley, 0.027*float64(i)-0.55, 0.55*math.Sin(float64(i))))
	}
	q.Objective.Airstrips = strips(places...)
	got := plan(t, andes(120), q)
	stages := []planning.Stage{got.Existing}
	for _, step := range got.Steps {
		stages = append(stages, step.Stage)
	}
	for i, stage := range stages {
		check := coverage.PointQuery{Query: q.Query}
		for _, k := range built(got)[:i] {
			check.Radars = append(slices.Clip(check.Radars), q.Candidates[k].Radar)
		}
		for _, p := range places {
			check.Points = append(check.Points, coverage.Point{Position: p, Altitude: agl(300)})
		}
		seen := 0
		result, err := (&coverage.Engine{Terrain: andes(120)}).CheckPoints(t.Context(), check)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range result.Outcomes {
			if o.Seen {
				seen++
			}
		}
		// A ray may differ from a surface of such coarse posts.
		if stage.AirstripsSeen < seen-2 || stage.AirstripsSeen > seen+2 {
			t.Errorf("%d radars see %d airstrips, rays %d", i, stage.AirstripsSeen, seen)
		}
	}
	if last := stages[len(stages)-1].AirstripsSeen; last <= stages[0].AirstripsSeen || last == 0 {
		t.Errorf("%d airstrips are seen, %d before", last, stages[0].AirstripsSeen)
	}
}
