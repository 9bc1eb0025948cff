// Package wire turns what the domain answers into the messages of the
// contract, and the geometry of messages into the domain's.
//
// It rounds once, here, so that answers are the same on every machine and can
// be read: lengths and heights to 0.1 m, areas to 0.001 km², shares to 10⁻⁶,
// angles to 10⁻⁵ degrees (0.1 m at 500 km is ten times that) and coordinates
// to 10⁻⁷ degrees (1 cm), money to cents. All of it lies far below what terrain models know.
// NaN and infinities never leave: optional fields are absent instead.
package wire

import "math"

const (
	m2PerKM2 = 1e6
	mPerKM   = 1e3
)

// rounded returns v to perUnit parts of a unit; never −0, which JSON would
// show, and 0 for what is no number.
func rounded(v, perUnit float64) float64 {
	if !finite(v) {
		return 0
	}
	return math.Round(v*perUnit)/perUnit + 0
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func metres(m float64) float64       { return rounded(m, 10) }
func kilometres(m float64) float64   { return rounded(m/mPerKM, 1e4) }
func areaKM2(m2 float64) float64     { return rounded(m2/m2PerKM2, 1e3) }
func degrees(deg float64) float64    { return rounded(deg, 1e5) }
func plain(v float64) float64        { return rounded(v, 1e6) }
func coordinate(deg float64) float64 { return rounded(deg, 1e7) }
func dollars(usd float64) float64    { return rounded(usd, 100) }

// azimuth returns an azimuth of up to a turn either way from 0 to below 360.
func azimuth(deg float64) float64 {
	if r := degrees(math.Mod(deg+360, 360)); r < 360 {
		return r
	}
	return 0
}

// share returns part/whole from 0 to 1, and 0 of nothing.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return plain(part / whole)
}

// known returns a pointer to v as unit rounds it, nil if v is NaN or
// infinite.
func known(v float64, unit func(float64) float64) *float64 {
	if !finite(v) {
		return nil
	}
	r := unit(v)
	return &r
}

// each returns f of every element.
func each[S, T any](all []S, f func(S) T) []T {
	out := make([]T, len(all))
	for i, s := range all {
		out[i] = f(s)
	}
	return out
}
