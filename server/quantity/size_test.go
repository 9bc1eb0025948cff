package quantity_test

import (
	"testing"

	"github.com/canopyradar/canopy/server/quantity"
)

func TestSizeB(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "500MB": 500e6, "10GiB": 10 << 30, "1.5 gib": 3 << 29, "2TB": 2e12, "64kib": 64 << 10, "0GB": 0,
	} {
		if got, err := quantity.SizeB("size", text); err != nil || got != want {
			t.Errorf("%s: got %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestSizeBRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"10":    `size "10" has no unit: write 10GiB or 10MB`,
		"":      `size "" is not a size: write 10GiB or 500MB`,
		"-1GB":  `size "-1GB" is not a size: write 10GiB or 500MB`,
		"1km":   `size "1km" has unit "km": want GiB, MiB, GB or MB`,
		"0km":   `size "0km" has unit "km": want GiB, MiB, GB or MB`,
		"1e9TB": `size "1e9TB" is more than any machine has`,
	} {
		if _, err := quantity.SizeB("size", text); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
