// Package gap finds where an airspace is not covered, how low one can see
// there, and why.
//
// Gaps are traced once, from the cells that too few radars see. All areas are
// sums of cells on the ellipsoid, so that they add up. The work grows with the
// length of the gaps' edges, but for the floors in them, which are looked at
// cell by cell: once for all bands.
package gap

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/outline"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Band is an airspace at one altitude. Areas are in m² on the ellipsoid:
// airspace = covered + uncovered + underground.
type Band struct {
	Altitude altitude.Altitude
	// UndergroundM2 is where the ground is higher than the altitude.
	AirspaceM2, CoveredM2, UncoveredM2, UndergroundM2 float64
	// Gaps of at least the smallest area asked for, largest first.
	Gaps []Gap
	// SmallCount and SmallM2 sum up the gaps below it.
	SmallCount int
	SmallM2    float64
	// CausesM2 is the uncovered area by cause.
	CausesM2 CauseAreas
	// AirstripsSeen and AirstripsUnseen count those inside the airspace.
	AirstripsSeen, AirstripsUnseen int
}

// CauseAreas holds an area in m² for each sight.Cause.
type CauseAreas [sight.OutOfService + 1]float64

// Gap is a connected part of the airspace that too few radars cover.
type Gap struct {
	AreaM2 float64
	// PointInside is the post of a cell far from the edge, and inside of the
	// boundary too, if any cell is.
	PointInside orb.Point
	// Bound is the box around the cells.
	Bound    orb.Bound
	Boundary orb.Polygon
	// DepartmentsM2 holds the area in each department.
	DepartmentsM2 []float64
	// Airstrips in it, by ID.
	Airstrips []*airstrip.Airstrip
	Floor     FloorStatistics
	CausesM2  CauseAreas
}

// Finder finds the gaps of a network.
type Finder struct {
	Network *network.Network
	// Departments are cells that lie in each; none is allowed.
	Departments []*raster.Mask
	// Airstrips to look for.
	Airstrips []*airstrip.Airstrip
	// MinAreaM2 is the area below which gaps are summed up.
	MinAreaM2 float64
	// ToleranceM is how far a boundary may depart from the cells.
	ToleranceM float64
}

// Find returns the gaps of each band of the network. It stops with ctx.Err()
// soon after ctx is done.
func (f *Finder) Find(ctx context.Context, workers int) ([]Band, error) {
	s, err := newSurvey(f)
	if err != nil {
		return nil, err
	}
	bands := make([]*band, len(f.Network.Bands))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for i := range bands {
		group.Go(func() (err error) {
			bands[i], err = s.band(within, &f.Network.Bands[i])
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := s.addFloors(ctx, bands, workers); err != nil {
		return nil, err
	}
	found := make([]Band, len(bands))
	for i, b := range bands {
		slices.SortStableFunc(b.Gaps, func(a, b Gap) int { return cmp.Compare(b.AreaM2, a.AreaM2) })
		found[i] = b.Band
	}
	return found, ctx.Err()
}

// band is a band in the making.
type band struct {
	Band
	// open are the uncovered cells, and gapOf[i] is the index of the gap that
	// run i of them belongs to, −1 for a small one.
	open  *raster.Mask
	gapOf []int32
}

// band finds the gaps of a band, but for their floors.
func (s *survey) band(ctx context.Context, b *network.Band) (*band, error) {
	out := &band{Band: s.areas(b)}
	out.open = raster.NewMask(s.lattice, joined(b.Open))
	components, of := raster.Components(out.open.Runs)
	tallies := s.tally(b, out.open.Runs, of, len(components))
	outlines, err := s.outlines(ctx, components)
	if err != nil {
		return nil, err
	}
	gapOf := make([]int32, len(components))
	for i := range components {
		t := &tallies[i]
		for cause, area := range t.causesM2 {
			out.CausesM2[cause] += area
		}
		if t.areaM2 < s.MinAreaM2 {
			out.SmallCount++
			out.SmallM2 += t.areaM2
			gapOf[i] = -1
			continue
		}
		gapOf[i] = int32(len(out.Gaps))
		out.Gaps = append(out.Gaps, s.gap(t, &components[i], outlines[i]))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	out.gapOf = of
	for i, component := range of {
		out.gapOf[i] = gapOf[component]
	}
	s.addDepartments(out)
	s.addAirstrips(out)
	return out, nil
}

// outlines traces all components, and simplifies them together so that none
// comes to overlap another.
func (s *survey) outlines(ctx context.Context, components []raster.Component) ([]outline.Outline, error) {
	traced := make([]outline.Outline, len(components))
	for i := range components {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		traced[i] = outline.Trace(&components[i])
	}
	return outline.Simplify(ctx, traced, s.lattice, s.ToleranceM)
}

func (s *survey) gap(t *tally, c *raster.Component, o outline.Outline) Gap {
	boundary := o.Polygon(s.lattice)
	return Gap{
		AreaM2:        t.areaM2,
		PointInside:   pointInside(c, boundary, s.lattice),
		Bound:         c.Bound(s.lattice),
		Boundary:      boundary,
		DepartmentsM2: make([]float64, len(s.Departments)),
		CausesM2:      t.causesM2,
	}
}

// cellAreasM2 returns the area of a cell of each row.
func cellAreasM2(l terrain.Lattice) []float64 {
	areas := make([]float64, l.Rows)
	for r := range areas {
		north := raster.CornerPoint(l, 0, r).Lat()
		south := raster.CornerPoint(l, 0, r+1).Lat()
		areas[r] = earth.CellAreaM2(south, north, 1/l.PerDegLon)
	}
	return areas
}

// AreaM2 returns the area of the cells of a mask.
func AreaM2(m *raster.Mask) float64 {
	rowM2 := cellAreasM2(m.Lattice)
	sum := 0.0
	for _, run := range m.Runs {
		sum += float64(run.Len()) * rowM2[run.Row]
	}
	return sum
}
