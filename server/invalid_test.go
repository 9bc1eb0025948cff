package server_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
)

func withRadar(change func(*canopyv1.Radar)) *canopyv1.FindGapsRequest {
	n := plain()
	change(n.Radars[0])
	return &canopyv1.FindGapsRequest{Network: n}
}

func twoRadars(change func(first, second *canopyv1.Radar)) *canopyv1.FindGapsRequest {
	n := plain()
	n.Radars = append(n.Radars, plain().Radars...)
	change(n.Radars[0], n.Radars[1])
	return &canopyv1.FindGapsRequest{Network: n}
}

func points(n int, p *canopyv1.Point) *canopyv1.CheckPointsRequest {
	req := &canopyv1.CheckPointsRequest{}
	for range n {
		req.Points = append(req.Points, p)
	}
	return req
}

func strips(strips ...*canopyv1.Airstrip) *canopyv1.AirstripSelection {
	return &canopyv1.AirstripSelection{Airstrips: strips}
}

func TestInvalidRequests(t *testing.T) {
	_, conn := serve(t, server.Config{})
	here := position(-12.6, -69.2)
	tests := []struct {
		name                string
		request             any
		field, text, reason string
	}{
		{"latitude 95 of a point", func() any {
			req := points(18, &canopyv1.Point{Position: here, Altitude: agl(300)})
			req.Points[17] = &canopyv1.Point{Position: position(95, 0), Altitude: agl(300)}
			return req
		}(), "points[17].position.lat_deg", "95 is not between -90 and 90", problem.ReasonFieldInvalid},
		{"NaN longitude", withRadar(func(r *canopyv1.Radar) { r.Position.LonDeg = math.NaN() }),
			"network.radars[0].position.lon_deg", "NaN is not between -180 and 180", problem.ReasonFieldInvalid},
		{"infinite altitude", points(1, &canopyv1.Point{Position: here, Altitude: agl(math.Inf(1))}),
			"points[0].altitude.agl_m", "+Inf is not between 0 and 40000", problem.ReasonFieldInvalid},
		{"mast below ground", withRadar(func(r *canopyv1.Radar) { r.MastM = ptr(-5.0) }),
			"network.radars[0].mast_m", "-5 is not between 0 and 1000", problem.ReasonFieldInvalid},
		{"range 0", withRadar(func(r *canopyv1.Radar) { r.Limits.RangeKm = ptr(0.0) }),
			"network.radars[0].limits.range_km", "0 is not between 0.001 and 1000", problem.ReasonFieldInvalid},
		{"range 5000 km", &canopyv1.FindGapsRequest{Options: &canopyv1.CoverageOptions{Limits: &canopyv1.RadarLimits{RangeKm: ptr(5000.0)}}},
			"options.limits.range_km", "5000 is not between 0.001 and 1000", problem.ReasonFieldInvalid},
		{"height limit 0", withRadar(func(r *canopyv1.Radar) { r.Limits.HeightLimitAmslM = ptr(0.0) }),
			"network.radars[0].limits.height_limit_amsl_m", "0 is not above 0 and at most 100000", problem.ReasonFieldInvalid},
		{"smallest range beyond the range", withRadar(func(r *canopyv1.Radar) { r.Limits.MinRangeKm = ptr(70.0) }),
			"network.radars[0].limits.min_range_km", "70000 m is not allowed here", problem.ReasonFieldInvalid},
		{"beam upside down, for every radar", &canopyv1.FindGapsRequest{Options: &canopyv1.CoverageOptions{Limits: &canopyv1.RadarLimits{MaxElevationDeg: ptr(-5.0)}}},
			"options.limits.max_elevation_deg", "-5 degrees is not allowed here", problem.ReasonFieldInvalid},
		{"radar without a position", withRadar(func(r *canopyv1.Radar) { r.Position = nil }),
			"network.radars[0].position", "missing: it is required", problem.ReasonFieldRequired},
		{"unknown scenario", &canopyv1.FindGapsRequest{Network: &canopyv1.NetworkSelection{ScenarioId: "tps70-2051"}},
			"network.scenario_id", `unknown scenario "tps70-2051": did you mean "tps70-2015"?`, problem.ReasonScenarioUnknown},
		{"unknown model", withRadar(func(r *canopyv1.Radar) { r.ModelId = "an-tps-7" }),
			"network.radars[0].model_id", `unknown radar model "an-tps-7": did you mean`, problem.ReasonRadarModelUnknown},
		{"unknown airspace", &canopyv1.FindGapsRequest{Airspace: namedAirspace("perú!")},
			"airspace.airspace_id", `unknown airspace "perú!": did you mean "peru"?`, problem.ReasonAirspaceUnknown},
		{"airspace of neither kind", &canopyv1.FindGapsRequest{Airspace: &canopyv1.AirspaceSelection{}},
			"airspace.airspace", "not set: set one of airspace_id, area", problem.ReasonFieldRequired},
		{"altitude without a level", &canopyv1.FindGapsRequest{Altitudes: []*canopyv1.Altitude{{}}},
			"altitudes[0].level", "not set: set one of agl_m, amsl_m, flight_level", problem.ReasonFieldRequired},
		{"altitude twice", &canopyv1.FindGapsRequest{Altitudes: []*canopyv1.Altitude{agl(300), agl(100), agl(300)}},
			"altitudes[2]", "300m-agl is already altitudes[0]", problem.ReasonDuplicate},
		{"open polygon", &canopyv1.FindGapsRequest{Airspace: area(ring(-12, -70, -12, -69, -13, -69, -13, -70))},
			"airspace.area.polygons[0].rings[0]", "", problem.ReasonGeometryInvalid},
		{"self-crossing polygon", &canopyv1.FindGapsRequest{Airspace: area(ring(-12, -70, -13, -69, -13, -70, -12, -69, -12, -70))},
			"airspace.area.polygons[0].rings[0]", "cross", problem.ReasonGeometryInvalid},
		{"swapped area", &canopyv1.FindGapsRequest{Airspace: area(ring(-70, -12, -69, -12, -69, -13, -70, -13, -70, -12))},
			"airspace.area", "latitude and longitude look exchanged", problem.ReasonCoordinatesExchanged},
		{"swapped radar", withRadar(func(r *canopyv1.Radar) { r.Position = position(-69.2, -12.6) }),
			"network.radars[0].position", "latitude and longitude look exchanged: lat_deg -69.2, lon_deg -12.6", problem.ReasonCoordinatesExchanged},
		{"swapped point", points(1, &canopyv1.Point{Position: position(-69.2, -12.6), Altitude: agl(300)}),
			"points[0].position", "latitude and longitude look exchanged", problem.ReasonCoordinatesExchanged},
		{"swapped airstrip", &canopyv1.FindGapsRequest{Airstrips: strips(&canopyv1.Airstrip{Name: "Chacra", Position: position(-69.2, -12.6)})},
			"airstrips.airstrips[0].position", "latitude and longitude look exchanged", problem.ReasonCoordinatesExchanged},
		{"10 001 points", points(10001, &canopyv1.Point{Position: here, Altitude: agl(300)}),
			"points", "10001 items, at most 10000: split the request", problem.ReasonFieldInvalid},
		{"no points", &canopyv1.CheckPointsRequest{},
			"points", "0 items, at least 1", problem.ReasonFieldInvalid},
		{"more radars asked for than there are", &canopyv1.FindGapsRequest{Options: &canopyv1.CoverageOptions{MinRadars: ptr[int32](2)}},
			"options.min_radars", "2, but the network has 1", problem.ReasonFieldInvalid},
		{"unknown reach", &canopyv1.FindGapsRequest{Options: &canopyv1.CoverageOptions{Reach: 9}},
			"options.reach", "9 is not a value of Reach: want one of REACH_UNSPECIFIED, REACH_DISC", problem.ReasonFieldInvalid},
		{"radar id twice", twoRadars(func(a, b *canopyv1.Radar) { a.RadarId, b.RadarId = "pem", "pem" }),
			"network.radars[1].radar_id", `"pem" is already that of radars[0]`, problem.ReasonDuplicate},
		{"built-in airstrip id", &canopyv1.FindGapsRequest{Airstrips: strips(&canopyv1.Airstrip{AirstripId: "SPTU", Name: "x", Position: here})},
			"airstrips.airstrips[0].airstrip_id", `"SPTU" is that of a built-in airstrip`, problem.ReasonDuplicate},
		{"airstrip of a day that is none", &canopyv1.FindGapsRequest{Airstrips: strips(&canopyv1.Airstrip{Name: "x", Position: here, AsOf: "May 2015"})},
			"airstrips.airstrips[0].as_of", `"May 2015" is not allowed`, problem.ReasonFieldInvalid},
		{"profile of one of many", &canopyv1.GetProfileRequest{Network: &canopyv1.NetworkSelection{ScenarioId: "tps70-pair"}, Point: &canopyv1.Point{Position: here, Altitude: agl(300)}},
			"radar_id", "empty, but the network has 2 radars: want one of puerto-maldonado, pucallpa", problem.ReasonFieldRequired},
		{"profile of a radar that is not there", &canopyv1.GetProfileRequest{RadarId: "lima", Point: &canopyv1.Point{Position: here, Altitude: agl(300)}},
			"radar_id", `unknown radar "lima": want one of puerto-maldonado`, problem.ReasonRadarUnknown},
		{"stream with a NaN", &canopyv1.ExportFloorRequest{Options: &canopyv1.CoverageOptions{EffectiveEarthK: ptr(math.NaN())}},
			"options.effective_earth_k", "NaN is not between 0.5 and 10", problem.ReasonFieldInvalid},
		{"empty name", &canopyv1.GetScenarioRequest{},
			"scenario_id", "empty: it is required", problem.ReasonFieldInvalid},
		{"long name", &canopyv1.GetScenarioRequest{ScenarioId: strings.Repeat("x", 81)},
			"scenario_id", "81 characters, at most 80: shorten it", problem.ReasonFieldInvalid},
		{"resolution 0", &canopyv1.FindGapsRequest{Options: &canopyv1.CoverageOptions{ResolutionArcsec: ptr(0.0)}},
			"options.resolution_arcsec", "0 is not above 0 and at most 3600", problem.ReasonFieldInvalid},
		{"resolution finer than the terrain", &canopyv1.FindGapsRequest{Options: &canopyv1.CoverageOptions{ResolutionArcsec: ptr(3.0)}},
			"options.resolution_arcsec", "3 arc-seconds is finer than the terrain's own 30", problem.ReasonFieldInvalid},
		{"resolution between multiples", &canopyv1.ExportFloorRequest{Options: &canopyv1.CoverageOptions{ResolutionArcsec: ptr(40.0)}},
			"options.resolution_arcsec", "40 arc-seconds is no multiple of the terrain's own 30: ask for 30 or 60", problem.ReasonFieldInvalid},
		{"frequency of a broadcast", &canopyv1.GetProfileRequest{FrequencyMhz: ptr(3.0), Point: &canopyv1.Point{Position: here, Altitude: agl(300)}},
			"frequency_mhz", "3 is not between 30 and 100000", problem.ReasonFieldInvalid},
		{"grid of a million cells", &canopyv1.GetElevationGridRequest{Columns: 1000, Rows: 1000},
			"columns", "1000 × 1000 are 1000000 cells: want at most 500000", problem.ReasonFieldInvalid},
		{"grid without rows", &canopyv1.GetElevationGridRequest{Columns: 10},
			"rows", "0 is not between 1 and 2000", problem.ReasonFieldInvalid},
		{"box upside down", &canopyv1.GetElevationGridRequest{Columns: 10, Rows: 10, BoundingBox: &canopyv1.BoundingBox{WestDeg: -70, EastDeg: -69, SouthDeg: -12, NorthDeg: -13}},
			"bounding_box", "south_deg -12 to north_deg -13: want -90 ≤ south < north ≤ 90", problem.ReasonFieldInvalid},
		{"box of NaN", &canopyv1.GetElevationGridRequest{Columns: 10, Rows: 10, BoundingBox: &canopyv1.BoundingBox{WestDeg: math.NaN(), EastDeg: -69, SouthDeg: -13, NorthDeg: -12}},
			"bounding_box", "west_deg NaN to east_deg -69: want -180 ≤ west < east ≤ 180", problem.ReasonFieldInvalid},
		{"profile to nowhere", &canopyv1.GetTerrainProfileRequest{From: here},
			"to", "missing: it is required", problem.ReasonFieldRequired},
		{"extent of an unknown airspace", &canopyv1.GetTerrainExtentRequest{Airspace: namedAirspace("perú!")},
			"airspace.airspace_id", `unknown airspace "perú!": did you mean "peru"?`, problem.ReasonAirspaceUnknown},
		{"negative count", &canopyv1.FindNearestAirstripsRequest{Position: here, Count: -1},
			"count", "-1 is not between 0 and 1000", problem.ReasonFieldInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := call(testContext(t), conn, tt.request)
			violations := wantStatus(t, err, codes.InvalidArgument, tt.reason)
			if len(violations) != 1 {
				t.Fatalf("violations = %v, want one", violations)
			}
			v := violations[0]
			if v.GetField() != tt.field || !strings.Contains(v.GetDescription(), tt.text) || v.GetReason() != tt.reason {
				t.Errorf("violation = %v, want %s: %s", v, tt.field, tt.text)
			}
			if m := status.Convert(err).Message(); m != v.GetField()+": "+v.GetDescription() || strings.Contains(m, "\n") {
				t.Errorf("message = %q", m)
			}
		})
	}
}

// call sends a request to the method that takes it.
func call(ctx context.Context, conn *grpc.ClientConn, request any) (err error) {
	coverage, catalog := canopyv1.NewCoverageServiceClient(conn), canopyv1.NewCatalogServiceClient(conn)
	switch r := request.(type) {
	case *canopyv1.FindGapsRequest:
		_, err = coverage.FindGaps(ctx, r)
	case *canopyv1.CheckPointsRequest:
		_, err = coverage.CheckPoints(ctx, r)
	case *canopyv1.GetProfileRequest:
		_, err = coverage.GetProfile(ctx, r)
	case *canopyv1.ExportFloorRequest:
		stream, streamErr := coverage.ExportFloor(ctx, r)
		if streamErr != nil {
			return streamErr
		}
		_, err = stream.Recv()
	case *canopyv1.GetElevationGridRequest:
		_, err = canopyv1.NewTerrainServiceClient(conn).GetElevationGrid(ctx, r)
	case *canopyv1.GetTerrainProfileRequest:
		_, err = canopyv1.NewTerrainServiceClient(conn).GetTerrainProfile(ctx, r)
	case *canopyv1.GetTerrainExtentRequest:
		_, err = canopyv1.NewTerrainServiceClient(conn).GetTerrainExtent(ctx, r)
	case *canopyv1.GetScenarioRequest:
		_, err = catalog.GetScenario(ctx, r)
	case *canopyv1.FindNearestAirstripsRequest:
		_, err = catalog.FindNearestAirstrips(ctx, r)
	}
	return err
}

func TestInvalidRequestTellsAll(t *testing.T) {
	_, conn := serve(t, server.Config{})
	req := points(30, &canopyv1.Point{Position: position(95, 0), Altitude: agl(300)})
	err := call(testContext(t), conn, req)
	violations := wantStatus(t, err, codes.InvalidArgument, problem.ReasonFieldInvalid)
	if len(violations) != 16 {
		t.Errorf("%d violations in the details, want 16", len(violations))
	}
	const want = "points[0].position.lat_deg: 95 is not between -90 and 90 degrees (and 29 more)"
	if got := status.Convert(err).Message(); got != want {
		t.Errorf("message = %q, want %q", got, want)
	}
}

// TestRulesCompile holds for all messages what calls find out for one.
func TestRulesCompile(t *testing.T) {
	n := 0
	protoregistry.GlobalTypes.RangeMessages(func(m protoreflect.MessageType) bool {
		if m.Descriptor().ParentFile().Package() != "canopy.v1" {
			return true
		}
		n++
		var fault *protovalidate.CompilationError
		if err := protovalidate.Validate(m.New().Interface()); errors.As(err, &fault) {
			t.Errorf("%s: %v", m.Descriptor().FullName(), err)
		}
		return true
	})
	if n == 0 {
		t.Error("there are no messages")
	}
}
