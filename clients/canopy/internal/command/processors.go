package command

import (
	"cmp"
	"runtime"

	"github.com/canopyradar/canopy/server"
)

// mostBusy is how many computations get processors of Go's: each of these takes
// memory, and a limit of computations may be as large as anybody likes.
const mostBusy = 64

// shareProcessors has calls answered while requests compute. Go looks at what has
// come over the network only when one of its processors has nothing else to do, or
// else every 10 ms. So it gets as many again as computations keep busy, and the
// operating system shares the real ones. A request keeps no more goroutines busy
// than before.
func shareProcessors(l *server.Limits) {
	processors := runtime.GOMAXPROCS(0)
	l.Workers = cmp.Or(l.Workers, processors)
	runtime.GOMAXPROCS(processors * (1 + min(max(l.MaxConcurrent, 1), mostBusy)))
}
