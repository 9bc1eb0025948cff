package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// preferHugePages asks for large pages under a large window, whose first use
// would else cost as much as the copy. Refusal costs only time.
func preferHugePages(window []float32) {
	const least = 32 << 20
	raw, page := bytesOf(window), os.Getpagesize()
	if len(raw) < least {
		return
	}
	_ = unix.Madvise(raw[:len(raw)/page*page], unix.MADV_HUGEPAGE)
}
