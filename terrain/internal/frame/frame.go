// Package frame turns the place and the size of an image's pixels, which files
// give as decimals, into numbered posts.
package frame

import (
	"math"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// Frame places an image: its north-west post, and the steps from post to post,
// in degrees.
type Frame struct {
	WestDeg, NorthDeg      float64
	StepLonDeg, StepLatDeg float64
}

// Lattice numbers cols × rows posts, of which the frame gives the
// north-westernmost. Longitudes may count from 0 to 360. It fails with a
// *terrain.FormatError that gives remedy when the posts cannot be placed.
func (f Frame) Lattice(cols, rows int, remedy string) (terrain.Lattice, error) {
	const finest, coarsest = 1e-6, 10
	for _, step := range []float64{f.StepLonDeg, f.StepLatDeg} {
		if !(step >= finest && step <= coarsest) {
			return terrain.Lattice{}, source.Unsupported(remedy,
				"pixels of %g° × %g°; %g° to %g° can be read, with rows from north to south",
				f.StepLonDeg, f.StepLatDeg, finest, float64(coarsest))
		}
	}
	if f.WestDeg+f.StepLonDeg/2 >= 180 {
		f.WestDeg -= 360
	}
	l := terrain.Lattice{PerDegLon: PerDeg(f.StepLonDeg), PerDegLat: PerDeg(f.StepLatDeg), Cols: cols, Rows: rows}
	if !(math.Abs(f.WestDeg) <= 180+f.StepLonDeg && math.Abs(f.NorthDeg) <= 90+f.StepLatDeg) {
		return l, source.Unsupported(remedy, "the north-west post, at longitude %g and latitude %g, is not on earth",
			f.WestDeg, f.NorthDeg)
	}
	l.Col0, l.OffLon = anchor((f.WestDeg + 180) * l.PerDegLon)
	l.Row0, l.OffLat = anchor((90 - f.NorthDeg) * l.PerDegLat)
	if b := l.Bound(); b.Max.Lon() > 180+f.StepLonDeg || b.Min.Lat() < -90-f.StepLatDeg {
		return l, source.Unsupported("cut it with: gdalwarp -t_srs EPSG:4326 -te WEST SOUTH EAST NORTH in.tif out.tif",
			"the image reaches beyond longitude 180 or latitude −90")
	}
	return l, nil
}

// PerDeg returns the posts per degree for a step in degrees: the whole number,
// or the fraction with a small denominator, that it is meant to be. Files give
// the step as a decimal, often a short one, which would otherwise let the same
// post drift between one file and the next.
func PerDeg(step float64) float64 {
	const tolerance, mostDenominator = 1e-6, 12
	v := 1 / step
	for q := 1.0; q <= mostDenominator; q++ {
		if p := math.Round(v * q); p > 0 && math.Abs(p/q-v) <= tolerance/q*v {
			return p / q
		}
	}
	return v
}

// anchor splits a count of posts into a whole number and a fraction. A
// fraction within a thousandth of a post of 0, a half or 1 is meant to be it;
// others are rounded to a millionth.
func anchor(posts float64) (int, float64) {
	const tolerance, grain = 1e-3, 1e6
	if half := math.Round(posts*2) / 2; math.Abs(posts-half) <= tolerance {
		posts = half
	} else {
		posts = math.Round(posts*grain) / grain
	}
	whole := math.Floor(posts)
	return int(whole), math.Round((posts-whole)*grain) / grain
}
