package web_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what should happen at once.
const patience = 30 * time.Second

// client keeps no connections, whose goroutines would look like leaks.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}

// site is a server with both faces on sockets.
type site struct {
	url    string
	conn   *grpc.ClientConn
	server *server.Server
	face   *web.Face
	// stop ends the HTTP face as an interrupt does; ended says how it ended.
	stop  context.CancelFunc
	ended chan error
}

// serve starts a site that ends with the test.
func serve(t *testing.T, cfg server.Config, faceCfg web.Config) *site {
	t.Helper()
	if cfg.Terrain == nil {
		cfg.Terrain = srtm30.Model()
	}
	cfg.EngineVersion, faceCfg.EngineVersion = "test", "test"
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	face, err := web.New(s, faceCfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	at := &site{server: s, face: face, stop: stop, ended: make(chan error, 1)}
	var serving sync.WaitGroup
	grpcListener, httpListener := listen(t), listen(t)
	serving.Go(func() {
		if err := s.Serve(context.Background(), grpcListener); err != nil {
			t.Error(err)
		}
	})
	serving.Go(func() { at.ended <- face.Serve(ctx, httpListener) })
	at.url = "http://" + httpListener.Addr().String()
	if at.conn, err = grpc.NewClient(grpcListener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		at.conn.Close()
		if err := face.Close(); err != nil {
			t.Error(err)
		}
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

// reply is a response, read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request, with headers as name, value pairs.
func (s *site) ask(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, response)
}

func read(t *testing.T, response *http.Response) reply {
	t.Helper()
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{status: response.StatusCode, header: response.Header, body: content}
}

func (s *site) get(t *testing.T, path string, headers ...string) reply {
	t.Helper()
	return s.ask(t, http.MethodGet, path, "", headers...)
}

// found fails the test unless the answer is a good one.
func (s *site) found(t *testing.T, path string) reply {
	t.Helper()
	got := s.get(t, path)
	if got.status != http.StatusOK {
		t.Fatalf("GET %s: %d, %s", path, got.status, got.body)
	}
	return got
}

// wantFailure checks the JSON of an error.
func wantFailure(t *testing.T, got reply, status int, reason, saying string) {
	t.Helper()
	var said struct {
		Message string
		Details []struct{ Reason, Domain string }
	}
	if err := json.Unmarshal(got.body, &said); err != nil {
		t.Fatalf("%d, %s: %v", got.status, got.body, err)
	}
	if got.status != status || got.header.Get("Content-Type") != "application/json" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, headers %v, want %d: %s", got.status, got.header, status, got.body)
	}
	if len(said.Details) == 0 || said.Details[0].Reason != reason || said.Details[0].Domain != "canopy" {
		t.Errorf("details %v, want reason %s", said.Details, reason)
	}
	if !strings.Contains(said.Message, saying) || strings.Contains(said.Message, "\n") {
		t.Errorf("said %q, want one line with %q", said.Message, saying)
	}
}

// await fails the test if nothing comes.
func await[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain")
		panic("not reached")
	}
}

// blocking is terrain that is never read to the end, and tells when a read
// starts and stops.
type blocking struct {
	terrain.Model
	started, stopped chan struct{}
}

func newBlocking() blocking {
	return blocking{Model: srtm30.Model(), started: make(chan struct{}, 100), stopped: make(chan struct{}, 100)}
}

func (m blocking) Read(ctx context.Context, _ terrain.Lattice) (*terrain.Grid, error) {
	m.started <- struct{}{}
	<-ctx.Done()
	m.stopped <- struct{}{}
	return nil, ctx.Err()
}

func readDir(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
