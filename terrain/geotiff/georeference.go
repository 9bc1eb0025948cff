package geotiff

import (
	"math"

	"github.com/canopyradar/canopy/terrain"
)

// frame places the image: the coordinates of its north-west corner, or of its
// north-west post, and the size of a pixel, all in degrees.
type frame struct {
	westDeg, northDeg float64
	stepLon, stepLat  float64
}

// readLattice works out where the posts of a cols × rows image lie.
func readLattice(d *directory, cols, rows int) (terrain.Lattice, error) {
	keys, err := readGeoKeys(d)
	if err != nil {
		return terrain.Lattice{}, err
	}
	if err := keys.checkCRS(); err != nil {
		return terrain.Lattice{}, err
	}
	f, err := readFrame(d)
	if err != nil {
		return terrain.Lattice{}, err
	}
	if keys.number[keyRasterType] != rasterPoint {
		f.westDeg += f.stepLon / 2
		f.northDeg -= f.stepLat / 2
	}
	return f.lattice(cols, rows)
}

func readFrame(d *directory) (frame, error) {
	scale, err := d.doubles(tagPixelScale)
	if err != nil {
		return frame{}, err
	}
	tie, err := d.doubles(tagTiepoint)
	if err != nil {
		return frame{}, err
	}
	matrix, err := d.doubles(tagTransformation)
	if err != nil {
		return frame{}, err
	}
	switch {
	case len(scale) >= 2 && len(tie) == 6:
		return frame{
			westDeg: tie[3] - tie[0]*scale[0], northDeg: tie[4] + tie[1]*scale[1],
			stepLon: scale[0], stepLat: scale[1],
		}, nil
	case len(matrix) == 16 && matrix[1] == 0 && matrix[4] == 0:
		return frame{westDeg: matrix[3], northDeg: matrix[7], stepLon: matrix[0], stepLat: -matrix[5]}, nil
	case len(matrix) == 16:
		return frame{}, unsupported(remedyWarp, "the image is rotated; only north-up images can be read")
	case len(tie) > 6:
		return frame{}, unsupported(remedyWarp, "the image is placed by %d ground control points", len(tie)/6)
	}
	return frame{}, unsupported(remedyWarp, "nothing says where on earth the image lies (no pixel scale and tie point)")
}

// lattice numbers the posts, of which the frame gives the north-westernmost.
func (f frame) lattice(cols, rows int) (terrain.Lattice, error) {
	const finest, coarsest = 1e-6, 10
	for _, step := range []float64{f.stepLon, f.stepLat} {
		if !(step >= finest && step <= coarsest) {
			return terrain.Lattice{}, unsupported(remedyWarp,
				"pixels of %g° × %g°; %g° to %g° can be read, with rows from north to south",
				f.stepLon, f.stepLat, finest, float64(coarsest))
		}
	}
	if f.westDeg+f.stepLon/2 >= 180 {
		f.westDeg -= 360
	}
	l := terrain.Lattice{PerDegLon: perDeg(f.stepLon), PerDegLat: perDeg(f.stepLat), Cols: cols, Rows: rows}
	if !(math.Abs(f.westDeg) <= 180+f.stepLon && math.Abs(f.northDeg) <= 90+f.stepLat) {
		return l, unsupported(remedyWarp, "the north-west post, at longitude %g and latitude %g, is not on earth",
			f.westDeg, f.northDeg)
	}
	l.Col0, l.OffLon = anchor((f.westDeg + 180) * l.PerDegLon)
	l.Row0, l.OffLat = anchor((90 - f.northDeg) * l.PerDegLat)
	if b := l.Bound(); b.Max.Lon() > 180+f.stepLon || b.Min.Lat() < -90-f.stepLat {
		return l, unsupported("cut it with: gdalwarp -t_srs EPSG:4326 -te WEST SOUTH EAST NORTH in.tif out.tif",
			"the image reaches beyond longitude 180 or latitude −90")
	}
	return l, nil
}

// perDeg returns the posts per degree for a step in degrees: the whole number,
// or the fraction with a small denominator, that it is meant to be. Files give
// the step as a decimal, often a short one, which would otherwise let the same
// post drift between one file and the next.
func perDeg(step float64) float64 {
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
