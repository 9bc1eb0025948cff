package radar

import "math"

// Sector is the azimuths clockwise from FromDeg to ToDeg, both included, in
// degrees from true north, each in [0, 360].
//
// It wraps through north where FromDeg > ToDeg: from 350 to 10 is twenty
// degrees. From 0 to 360 is the whole circle. A sector whose ends are equal
// holds that one azimuth, which Radar.Validate refuses as a likely mistake.
type Sector struct{ FromDeg, ToDeg float64 }

// Contains reports whether an azimuth, in degrees of any number of turns,
// lies in the sector. It is false for NaN and for infinities.
func (s Sector) Contains(azimuthDeg float64) bool {
	a := math.Mod(azimuthDeg, 360)
	if a < 0 {
		a += 360
	}
	if s.FromDeg > s.ToDeg {
		return a >= s.FromDeg || a <= s.ToDeg
	}
	// North is both 0 and 360.
	return s.FromDeg <= a && a <= s.ToDeg || a == 0 && s.ToDeg == 360
}
