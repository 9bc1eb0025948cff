package wire

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

var nan, inf = math.NaN(), math.Inf(1)

func TestRounding(t *testing.T) {
	tests := []struct {
		name      string
		got, want float64
	}{
		{"metres", metres(1234.5678), 1234.6},
		{"kilometres of metres", kilometres(500123.456), 500.1235},
		{"square kilometres of square metres", areaKM2(1289850123456), 1289850.123},
		{"degrees", degrees(0.123456789), 0.12346},
		{"azimuth west of north", azimuth(-90.25), 269.75},
		{"azimuth just west of north", azimuth(-1e-9), 0},
		{"coordinate", coordinate(-69.22820000000001), -69.2282},
		{"k", plain(4.0 / 3), 1.333333},
		{"share", share(1, 3), 0.333333},
		{"share of nothing", share(0, 0), 0},
		{"not a number", metres(nan), 0},
		{"infinity", kilometres(-inf), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %v, want %v", tt.got, tt.want)
			}
		})
	}
	if z := metres(-0.01); math.Signbit(z) {
		t.Error("a negative zero")
	}
}

func TestGeometryThereAndBack(t *testing.T) {
	area := orb.MultiPolygon{{
		{{-70, -12}, {-69, -12}, {-69, -11}, {-70, -12}},
		{{-69.5, -11.8}, {-69.3, -11.7}, {-69.4, -11.8}, {-69.5, -11.8}},
	}}
	if got := ToMultiPolygon(Area("x", area)); !got.Equal(area) {
		t.Errorf("got %v, want %v", got, area)
	}
	for _, a := range []altitude.Altitude{
		{Reference: altitude.AGL, Value: 300}, {Reference: altitude.AMSL, Value: -2.5}, {Reference: altitude.FlightLevel, Value: 100},
	} {
		if got := ToAltitude(Altitude(a)); got != a {
			t.Errorf("got %v, want %v", got, a)
		}
	}
}

func TestLimitsLeaveOutWhatIsNotThere(t *testing.T) {
	bare := limits(radar.Limits{RangeM: 444480, MaxElevationDeg: 20, HeightLimitAMSLM: radar.NoHeightLimit})
	if bare.HeightLimitAmslM != nil || bare.Sector != nil || bare.GetRangeKm() != 444.48 || bare.MinRangeKm == nil || bare.MinElevationDeg == nil {
		t.Errorf("limits = %v", bare)
	}
	full := limits(radar.Limits{HeightLimitAMSLM: 30480, Sector: &radar.Sector{FromDeg: 350, ToDeg: 10}})
	if full.GetHeightLimitAmslM() != 30480 || full.GetSector().GetFromDeg() != 350 {
		t.Errorf("limits = %v", full)
	}
}

func TestAirstripThereAndBack(t *testing.T) {
	unknown := airstrip.Airstrip{ID: "x", Name: "X", Position: orb.Point{-70, -12}, ElevationAMSLM: nan, LengthM: nan, Status: airstrip.Destroyed}
	message := Airstrip(&unknown)
	if message.ElevationAmslM != nil || message.LengthM != nil || message.GetStatus() != canopyv1.AirstripStatus_AIRSTRIP_STATUS_DESTROYED {
		t.Errorf("message = %v", message)
	}
	back := ToAirstrip(message, "y")
	if back.ID != "y" || !math.IsNaN(back.LengthM) || back.Status != airstrip.Destroyed || back.Position != unknown.Position {
		t.Errorf("back = %+v", back)
	}
}

// wantFinite fails if a message cannot be written as JSON that others read.
func wantFinite(t *testing.T, m proto.Message) {
	t.Helper()
	text := protojson.Format(m)
	if strings.Contains(text, "NaN") || strings.Contains(text, "Infinity") {
		t.Errorf("not a number in %s", text)
	}
}

func TestBand(t *testing.T) {
	departments := []*catalog.Airspace{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}, {ID: "c", Name: "C"}}
	var causes gap.CauseAreas
	causes[sight.OutOfRange], causes[sight.TerrainBlocked] = 1e6, 3e6
	b := gap.Band{
		Altitude:   altitude.Altitude{Reference: altitude.AGL, Value: 300},
		AirspaceM2: 10e6, CoveredM2: 5e6, UncoveredM2: 4e6, UndergroundM2: 1e6,
		SmallCount: 2, SmallM2: 1e5, CausesM2: causes, AirstripsSeen: 3, AirstripsUnseen: 1,
		Gaps: []gap.Gap{{
			AreaM2: 3.9e6, DepartmentsM2: []float64{1e6, 0, 2.9e6}, CausesM2: causes,
			Airstrips: []*airstrip.Airstrip{{ID: "SPTU"}},
			Floor:     gap.FloorStatistics{LowestAMSLM: nan, MedianAMSLM: nan, HighestAMSLM: nan, LowestAGLM: nan, MedianAGLM: nan, HighestAGLM: nan, NeverSeenM2: 3.9e6},
		}},
	}
	got := Bands([]gap.Band{b}, nil, departments)[0]
	wantFinite(t, got)
	if got.GetGapCount() != 3 || got.GetCoveredShare() != 0.5 || got.GetUncoveredShare() != 0.4 || got.GetSmallGaps().GetAreaKm2() != 0.1 {
		t.Errorf("band = %v", got)
	}
	if c := got.GetCauses(); len(c) != 2 || c[0].GetCause() != canopyv1.GapCause_GAP_CAUSE_TERRAIN || c[0].GetShare() != 0.75 {
		t.Errorf("causes = %v", c)
	}
	g := got.GetGaps()[0]
	if g.GetGapId() != "300m-agl/1" || g.GetShare() != 0.39 || g.GetAirstrips()[0].GetAirstripId() != "SPTU" {
		t.Errorf("gap = %v", g)
	}
	if d := g.GetDepartments(); len(d) != 2 || d[0].GetAirspaceId() != "c" || d[1].GetName() != "A" {
		t.Errorf("departments = %v", d)
	}
	if f := g.GetFloor(); f.LowestAmslM != nil || f.HighestAglM != nil || f.GetNeverSeenShare() != 1 {
		t.Errorf("floor = %v", f)
	}
}

func TestEveryCauseHasAName(t *testing.T) {
	for c := sight.OutOfRange; c <= sight.OutOfService; c++ {
		if cause(c) == canopyv1.GapCause_GAP_CAUSE_UNSPECIFIED {
			t.Errorf("cause %d has none", c)
		}
	}
	if cause(sight.None) != canopyv1.GapCause_GAP_CAUSE_UNSPECIFIED {
		t.Error("what is seen has a cause")
	}
}

func TestOutcome(t *testing.T) {
	sites := []sight.Site{
		{Radar: radar.Radar{ID: "works", InService: true}},
		{Radar: radar.Radar{ID: "does-not", InService: false}},
		{Radar: radar.Radar{ID: "hidden", InService: true}},
	}
	asked := &canopyv1.Point{Position: &canopyv1.Position{LatDeg: -12.123456789}}
	disc := sight.Sight{FloorAMSLM: -inf, ScreeningTan: -inf, Tracked: true}
	disc.BeamTopAMSLM, disc.RangeTopAMSLM = inf, inf
	blocked := sight.Sight{FloorAMSLM: nan, ScreeningTan: 1, Tracked: true, Crest: sight.Crest{DistanceM: 12345, ElevationAMSLM: 999.99}}
	got := Outcome(&coverage.Outcome{
		GroundAMSLM: nan, FloorAMSLM: 300, CeilingAMSLM: inf, Seen: true, SeenBy: []int{0},
		Looks: []coverage.Look{
			{Site: 1, Sees: true, Sight: disc, Cause: sight.OutOfService},
			{Site: 0, Sees: true, Sight: disc},
			{Site: 2, Sight: blocked, Cause: sight.TerrainBlocked},
		},
	}, asked, sites)
	wantFinite(t, got)
	if len(got.GetSeenBy()) != 1 || got.GetSeenBy()[0] != "works" || got.GetPoint().GetPosition().GetLatDeg() != -12.123456789 {
		t.Errorf("outcome = %v", got)
	}
	if got.GroundAmslM != nil || got.FloorAglM != nil || got.GetFloorAmslM() != 300 || got.CeilingAmslM != nil {
		t.Errorf("heights = %v", got)
	}
	s := got.GetSights()
	if s[0].GetRadarId() != "does-not" || s[0].FloorAmslM != nil || s[0].ScreeningDeg != nil || s[1].GetCrest() != nil {
		t.Errorf("sights = %v", s)
	}
	if s[2].GetScreeningDeg() != 45 || s[2].GetCrest().GetDistanceKm() != 12.345 || s[2].GetCrest().GetElevationAmslM() != 1000 {
		t.Errorf("hidden = %v", s[2])
	}
}

func TestExposure(t *testing.T) {
	sites := []sight.Site{{Radar: radar.Radar{ID: "a"}}, {Radar: radar.Radar{ID: "b"}}}
	strip := &airstrip.Airstrip{ID: "SPTU", ElevationAMSLM: nan, LengthM: nan}
	got := Exposures([]coverage.Exposure{
		{Airstrip: strip, GroundAMSLM: 200, FloorAMSLM: 512.34, SeenBy: []int{1, 0}, Nearest: 0, NearestM: 1500},
		{Airstrip: strip, GroundAMSLM: nan, FloorAMSLM: nan, Nearest: -1},
	}, sites)
	if e := got[0]; e.GetFloorAglM() != 312.3 || e.GetSeenBy()[0] != "b" || e.GetNearestRadarId() != "a" || e.GetNearestRadarKm() != 1.5 {
		t.Errorf("exposure = %v", e)
	}
	if e := got[1]; e.FloorAmslM != nil || e.GroundAmslM != nil || e.GetNearestRadarId() != "" {
		t.Errorf("exposure of an unseen one = %v", e)
	}
	wantFinite(t, got[1])
}
