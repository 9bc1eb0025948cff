package floor

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// preferHugePages asks for large pages under a large surface, whose first use
// would else cost as much as half of the sweep. Refusal costs only time.
func preferHugePages(floors []AGL) {
	const least = 4 << 20
	size := 2 * len(floors)
	if size < least {
		return
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(&floors[0])), size) //nolint:gosec // of the same memory
	_ = unix.Madvise(raw[:size/unix.Getpagesize()*unix.Getpagesize()], unix.MADV_HUGEPAGE)
}
