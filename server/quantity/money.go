package quantity

import (
	"fmt"
	"strings"
)

// dollarsPer are the letters after an amount of money, as people speak of it.
var dollarsPer = map[string]float64{"": 1, "k": 1e3, "m": 1e6, "bn": 1e9}

// USD reads an amount of US dollars: 71000000, 71,000,000, 17.75M, US$71M. what
// names it in the error.
func USD(what, text string) (float64, error) {
	amount := strings.ToLower(strings.TrimSpace(text))
	amount = strings.TrimPrefix(strings.TrimPrefix(amount, "us"), "$")
	number, unit := split(amount)
	v, err := Number(what, withoutThousands(number))
	if err != nil {
		return 0, fmt.Errorf("%s %q is not an amount of US dollars: write 71000000 or 71M", what, text)
	}
	factor, ok := dollarsPer[unit]
	if !ok {
		return 0, fmt.Errorf("%s %q has unit %q: want US dollars, or k, M or bn of them", what, text, unit)
	}
	return v * factor, nil
}

// withoutThousands takes commas out where each has three digits after it, so
// that 17,75 is no number.
func withoutThousands(number string) string {
	whole, _, _ := strings.Cut(number, ".")
	groups := strings.Split(whole, ",")
	for _, group := range groups[1:] {
		if len(group) != 3 {
			return number
		}
	}
	return strings.ReplaceAll(number, ",", "")
}

// Percent reads a percentage: 1%, 0.5 %.
func Percent(what, text string) (float64, error) {
	number, found := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := Number(what, number)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s %q is not a percentage: write 1%%", what, text)
	case !found:
		return 0, fmt.Errorf("%s %q has no unit: write %s%%", what, text, strings.TrimSpace(number))
	}
	return v, nil
}

// Share reads a share of a whole: 0.9 or 90%.
func Share(what, text string) (float64, error) {
	if strings.HasSuffix(strings.TrimSpace(text), "%") {
		v, err := Percent(what, text)
		return v / 100, err
	}
	v, err := Number(what, text)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not a share: write 0.9 or 90%%", what, text)
	}
	return v, nil
}
