package floor

import (
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// fenced returns memory of which nothing beyond its end can be read or
// written, or nothing before its beginning: that ends the test.
func fenced[T any](t testing.TB, n int, before bool) []T {
	t.Helper()
	var zero T
	if n == 0 {
		return nil
	}
	size, page := n*int(unsafe.Sizeof(zero)), unix.Getpagesize()
	pages := (size + page - 1) / page * page
	raw, err := unix.Mmap(-1, 0, pages+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Munmap(raw) })
	for _, fence := range [][]byte{raw[:page], raw[page+pages:]} {
		if err := unix.Mprotect(fence, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	inside := raw[page:]
	if !before {
		inside = raw[page+pages-size:]
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&inside[0])), n)
}
