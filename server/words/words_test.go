package words_test

import (
	"testing"

	"github.com/canopyradar/canopy/server/words"
)

func TestUSD(t *testing.T) {
	for v, want := range map[float64]string{
		0: "US$0", 250000: "US$250,000", 17.75e6: "US$17.75M", 71e6: "US$71M", 195.25e6: "US$195.25M", 1234.5e6: "US$1,234.5M", 999999: "US$999,999",
	} {
		if got := words.USD(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}

// A bound is never told as nearer than it is.
func TestWithin(t *testing.T) {
	for percent, want := range map[float64]string{
		0: "the best possible", 1e-9: "the best possible", 0.001: "within 0.01 % of the best possible",
		0.5: "within 0.5 % of the best possible", 1.001: "within 1.01 % of the best possible", 12: "within 12 % of the best possible",
		100: "not known to be near the best possible",
	} {
		if got := words.Within(percent); got != want {
			t.Errorf("%v: got %s, want %s", percent, got, want)
		}
	}
}
