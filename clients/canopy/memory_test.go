package main_test

import (
	"bytes"
	"strings"
	"testing"
)

// collections returns the lines in which the runtime tells of its collections of
// garbage during a command.
func collections(t *testing.T, settings []string, args ...string) []string {
	t.Helper()
	cmd := command(t, args...)
	cmd.Env = append(append(cmd.Env, "GODEBUG=gctrace=1", "GOGC="), settings...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	var lines []string
	for line := range strings.Lines(stderr.String()) {
		if strings.HasPrefix(line, "gc ") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestGarbageWaits(t *testing.T) {
	if got := collections(t, nil, "models"); len(got) != 0 {
		t.Errorf("a short command collects garbage: %q", got)
	}
	if got := collections(t, []string{"GOGC=10"}, "models"); len(got) == 0 {
		t.Error("GOGC means nothing")
	}
}

// TestGarbageIsCollected holds that the pace is the usual one from the first
// collection on.
func TestGarbageIsCollected(t *testing.T) {
	terrain := shared(t, "peru_composite_15s_int16.tif")
	got := collections(t, nil, "gaps", "--scenario", "four-modern", "--terrain", terrain)
	if len(got) < 2 {
		t.Errorf("garbage is collected %d times: %q", len(got), got)
	}
}
