package source

import "golang.org/x/sys/unix"

// PreferLargePages asks for large pages under memory that begins with a page:
// a large new grid, whose first use would else cost as much as filling it, or a
// mapping, of which the system then reads what it does not have yet into large
// pages, also for all who come later. Refusal costs only time.
func PreferLargePages(memory []byte) {
	_ = unix.Madvise(memory, unix.MADV_HUGEPAGE)
}
