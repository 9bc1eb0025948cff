package command

import (
	"bytes"
	"log/slog"
	"math"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/canopyradar/canopy/server"
)

// limitsOf parses flags of canopy serve.
func limitsOf(t *testing.T, args ...string) (*limitFlags, *server.Limits) {
	t.Helper()
	flags, limits := &limitFlags{}, &server.Limits{MaxConcurrent: 2, MemoryB: 1 << 30}
	set := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	flags.add(set, limits)
	set.IntVar(&limits.MaxConcurrent, "max-concurrent", 2, "")
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	return flags, limits
}

func TestLimitsThatBoundNothing(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"", ""},
		{"--caller-rate=50e6 --caller-burst=1e9 --total-memory=64MiB --max-concurrent=1", ""},
		{"--max-concurrent=0", "--max-concurrent 0: want at least 1"},
		{"--caller-rate=-1", "--caller-rate -1: want a number of posts a second, or 0 for no limit"},
		{"--caller-rate=inf", "--caller-rate +Inf"},
		{"--caller-burst=nan", "--caller-burst NaN: want a number of posts"},
		{"--total-memory=63MiB", "--total-memory 63MiB: want at least 64MiB"},
	} {
		flags, limits := limitsOf(t, strings.Fields(tt.args)...)
		err := flags.check(limits)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", tt.args, err, tt.want)
		}
	}
}

// TestMemoryOfASmallMachine stands GOMEMLIMIT in for that of the
// machine.
func TestMemoryOfASmallMachine(t *testing.T) {
	const gib = 1 << 30
	for _, tt := range []struct {
		name     string
		args     string
		machineB int64
		want     int64
		said     bool
	}{
		{"enough", "", 8 * gib, 3 * gib, false},
		{"less than all may take", "", 2*gib + besidesB, 2 * gib, true},
		{"hardly any", "", besidesB, leastTotalB, true},
		{"named", "--total-memory=512MiB", 8 * gib, gib / 2, false},
		{"named, and more than there is", "--total-memory=16GiB", 8 * gib, 16 * gib, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			defer func(before int64) { goLimitB = before }(goLimitB)
			goLimitB = tt.machineB
			flags, limits := limitsOf(t, strings.Fields(tt.args)...)
			var log bytes.Buffer
			flags.fit(limits, server.Cache{MemoryB: gib}, slog.New(slog.NewTextHandler(&log, nil)))
			if limits.TotalMemoryB != tt.want || (log.Len() > 0) != tt.said {
				t.Errorf("%d bytes, want %d; said %q", limits.TotalMemoryB, tt.want, log.String())
			}
		})
	}
	flags, limits := limitsOf(t)
	limits.MemoryB = 0 // which stands for the usual
	if flags.fit(limits, server.Cache{}, slog.New(slog.DiscardHandler)); limits.TotalMemoryB < server.DefaultMemoryB {
		t.Errorf("%d bytes for requests of %d", limits.TotalMemoryB, server.DefaultMemoryB)
	}
	if b := memoryOfMachine(); !(b > 0) || goLimitB == math.MaxInt64 && b > 1<<50 {
		t.Errorf("this machine has %v bytes", b)
	}
}
