package main_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

var (
	flagName = regexp.MustCompile(`--([a-z-]+)`)
	variable = regexp.MustCompile(`CANOPY_[A-Z_]+`)
)

// besidesFlags are the variables that have no flag: secrets, and those of
// deploy/compose.
var besidesFlags = []string{"CANOPY_TOKEN", "CANOPY_NATS_TOKEN", "CANOPY_IMAGE", "CANOPY_TERRAIN_DIR"}

// TestDeployNamesFlagsThatThereAre: a variable that is misspelt would be ignored
// without a word.
func TestDeployNamesFlagsThatThereAre(t *testing.T) {
	known := slices.Clone(besidesFlags)
	help := run(t, "serve", "--help").stdout + run(t, "worker", "--help").stdout
	for _, found := range flagName.FindAllStringSubmatch(help, -1) {
		known = append(known, "CANOPY_"+strings.ToUpper(strings.ReplaceAll(found[1], "-", "_")))
	}
	named := 0
	err := filepath.WalkDir("../../deploy", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "THIRD_PARTY.md" {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, name := range variable.FindAllString(string(content), -1) {
			named++
			if !slices.Contains(known, name) {
				t.Errorf("%s names %s, which is the twin of no flag", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if named == 0 {
		t.Error("deploy/ names no variable")
	}
}

// clusterQueue is NATS as deploy/kubernetes/scaled has it, with files of this
// machine.
func clusterQueue(t *testing.T, cert, key string) (address string) {
	t.Helper()
	text := string(must(os.ReadFile("../../deploy/kubernetes/scaled/nats.conf"))(t))
	for was, is := range map[string]string{
		"port: 4222": "port: -1", "http_port: 8222": "http_port: -1", "/data": t.TempDir(), "/etc/nats/tls/tls.crt": cert, "/etc/nats/tls/tls.key": key,
	} {
		if strings.Count(text, was) != 1 {
			t.Fatalf("nats.conf has %d of %s", strings.Count(text, was), was)
		}
		text = strings.Replace(text, was, is, 1)
	}
	options := must(natsserver.ProcessConfigFile(write(t, "nats.conf", text)))(t)
	options.Host, options.NoLog, options.NoSigs = "127.0.0.1", true, true
	nats := must(natsserver.NewServer(options))(t)
	nats.Start()
	t.Cleanup(func() { nats.Shutdown(); nats.WaitForShutdown() })
	if !nats.ReadyForConnections(time.Minute) || !nats.JetStreamEnabled() {
		t.Fatal("NATS does not start")
	}
	return "tls://" + nats.Addr().String()
}

// TestScaledDeployment has a server and a worker talk to the queue as the manifests
// have them do.
func TestScaledDeployment(t *testing.T) {
	t.Setenv("CANOPY_NATS_TOKEN", "s3cret")
	cert, key := certificate(t)
	address := clusterQueue(t, cert, key)
	t.Setenv("CANOPY_CACHE", "off")
	t.Setenv("CANOPY_CACHE_SIZE", "200MB")
	s := serve(t, "--nats", address, "--nats-ca", cert, "--no-worker")
	startWorker(t, nil, "--nats", address, "--nats-ca", cert)
	gaps := []string{"gaps", "--airspace", "vraem", "--altitude", "1000m-agl", "--radar", "name=Pichari,lat=-12.519,lon=-73.829,mast=15m,range=60km"}
	got, want := run(t, append(gaps, "--server", s.address)...), run(t, gaps...)
	if got.code != 0 || got.stdout != want.stdout {
		t.Errorf("%d: %s\n%s\nwithout workers:\n%s", got.code, got.stderr, got.stdout, want.stdout)
	}
	if code := s.stop(t, os.Interrupt); code != 0 {
		t.Errorf("the server ends with %d: %s", code, s.log)
	}
	t.Setenv("CANOPY_NATS_TOKEN", "guessed")
	wantFault(t, run(t, "worker", "--nats", address, "--nats-ca", cert), 2, "refuses who comes")
}
