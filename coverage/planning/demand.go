package planning

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Demand is taken at places: at every so many posts of the computation, so that
// there are at most mostElements of them times the altitudes. An area that is
// seen in part is then off by what its edges cut out of cells: a share of Peru
// under a network by less than a thousandth. Extra areas have at most areaPlaces
// each, and at least fewPlaces, between posts where they are that small.
const (
	mostElements = 400_000
	areaPlaces   = 4_000
	fewPlaces    = 200
)

// finest is into how many parts the spacing of posts is divided at the most.
const finest = 64

// demand is what should be seen, as elements: those of the airspace, then those
// of extra areas, then airstrips.
type demand struct {
	targets    []coverage.Target
	weightsKM2 []float64
	// strips is the first element of an airstrip.
	strips int
	// airspace are its places, and altitudes how many there are over each: elements
	// has the element of each cell at each altitude, −1 for none.
	airspace  *sample
	altitudes int
	elements  []int32
}

// newDemand takes the demand of a query on the posts of its computation.
func newDemand(ctx context.Context, posts terrain.Model, q *PlanQuery) (*demand, error) {
	s, ok := thinned(q.Airspace, posts.Lattice(), mostElements/max(1, len(q.Objective.Altitudes)))
	if !ok {
		return nil, &coverage.AirspaceError{Reason: "the airspace is smaller than the spacing of the terrain's posts: take a larger airspace, or finer terrain"}
	}
	d := &demand{airspace: s, altitudes: len(q.Objective.Altitudes)}
	if err := d.addAirspace(ctx, posts, q); err != nil {
		return nil, err
	}
	for i := range q.Objective.Areas {
		if err := d.addArea(ctx, posts, q.Reach, &q.Objective.Areas[i]); err != nil {
			return nil, err
		}
	}
	d.strips = len(d.targets)
	for _, strip := range q.Objective.Airstrips.All {
		if airspace.Contains(q.Airspace, strip.Position) {
			d.add(strip.Position, altitude.Altitude{Reference: altitude.AGL, Value: q.Objective.Airstrips.MaxAGLM}, q.Objective.Airstrips.WeightKM2)
			d.targets[len(d.targets)-1].OrLower = true
		}
	}
	if len(d.targets) == 0 {
		return nil, &coverage.AirspaceError{Reason: "nothing in the airspace counts: give some of it a weight above 0, at an altitude above the ground"}
	}
	return d, nil
}

func (d *demand) add(at orb.Point, a altitude.Altitude, weightKM2 float64) {
	d.targets = append(d.targets, coverage.Target{Point: coverage.Point{Position: at, Altitude: a}})
	d.weightsKM2 = append(d.weightsKM2, weightKM2)
}

func (d *demand) addAirspace(ctx context.Context, posts terrain.Model, q *PlanQuery) error {
	ground, err := groundOf(ctx, posts, q.Reach, d.airspace)
	if err != nil {
		return err
	}
	zones := make([]*raster.Mask, len(q.Objective.Zones))
	for i, zone := range q.Objective.Zones {
		zones[i] = airspace.Rasterise(zone.Area, d.airspace.Lattice)
	}
	d.elements = make([]int32, d.airspace.Posts()*d.altitudes)
	for i := range d.elements {
		d.elements[i] = -1
	}
	n := 0
	d.airspace.each(func(col, row int, at orb.Point) {
		weightKM2 := d.airspace.cellM2[row] / 1e6
		for i, zone := range zones {
			if zone.Has(col, row) {
				weightKM2 *= q.Objective.Zones[i].Weight
			}
		}
		for i, a := range q.Objective.Altitudes {
			if weight := weightKM2 * a.Weight; weight > 0 && a.AMSLM(ground[n]) >= ground[n] {
				d.elements[(row*d.airspace.Cols+col)*d.altitudes+i] = int32(len(d.targets))
				d.add(at, a.Altitude, weight)
			}
		}
		n++
	})
	return nil
}

func (d *demand) addArea(ctx context.Context, posts terrain.Model, reach sight.Reach, a *AreaExposure) error {
	s, ok := thinned(a.Area, posts.Lattice(), areaPlaces)
	for parts := 2; parts <= finest && (!ok || s.cells.Count() < fewPlaces); parts *= 2 {
		s, ok = thinned(a.Area, posts.Lattice().Refine(parts), areaPlaces)
	}
	if !ok {
		return &coverage.AirspaceError{Reason: "area " + a.Name + " of the objective is too small for the terrain: take a larger one, or finer terrain"}
	}
	ground, err := groundOf(ctx, posts, reach, s)
	if err != nil {
		return err
	}
	n := 0
	s.each(func(_, row int, at orb.Point) {
		if weight := s.cellM2[row] / 1e6 * a.Weight; weight > 0 && a.Altitude.AMSLM(ground[n]) >= ground[n] {
			d.add(at, a.Altitude, weight)
		}
		n++
	})
	return nil
}

// groundOf returns the ground at the places of a sample: sea level where it is
// missing, and −Inf where nothing is underground. Nothing counts as underground
// either once ctx is done: a bound on what is possible stays one.
func groundOf(ctx context.Context, posts terrain.Model, reach sight.Reach, s *sample) ([]float64, error) {
	var places []orb.Point
	s.each(func(_, _ int, at orb.Point) { places = append(places, at) })
	ground := slices.Repeat([]float64{math.Inf(-1)}, len(places))
	if reach == sight.Disc || isDone(ctx) {
		return ground, nil
	}
	known, err := terrain.Elevations(ctx, posts, places)
	if isDone(ctx) {
		return ground, nil
	}
	for i, z := range known {
		if z != z {
			known[i] = 0
		}
	}
	return known, err
}

func isDone(ctx context.Context) bool { return ctx.Err() != nil }

// sample is an area as the cells of a thinned lattice.
type sample struct {
	terrain.Lattice
	cells *raster.Mask
	// cellM2 is the area of a cell of each row, such that they sum up to that of the
	// outline.
	cellM2 []float64
}

// thinned returns at most so many places of an area, at posts of a lattice that
// lie as many apart in rows as in columns; ok is false if there are none.
func thinned(area orb.MultiPolygon, posts terrain.Lattice, most int) (s *sample, ok bool) {
	exactM2 := airspace.AreaM2(area)
	middle := area.Bound().Center().Lat()
	postM2 := earth.CellAreaM2(middle-0.5/posts.PerDegLat, middle+0.5/posts.PerDegLat, 1/posts.PerDegLon)
	// The cells of an area far from its middle may be larger, and so fewer.
	apart := max(1, int(math.Sqrt(exactM2/postM2/float64(most))/2))
	for ; ; apart++ {
		l := everyPost(posts, apart).Cover(area.Bound(), 1)
		s = &sample{Lattice: l, cells: airspace.Rasterise(area, l)}
		if s.cells.Count() <= most {
			break
		}
	}
	sum := 0.0
	for row := range s.Rows {
		half := 0.5 / s.PerDegLat
		s.cellM2 = append(s.cellM2, earth.CellAreaM2(s.Lat(row)-half, s.Lat(row)+half, 1/s.PerDegLon))
		runs, _ := s.cells.Row(row)
		for _, run := range runs {
			sum += s.cellM2[row] * float64(run.Len())
		}
	}
	for row := range s.cellM2 {
		s.cellM2[row] *= exactM2 / sum
	}
	return s, sum > 0
}

// everyPost returns the lattice of every so many posts of another, counted from
// −180 and 90.
func everyPost(l terrain.Lattice, apart int) terrain.Lattice {
	n := float64(apart)
	return terrain.Lattice{PerDegLon: l.PerDegLon / n, PerDegLat: l.PerDegLat / n, OffLon: l.OffLon / n, OffLat: l.OffLat / n}
}

// each visits the places, row by row.
func (s *sample) each(visit func(col, row int, at orb.Point)) {
	for _, run := range s.cells.Runs {
		for col := run.Col0; col < run.Col1; col++ {
			visit(int(col), int(run.Row), orb.Point{s.Lon(int(col)), s.Lat(int(run.Row))})
		}
	}
}
