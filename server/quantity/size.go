package quantity

import (
	"fmt"
	"math"
)

var bytesPer = map[string]float64{
	"kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// SizeB reads a size of memory or of files in bytes: 10GiB, 500MB, and 0, which
// needs no unit.
func SizeB(what, text string) (int64, error) {
	number, unit := split(text)
	v, err := Number(what, number)
	if err != nil || v < 0 {
		return 0, fmt.Errorf("%s %q is not a size: write 10GiB or 500MB", what, text)
	}
	factor, ok := bytesPer[unit]
	switch {
	case unit == "" && v != 0:
		return 0, fmt.Errorf("%s %q has no unit: write %sGiB or %[3]sMB", what, text, number)
	case unit != "" && !ok:
		return 0, fmt.Errorf("%s %q has unit %q: want GiB, MiB, GB or MB", what, text, unit)
	case v*factor >= math.MaxInt64:
		return 0, fmt.Errorf("%s %q is more than any machine has", what, text)
	}
	return int64(v * factor), nil
}
