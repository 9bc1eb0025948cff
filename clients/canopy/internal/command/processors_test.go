package command

import (
	"math"
	"runtime"
	"testing"

	"github.com/canopyradar/canopy/server"
)

// However many computations are let in, the processors of Go's stay few.
func TestShareProcessors(t *testing.T) {
	own := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(own)
	for concurrent, want := range map[int]int{0: 2, 1: 2, 2: 3, 100: 65, math.MaxInt: 65} {
		runtime.GOMAXPROCS(own)
		limits := server.Limits{MaxConcurrent: concurrent}
		shareProcessors(&limits)
		if got := runtime.GOMAXPROCS(0); got != want*own {
			t.Errorf("%d computations: %d processors, want %d for each real one", concurrent, got, want)
		}
		if limits.Workers != own {
			t.Errorf("%d goroutines for a request, want one for each of %d processors", limits.Workers, own)
		}
	}
}
