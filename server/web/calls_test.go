package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/web"
)

// twin is a path, and the call of gRPC that it stands for.
type twin struct {
	method, path, call string
	// described is the path as /openapi.json writes it, where that is different.
	described string
	// body is the request of both; query, of a GET, is a part of the path.
	body     string
	request  proto.Message
	response proto.Message
}

const small = `"network":{"radars":[{"name":"PEM","position":{"lat_deg":-12.6131,"lon_deg":-69.2282},"limits":{"range_km":60}}]}`

const smallCandidates = `"candidates":{"candidates":[{"radar":{"name":"North","position":{"lat_deg":-11.6,"lon_deg":-69.5},"limits":{"range_km":60}}}]}`

func twins() []twin {
	return []twin{
		{"POST", "/v1/gaps", "CoverageService/FindGaps", "", `{` + small + `,"airspace":{"airspace_id":"peru/madre-de-dios"},"altitudes":[{"agl_m":300},{"flight_level":100}]}`, &canopyv1.FindGapsRequest{}, &canopyv1.FindGapsResponse{}},
		{"POST", "/v1/points:check", "CoverageService/CheckPoints", "", `{` + small + `,"points":[{"position":{"lat_deg":-12.5,"lon_deg":-69.3},"altitude":{"agl_m":300}}]}`, &canopyv1.CheckPointsRequest{}, &canopyv1.CheckPointsResponse{}},
		{"POST", "/v1/profile", "CoverageService/GetProfile", "", `{` + small + `,"point":{"position":{"lat_deg":-12.5,"lon_deg":-69.3},"altitude":{"agl_m":300}},"sample_count":5}`, &canopyv1.GetProfileRequest{}, &canopyv1.GetProfileResponse{}},
		{"POST", "/v1/airstrips:assess", "CoverageService/AssessAirstrips", "", `{` + small + `,"airspace":{"airspace_id":"peru/madre-de-dios"}}`, &canopyv1.AssessAirstripsRequest{}, &canopyv1.AssessAirstripsResponse{}},
		{"GET", "/v1/radar-models", "CatalogService/ListRadarModels", "", ``, &canopyv1.ListRadarModelsRequest{}, &canopyv1.ListRadarModelsResponse{}},
		{"GET", "/v1/scenarios", "CatalogService/ListScenarios", "", ``, &canopyv1.ListScenariosRequest{}, &canopyv1.ListScenariosResponse{}},
		{"GET", "/v1/scenarios/four-modern", "CatalogService/GetScenario", "/v1/scenarios/{scenario_id}", `{"scenario_id":"four-modern"}`, &canopyv1.GetScenarioRequest{}, &canopyv1.GetScenarioResponse{}},
		{"GET", "/v1/airspaces", "CatalogService/ListAirspaces", "", ``, &canopyv1.ListAirspacesRequest{}, &canopyv1.ListAirspacesResponse{}},
		{"GET", "/v1/airspaces/peru/madre-de-dios", "CatalogService/GetAirspace", "/v1/airspaces/{airspace_id}", `{"airspace_id":"peru/madre-de-dios"}`, &canopyv1.GetAirspaceRequest{}, &canopyv1.GetAirspaceResponse{}},
		{"GET", "/v1/airspaces/peru%2Fmadre-de-dios", "CatalogService/GetAirspace", "/v1/airspaces/{airspace_id}", `{"airspace_id":"peru/madre-de-dios"}`, &canopyv1.GetAirspaceRequest{}, &canopyv1.GetAirspaceResponse{}},
		{"GET", "/v1/airstrips?page_size=7&statuses=AIRSTRIP_STATUS_ACTIVE&statuses=AIRSTRIP_STATUS_CLOSED&airstrips.without_builtin=false", "CatalogService/ListAirstrips", "/v1/airstrips",
			`{"airstrips":{},"page_size":7,"statuses":["AIRSTRIP_STATUS_ACTIVE","AIRSTRIP_STATUS_CLOSED"]}`, &canopyv1.ListAirstripsRequest{}, &canopyv1.ListAirstripsResponse{}},
		{"POST", "/v1/airstrips:nearest", "CatalogService/FindNearestAirstrips", "", `{"position":{"lat_deg":-12.5,"lon_deg":-73.8},"count":3}`, &canopyv1.FindNearestAirstripsRequest{}, &canopyv1.FindNearestAirstripsResponse{}},
		{"POST", "/v1/airstrips:within", "CatalogService/FindAirstripsWithin", "", `{"airspace_id":"vraem"}`, &canopyv1.FindAirstripsWithinRequest{}, &canopyv1.FindAirstripsWithinResponse{}},
		{"GET", "/v1/terrain", "TerrainService/GetTerrain", "", ``, &canopyv1.GetTerrainRequest{}, &canopyv1.GetTerrainResponse{}},
		{"POST", "/v1/terrain/elevations", "TerrainService/GetElevations", "", `{"positions":[{"lat_deg":-12.5,"lon_deg":-73.8}]}`, &canopyv1.GetElevationsRequest{}, &canopyv1.GetElevationsResponse{}},
		{"POST", "/v1/terrain/grid", "TerrainService/GetElevationGrid", "", `{"columns":4,"rows":3}`, &canopyv1.GetElevationGridRequest{}, &canopyv1.GetElevationGridResponse{}},
		{"POST", "/v1/terrain/profile", "TerrainService/GetTerrainProfile", "", `{"from":{"lat_deg":-12,"lon_deg":-73},"to":{"lat_deg":-13,"lon_deg":-74},"sample_count":4}`, &canopyv1.GetTerrainProfileRequest{}, &canopyv1.GetTerrainProfileResponse{}},
		{"POST", "/v1/candidates:find", "SitingService/FindCandidates", "", `{"search":{"within":{"airspace_id":"vraem"}}}`, &canopyv1.FindCandidatesRequest{}, &canopyv1.FindCandidatesResponse{}},
		{"POST", "/v1/gaps:suggest", "SitingService/SuggestSites", "", `{"gaps":{` + small + `,"airspace":{"airspace_id":"peru/madre-de-dios"},"altitudes":[{"agl_m":300}]},` + smallCandidates + `}`, &canopyv1.SuggestSitesRequest{}, &canopyv1.SuggestSitesResponse{}},
		{"POST", "/v1/criticality:assess", "SitingService/AssessCriticality", "", `{` + small + `,"airspace":{"airspace_id":"peru/madre-de-dios"},"altitudes":[{"agl_m":300}]}`, &canopyv1.AssessCriticalityRequest{}, &canopyv1.AssessCriticalityResponse{}},
		{"POST", "/v1/terrain/extent", "TerrainService/GetTerrainExtent", "", `{"airspace":{"airspace_id":"vraem"}}`, &canopyv1.GetTerrainExtentRequest{}, &canopyv1.GetTerrainExtentResponse{}},
	}
}

func TestCallsAnswerAsOverGRPC(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	for _, tt := range twins() {
		t.Run(tt.path, func(t *testing.T) {
			if tt.body != "" {
				if err := protojson.Unmarshal([]byte(tt.body), tt.request); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.conn.Invoke(t.Context(), "/canopy.v1."+tt.call, tt.request, tt.response, grpc.WaitForReady(true)); err != nil {
				t.Fatal(err)
			}
			want, err := document.Compact(tt.response)
			if err != nil {
				t.Fatal(err)
			}
			body := tt.body
			if tt.method == http.MethodGet {
				body = ""
			}
			got := s.ask(t, tt.method, tt.path, body)
			if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json" || string(got.body) != string(want)+"\n" {
				t.Errorf("%d, %.300s\nover gRPC %.300s", got.status, got.body, want)
			}
		})
	}
}

// Every unary call has a path, and every path of a call is tested above.
func TestEveryCallHasAPath(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	var doc struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal(s.found(t, "/openapi.json").body, &doc); err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for _, tt := range twins() {
		path, _, _ := strings.Cut(tt.path, "?")
		if tt.described != "" {
			path = tt.described
		}
		tested[tt.method+" "+path] = true
		tested[tt.call] = true
	}
	// TestPlanOverHTTP has these.
	tested["SitingService/PlanNetwork"] = true
	for _, path := range []string{"POST /v1/plans", "GET /v1/operations", "GET /v1/operations/{operation}", "DELETE /v1/operations/{operation}", "POST /v1/operations/{operation}:cancel", "POST /v1/operations/{operation}:wait"} {
		tested[path] = true
	}
	for path, operations := range doc.Paths {
		for method := range operations {
			if name := strings.ToUpper(method) + " " + path; strings.HasPrefix(path, "/v1/") && !tested[name] {
				t.Errorf("%s is not tested", name)
			}
		}
	}
	for _, file := range []protoreflect.FileDescriptor{
		canopyv1.File_canopy_v1_coverage_proto, canopyv1.File_canopy_v1_catalog_proto, canopyv1.File_canopy_v1_terrain_proto, canopyv1.File_canopy_v1_siting_proto,
	} {
		service := file.Services().Get(0)
		for i := range service.Methods().Len() {
			m := service.Methods().Get(i)
			if name := string(service.Name()) + "/" + string(m.Name()); !m.IsStreamingServer() && !tested[name] {
				t.Errorf("%s has no path: give it one in http.yaml", name)
			}
		}
	}
}

func TestHeadOfACall(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	got := s.ask(t, http.MethodHead, "/v1/terrain", "")
	if got.status != http.StatusOK || len(got.body) != 0 || got.header.Get("Content-Length") == "0" {
		t.Errorf("%d, %v, %q", got.status, got.header, got.body)
	}
}

// manyPoints is a request whose answer has over 4 MiB.
func manyPoints() string {
	b := &strings.Builder{}
	b.WriteString(`{"network":{"radars":[`)
	for i := range 20 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"radar_id":"r` + string(rune('a'+i)) + `","position":{"lat_deg":-12.6,"lon_deg":-70.5},"limits":{"range_km":1}}`)
	}
	b.WriteString(`]},"points":[`)
	for i := range 4000 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"position":{"lat_deg":-12.6,"lon_deg":-69},"altitude":{"agl_m":300}}`)
	}
	b.WriteString(`]}`)
	return b.String()
}

func TestLongAnswers(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	if got := s.ask(t, http.MethodPost, "/v1/points:check", manyPoints()); got.status != http.StatusOK || len(got.body) < 4<<20 {
		t.Errorf("%d, %d bytes", got.status, len(got.body))
	}
	got := s.ask(t, http.MethodPost, "/v1/points:check", manyPoints(), "Canopy-Max-Answer-Bytes", "1000000")
	wantFailure(t, got, http.StatusBadRequest, "ANSWER_TOO_LARGE", "at most 1.0 MiB can be sent")

	short := serve(t, server.Config{Limits: server.Limits{MaxAnswerB: 1 << 20}}, web.Config{})
	got = short.ask(t, http.MethodPost, "/v1/points:check", manyPoints())
	wantFailure(t, got, http.StatusBadRequest, "ANSWER_TOO_LARGE", "have the server's --max-answer raised")
}
