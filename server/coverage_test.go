package server_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// aroundPuesto is a square of two degrees around the radar of plain: larger
// than its range, and holding the ridge.
func aroundPuesto() *canopyv1.AirspaceSelection {
	return area(ring(-11.6, -71.2, -13.6, -71.2, -13.6, -68.2, -11.6, -68.2, -11.6, -71.2))
}

func gapsAroundPuesto() *canopyv1.FindGapsRequest {
	return &canopyv1.FindGapsRequest{
		Network:   plain(),
		Airspace:  aroundPuesto(),
		Altitudes: []*canopyv1.Altitude{agl(300), {Level: &canopyv1.Altitude_FlightLevel{FlightLevel: 100}}},
		Airstrips: strips(&canopyv1.Airstrip{Name: "Lejos", Position: position(-13.5, -70.8)}),
	}
}

func TestFindGaps(t *testing.T) {
	_, conn := serve(t, server.Config{EngineVersion: "v1.2.3"})
	resp, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), gapsAroundPuesto())
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.GetBands()) != 2 {
		t.Fatalf("%d bands, want 2", len(resp.GetBands()))
	}
	low, high := resp.GetBands()[0], resp.GetBands()[1]
	for _, b := range resp.GetBands() {
		// A disc of 60 km holds 15.7 % of the airspace.
		if s := b.GetCoveredShare(); s < 0.15 || s > 0.16 {
			t.Errorf("covered share = %v", s)
		}
		sum := b.GetCoveredAreaKm2() + b.GetUncoveredAreaKm2() + b.GetUndergroundAreaKm2()
		if math.Abs(sum-b.GetAirspaceAreaKm2()) > 0.01 {
			t.Errorf("areas add up to %v of %v km²", sum, b.GetAirspaceAreaKm2())
		}
	}
	g := low.GetGaps()[0]
	if g.GetGapId() != "300m-agl/1" || high.GetGaps()[0].GetGapId() != "FL100/1" || len(g.GetBoundary().GetRings()) < 2 ||
		g.GetCauses()[0].GetCause() != canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE {
		t.Errorf("largest gap = %v", g)
	}
	if !slices.ContainsFunc(g.GetAirstrips(), func(a *canopyv1.GapAirstrip) bool { return a.GetAirstripId() == "lejos" }) {
		t.Errorf("airstrips of the gap = %v", g.GetAirstrips())
	}
	r := resp.GetRadars()[0]
	if r.GetRadarId() != "puesto-n" || r.GetModelId() != "an-tps-70" || r.GetGroundAmslM() != 200 || r.GetAntennaAmslM() != 215 || r.GetLimits().GetRangeKm() != 60 {
		t.Errorf("radar = %v", r)
	}
	p := resp.GetProvenance()
	if p.GetEngineVersion() != "v1.2.3" || p.GetTerrain().GetIdentity() != "test:ridge" || p.GetAnalysisSpacingArcsec() <= 0 ||
		p.GetEffectiveEarthK() != 1.333333 || p.GetScenarioId() != "" || p.GetAirspace() == "" || len(p.GetAssumptions()) == 0 {
		t.Errorf("provenance = %v", p)
	}
}

func TestSameAnswerOverSocketAndInProcess(t *testing.T) {
	s, conn := serve(t, server.Config{Limits: server.Limits{Workers: 2}})
	inProcess, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer inProcess.Close()
	first, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), gapsAroundPuesto())
	if err != nil {
		t.Fatal(err)
	}
	second, err := canopyv1.NewCoverageServiceClient(inProcess).FindGaps(testContext(t), gapsAroundPuesto())
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(first, second) {
		t.Error("the answers differ")
	}
	if _, err := protojson.Marshal(first); err != nil {
		t.Error(err)
	}
}

func TestCheckPoints(t *testing.T) {
	_, conn := serve(t, server.Config{})
	resp, err := canopyv1.NewCoverageServiceClient(conn).CheckPoints(testContext(t), &canopyv1.CheckPointsRequest{
		Network: &canopyv1.NetworkSelection{Radars: []*canopyv1.Radar{
			{RadarId: "pem", Position: position(-12.6, -70.5)},
			{RadarId: "far", Position: position(-8.3, -74.5), State: canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE},
		}},
		Points: []*canopyv1.Point{
			{Position: position(-12.6, -70.3), Altitude: agl(300)},
			{Position: position(-12.6, -71.3), Altitude: agl(2000)},
			{Position: position(-12.6, -78), Altitude: agl(300)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	near, behind, away := resp.GetOutcomes()[0], resp.GetOutcomes()[1], resp.GetOutcomes()[2]
	if !near.GetSeen() || !slices.Equal(near.GetSeenBy(), []string{"pem"}) || near.GetSights()[0].GetCause() != 0 || near.GetGroundAmslM() != 200 {
		t.Errorf("near = %v", near)
	}
	s := behind.GetSights()[0]
	if a := s.GetAzimuthDeg(); math.Abs(a-270) > 0.2 {
		t.Errorf("azimuth = %v°, want about 270°", a)
	}
	if behind.GetSeen() || s.GetCause() != canopyv1.GapCause_GAP_CAUSE_TERRAIN || math.Abs(s.GetCrest().GetPosition().GetLonDeg()+71) > 0.02 {
		t.Errorf("behind the ridge = %v", behind)
	}
	if away.GetSeen() || away.GetSights()[0].GetDistanceKm() < 400 && away.GetSights()[1].GetDistanceKm() < 400 {
		t.Errorf("far away = %v", away)
	}
	if len(resp.GetRadars()) != 2 || resp.GetProvenance().GetAnalysisSpacingArcsec() != 0 {
		t.Errorf("radars = %v, provenance = %v", resp.GetRadars(), resp.GetProvenance())
	}
}

// The VRAEM cannot be seen from Puerto Maldonado at any altitude.
func TestCheckPointOutOfRange(t *testing.T) {
	_, conn := serve(t, server.Config{})
	resp, err := canopyv1.NewCoverageServiceClient(conn).CheckPoints(testContext(t), &canopyv1.CheckPointsRequest{
		Points: []*canopyv1.Point{{Position: position(-12.519, -73.829), Altitude: &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: 3000}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := resp.GetOutcomes()[0].GetSights()[0]
	if resp.GetOutcomes()[0].GetSeen() || s.GetCause() != canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE || math.Abs(s.GetDistanceKm()-500.1) > 0.05 {
		t.Errorf("Pichari = %v", s)
	}
	if resp.GetProvenance().GetScenarioId() != "tps70-2015" {
		t.Errorf("provenance = %v", resp.GetProvenance())
	}
}

func TestGetProfile(t *testing.T) {
	_, conn := serve(t, server.Config{})
	resp, err := canopyv1.NewCoverageServiceClient(conn).GetProfile(testContext(t), &canopyv1.GetProfileRequest{
		Network:     &canopyv1.NetworkSelection{ScenarioId: "tps70-pair"},
		RadarId:     "puerto-maldonado",
		Point:       &canopyv1.Point{Position: position(-12.6, -71.3), Altitude: agl(300)},
		SampleCount: ptr[int32](201),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.GetSamples()) != 201 || resp.GetRadar().GetRadarId() != "puerto-maldonado" || resp.GetOutcome().GetSeen() {
		t.Errorf("%d samples, radar %s, outcome %v", len(resp.GetSamples()), resp.GetRadar().GetRadarId(), resp.GetOutcome())
	}
	highest := 0.0
	for i, s := range resp.GetSamples() {
		highest = max(highest, s.GetTerrainAmslM())
		if i > 0 && s.GetDistanceKm() <= resp.GetSamples()[i-1].GetDistanceKm() {
			t.Fatalf("sample %d at %v km after %v", i, s.GetDistanceKm(), resp.GetSamples()[i-1].GetDistanceKm())
		}
	}
	if highest < 2000 {
		t.Errorf("the profile passes a ridge of %v m, want 2200", highest)
	}
	c := resp.GetClearance()
	if resp.GetFrequencyMhz() != 3000 || c.GetClearanceM() > -1000 || c.GetFresnelRadii() > -10 || math.Abs(c.GetPosition().GetLonDeg()+71) > 0.1 {
		t.Errorf("at %v MHz the clearance is %v, want −2000 m or so on the ridge", resp.GetFrequencyMhz(), c)
	}
	if resp.GetSamples()[100].GetFresnelRadiusM() < 50 || resp.GetSamples()[0].GetFresnelRadiusM() != 0 {
		t.Errorf("Fresnel radii %v in the middle, %v at the radar", resp.GetSamples()[100].GetFresnelRadiusM(), resp.GetSamples()[0].GetFresnelRadiusM())
	}
	if !slices.ContainsFunc(resp.GetProvenance().GetAssumptions(), func(a string) bool { return strings.Contains(a, "3000 MHz") }) {
		t.Errorf("assumptions %q do not name the frequency", resp.GetProvenance().GetAssumptions())
	}
}

func TestAssessAirstrips(t *testing.T) {
	_, conn := serve(t, server.Config{})
	resp, err := canopyv1.NewCoverageServiceClient(conn).AssessAirstrips(testContext(t), &canopyv1.AssessAirstripsRequest{
		Network:   plain(),
		Airspace:  aroundPuesto(),
		Airstrips: strips(&canopyv1.Airstrip{Name: "Cerca", Position: position(-12.5, -69.1)}, &canopyv1.Airstrip{Name: "Lejos", Position: position(-13.5, -70.8)}),
	})
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]*canopyv1.AirstripExposure{}
	for _, e := range resp.GetExposures() {
		byID[e.GetAirstrip().GetAirstripId()] = e
	}
	near, far := byID["cerca"], byID["lejos"]
	if near.FloorAglM == nil || near.GetFloorAglM() > 100 || near.GetNearestRadarId() != "puesto-n" || near.GetNearestRadarKm() > 20 || len(near.GetSeenBy()) != 1 {
		t.Errorf("near = %v", near)
	}
	if far.FloorAmslM != nil || len(far.GetSeenBy()) != 0 || far.GetNearestRadarId() != "puesto-n" {
		t.Errorf("far = %v", far)
	}
	if byID["SPTU"] == nil || byID["SPJC"] != nil {
		t.Error("the airspace does not pick the airstrips")
	}
}

func TestStreamEndsWithItsFile(t *testing.T) {
	_, conn := serve(t, server.Config{})
	stream, err := canopyv1.NewCoverageServiceClient(conn).ExportFloor(testContext(t), &canopyv1.ExportFloorRequest{Network: plain()})
	if err != nil {
		t.Fatal(err)
	}
	first, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := len(part.GetGeotiffChunk()); n == 0 || n > 1<<20 {
			t.Errorf("a chunk of %d bytes", n)
		}
		file.Write(part.GetGeotiffChunk())
	}
	summary := first.GetSummary()
	if int64(file.Len()) != summary.GetGeotiffBytes() || !bytes.HasPrefix(file.Bytes(), []byte("II*\x00")) {
		t.Errorf("%d bytes, want %d of little-endian TIFF", file.Len(), summary.GetGeotiffBytes())
	}
	if summary.GetColumns() < 100 || summary.GetRows() < 100 || len(summary.GetRadars()) != 1 || summary.GetProvenance().GetAnalysisSpacingArcsec() != 30 {
		t.Errorf("summary = %v", summary)
	}
}
