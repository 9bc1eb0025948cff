package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

func TestStarting(t *testing.T) {
	s, err := server.New(server.Config{})
	if err != nil {
		t.Fatal(err)
	}
	face, err := web.New(s, web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := face.Close(); err != nil {
			t.Error(err)
		}
		s.Close()
	})
	ask := func(path string) *httptest.ResponseRecorder {
		said := httptest.NewRecorder()
		face.ServeHTTP(said, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		return said
	}
	for _, path := range []string{"/v1/terrain", "/sites.geojson", "/gaps.geojson?altitude=FL100", "/floor.tif"} {
		said := ask(path)
		if said.Code != http.StatusServiceUnavailable || said.Header().Get("Retry-After") != "2" || !strings.Contains(said.Body.String(), `"STARTING"`) {
			t.Errorf("%s: %d, %v, %s", path, said.Code, said.Header(), said.Body)
		}
	}
	if said := ask("/healthz"); said.Code != http.StatusServiceUnavailable {
		t.Errorf("/healthz: %d", said.Code)
	}
	s.Open(srtm30.Model(), server.Tasks{})
	for _, path := range []string{"/v1/terrain", "/sites.geojson", "/healthz"} {
		if said := ask(path); said.Code != http.StatusOK || said.Header().Get("Retry-After") != "" {
			t.Errorf("%s: %d, %v, %s", path, said.Code, said.Header(), said.Body)
		}
	}
}

func TestFailures(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	tests := []struct {
		name, method, path, body string
		status                   int
		reason, saying           string
	}{
		{"unknown path", "GET", "/nope", "", 404, "PATH_UNKNOWN", "there is no /nope here: /openapi.json lists all paths"},
		{"unknown call", "POST", "/v1/nope", "{}", 404, "PATH_UNKNOWN", "there is no /v1/nope here"},
		{"root", "GET", "/", "", 404, "PATH_UNKNOWN", "/openapi.json"},
		{"method of a call", "GET", "/v1/gaps", "", 405, "METHOD_NOT_ALLOWED", "/v1/gaps does not take GET: use POST"},
		{"method of a map", "DELETE", "/gaps.geojson", "", 405, "METHOD_NOT_ALLOWED", "use GET, HEAD, POST"},
		{"a body where there is none", "POST", "/sites.geojson", "{}", 405, "METHOD_NOT_ALLOWED", "use GET, HEAD"},
		{"unknown field", "POST", "/v1/gaps", `{"airspaces":{}}`, 400, "BODY_INVALID", `body: unknown field "airspaces" at line 1, character 2: /openapi.json`},
		{"unknown field of a map", "POST", "/gaps.geojson", "{\n\"nope\":1}", 400, "BODY_INVALID", `body: unknown field "nope" at line 2, character 1`},
		{"no JSON", "POST", "/v1/gaps", `altitude=300`, 400, "BODY_INVALID", "body: "},
		{"two messages", "POST", "/v1/gaps", `{}{}`, 400, "BODY_INVALID", "body: "},
		{"a number in words", "POST", "/v1/gaps", `{"min_area_km2":"big"}`, 400, "BODY_INVALID", "body: invalid value for double"},
		{"value out of bounds", "POST", "/v1/gaps", `{"min_area_km2":-1}`, 400, "FIELD_INVALID", "min_area_km2: -1 is not between 0 and 1000000 km²"},
		{"unknown scenario of a request", "POST", "/v1/gaps", `{"network":{"scenario_id":"x"}}`, 400, "SCENARIO_UNKNOWN", "four-modern"},
		{"unknown scenario", "GET", "/v1/scenarios/x", "", 404, "NOT_FOUND", "four-modern"},
		{"unknown query of a call", "GET", "/v1/airstrips?nope=1", "", 400, "PARAMETER_UNKNOWN", "nope: unknown parameter: want one of airstrips.without_builtin, page_size"},
		{"query of a call that has none", "GET", "/v1/terrain?x=1", "", 400, "PARAMETER_UNKNOWN", "this takes none"},
		{"query beside a body", "POST", "/v1/gaps?altitude=FL100", "{}", 400, "PARAMETER_UNKNOWN", "altitude: unknown parameter"},
		{"no number", "GET", "/v1/airstrips?page_size=x", "", 400, "FIELD_INVALID", `page_size: "x" is no whole number`},
		{"no status", "GET", "/v1/airstrips?statuses=x", "", 400, "FIELD_INVALID", `statuses: "x" is not one of AIRSTRIP_STATUS_UNSPECIFIED`},
		{"unknown parameter", "GET", "/gaps.geojson?altitud=FL100", "", 400, "PARAMETER_UNKNOWN", "altitud: unknown parameter: want one of altitude, airspace"},
		{"given twice", "GET", "/gaps.geojson?airspace=peru&airspace=vraem", "", 400, "FIELD_INVALID", "airspace: given 2 times: give it once"},
		{"no value", "GET", "/gaps.geojson?airspace=", "", 400, "FIELD_INVALID", "airspace: has no value: write airspace=vraem"},
		{"bare altitude", "GET", "/gaps.geojson?altitude=300", "", 400, "FIELD_INVALID", `altitude "300" has no unit`},
		{"bad radar", "GET", "/floor.tif?radar=name=X,lat=1", "", 400, "FIELD_INVALID", "no lon"},
		{"unknown radar", "GET", "/floor.tif?out-of-service=nope", "", 400, "RADAR_UNKNOWN", `out-of-service: "nope": no such radar: want one of Puerto Maldonado`},
		{"several faults", "GET", "/floor.tif?k=x&reach=far", "", 400, "FIELD_INVALID", "(and 1 more)"},
		{"broken query", "GET", "/floor.tif?k=%zz", "", 400, "FIELD_INVALID", "query: cannot be read"},
		{"neither true nor false", "GET", "/gaps.geojson?strict=1", "", 400, "FIELD_INVALID", `"1" is neither true nor false`},
		{"too wide", "GET", "/floor.png?width=4096", "", 400, "FIELD_INVALID", "width: 4096 is not between 1 and 2048"},
		{"near and within", "GET", "/airstrips.geojson?near=-12,-73&within=vraem", "", 400, "FIELD_INVALID", "within: near is given as well"},
		{"bad circle", "GET", "/airstrips.geojson?within=-12,-73", "", 400, "FIELD_INVALID", "is not LAT,LON,RADIUS"},
		{"count of all", "GET", "/airstrips.geojson?count=3", "", 400, "FIELD_INVALID", "count: it is for near"},
		{"unknown airspace", "GET", "/airspaces/nope.geojson", "", 404, "NOT_FOUND", "nope"},
		{"airspace without an ending", "GET", "/airspaces/peru", "", 404, "PATH_UNKNOWN", "write /airspaces/peru.geojson"},
		{"floor that is not kept", "GET", "/floors/" + strings.Repeat("0", 64) + ".tif", "", 404, "NOT_FOUND", "ask /floor.tif for it again"},
		{"floor elsewhere", "GET", "/floors/..%2F..%2Fetc%2Fpasswd", "", 404, "NOT_FOUND", "ask /floor.tif for it again"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.ask(t, tt.method, tt.path, tt.body)
			wantFailure(t, got, tt.status, tt.reason, tt.saying)
			if allow := got.header.Get("Allow"); (tt.status == 405) != (allow != "") {
				t.Errorf("Allow: %q", allow)
			}
		})
	}
}

func TestLongBody(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	long := `{"min_area_km2":` + strings.Repeat(" ", 4<<20) + `1}`
	for _, path := range []string{"/v1/gaps", "/gaps.geojson"} {
		wantFailure(t, s.ask(t, http.MethodPost, path, long), http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE", "more than 4194304 bytes")
	}
}

func TestDeadlineOfARequest(t *testing.T) {
	for _, path := range []string{"/v1/gaps", "/gaps.geojson", "/floor.tif"} {
		model := newBlocking()
		s := serve(t, server.Config{Terrain: model}, web.Config{})
		got := s.ask(t, http.MethodPost, path, "{}", "Grpc-Timeout", "200m")
		wantFailure(t, got, http.StatusGatewayTimeout, "DEADLINE_EXCEEDED", "deadline")
		await(t, model.stopped)
	}
	s := serve(t, server.Config{}, web.Config{})
	for _, path := range []string{"/v1/gaps", "/gaps.geojson"} {
		wantFailure(t, s.ask(t, http.MethodPost, path, "{}", "Grpc-Timeout", "soon"), http.StatusBadRequest, "FIELD_INVALID", "invalid grpc-timeout: soon")
	}
}

func TestBusyServer(t *testing.T) {
	model := newBlocking()
	s := serve(t, server.Config{Terrain: model, Limits: server.Limits{MaxConcurrent: 1, MaxWaiting: -1}}, web.Config{})
	leave := s.begin(t, "/v1/gaps")
	await(t, model.started)
	wantFailure(t, s.ask(t, http.MethodPost, "/v1/gaps", "{}"), http.StatusTooManyRequests, "SERVER_BUSY", "try again in 5s")
	leave()
	await(t, model.stopped)
}

// TestRateOfACaller: HTTP callers are told apart by their own addresses, and told
// when to ask again.
func TestRateOfACaller(t *testing.T) {
	s := serve(t, server.Config{Limits: server.Limits{CallerRate: 1e4, CallerBurst: 1}}, web.Config{})
	s.ask(t, http.MethodPost, "/v1/points:check", onePoint)
	got := s.ask(t, http.MethodPost, "/v1/points:check", onePoint, "X-Forwarded-For", "192.0.2.7")
	wantFailure(t, got, http.StatusTooManyRequests, "CALLER_RATE", "try again in ")
	if seconds, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 10 {
		t.Errorf("Retry-After: %q", got.header.Get("Retry-After"))
	}
}

// onePoint asks for a point near the radar of the default scenario.
const onePoint = `{"points": [{"position": {"lat_deg": -12.6, "lon_deg": -69.3}, "altitude": {"agl_m": 300}}]}`

// begin sends a request whose answer nobody waits for, and returns how to
// leave.
func (s *site) begin(t *testing.T, path string) (leave func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		if response, err := client.Do(request); err == nil {
			response.Body.Close()
		}
	}()
	return func() { cancel(); <-left }
}

func TestWorkStopsWithItsClient(t *testing.T) {
	for _, path := range []string{"/v1/gaps", "/gaps.geojson", "/floor.tif", "/floor.png"} {
		t.Run(path, func(t *testing.T) {
			model := newBlocking()
			s := serve(t, server.Config{Terrain: model}, web.Config{})
			leave := s.begin(t, path)
			await(t, model.started)
			leave()
			await(t, model.stopped)
		})
	}
}

// A client that sends no end of its body is cut off, but not one that waits
// long for its answer: the deadline is on the body alone.
func TestSlowAnswersAreWaitedFor(t *testing.T) {
	model := newBlocking()
	s := serve(t, server.Config{Terrain: model, Limits: server.Limits{Timeout: 300 * time.Millisecond}}, web.Config{})
	wantFailure(t, s.ask(t, http.MethodPost, "/v1/gaps", "{}"), http.StatusGatewayTimeout, "SERVER_TIMEOUT", "time limit of 300ms")
}

func TestHealth(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	if got := s.found(t, "/healthz"); string(got.body) != `{"status":"SERVING"}`+"\n" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v, %s", got.header, got.body)
	}
	s.server.AnnounceShutdown()
	if got := s.get(t, "/healthz"); got.status != http.StatusServiceUnavailable || string(got.body) != `{"status":"NOT_SERVING"}`+"\n" {
		t.Errorf("%d, %s", got.status, got.body)
	}
}

func TestOpenRequestsHaveTheirGrace(t *testing.T) {
	tests := []struct {
		name  string
		grace time.Duration
		// finish tells whether the work may end while the server goes.
		finish bool
	}{{"long enough", patience, true}, {"too short", 50 * time.Millisecond, false}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			model := newBlocking()
			timeout := patience
			if tt.finish {
				timeout = 500 * time.Millisecond
			}
			s := serve(t, server.Config{Terrain: model, Limits: server.Limits{Timeout: timeout}}, web.Config{Grace: tt.grace})
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "POST /v1/gaps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
			await(t, model.started)
			s.stop()
			await(t, model.stopped)
			if err := await(t, s.ended); err != nil {
				t.Errorf("Serve = %v", err)
			}
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if tt.finish != (err == nil) {
				t.Fatalf("the open request gets %v, %v", response, err)
			}
			if err == nil {
				defer response.Body.Close()
				if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusGatewayTimeout {
					t.Errorf("%d, %s", response.StatusCode, text)
				}
			}
		})
	}
}
