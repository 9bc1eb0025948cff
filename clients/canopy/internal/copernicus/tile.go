package copernicus

import (
	"context"
	"fmt"
	"math"

	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// checkTile decodes a whole tile and holds it against its name. It fails with
// a *terrain.FormatError for a file that is damaged, and with ctx.Err() when
// ctx is done.
func (c Collection) checkTile(ctx context.Context, path string, s squares.Square) error {
	m, err := geotiff.Open(ctx, path)
	if err != nil {
		return err
	}
	if err := c.checkLattice(m.Lattice(), s); err != nil {
		return err
	}
	g, err := m.Read(ctx, m.Lattice())
	if err != nil {
		return err
	}
	if missing := g.Missing(); missing == g.Posts() {
		return fmt.Errorf("it holds no elevation at all")
	}
	return nil
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
