package command_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files again")

// result is what a run left behind.
type result struct {
	code           int
	stdout, stderr string
}

// run runs a command line against a fake server.
func run(t *testing.T, s *fake.Server, args ...string) result {
	t.Helper()
	return runWith(t, s, func(*command.App) {}, args...)
}

func runWith(t *testing.T, s *fake.Server, change func(*command.App), args ...string) result {
	t.Helper()
	session := s.Start(t)
	var stdout, stderr bytes.Buffer
	app := &command.App{
		Stdout: &stdout, Stderr: &stderr,
		Getenv:  func(string) string { return "" },
		Open:    func(context.Context, link.Target) (*link.Session, error) { return session, nil },
		Screen:  command.Screen{Width: 100},
		Version: "0.1.0",
	}
	change(app)
	code := app.Run(t.Context(), args)
	return result{code: code, stdout: stdout.String(), stderr: stderr.String()}
}

// golden compares text with a file below testdata.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-rewrite writes it again):\n%s", path, diff)
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
