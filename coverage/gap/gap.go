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
	"sync/atomic"

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
	// Cells of the airspace that it holds, in the order of those of a mask; nil
	// unless asked for.
	Cells []raster.Run
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
	// RowM2 is CellAreasM2 of the cells; nil if that is not known.
	RowM2 []float64
	// ToleranceM is how far a boundary may depart from the cells.
	ToleranceM float64
	// Cells asks for those of each gap.
	Cells bool
	// Whole is that of the network, or a new one, which Find fills in; nil for
	// none.
	Whole *Whole
	// Earlier are the counts of Network.Earlier, which are of use if there was a
	// Whole where there is one now; nil for none.
	Earlier *Counts
	// Counts are filled in by Find.
	Counts *Counts
}

// Find returns the gaps of each band of the network. It stops with ctx.Err()
// soon after ctx is done.
func (f *Finder) Find(ctx context.Context, workers int) ([]Band, error) {
	if f.Network.Earlier == nil || f.Earlier != nil && f.Whole != nil && f.Earlier.whole == nil {
		f.Earlier = nil
	}
	s, err := newSurvey(f)
	if err != nil {
		return nil, err
	}
	bands := make([]*band, len(f.Network.Bands))
	err = each(ctx, workers, len(bands), func(_ context.Context, i int) error {
		bands[i] = s.band(&f.Network.Bands[i])
		if f.Earlier != nil {
			bands[i].since(&f.Earlier.bands[i])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	counters := s.counters(bands, max(workers, 1))
	var nextBand, nextMiddle, nextRow atomic.Int64
	err = each(ctx, workers, len(counters), func(ctx context.Context, i int) error {
		if err := s.draw(ctx, bands, &nextBand); err != nil {
			return err
		}
		for i := int(nextMiddle.Add(1)) - 1; i < len(bands); i = int(nextMiddle.Add(1)) - 1 {
			if err := bands[i].findMiddles(ctx); err != nil {
				return err
			}
		}
		return counters[i].rows(ctx, &nextRow)
	})
	if err != nil {
		return nil, err
	}
	return s.sumUp(ctx, bands, counters)
}

// sumUp returns bands with their gaps in order and the floors in them.
func (s *survey) sumUp(ctx context.Context, bands []*band, counters []counter) ([]Band, error) {
	shares := gathered(counters)
	total := s.total(shares, counters[0].left)
	found := make([]Band, len(bands))
	s.Counts = &Counts{bands: make([]countedBand, len(bands)), whole: s.Whole}
	err := each(ctx, len(counters), len(bands)+1, func(_ context.Context, i int) error {
		if i == len(bands) {
			s.Whole.fill(total, s.Earlier)
			return nil
		}
		b := bands[i]
		b.sumUp(i, shares, total, counters[0].partM2)
		b.findPointsInside(s.lattice)
		s.Counts.bands[i] = countedBand{b.open, b.gapOf, b.counted}
		slices.SortStableFunc(b.Gaps, func(a, b Gap) int { return cmp.Compare(b.AreaM2, a.AreaM2) })
		found[i] = b.Band
		return nil
	})
	return found, cmp.Or(err, ctx.Err())
}

// each does something n times, with several workers, until it fails.
func each(ctx context.Context, workers, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for i := range n {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return do(ctx, i)
		})
	}
	return group.Wait()
}

// band is a band in the making.
type band struct {
	Band
	// open are the uncovered cells, components what hangs together of them.
	open       *raster.Mask
	components []raster.Component
	// gaps[i] is the index of the gap that component i is, −1 for a small one, and
	// gapOf[i] of that which run i of open belongs to. middles[i] is a cell of
	// component i, if it is a gap.
	gaps, gapOf []int32
	middles     []cell
	// before is an earlier look, empty for none, and counted what was counted of
	// each gap.
	before  before
	counted []*counted
}

// band finds the gaps of a band, but for their boundaries and floors.
func (s *survey) band(b *network.Band) *band {
	out := &band{Band: s.areas(b)}
	out.open = raster.NewMask(s.lattice, joined(b.Open))
	out.components, out.gapOf = raster.Components(out.open.Runs)
	tallies := s.tally(b, out.open.Runs, out.gapOf, len(out.components))
	out.gaps = make([]int32, len(out.components))
	for i := range tallies {
		t := &tallies[i]
		for cause, area := range t.causesM2 {
			out.CausesM2[cause] += area
		}
		if t.areaM2 < s.MinAreaM2 {
			out.SmallCount++
			out.SmallM2 += t.areaM2
			out.gaps[i] = -1
			continue
		}
		out.gaps[i] = int32(len(out.Gaps))
		out.Gaps = append(out.Gaps, Gap{AreaM2: t.areaM2, CausesM2: t.causesM2, DepartmentsM2: make([]float64, len(s.Departments))})
	}
	for run, component := range out.gapOf {
		out.gapOf[run] = out.gaps[component]
	}
	s.addDepartments(out)
	s.addAirstrips(out)
	return out
}

// draw gives the gaps of one band after the other, of those that no other draws,
// their boundaries.
func (s *survey) draw(ctx context.Context, bands []*band, next *atomic.Int64) error {
	var simplifier *outline.Simplifier
	for i := int(next.Add(1)) - 1; i < len(bands); i = int(next.Add(1)) - 1 {
		if simplifier == nil {
			simplifier = outline.NewSimplifier(s.lattice, s.ToleranceM)
		}
		if err := s.drawBand(ctx, bands[i], simplifier); err != nil {
			return err
		}
	}
	return nil
}

// drawBand traces all components, and simplifies them together so that none
// comes to overlap another.
func (s *survey) drawBand(ctx context.Context, b *band, simplifier *outline.Simplifier) error {
	traced := make([]outline.Outline, len(b.components))
	for i := range b.components {
		if err := ctx.Err(); err != nil {
			return err
		}
		traced[i] = outline.Trace(&b.components[i])
	}
	simplified, err := simplifier.Simplify(ctx, traced)
	if err != nil {
		return err
	}
	for i, gap := range b.gaps {
		if gap < 0 {
			continue
		}
		g, c := &b.Gaps[gap], &b.components[i]
		g.Boundary = simplified[i].Polygon(s.lattice)
		g.Bound = c.Bound(s.lattice)
		if s.Cells {
			g.Cells = c.Runs
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// CellAreasM2 returns the area of a cell of each row.
func CellAreasM2(l terrain.Lattice) []float64 {
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
	rowM2 := CellAreasM2(m.Lattice)
	sum := 0.0
	for _, run := range m.Runs {
		sum += float64(run.Len()) * rowM2[run.Row]
	}
	return sum
}
