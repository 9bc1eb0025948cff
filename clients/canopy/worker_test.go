package main_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// taskServer is a server that leaves its sweeps to workers, with NATS in it, at a
// port of that host.
func taskServer(t *testing.T, host string, args ...string) (s *serving, port string) {
	t.Helper()
	free := must((&net.ListenConfig{}).Listen(t.Context(), "tcp", host+":0"))(t)
	_, port, err := net.SplitHostPort(free.Addr().String())
	if err := errors.Join(err, free.Close()); err != nil {
		t.Fatal(err)
	}
	s = serve(t, append([]string{
		"--nats", "embedded", "--nats-address", net.JoinHostPort(host, port), "--nats-dir", filepath.Join(t.TempDir(), "nats"), "--no-worker", "--cache-size", "200MB",
	}, args...)...)
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	return s, port
}

// startWorker starts a worker and waits until it works.
func startWorker(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	w := command(t, append([]string{"worker"}, args...)...)
	w.Env = append(w.Env, env...)
	stderr := must(w.StderrPipe())(t)
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Process.Kill() })
	first := make([]byte, 200)
	n, err := stderr.Read(first)
	if err != nil || !bytes.Contains(first[:n], []byte("canopy: working for ")) {
		t.Fatalf("%v: %s", err, first[:n])
	}
	return w
}

// A plan is the same, whoever sweeps, and whichever worker is killed meanwhile.
func TestWorkers(t *testing.T) {
	plan := []string{"plan", "--count", "3", "--airspace", "amazon", "-o", "json"}
	want := run(t, plan...)
	s, port := taskServer(t, "127.0.0.1")
	address := "nats://127.0.0.1:" + port
	killed := startWorker(t, nil, "--nats", address, "--workers", "1")
	stopped := startWorker(t, nil, "--nats", address, "--workers", "1")
	time.AfterFunc(time.Second, func() { _ = killed.Process.Kill() })
	got := run(t, append(plan, "--server", s.address)...)
	if got.code != 0 || got.stdout != want.stdout {
		t.Errorf("%d: %s\nthe plan differs:\n%s\nwithout workers:\n%s", got.code, got.stderr, got.stdout, want.stdout)
	}
	if err := stopped.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, stopped.Wait()); code != 0 {
		t.Errorf("a worker that is told to stop ends with %d", code)
	}
	if code := s.stop(t, os.Interrupt); code != 0 {
		t.Errorf("the server ends with %d: %s", code, s.log)
	}
}

// A server with nobody to help works itself.
func TestServeWithoutWorkers(t *testing.T) {
	plan := []string{"plan", "--count", "2", "--airspace", "vraem", "-o", "json"}
	want := run(t, plan...)
	s, _ := taskServer(t, "127.0.0.1", "--no-worker=false", "--log-level", "debug")
	got := run(t, append(plan, "--server", s.address)...)
	if got.code != 0 || got.stdout != want.stdout {
		t.Errorf("%d: %s\nthe plan differs:\n%s", got.code, got.stderr, got.stdout)
	}
	if code := s.stop(t, os.Interrupt); code != 0 || !strings.Contains(s.log.String(), "outcome=done") {
		t.Errorf("the server ends with %d, and did no task: %s", code, s.log)
	}
}

// Workers on other machines come encrypted and with the token, or not at all.
func TestWorkersElsewhere(t *testing.T) {
	t.Setenv("CANOPY_NATS_TOKEN", "s3cret")
	cert, key := certificate(t)
	_, port := taskServer(t, "0.0.0.0", "--tls-cert", cert, "--tls-key", key)
	address := "127.0.0.1:" + port
	startWorker(t, nil, "--nats", "tls://"+address, "--nats-ca", cert)
	t.Setenv("CANOPY_NATS_TOKEN", "guessed")
	wantFault(t, run(t, "worker", "--nats", "tls://"+address, "--nats-ca", cert), 2, "refuses who comes")
	wantFault(t, run(t, "worker", "--nats", "tls://"+address), 2, "certificate signed by unknown authority")
}

func TestWorkersAreRefused(t *testing.T) {
	wantFault(t, run(t, "worker"), 2, "give the address of the NATS that the server uses")
	wantFault(t, run(t, "worker", "--nats", "127.0.0.1:4222"), 2, "is no address of NATS: write nats://")
	wantFault(t, run(t, "worker", "--nats", "nats://me:s3cret@127.0.0.1:4222"), 2, "has a secret in it")
	wantFault(t, run(t, "worker", "--nats", "nats://127.0.0.1:9"), 5, "no NATS answers at nats://127.0.0.1:9")
	wantFault(t, run(t, "serve", "--nats", "nats://127.0.0.1:9"), 5, "no NATS answers at nats://127.0.0.1:9")
	for _, args := range [][]string{nil, {"--nats-address", ":0"}} {
		wantFault(t, run(t, append([]string{"serve", "--nats", "embedded", "--nats-address", "0.0.0.0:0"}, args...)...), 2, "give --tls-cert and --tls-key, and a token in CANOPY_NATS_TOKEN")
	}
	t.Setenv("CANOPY_NATS_TOKEN", "s3cret")
	wantFault(t, run(t, "worker", "--nats", "nats://queue:4222"), 2, "would go to queue:4222 for all to read")
}

// A NATS that lets callers in and does not answer for its queue, as one that reads its
// disk, may do so later.
func TestAQueueThatDoesNotAnswer(t *testing.T) {
	mute := must(natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, NoLog: true, NoSigs: true}))(t)
	mute.Start()
	t.Cleanup(func() { mute.Shutdown(); mute.WaitForShutdown() })
	if !mute.ReadyForConnections(time.Minute) {
		t.Fatal("NATS does not start")
	}
	conn := must(nats.Connect(mute.ClientURL()))(t)
	t.Cleanup(conn.Close)
	must(conn.Subscribe("$JS.API.>", func(*nats.Msg) {}))(t)
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	wantFault(t, run(t, "worker", "--nats", mute.ClientURL()), 5, "does not answer for its queue")
}
