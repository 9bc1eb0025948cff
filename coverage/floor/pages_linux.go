package floor

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// populate asks for all pages within a large surface at once, which is quicker
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
	page := unix.Getpagesize()
	before := -int(uintptr(unsafe.Pointer(&raw[0]))) & (page - 1) //nolint:gosec // only an address
	raw = raw[before : before+(size-before)/page*page]
	_ = unix.Madvise(raw, unix.MADV_NOHUGEPAGE)
	_ = unix.Madvise(raw, unix.MADV_POPULATE_WRITE)
}
