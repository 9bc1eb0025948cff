package geotiff

import (
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/frame"
)

// readLattice works out where the posts of a cols × rows image lie.
func readLattice(d *directory, cols, rows int) (terrain.Lattice, error) {
	keys, err := readGeoKeys(d)
	if err != nil {
		return terrain.Lattice{}, err
	}
	if err := keys.checkCRS(); err != nil {
		return terrain.Lattice{}, err
	}
	// Where pixels are areas, this is a corner, and the post half a pixel within.
	f, err := readFrame(d)
	if err != nil {
		return terrain.Lattice{}, err
	}
	if keys.number[keyRasterType] != rasterPoint {
		f.WestDeg += f.StepLonDeg / 2
		f.NorthDeg -= f.StepLatDeg / 2
	}
	return f.Lattice(cols, rows, remedyWarp)
}

func readFrame(d *directory) (frame.Frame, error) {
	scale, err := d.doubles(tagPixelScale)
	if err != nil {
		return frame.Frame{}, err
	}
	tie, err := d.doubles(tagTiepoint)
	if err != nil {
		return frame.Frame{}, err
	}
	matrix, err := d.doubles(tagTransformation)
	if err != nil {
		return frame.Frame{}, err
	}
	switch {
	case len(scale) >= 2 && len(tie) == 6:
		return frame.Frame{
			WestDeg: tie[3] - tie[0]*scale[0], NorthDeg: tie[4] + tie[1]*scale[1],
			StepLonDeg: scale[0], StepLatDeg: scale[1],
		}, nil
	case len(matrix) == 16 && matrix[1] == 0 && matrix[4] == 0:
		return frame.Frame{WestDeg: matrix[3], NorthDeg: matrix[7], StepLonDeg: matrix[0], StepLatDeg: -matrix[5]}, nil
	case len(matrix) == 16:
		return frame.Frame{}, unsupported(remedyWarp, "the image is rotated; only north-up images can be read")
	case len(tie) > 6:
		return frame.Frame{}, unsupported(remedyWarp, "the image is placed by %d ground control points", len(tie)/6)
	}
	return frame.Frame{}, unsupported(remedyWarp, "nothing says where on earth the image lies (no pixel scale and tie point)")
}
