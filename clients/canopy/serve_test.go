package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serving is a server as a process of its own.
type serving struct {
	cmd     *exec.Cmd
	address string
	// web is the address of HTTP, where serve was told to have one.
	web string
	// admin is the address of metrics, where serve was told to have one.
	admin   string
	log     *bytes.Buffer
	drained chan struct{}
}

func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	s := &serving{
		cmd: command(t, append([]string{"serve", "--address", "127.0.0.1:0", "--http-address", "off"}, args...)...),
		log: &bytes.Buffer{}, drained: make(chan struct{}),
	}
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	for ; err == nil && !strings.HasPrefix(first, "canopy: serving on "); first, err = lines.ReadString('\n') {
		s.log.WriteString(first)
	}
	if err != nil {
		t.Fatalf("%v: %s%s", err, s.log, first)
	}
	s.address = strings.TrimSuffix(strings.Fields(first)[3], ";")
	if slices.Contains(args, "--http-address") {
		second, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		s.web = "http://" + strings.Fields(second)[3]
	}
	if slices.Contains(args, "--admin-address") {
		last, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		s.admin = strings.TrimSpace(strings.TrimPrefix(last, "canopy: metrics and profiles on "))
	}
	go func() {
		defer close(s.drained)
		_, _ = io.Copy(s.log, lines)
	}()
	return s
}

// stop ends the server in order and returns its exit code.
func (s *serving) stop(t *testing.T, signal os.Signal) int {
	t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	<-s.drained
	return exitCode(t, s.cmd.Wait())
}

func TestServerGivesTheSameBytes(t *testing.T) {
	s := serve(t)
	commands := []string{
		"gaps", "gaps -o json", "gaps --altitude FL100 -o geojson", "gaps -o csv", "gaps -o kml",
		"check --point=-12.519,-73.829,3000m-amsl -o json", "airstrips -o csv", "airstrips --near=-12,-70 -o json",
		"airstrips --within vraem --exposure -o json", "profile --to=-13.5,-72,FL100 -o json",
		"scenarios show four-modern", "models", "airspaces -o json", "terrain info",
	}
	for _, args := range commands {
		t.Run(args, func(t *testing.T) {
			alone := run(t, strings.Fields(args)...)
			served := run(t, append(strings.Fields(args), "--server", s.address)...)
			if alone.stdout == "" || alone != served {
				t.Errorf("alone: %d, %d bytes, %s; served: %d, %d bytes, %s", alone.code, len(alone.stdout), alone.stderr,
					served.code, len(served.stdout), served.stderr)
			}
		})
	}
	if code := s.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("the server ended with %d: %s", code, s.log)
	}
}

func TestFloorIsTheSameFromAServer(t *testing.T) {
	s := serve(t)
	defer s.stop(t, os.Interrupt)
	folder := t.TempDir()
	alone, served := filepath.Join(folder, "alone.tif"), filepath.Join(folder, "served.tif")
	run(t, "floor", "--out", alone)
	run(t, "floor", "--out", served, "--server", s.address)
	a, err := os.ReadFile(alone)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(served); err != nil || !bytes.Equal(a, b) {
		t.Errorf("%d bytes and %d bytes, %v", len(a), len(b), err)
	}
}

func TestHTTPGivesTheSameBytes(t *testing.T) {
	s := serve(t, "--http-address", "127.0.0.1:0")
	tests := []struct{ args, path string }{
		{"gaps -o geojson", "/gaps.geojson"},
		{"gaps --scenario four-modern --altitude 300m-agl,FL100 -o geojson", "/gaps.geojson?scenario=four-modern&altitude=300m-agl,FL100"},
		{"gaps --airspace vraem --radar name=X,lat=-12.5,lon=-73.8,range=100km --resolution 240s -o geojson",
			"/gaps.geojson?airspace=vraem&radar=name=X,lat=-12.5,lon=-73.8,range=100km&resolution=240s"},
		{"scenarios show four-modern -o geojson", "/sites.geojson?scenario=four-modern"},
		{"airspaces vraem -o geojson", "/airspaces/vraem.geojson"},
		{"airstrips -o geojson", "/airstrips.geojson"},
		{"airstrips --near=-12.5,-73.8 -o geojson", "/airstrips.geojson?near=-12.5,-73.8"},
		{"airstrips --within vraem --status active -o geojson", "/airstrips.geojson?within=vraem&status=active"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			alone, served := run(t, strings.Fields(tt.args)...), get(t, s.web+tt.path)
			if alone.stdout == "" || alone.stdout != served {
				t.Errorf("alone: %d, %d bytes, %s; over HTTP: %d bytes", alone.code, len(alone.stdout), alone.stderr, len(served))
			}
		})
	}
	floor := filepath.Join(t.TempDir(), "floor.tif")
	run(t, "floor", "--compress", "deflate", "--out", floor)
	if alone, err := os.ReadFile(floor); err != nil || string(alone) != get(t, s.web+"/floor.tif") {
		t.Errorf("floors differ: %d bytes, %v", len(alone), err)
	}
	if code := s.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("the server ended with %d: %s", code, s.log)
	}
}

func TestMetricsOfAProcess(t *testing.T) {
	s := serve(t, "--http-address", "127.0.0.1:0", "--admin-address", "127.0.0.1:0")
	if got := run(t, "gaps", "--airspace", "vraem", "--server", s.address); got.code != 0 {
		t.Fatal(got.stderr)
	}
	metrics := get(t, "http://"+s.admin+"/metrics")
	for _, want := range []string{
		`grpc_server_handled_total{grpc_code="OK",grpc_method="FindGaps",grpc_service="canopy.v1.CoverageService",grpc_type="unary"} 1`,
		"process_resident_memory_bytes", "go_memstats_heap_alloc_bytes",
	} {
		if !strings.Contains(metrics, want+"\n") && !strings.Contains(metrics, "\n"+want+" ") {
			t.Errorf("/metrics has no %s", want)
		}
	}
	if got := get(t, "http://"+s.admin+"/readyz"); got != "ok\n" {
		t.Errorf("/readyz = %q", got)
	}
	if code := s.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("the server ended with %d: %s", code, s.log)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %.300s, %v", url, response.Status, text, err)
	}
	return string(text)
}

func TestHTTPOnABusyPort(t *testing.T) {
	s := serve(t)
	defer s.stop(t, os.Interrupt)
	wantFault(t, run(t, "serve", "--address", "127.0.0.1:0", "--http-address", s.address), 1, s.address+" is in use by another program: stop it, or give another --http-address, or off")
	wantFault(t, run(t, "serve", "--address", "127.0.0.1:0", "--http-address", "nowhere"), 2, `--http-address "nowhere": missing port`)
}

func TestServeOnABusyPort(t *testing.T) {
	s := serve(t)
	defer s.stop(t, os.Interrupt)
	wantFault(t, run(t, "serve", "--address", s.address, "--http-address", "off"), 1, s.address+" is in use by another program")
}

// TestServeEndsWithStandardInput holds the server to end with a program that
// started it, also where that program was killed and could end nothing.
func TestServeEndsWithStandardInput(t *testing.T) {
	in, hold, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(t, "serve", "--address", "127.0.0.1:0", "--until-eof")
	cmd.Stdin = in
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	if first, err := bufio.NewReader(stderr).ReadString('\n'); err != nil || !strings.HasPrefix(first, "canopy: serving on ") {
		t.Fatalf("said %q, %v", first, err)
	}
	_ = hold.Close()
	if code := exitCode(t, cmd.Wait()); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestServeTakesSettingsFromTheEnvironment(t *testing.T) {
	cmd := command(t, "serve")
	cmd.Env = append(cmd.Env, "CANOPY_MAX_CONCURRENT=many")
	text, err := cmd.CombinedOutput()
	if code := exitCode(t, err); code != 2 || string(text) != "canopy: CANOPY_MAX_CONCURRENT: \"many\" is not a value of this kind: want a whole number\n" {
		t.Errorf("exit code %d: %s", code, text)
	}
}

// interrupted sends a signal to a command at work, and returns its exit code,
// what it said, and how long it took to end.
func interrupted(t *testing.T, cmd *exec.Cmd) (code int, said string, took time.Duration) {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(700 * time.Millisecond)
	begun := time.Now()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	code = exitCode(t, cmd.Wait())
	return code, stderr.String(), time.Since(begun)
}

// promptly is generous to a machine that has other work to do.
const promptly = time.Second

// manySites returns a file with as many radars as a request may have, whose
// floors take all processors of a quick machine far longer than interrupted
// waits.
func manySites(t *testing.T) string {
	t.Helper()
	text := &strings.Builder{}
	text.WriteString("name,lat,lon,mast_m,range_km\n")
	for i := range 200 {
		fmt.Fprintf(text, "R%d,%g,%d,15,400\n", i, -17+0.75*float64(i%20), -80+i/20)
	}
	return write(t, "many.csv", text.String())
}

func TestInterrupt(t *testing.T) {
	terrain := shared(t, "peru_composite_15s_int16.tif")
	s := serve(t, "--terrain", terrain)
	defer s.stop(t, os.Interrupt)
	folder := t.TempDir()
	long := []string{"gaps", "--sites", manySites(t), "--resolution", "15s"}
	tests := []struct {
		name string
		args []string
	}{
		{"alone", []string{"--terrain", terrain}},
		{"with a server", []string{"--server", s.address}},
		{"before a file is written", []string{"--terrain", terrain, "--out", filepath.Join(folder, "gaps.geojson")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, said, took := interrupted(t, command(t, slices.Concat(long, tt.args)...))
			if code != 130 || said != "canopy: interrupted\n" {
				t.Errorf("exit code %d, said %q", code, said)
			}
			if took > promptly {
				t.Errorf("took %v", took)
			}
		})
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}
