package server_test

import (
	"context"
	"io"
	"log/slog"
	"math"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/terrain"
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

func TestLimitsOfTheServer(t *testing.T) {
	_, conn := serve(t, server.Config{Limits: server.Limits{MaxPosts: 1000}})
	_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), gapsAroundPuesto())
	wantStatus(t, err, codes.FailedPrecondition, problem.ReasonRequestTooLarge)
}

func TestStrictTerrain(t *testing.T) {
	_, conn := serve(t, server.Config{})
	req := gapsAroundPuesto()
	req.Network.Radars[0].Position = position(-12.6, -67.1)
	req.Network.Radars[0].Limits.RangeKm = ptr(200.0)
	req.Options = &canopyv1.CoverageOptions{StrictTerrain: true}
	_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), req)
	wantStatus(t, err, codes.FailedPrecondition, problem.ReasonTerrainMissing)
}

func TestAnswerTooLarge(t *testing.T) {
	_, conn := serve(t, server.Config{})
	req := points(10000, &canopyv1.Point{Position: position(-12.6, -69.0), Altitude: agl(300)})
	req.Network = &canopyv1.NetworkSelection{Radars: slices.Repeat(plain().Radars, 8)}
	_, err := canopyv1.NewCoverageServiceClient(conn).CheckPoints(testContext(t), req)
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonAnswerTooLarge)
}

// soon is how long work may go on after its client has left.
const soon = 100 * time.Millisecond

func TestWorkStopsWithItsClient(t *testing.T) {
	tests := []struct {
		name string
		// context is the client's, and code what it gets.
		context func() (context.Context, context.CancelFunc)
		code    codes.Code
	}{
		{"cancelled", func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) }, codes.Canceled},
		{"deadline", func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), soon)
		}, codes.DeadlineExceeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			model := newBlocking()
			_, conn := serve(t, server.Config{Terrain: model})
			ctx, cancel := tt.context()
			defer cancel()
			answered := make(chan error, 1)
			go func() {
				_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(ctx, gapsAroundPuesto())
				answered <- err
			}()
			await(t, model.started)
			if tt.code == codes.Canceled {
				cancel()
			}
			<-ctx.Done()
			left := time.Now()
			await(t, model.stopped)
			if after := time.Since(left); after > soon {
				t.Errorf("the work went on for %v", after)
			}
			if err := await(t, answered); status.Code(err) != tt.code {
				t.Errorf("the client gets %v, want %v", err, tt.code)
			}
		})
	}
}

// flat is terrain with a post every 12″, all at 200 m.
type flat struct{ ridge }

func (flat) Lattice() terrain.Lattice {
	return terrain.Lattice{PerDegLon: 300, PerDegLat: 300, Col0: 98 * 300, Row0: 88 * 300, Cols: 15*300 + 1, Rows: 20*300 + 1}
}

func (flat) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		g.ElevationM[i] = 200
	}
	return g, ctx.Err()
}

// clock is a log that tells when the line of a finished call is written.
type clock struct {
	slog.Handler
	finished chan time.Time
}

func (c clock) Handle(context.Context, slog.Record) error {
	c.finished <- time.Now()
	return nil
}

// The engine must look up from its work, not only from its reading.
func TestComputationStopsWithItsClient(t *testing.T) {
	sweeping := make(chan struct{}, 100)
	log := clock{slog.NewTextHandler(io.Discard, nil), make(chan time.Time, 1)}
	_, conn := serve(t, server.Config{Terrain: flat{}, Logger: slog.New(log), Progress: func(share float64, _ string) {
		if share > 0 {
			sweeping <- struct{}{}
		}
	}})
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	answered := make(chan error, 1)
	go func() {
		_, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(ctx, &canopyv1.FindGapsRequest{
			Network: &canopyv1.NetworkSelection{ScenarioId: "civil-ssr"}})
		answered <- err
	}()
	await(t, sweeping)
	time.Sleep(soon / 2)
	cancel()
	left := time.Now()
	if after := await(t, log.finished).Sub(left); after > soon {
		t.Errorf("the computation went on for %v", after)
	}
	if err := await(t, answered); status.Code(err) != codes.Canceled {
		t.Errorf("the client gets %v", err)
	}
}

func TestBusyServer(t *testing.T) {
	model := newBlocking()
	_, conn := serve(t, server.Config{Terrain: model, Limits: server.Limits{MaxConcurrent: 1, MaxWaiting: -1}})
	client := canopyv1.NewCoverageServiceClient(conn)
	ctx, cancel := context.WithCancel(testContext(t))
	running := make(chan error, 1)
	go func() {
		_, err := client.FindGaps(ctx, gapsAroundPuesto())
		running <- err
	}()
	await(t, model.started)
	_, err := client.AssessAirstrips(testContext(t), &canopyv1.AssessAirstripsRequest{Network: plain()})
	wantStatus(t, err, codes.ResourceExhausted, problem.ReasonServerBusy)
	_, err = client.AssessAirstrips(testContext(t), &canopyv1.AssessAirstripsRequest{Network: &canopyv1.NetworkSelection{ScenarioId: "x"}})
	wantStatus(t, err, codes.InvalidArgument, problem.ReasonScenarioUnknown)
	cancel()
	if err := await(t, running); status.Code(err) != codes.Canceled {
		t.Errorf("the running one: %v", err)
	}
}

func TestProgressOfAServerInProcess(t *testing.T) {
	var last float64
	s, err := server.New(server.Config{Terrain: ridge{}, Progress: func(share float64, _ string) { last = share }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn, err := s.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := canopyv1.NewCoverageServiceClient(conn).FindGaps(testContext(t), gapsAroundPuesto()); err != nil {
		t.Fatal(err)
	}
	if last <= 0 || last > 1 {
		t.Errorf("the last progress was %v, want up to 1", last)
	}
}
