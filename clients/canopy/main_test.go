package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program is the path of the program under test.
var program string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "canopy")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	program = filepath.Join(folder, "canopy")
	if text, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %s", err, text)
		return 1
	}
	return m.Run()
}

// result is what a process left behind.
type result struct {
	code           int
	stdout, stderr string
}

// command returns a process that has no settings but its arguments.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "CANOPY_SERVER=", "CANOPY_TERRAIN=", "CANOPY_ADDRESS=", "CANOPY_HTTP_ADDRESS=", "CANOPY_CACHE=",
		"CANOPY_OPERATIONS=", "CANOPY_TOKEN=", "XDG_STATE_HOME="+filepath.Join(filepath.Dir(program), "state"))
	return cmd
}

func run(t *testing.T, args ...string) result {
	t.Helper()
	cmd := command(t, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	return result{code: exitCode(t, err), stdout: stdout.String(), stderr: stderr.String()}
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	t.Fatal(err)
	return 0
}

// shared returns the path of test data that stands beside the checkout.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s here", name)
	}
	return path
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantFault checks that a run failed with one line on stderr and nothing on
// stdout.
func wantFault(t *testing.T, got result, code int, saying string) {
	t.Helper()
	if got.code != code || got.stdout != "" {
		t.Errorf("exit code %d, want %d; stdout %q", got.code, code, got.stdout)
	}
	if !strings.HasPrefix(got.stderr, "canopy: ") || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, saying) {
		t.Errorf("said %q, want one line with %q", got.stderr, saying)
	}
}
