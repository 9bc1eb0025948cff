//go:build !linux

package source

// PreferLargePages does nothing on this system.
func PreferLargePages([]byte) {}
