// Package gap finds where an airspace is not covered, how low one can see
// there, and why.
//
// Gaps are traced once, from the cells that too few radars see. All areas are
// sums of cells on the ellipsoid, so that they add up.
package gap

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"

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
	// DepartmentsM2 holds the area in each department, by label − 1.
	DepartmentsM2 []float64
	// Airstrips in it, by ID.
	Airstrips []*airstrip.Airstrip
	Floor     FloorStatistics
	CausesM2  CauseAreas
}

// Finder finds the gaps of a network.
type Finder struct {
	Network *network.Network
	// Departments labels each cell with its department, from 1; 0 is none.
	// Nil labels none.
	Departments []uint8
	// DepartmentCount is the largest label.
	DepartmentCount int
	// Airstrips to look for.
	Airstrips []*airstrip.Airstrip
	// MinAreaM2 is the area below which gaps are summed up.
	MinAreaM2 float64
	// ToleranceM is how far a boundary may depart from the cells.
	ToleranceM float64
	// IgnoreGround counts cells whose ground is above the altitude like any
	// other, for radars whose reach asks the range alone.
	IgnoreGround bool
}

// Find returns the gaps of a band of the network. It stops with ctx.Err()
// soon after ctx is done.
func (f *Finder) Find(ctx context.Context, b *network.Band) (Band, error) {
	found := Band{Altitude: b.Altitude}
	s, err := f.survey(ctx, b, &found)
	if err != nil {
		return found, err
	}
	components := raster.Components(s.open)
	outlines, err := f.outlines(ctx, components)
	if err != nil {
		return found, err
	}
	for i := range components {
		if err := f.add(ctx, &found, s, &components[i], outlines[i]); err != nil {
			return found, err
		}
	}
	slices.SortStableFunc(found.Gaps, func(a, b Gap) int { return cmp.Compare(b.AreaM2, a.AreaM2) })
	return found, nil
}

// outlines traces all components, and simplifies them together so that none
// comes to overlap another.
func (f *Finder) outlines(ctx context.Context, components []raster.Component) ([]outline.Outline, error) {
	traced := make([]outline.Outline, len(components))
	for i := range components {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		traced[i] = outline.Trace(&components[i])
	}
	return outline.Simplify(ctx, traced, f.Network.Ground.Lattice, f.ToleranceM)
}

// add books a component: as a gap, or among the small ones.
func (f *Finder) add(ctx context.Context, found *Band, s *survey, c *raster.Component, o outline.Outline) error {
	t, err := f.tally(ctx, s, c)
	if err != nil {
		return err
	}
	for cause, area := range t.causesM2 {
		found.CausesM2[cause] += area
	}
	if t.areaM2 < f.MinAreaM2 {
		found.SmallCount++
		found.SmallM2 += t.areaM2
		return nil
	}
	l := f.Network.Ground.Lattice
	boundary := o.Polygon(l)
	slices.SortFunc(t.airstrips, byID)
	found.Gaps = append(found.Gaps, Gap{
		AreaM2:        t.areaM2,
		PointInside:   pointInside(c, boundary, l),
		Bound:         c.Bound(l),
		Boundary:      boundary,
		DepartmentsM2: t.departmentsM2,
		Airstrips:     t.airstrips,
		Floor:         t.floors.statistics(),
		CausesM2:      t.causesM2,
	})
	return nil
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
	for run := range m.Runs() {
		sum += float64(run.Len()) * rowM2[run.Row]
	}
	return sum
}
