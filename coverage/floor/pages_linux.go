package floor

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// populate asks for all pages under a large surface at once, which is quicker
// than one after the other as they are first used; and for small ones. Large
// pages would be as quick, but they are the first that virtual machines give
// back to their hosts, from where they may take ten times as long to come.
// Refusal costs only time.
func populate(floors []AGL) {
	const least = 4 << 20
	size := 2 * len(floors)
	if size < least {
		return
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(&floors[0])), size) //nolint:gosec // of the same memory
	raw = raw[:size/unix.Getpagesize()*unix.Getpagesize()]
	_ = unix.Madvise(raw, unix.MADV_NOHUGEPAGE)
	_ = unix.Madvise(raw, unix.MADV_POPULATE_WRITE)
}
