//go:build !(linux || darwin || freebsd)

package fetch

import "math"

// freeB does not know here, and leaves it to the disk to say when it is full.
func freeB(string) (int64, error) { return math.MaxInt64, nil }
