package admin_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/admin"
	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what should happen at once.
const patience = 30 * time.Second

// client keeps no connections, whose goroutines would look like leaks.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}

// site is a server with this face on sockets.
type site struct {
	*server.Server
	url  string
	conn *grpc.ClientConn
	// stop ends the face; ended says how it ended.
	stop  context.CancelFunc
	ended chan error
}

func serve(t *testing.T, cfg server.Config) *site {
	t.Helper()
	if cfg.Terrain == nil {
		cfg.Terrain = srtm30.Model()
	}
	cfg.EngineVersion = "1.2.3-test"
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	at := &site{Server: s, stop: stop, ended: make(chan error, 1)}
	calls, watched := listen(t), listen(t)
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.Serve(context.Background(), calls); err != nil {
			t.Error(err)
		}
	})
	serving.Go(func() { at.ended <- admin.Serve(ctx, watched, s, admin.Config{Logger: slog.New(slog.DiscardHandler)}) })
	at.url = "http://" + watched.Addr().String()
	if at.conn, err = grpc.NewClient(calls.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		at.conn.Close()
		s.Close()
		serving.Wait()
	})
	return at
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func (s *site) get(t *testing.T, path string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

// value returns what /metrics says of one series, by its name and its labels as
// they are written there.
func (s *site) value(t *testing.T, series string) float64 {
	t.Helper()
	code, text := s.get(t, "/metrics")
	if code != http.StatusOK {
		t.Fatalf("/metrics: %d: %s", code, text)
	}
	for line := range strings.Lines(text) {
		if said, ok := strings.CutPrefix(line, series+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(said), 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("/metrics has no %s: %s", series, text)
	return 0
}

// eventually waits until a series has a value.
func (s *site) eventually(t *testing.T, series string, want float64) {
	t.Helper()
	for deadline := time.Now().Add(patience); s.value(t, series) != want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s = %v, want %v", series, s.value(t, series), want)
		}
	}
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func position(lat, lon float64) *canopyv1.Position {
	return &canopyv1.Position{LatDeg: lat, LonDeg: lon}
}

func radar(name string, lat, lon float64) *canopyv1.Radar {
	rangeKm := 60.0
	return &canopyv1.Radar{Name: name, Position: position(lat, lon), Limits: &canopyv1.RadarLimits{RangeKm: &rangeKm}}
}

var altitude = &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: 300}}

// gaps asks for those of one radar in the VRAEM.
func gaps(name string) *canopyv1.FindGapsRequest {
	return &canopyv1.FindGapsRequest{
		Network:   &canopyv1.NetworkSelection{Radars: []*canopyv1.Radar{radar(name, -12.519, -73.829)}},
		Airspace:  &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "vraem"}},
		Altitudes: []*canopyv1.Altitude{altitude},
	}
}

func TestMetricsTellOfCalls(t *testing.T) {
	at := serve(t, server.Config{Cache: server.Cache{MemoryB: 1 << 26}})
	coverage := canopyv1.NewCoverageServiceClient(at.conn)
	for _, name := range []string{"Pichari", "Pichari again"} {
		if _, err := coverage.FindGaps(testContext(t), gaps(name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := coverage.CheckPoints(testContext(t), &canopyv1.CheckPointsRequest{}); err == nil {
		t.Fatal("no error of an empty request")
	}
	of := `,grpc_method="FindGaps",grpc_service="canopy.v1.CoverageService",grpc_type="unary"}`
	for series, want := range map[string]float64{
		`grpc_server_handled_total{grpc_code="OK"` + of: 2,
		`grpc_server_handling_seconds_count{` + of[1:]:  2,
		`grpc_server_handled_total{grpc_code="InvalidArgument",grpc_method="CheckPoints"` + of[len(`,grpc_method="FindGaps"`):]: 1,
		`grpc_server_handled_total{grpc_code="Internal"` + of:                                                                   0,
		`canopy_cache_questions_total{from="computed"}`:                                                                         1,
		`canopy_cache_questions_total{from="shelf"}`:                                                                            0,
		`canopy_cache_surfaces`:                   1,
		`canopy_computations_running`:             0,
		`canopy_build_info{version="1.2.3-test"}`: 1,
		`canopy_terrain_info{identity="` + srtm30.Model().Info().Identity + `",name="` + srtm30.Model().Info().Name + `"}`: 1,
	} {
		if got := at.value(t, series); got != want {
			t.Errorf("%s = %v, want %v", series, got, want)
		}
	}
	// One disc of 60 km, on the posts between those of the terrain that gaps are
	// found on: 30″ apart, at 12.5° south.
	const want = 3.1416 * 60 * 60 / (0.9218 * 0.9058)
	if got := at.value(t, "canopy_swept_posts_total"); got < 0.99*want || got > 1.01*want {
		t.Errorf("%v posts swept, want about %v", got, want)
	}
	if at.value(t, "canopy_terrain_read_posts_total") <= 0 || at.value(t, "canopy_terrain_read_seconds_total") <= 0 {
		t.Error("no terrain was read")
	}
	if at.value(t, `canopy_cache_bytes`) <= 0 || at.value(t, "go_goroutines") <= 0 {
		t.Error("no memory or no goroutines")
	}
}

// fullStore keeps nothing.
type fullStore struct{ store.Store }

func (fullStore) String() string { return "full" }

func (fullStore) Get(context.Context, string) (io.ReadCloser, int64, error) {
	return nil, 0, fs.ErrNotExist
}

func (fullStore) Put(context.Context, string, io.Reader, int64) error { return syscall.ENOSPC }

func TestMetricsTellOfACacheThatFails(t *testing.T) {
	at := serve(t, server.Config{Cache: server.Cache{Store: fullStore{}}})
	if _, err := canopyv1.NewCoverageServiceClient(at.conn).FindGaps(testContext(t), gaps("Pichari")); err != nil {
		t.Fatal(err)
	}
	ctx := testContext(t)
	for at.value(t, "canopy_cache_failures_total") != 1 { // which happens after the answer
		if ctx.Err() != nil {
			t.Fatal("the failure is not counted")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestMetricsHaveNothingOfTheUsers(t *testing.T) {
	at := serve(t, server.Config{})
	if _, err := canopyv1.NewCoverageServiceClient(at.conn).FindGaps(testContext(t), gaps("Puesto Secreto")); err != nil {
		t.Fatal(err)
	}
	_, text := at.get(t, "/metrics")
	for _, unwanted := range []string{"Puesto", "vraem", "12.5", "73.8", "127.0.0.1"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("/metrics has %q", unwanted)
		}
	}
}

func TestMetricsPassPromlint(t *testing.T) {
	problems, err := promlint.NewWithMetricFamilies(gathered(t)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// held is terrain of which nothing is read until it is let go.
type held struct {
	terrain.Model
	release chan struct{}
}

func (m held) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	select {
	case <-m.release:
		return m.Model.Read(ctx, l)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestMetricsTellOfThoseThatRunAndWait(t *testing.T) {
	ground := held{srtm30.Model(), make(chan struct{})}
	at := serve(t, server.Config{Terrain: ground, Limits: server.Limits{MaxConcurrent: 2}})
	var calls sync.WaitGroup
	for range 5 {
		calls.Go(func() {
			if _, err := canopyv1.NewCoverageServiceClient(at.conn).FindGaps(testContext(t), &canopyv1.FindGapsRequest{}); err != nil {
				t.Error(err)
			}
		})
	}
	at.eventually(t, "canopy_computations_waiting", 3)
	at.eventually(t, "canopy_computations_running", 2)
	close(ground.release)
	calls.Wait()
	at.eventually(t, "canopy_computations_waiting", 0)
	at.eventually(t, "canopy_computations_running", 0)
}

func TestMetricsTellHowPlansEnd(t *testing.T) {
	at := serve(t, server.Config{})
	vraem := gaps("").GetAirspace()
	count := int32(1)
	operation, err := canopyv1.NewSitingServiceClient(at.conn).PlanNetwork(testContext(t), &canopyv1.PlanNetworkRequest{
		Airspace: vraem,
		Candidates: &canopyv1.CandidateSelection{Candidates: []*canopyv1.Candidate{
			{Radar: radar("North", -12.3, -73.9)}, {Radar: radar("South", -12.8, -73.6)},
		}},
		Objective:   &canopyv1.PlanObjective{Altitudes: []*canopyv1.AltitudeWeight{{Altitude: altitude}}},
		Constraints: &canopyv1.PlanConstraints{MaxCount: &count},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := longrunningpb.NewOperationsClient(at.conn).WaitOperation(testContext(t), &longrunningpb.WaitOperationRequest{Name: operation.GetName()}); err != nil {
		t.Fatal(err)
	}
	for ending, want := range map[string]float64{"proven": 1, "cancelled": 0, "time_limit": 0, "server_stopped": 0, "failed": 0} {
		if got := at.value(t, `canopy_plans_total{ending="`+ending+`"}`); got != want {
			t.Errorf("%v plans with the ending %s, want %v", got, ending, want)
		}
	}
}

func TestReadyUntilTheServerIsGoing(t *testing.T) {
	at := serve(t, server.Config{})
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, text := at.get(t, path); code != http.StatusOK || text != "ok\n" {
			t.Errorf("%s = %d %q", path, code, text)
		}
	}
	at.AnnounceShutdown()
	if code, text := at.get(t, "/readyz"); code != http.StatusServiceUnavailable || text != "shutting down\n" {
		t.Errorf("/readyz = %d %q while the server is going", code, text)
	}
	if code, _ := at.get(t, "/healthz"); code != http.StatusOK {
		t.Errorf("/healthz = %d while the server is going", code)
	}
}

func TestProfiles(t *testing.T) {
	at := serve(t, server.Config{})
	for path, want := range map[string]string{
		"/debug/pprof/": "goroutine", "/debug/pprof/goroutine?debug=1": "admin.Serve", "/debug/pprof/cmdline": "test", "/debug/pprof/symbol": "num_symbols",
	} {
		if code, text := at.get(t, path); code != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%s = %d, without %q: %.200s", path, code, want, text)
		}
	}
	for _, path := range []string{"/debug/pprof/heap", "/debug/pprof/profile?seconds=1", "/debug/pprof/trace?seconds=1"} {
		if code, text := at.get(t, path); code != http.StatusOK || len(text) < 100 {
			t.Errorf("%s = %d with %d bytes", path, code, len(text))
		}
	}
	if code, _ := at.get(t, "/v1/scenarios"); code != http.StatusNotFound {
		t.Errorf("a path of the API = %d", code)
	}
}

// TestLongProfileDoesNotHoldUpTheEnd asks for a profile of a minute.
func TestLongProfileDoesNotHoldUpTheEnd(t *testing.T) {
	at := serve(t, server.Config{})
	failed := make(chan error, 1)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.url+"/debug/pprof/trace?seconds=60", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		response, err := client.Do(request)
		if err == nil {
			_, err = io.Copy(&bytes.Buffer{}, response.Body)
			response.Body.Close()
		}
		failed <- err
	}()
	time.Sleep(50 * time.Millisecond)
	at.stop()
	select {
	case err := <-at.ended:
		if err != nil {
			t.Errorf("Serve = %v", err)
		}
	case <-time.After(patience):
		t.Fatal("the face has not ended")
	}
	if err := <-failed; err == nil {
		t.Error("the profile came to its end")
	}
}
