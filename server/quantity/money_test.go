package quantity_test

import (
	"testing"

	"github.com/canopyradar/canopy/server/quantity"
)

func TestUSD(t *testing.T) {
	for text, want := range map[string]float64{
		"71000000": 71e6, "71,000,000": 71e6, "17.75M": 17.75e6, "US$71M": 71e6, "$1,250.50": 1250.5, "1bn": 1e9, "250 k": 250e3,
	} {
		if got, err := quantity.USD("budget", text); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestUSDRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":      `budget "" is not an amount of US dollars: write 71000000 or 71M`,
		"much":  `budget "much" is not an amount of US dollars: write 71000000 or 71M`,
		"17,75": `budget "17,75" is not an amount of US dollars: write 71000000 or 71M`,
		"71EUR": `budget "71EUR" has unit "eur": want US dollars, or k, M or bn of them`,
		"NaN":   `budget "NaN" is not an amount of US dollars: write 71000000 or 71M`,
	} {
		if _, err := quantity.USD("budget", text); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestPercentAndShare(t *testing.T) {
	tests := []struct {
		name, text string
		read       func(what, text string) (float64, error)
		want       float64
		err        string
	}{
		{"a percentage", "1%", quantity.Percent, 1, ""},
		{"with a space", "0.5 %", quantity.Percent, 0.5, ""},
		{"a bare percentage", "1", quantity.Percent, 0, `gap "1" has no unit: write 1%`},
		{"no percentage", "much%", quantity.Percent, 0, `gap "much%" is not a percentage: write 1%`},
		{"a share", "0.9", quantity.Share, 0.9, ""},
		{"a share in percent", "90%", quantity.Share, 0.9, ""},
		{"no share", "most", quantity.Share, 0, `gap "most" is not a share: write 0.9 or 90%`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.read("gap", tt.text)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if got != tt.want || said != tt.err {
				t.Errorf("got  %v, %s\nwant %v, %s", got, said, tt.want, tt.err)
			}
		})
	}
}
