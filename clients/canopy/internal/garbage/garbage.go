// Package garbage has garbage collected later than Go would in a short command.
//
// It imports next to nothing, so that it is initialised before the packages whose
// own initialisation would make enough garbage for a collection.
package garbage

import (
	"os"
	"runtime"
	"runtime/debug"
)

// ballastB is memory that is never touched, and so takes none. Garbage is
// collected when the heap is twice as large, and not every few milliseconds of a
// short command, which took it a sixth of its time.
const ballastB = 64 << 20

var ballast = spare()

// Keep keeps the ballast until the program ends.
func Keep() { runtime.KeepAlive(ballast) }

// spare returns the ballast. It would itself have garbage collected for the first
// time, before there is any: so the pace is slow until then, unless GOGC says
// otherwise.
func spare() []byte {
	const leastB = 4 << 20 // no heap is collected at 100 % that is smaller
	if os.Getenv("GOGC") == "" {
		usual := debug.SetGCPercent(2 * ballastB / leastB * 100)
		runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, usual)
	}
	return make([]byte, ballastB)
}
