package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
)

// shown is an operation as JSON.
type shown struct {
	Name     string
	Done     bool
	Metadata struct {
		Type    string `json:"@type"`
		Phase   string
		Request map[string]any
	}
	Response struct {
		Type         string `json:"@type"`
		Steps        []any
		Ending       string
		ObjectiveKM2 float64 `json:"objective_km2"`
	}
}

func parsed[T any](t *testing.T, got reply) (v T) {
	t.Helper()
	if got.status != http.StatusOK {
		t.Fatalf("%d, %s", got.status, got.body)
	}
	if err := json.Unmarshal(got.body, &v); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	return v
}

const smallPlan = `{"airspace":{"airspace_id":"peru/madre-de-dios"},"objective":{"altitudes":[{"altitude":{"agl_m":300}}]},"constraints":{"max_count":1},` + smallCandidates + `}`

func TestPlanOverHTTP(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	begun := parsed[shown](t, s.ask(t, http.MethodPost, "/v1/plans", smallPlan))
	if begun.Metadata.Type != "type.googleapis.com/canopy.v1.PlanNetworkMetadata" || begun.Metadata.Request == nil {
		t.Errorf("begun: %+v", begun)
	}
	ended := parsed[shown](t, s.ask(t, http.MethodPost, "/v1/"+begun.Name+":wait", `{"timeout":"30s"}`))
	if !ended.Done || ended.Metadata.Phase != "PLAN_PHASE_DONE" || len(ended.Response.Steps) != 1 || ended.Response.Ending != "PLAN_ENDING_PROVEN" || ended.Response.ObjectiveKM2 <= 0 {
		t.Errorf("ended: %+v", ended)
	}
	if got := parsed[shown](t, s.ask(t, http.MethodGet, "/v1/"+begun.Name, "")); got.Response.ObjectiveKM2 != ended.Response.ObjectiveKM2 {
		t.Errorf("found: %+v", got)
	}
	got := s.features(t, s.ask(t, http.MethodGet, "/plans/"+strings.TrimPrefix(begun.Name, "operations/")+".geojson", ""))
	if len(got.Features) != 1 || got.Features[0].Properties["name"] != "North" || got.Features[0].Properties["planned"] != true {
		t.Errorf("its GeoJSON: %+v", got)
	}
	type list struct{ Operations []shown }
	for query, want := range map[string]int{"": 1, "?filter=done%3Dtrue": 1, "?filter=done%3Dfalse": 0, "?page_size=1": 1} {
		if got := parsed[list](t, s.ask(t, http.MethodGet, "/v1/operations"+query, "")); len(got.Operations) != want {
			t.Errorf("%q lists %d, want %d", query, len(got.Operations), want)
		}
	}
	// It has ended, so that this does nothing.
	parsed[struct{}](t, s.ask(t, http.MethodPost, "/v1/"+begun.Name+":cancel", ""))
	parsed[struct{}](t, s.ask(t, http.MethodDelete, "/v1/"+begun.Name, ""))
	wantFailure(t, s.ask(t, http.MethodGet, "/v1/"+begun.Name, ""), http.StatusNotFound, "NOT_FOUND", "no operation")
}

// TestPlanThatRunsHasNoGeoJSON also ends a server with a plan that an HTTP client
// waits for: it gets what there is.
func TestPlanThatRunsHasNoGeoJSON(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{Grace: time.Minute})
	begun := parsed[shown](t, s.ask(t, http.MethodPost, "/v1/plans", longPlan(t)))
	path := "/plans/" + strings.TrimPrefix(begun.Name, "operations/") + ".geojson"
	wantFailure(t, s.ask(t, http.MethodGet, path, ""), http.StatusBadRequest, "OPERATION_RUNNING", "has not ended")
	wantFailure(t, s.ask(t, http.MethodGet, strings.TrimSuffix(path, ".geojson"), ""), http.StatusNotFound, "PATH_UNKNOWN", "has no ending")
	wantFailure(t, s.ask(t, http.MethodGet, "/plans/none.geojson", ""), http.StatusNotFound, "NOT_FOUND", "no operation")

	waited := make(chan reply, 1)
	go func() { waited <- s.ask(t, http.MethodPost, "/v1/"+begun.Name+":wait", "") }()
	time.Sleep(300 * time.Millisecond) // until it has been accepted
	s.stop()
	select {
	case got := <-waited:
		if ended := parsed[shown](t, got); ended.Response.Ending != "PLAN_ENDING_SERVER_STOPPED" {
			t.Errorf("ended: %+v", ended)
		}
	case <-time.After(patience):
		t.Error("waited in vain")
	}
}

// longPlan has work for far longer than a test takes.
func longPlan(t *testing.T) string {
	t.Helper()
	q := &canopyv1.PlanNetworkRequest{
		Candidates:  &canopyv1.CandidateSelection{},
		Constraints: &canopyv1.PlanConstraints{MaxCount: proto.Int32(11)},
		Effort:      &canopyv1.PlanEffort{WithoutScreening: true},
	}
	for i := range 1000 {
		at := &canopyv1.Position{LatDeg: -16 + 0.25*float64(i/20), LonDeg: -79.5 + 0.5*float64(i%20)}
		q.Candidates.Candidates = append(q.Candidates.Candidates, &canopyv1.Candidate{Radar: &canopyv1.Radar{Position: at}})
	}
	text, err := protojson.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestBadPlansOverHTTP(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	wantFailure(t, s.ask(t, http.MethodPost, "/v1/plans", `{"candidates":{},"constraints":{}}`), http.StatusBadRequest, "FIELD_REQUIRED", "no candidates")
	wantFailure(t, s.ask(t, http.MethodPost, "/v1/operations/00000000000000000000000000:undo", ""), http.StatusNotFound, "PATH_UNKNOWN", "/openapi.json lists all paths")
	wantFailure(t, s.ask(t, http.MethodGet, "/v1/operations?state=done", ""), http.StatusBadRequest, "PARAMETER_UNKNOWN", "state")
	wantFailure(t, s.ask(t, http.MethodPut, "/v1/operations/00000000000000000000000000", ""), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "PUT")
}
