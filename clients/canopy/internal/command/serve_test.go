package command_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

// text is one that a command may write while a test reads.
type text struct {
	mu  sync.Mutex
	all strings.Builder
}

func (t *text) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.Write(p)
}

func (t *text) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.String()
}

// opened is what a server that opens its terrain comes to.
type opened struct {
	model terrain.Model
	err   error
}

// free is an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// ask returns the status of a GET, 0 where nothing answers yet.
func ask(url string) (code int, said string) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for begun := time.Now(); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > 30*time.Second {
			t.Fatal(what)
		}
	}
}

// While terrain opens a server says so; then it serves, or ends.
func TestServeWhileTerrainOpens(t *testing.T) {
	for name, tt := range map[string]struct {
		opened
		code int
	}{
		"that opens":    {opened{model: srtm30.Model()}, fault.OK},
		"that does not": {opened{err: fault.Badf("--terrain ./peru: no elevation model here")}, fault.Usage},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(t.Context())
			terrainOpens, stderr := make(chan opened), &text{}
			app := &command.App{
				Stdout: io.Discard, Stderr: stderr, Getenv: func(string) string { return "" },
				OpenTerrain: func(ctx context.Context, _ string) (terrain.Model, error) {
					select {
					case o := <-terrainOpens:
						return o.model, o.err
					case <-ctx.Done():
						return nil, ctx.Err()
					}
				},
			}
			grpcAt, httpAt, adminAt := free(t), free(t), free(t)
			ended := make(chan int, 1)
			go func() {
				ended <- app.Run(ctx, []string{"serve", "--address", grpcAt, "--http-address", httpAt, "--admin-address", adminAt, "--operations", "off"})
			}()
			eventually(t, "the log does not say what it waits for", func() bool { return strings.Contains(stderr.String(), "opening terrain") })
			if code, said := ask("http://" + adminAt + "/readyz"); code != http.StatusServiceUnavailable || said != "opening terrain\n" {
				t.Errorf("/readyz: %d, %s", code, said)
			}
			if code, _ := ask("http://" + adminAt + "/healthz"); code != http.StatusOK {
				t.Errorf("/healthz of the port for those who run it: %d", code)
			}
			for _, path := range []string{"/healthz", "/v1/terrain"} {
				if code, said := ask("http://" + httpAt + path); code != http.StatusServiceUnavailable {
					t.Errorf("%s: %d, %s", path, code, said)
				}
			}
			if got := health(t, grpcAt); got != healthv1.HealthCheckResponse_NOT_SERVING {
				t.Errorf("health: %v", got)
			}
			if strings.Contains(stderr.String(), "serving on") {
				t.Errorf("it says that it serves: %s", stderr)
			}
			terrainOpens <- tt.opened
			if tt.err == nil {
				eventually(t, "it does not serve", func() bool { return strings.Contains(stderr.String(), "canopy: serving on "+grpcAt) })
				if code, said := ask("http://" + httpAt + "/v1/terrain"); code != http.StatusOK {
					t.Errorf("/v1/terrain: %d, %s", code, said)
				}
				if got := health(t, grpcAt); got != healthv1.HealthCheckResponse_SERVING {
					t.Errorf("health: %v", got)
				}
				interrupt()
			}
			defer interrupt()
			if got := <-ended; got != tt.code {
				t.Errorf("ended with %d, want %d: %s", got, tt.code, stderr)
			}
			if tt.err != nil && (!strings.HasSuffix(stderr.String(), "canopy: "+tt.err.Error()+"\n") || strings.Contains(stderr.String(), "stopped")) {
				t.Errorf("it does not say why, or says more: %s", stderr)
			}
		})
	}
}

func TestInterruptedWhileTerrainOpens(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	app := &command.App{
		Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" },
		OpenTerrain: func(ctx context.Context, _ string) (terrain.Model, error) {
			interrupt()
			<-ctx.Done()
			return nil, ctx.Err()
		},
	}
	if got := app.Run(ctx, []string{"serve", "--address", "127.0.0.1:0", "--http-address", "127.0.0.1:0", "--operations", "off"}); got != fault.Interrupted {
		t.Errorf("ended with %d, want %d", got, fault.Interrupted)
	}
}

func health(t *testing.T, address string) healthv1.HealthCheckResponse_ServingStatus {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	said, err := healthv1.NewHealthClient(conn).Check(t.Context(), &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return said.GetStatus()
}
