package command

import (
	"cmp"
	"log/slog"
	"math"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/spf13/pflag"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server"
)

// limitFlags bound what canopy serve takes on for each caller, and in all.
type limitFlags struct{ totalMemory parsed[int64] }

func (l *limitFlags) add(f *pflag.FlagSet, limits *server.Limits) {
	l.totalMemory = newSize("memory")
	f.Var(&l.totalMemory, "total-memory", "memory that large requests, the cache, and terrain below single rays (a sixteenth, up to 128MiB) may take together: the cache shrinks when requests need it (--memory for each of --max-concurrent and --cache-memory if not set, and no more than the machine, its cgroup or GOMEMLIMIT allow)")
	f.Float64Var(&limits.CallerRate, "caller-rate", 0, "terrain posts a second that each caller may have worked through, such as 50e6 (as many as it likes if 0)")
	f.Float64Var(&limits.CallerBurst, "caller-burst", 0, "terrain posts that a caller who asks for nothing can save up (those of 10 seconds if 0)")
}

// check refuses what bounds nothing.
func (l *limitFlags) check(limits *server.Limits) error {
	switch {
	case limits.MaxConcurrent < 1:
		return fault.Badf("--max-concurrent %d: want at least 1", limits.MaxConcurrent)
	case !(limits.CallerRate >= 0) || math.IsInf(limits.CallerRate, 1):
		return fault.Badf("--caller-rate %v: want a number of posts a second, or 0 for no limit", limits.CallerRate)
	case !(limits.CallerBurst >= 0) || math.IsInf(limits.CallerBurst, 1):
		return fault.Badf("--caller-burst %v: want a number of posts, or 0 for those of 10 seconds", limits.CallerBurst)
	case l.totalMemory.value != nil && *l.totalMemory.value < leastTotalB:
		return fault.Badf("--total-memory %s: want at least 64MiB", l.totalMemory.text)
	}
	return nil
}

// leastTotalB is the memory in which requests of any use can be computed.
const leastTotalB = 64 << 20

// shareOfMachine is how much of a machine's memory is the program's.
const shareOfMachine = 0.9

// fit sets how much memory requests and the cache may take together, and says so
// where the machine has less than they were allowed.
func (l *limitFlags) fit(limits *server.Limits, cache server.Cache, logger *slog.Logger) {
	if l.totalMemory.value != nil {
		limits.TotalMemoryB = *l.totalMemory.value
		return
	}
	allowedB := float64(cmp.Or(limits.MemoryB, server.DefaultMemoryB))*float64(limits.MaxConcurrent) + float64(cache.MemoryB)
	thereIsB := max(leastTotalB, memoryOfMachine()-besidesB)
	if allowedB > thereIsB {
		const mib = 1 << 20
		logger.Info("less memory than requests and the cache may take: they share what there is", "shared_mib", int64(thereIsB/mib), "allowed_mib", int64(allowedB/mib))
	}
	limits.TotalMemoryB = int64(min(allowedB, thereIsB))
}

// memoryOfMachine is what the program may take; +Inf where nobody says.
func memoryOfMachine() float64 {
	if goLimitB != math.MaxInt64 {
		return float64(goLimitB)
	}
	there, err := memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)()
	if err != nil {
		return math.Inf(1)
	}
	return shareOfMachine * float64(there)
}
