package request

import (
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

var earthwide = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}

func resolver() *Resolver {
	return &Resolver{Catalogue: catalog.Default(), Extent: orb.Bound{Min: orb.Point{-86, -23}, Max: orb.Point{-64, 5}}}
}

func ptr[T any](v T) *T { return &v }

func radarAt(lat, lon float64) *canopyv1.Radar {
	return &canopyv1.Radar{Position: &canopyv1.Position{LatDeg: lat, LonDeg: lon}}
}

func network(radars ...*canopyv1.Radar) *canopyv1.NetworkSelection {
	return &canopyv1.NetworkSelection{Radars: radars}
}

func warningIDs(warnings []coverage.Warning) []string {
	var ids []string
	for _, w := range warnings {
		ids = append(ids, w.ID)
	}
	return ids
}

func TestEmptyRequestIsTheDefaultScenario(t *testing.T) {
	got, err := resolver().FindGaps(&canopyv1.FindGapsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	r := got.Radars[0]
	if len(got.Radars) != 1 || r.ID != "puerto-maldonado" || r.RangeM != 400e3 || r.MastM != 15 || !r.InService {
		t.Errorf("radars = %+v", got.Radars)
	}
	if got.K != 4.0/3 || got.MinRadars != 1 || got.Reach != sight.Terrain || got.MinAreaM2 != 25e6 || got.ToleranceM >= 0 {
		t.Errorf("query = %+v", got.Query)
	}
	if len(got.Altitudes) != 4 || len(got.Departments) != 25 || len(got.Airstrips) != 209 {
		t.Errorf("%d altitudes, %d departments, %d airstrips", len(got.Altitudes), len(got.Departments), len(got.Airstrips))
	}
	if got.ScenarioID != "tps70-2015" || !strings.HasPrefix(got.Background.Airspace, "Peru (Natural Earth") || len(got.Assumptions) < 4 || len(got.Warnings) != 0 {
		t.Errorf("background = %+v", got.Background)
	}
}

func TestScenarioIsNamedWhereItIsAskedForOrGivesTheRadars(t *testing.T) {
	own := &canopyv1.FindGapsRequest{
		Network:   network(radarAt(-12, -70)),
		Airspace:  &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "VRAEM"}},
		Altitudes: []*canopyv1.Altitude{{Level: &canopyv1.Altitude_FlightLevel{FlightLevel: 100}}},
	}
	got, err := resolver().FindGaps(own)
	if err != nil || got.ScenarioID != "" {
		t.Errorf("scenario = %q, %v, want none", got.ScenarioID, err)
	}
	if got.Altitudes[0] != (altitude.Altitude{Reference: altitude.FlightLevel, Value: 100}) {
		t.Errorf("altitudes = %v", got.Altitudes)
	}
	own.Network.ScenarioId = "four-modern"
	got, err = resolver().FindGaps(own)
	if err != nil || got.ScenarioID != "four-modern" {
		t.Errorf("scenario = %q, %v, want the one asked for", got.ScenarioID, err)
	}
}

func TestLimitsInForce(t *testing.T) {
	options := &canopyv1.CoverageOptions{Limits: &canopyv1.RadarLimits{RangeKm: ptr(444.48)}}
	own := radarAt(-12, -70)
	own.ModelId = "GM400"
	own.MastM = ptr(0.0)
	own.EffectiveEarthK = ptr(1.4)
	own.Limits = &canopyv1.RadarLimits{MinElevationDeg: ptr(0.5), RangeKm: ptr(100.0), Sector: &canopyv1.Sector{FromDeg: 350, ToDeg: 10}}
	tests := []struct {
		name          string
		network       *canopyv1.NetworkSelection
		options       *canopyv1.CoverageOptions
		rangeM, minEl float64
	}{
		{"model", nil, nil, 400e3, 0},
		{"every radar of a scenario", nil, options, 444480, 0},
		{"radar before model", network(own), nil, 100e3, 0.5},
		{"request before radar", network(own), options, 444480, 0.5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := resolver().ExportFloor(&canopyv1.ExportFloorRequest{Network: tt.network, Options: tt.options})
			if err != nil {
				t.Fatal(err)
			}
			r := got.Query.Radars[0]
			if r.RangeM != tt.rangeM || r.MinElevationDeg != tt.minEl {
				t.Errorf("range = %v m, lowest beam = %v°, want %v, %v", r.RangeM, r.MinElevationDeg, tt.rangeM, tt.minEl)
			}
			if tt.network != nil && (r.MastM != 0 || r.K != 1.4 || r.ModelID != "gm400" || r.Sector.FromDeg != 350) {
				t.Errorf("radar = %+v", r)
			}
			replaced := slices.Contains(got.Assumptions, "Request: replaces range_km of every radar.")
			if replaced != (tt.options != nil) {
				t.Errorf("assumptions = %q", got.Assumptions)
			}
		})
	}
	again, err := resolver().ExportFloor(&canopyv1.ExportFloorRequest{})
	if err != nil || again.Query.Radars[0].RangeM != 400e3 {
		t.Errorf("a request changed the catalogue: %v, %v", again.Query.Radars[0].RangeM, err)
	}
}

func TestRequestWarnings(t *testing.T) {
	out := radarAt(-12, -70)
	out.State = canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE
	ssr := radarAt(-12, -70)
	ssr.ModelId = "ssr"
	tests := []struct {
		name      string
		network   *canopyv1.NetworkSelection
		minRadars int32
		want      []string
		subject   string
	}{
		{"none", network(radarAt(-12, -70)), 1, nil, ""},
		{"one secondary radar", network(ssr), 1, []string{"radar.cooperative"}, "radar-1"},
		{"eight secondary radars", &canopyv1.NetworkSelection{ScenarioId: "civil-ssr"}, 1, []string{"radar.cooperative"}, ""},
		{"nothing works", network(out), 1, []string{"radar.too_few_in_service"}, ""},
		{"too few work, one of them secondary", network(out, ssr), 2, []string{"radar.cooperative", "radar.too_few_in_service"}, "radar-2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := resolver().ExportFloor(&canopyv1.ExportFloorRequest{
				Network: tt.network, Options: &canopyv1.CoverageOptions{MinRadars: &tt.minRadars}})
			if err != nil {
				t.Fatal(err)
			}
			if ids := warningIDs(got.Warnings); !slices.Equal(ids, tt.want) {
				t.Fatalf("warnings = %q, want %q", ids, tt.want)
			}
			if len(got.Warnings) > 0 && got.Warnings[0].Subject != tt.subject {
				t.Errorf("subject = %q, want %q", got.Warnings[0].Subject, tt.subject)
			}
		})
	}
}

// Over a terrain that spans the earth, only the airspace can tell.
func TestSwappedRadarOverTheWholeEarth(t *testing.T) {
	r := resolver()
	r.Extent = earthwide
	tests := []struct {
		name     string
		lat, lon float64
		refused  bool
	}{
		{"in Peru", -12.6, -69.2, false},
		{"in Peru, exchanged", -69.2, -12.6, true},
		{"in Spain", 40.4, -3.7, false},
		{"in Spain, exchanged", -3.7, 40.4, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := r.FindGaps(&canopyv1.FindGapsRequest{Network: network(radarAt(tt.lat, tt.lon))})
			if (err != nil) != tt.refused {
				t.Errorf("error = %v, want one: %v", err, tt.refused)
			}
		})
	}
}

func TestAssessAirstripsInAnAirspace(t *testing.T) {
	peru := &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "peru/madre-de-dios"}}
	all, err := resolver().AssessAirstrips(&canopyv1.AssessAirstripsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Airstrips) != 209 {
		t.Errorf("%d airstrips, want all 209", len(all.Airstrips))
	}
	some, err := resolver().AssessAirstrips(&canopyv1.AssessAirstripsRequest{Airspace: peru})
	if err != nil {
		t.Fatal(err)
	}
	inSome := func(id string) bool {
		return slices.ContainsFunc(some.Airstrips, func(a *airstrip.Airstrip) bool { return a.ID == id })
	}
	if n := len(some.Airstrips); n == 0 || n >= 209 || !inSome("SPTU") || inSome("SPJC") {
		t.Errorf("%d airstrips in Madre de Dios", n)
	}
}
