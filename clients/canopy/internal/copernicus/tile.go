package copernicus

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// checkTile decodes a whole tile and holds it against its name. Its errors do
// not name the path, which is not one that the user chose. It fails with
// ctx.Err() when ctx is done.
func (c Collection) checkTile(ctx context.Context, path string, s squares.Square) error {
	m, err := geotiff.Open(ctx, path)
	if err != nil {
		return withoutPath(err)
	}
	if err := c.checkLattice(m.Lattice(), s); err != nil {
		return err
	}
	g, err := m.Read(ctx, m.Lattice())
	if err != nil {
		return withoutPath(err)
	}
	if g.Missing() == g.Posts() {
		return errors.New("it holds no elevation at all")
	}
	return nil
}

func withoutPath(err error) error {
	var format *terrain.FormatError
	switch {
	case !errors.As(err, &format):
		return err
	case format.Err != nil:
		return fmt.Errorf("%s: %w", format.Reason, format.Err)
	}
	return errors.New(format.Reason)
}

// checkLattice allows the posts to lie up to one beside the whole degrees, for
// copies that were converted.
func (c Collection) checkLattice(l terrain.Lattice, s squares.Square) error {
	if l.Cols != c.PerDeg || l.Rows != c.PerDeg {
		return fmt.Errorf("it has %d × %d posts, and a tile %d × %[3]d", l.Cols, l.Rows, c.PerDeg)
	}
	spacing := 1 / float64(c.PerDeg)
	if !near(l.PerDegLon, float64(c.PerDeg), 0.01) || !near(l.PerDegLat, float64(c.PerDeg), 0.01) ||
		!near(l.Lon(0), float64(s.LonDeg), 1.01*spacing) || !near(l.Lat(0), float64(s.LatDeg+1), 1.01*spacing) {
		return fmt.Errorf("its north-west post lies at %.4f, %.4f (latitude, longitude), not at the corner of the square %s",
			l.Lat(0), l.Lon(0), s)
	}
	return nil
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }
