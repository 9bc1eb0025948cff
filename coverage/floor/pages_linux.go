package floor

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// preferHugePages asks for large pages under a large surface, whose first use
// would else cost as much as half of the sweep. Refusal costs only time.
func preferHugePages(floors []AGL) {
	if raw := pages(floors); raw != nil {
		_ = unix.Madvise(raw, unix.MADV_HUGEPAGE)
	}
}

// preferPages asks for all pages at once under a large surface that is used but
// once, and for small ones. Large ones are the first that virtual machines give
// back to their hosts, from where they may take ten times as long to come.
func preferPages(floors []AGL) {
	if raw := pages(floors); raw != nil {
		_ = unix.Madvise(raw, unix.MADV_NOHUGEPAGE)
		_ = unix.Madvise(raw, unix.MADV_POPULATE_WRITE)
	}
}

// pages returns the memory of a large surface, nil of a small one.
func pages(floors []AGL) []byte {
	const least = 4 << 20
	size := 2 * len(floors)
	if size < least {
		return nil
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(&floors[0])), size) //nolint:gosec // of the same memory
	return raw[:size/unix.Getpagesize()*unix.Getpagesize()]
}
