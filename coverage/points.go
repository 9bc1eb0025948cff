package coverage

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Point is a place at an altitude.
type Point struct {
	Position orb.Point
	Altitude altitude.Altitude
}

// CheckResult holds one outcome a point.
type CheckResult struct {
	Basis
	Outcomes []Outcome
}

// Outcome says whether a point is seen. Heights are metres above mean sea
// level, NaN where there is none.
type Outcome struct {
	Point Point
	// GroundAMSLM is NaN where the terrain is missing; sea level is taken.
	GroundAMSLM              float64
	AltitudeAMSLM            float64
	Seen                     bool
	FloorAMSLM, CeilingAMSLM float64
	// Looks are by distance, nearest radar first.
	Looks []Look
}

// Look is how one radar of the network looks at a point.
type Look struct {
	// Site is the index of the radar in Basis.Sites.
	Site int
	sight.Sight
	// Sees: the radar sees the point, or would if it were in service.
	Sees bool
	// Cause is why the point is not seen by the radar; None where it is.
	Cause        sight.Cause
	SlantRangeM  float64
	ElevationDeg float64
}

// CheckPoints tells of each point whether it is seen, following single rays.
func (e *Engine) CheckPoints(ctx context.Context, q Query, points []Point) (*CheckResult, error) {
	basis, err := e.basis(ctx, q)
	if err != nil {
		return nil, err
	}
	places := make([]orb.Point, len(points))
	for i, p := range points {
		places[i] = p.Position
	}
	sights, ground, err := e.lookAll(ctx, q, &basis, places)
	if err != nil {
		return nil, err
	}
	result := &CheckResult{Basis: basis, Outcomes: make([]Outcome, len(points))}
	for i, p := range points {
		result.Outcomes[i] = outcome(q, basis.Sites, p, ground[i], sights[i])
	}
	return result, nil
}

// lookAll lets every radar look at every place. sights are by place, then by
// radar; ground is the places' elevation, NaN where it is missing.
func (e *Engine) lookAll(ctx context.Context, q Query, basis *Basis, places []orb.Point) (sights [][]sight.Sight, ground []float64, err error) {
	ground, err = terrain.Elevations(ctx, e.Terrain, places)
	if err != nil {
		return nil, nil, err
	}
	sights = make([][]sight.Sight, len(places))
	for i := range sights {
		sights[i] = make([]sight.Sight, len(basis.Sites))
	}
	for i := range basis.Sites {
		report(ctx, float64(i)/float64(len(basis.Sites)), "radar %s", basis.Sites[i].ID)
		o, err := e.observer(ctx, q, basis, &basis.Sites[i], places)
		if err != nil {
			return nil, nil, err
		}
		if err := e.look(ctx, o, places, ground, func(place int, s sight.Sight) { sights[place][i] = s }); err != nil {
			return nil, nil, err
		}
	}
	report(ctx, 1, "done")
	return sights, ground, nil
}

// observer reads the terrain between a radar and those places that are in its
// range.
func (e *Engine) observer(ctx context.Context, q Query, basis *Basis, site *sight.Site, places []orb.Point) (*sight.Observer, error) {
	box := site.Position.Bound()
	if q.Reach == sight.Terrain {
		if _, err := floor.Window(site, e.Terrain.Lattice()); err != nil {
			return nil, err
		}
		box = rayBox(site, places)
	}
	l := e.Terrain.Lattice().Cover(box, 2)
	if err := e.limit(l, "posts between radar "+site.ID+" and the points", "ask for points nearer to the radar, or take coarser terrain"); err != nil {
		return nil, err
	}
	ground, err := e.Terrain.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	if missing := ground.Missing(); missing > 0 && q.Reach == sight.Terrain {
		share := float64(missing) / float64(ground.Posts())
		if q.StrictTerrain {
			return nil, &MissingTerrainError{RadarID: site.ID, Share: share}
		}
		basis.warn("terrain.missing", site.ID, "terrain is missing in %s of the box around radar %s and the points, and taken as sea level there", percent(share), site.ID)
	}
	return sight.NewObserver(site, q.Reach, ground), nil
}

// rayBox returns the box around the rays from a radar to those places that
// are in its range. Rays are geodesics: between places of one latitude they
// bow towards the pole, with the curvature tan(latitude)/R against the
// parallel, so by d²·tan(latitude)/8R over a distance d. A quarter more is for
// the latitude that they gain on the way: at 80° and over 1000 km it adds a
// tenth.
func rayBox(site *sight.Site, places []orb.Point) orb.Bound {
	box, farthestM := site.Position.Bound(), 0.0
	for _, p := range places {
		if d := earth.DistanceM(site.Position, p); d <= site.RangeM {
			box = box.Extend(p)
			farthestM = math.Max(farthestM, d)
		}
	}
	bowDeg := func(latDeg float64) float64 {
		arc := farthestM / earth.SemiMinorAxisM
		return 1.25 * arc * arc / 8 * math.Tan(math.Max(0, latDeg)*math.Pi/180) * 180 / math.Pi
	}
	box.Max[1] += bowDeg(box.Max.Lat())
	box.Min[1] -= bowDeg(-box.Min.Lat())
	return box
}

// look follows the rays of one radar, by all workers.
func (e *Engine) look(ctx context.Context, o *sight.Observer, places []orb.Point, ground []float64, found func(place int, s sight.Sight)) error {
	var group errgroup.Group
	group.SetLimit(e.workers())
	const batch = 16
	for first := 0; first < len(places) && ctx.Err() == nil; first += batch {
		group.Go(func() error {
			for i := first; i < min(first+batch, len(places)) && ctx.Err() == nil; i++ {
				found(i, o.LookOver(places[i], orSeaLevel(ground[i])))
			}
			return ctx.Err()
		})
	}
	// A loop cut short may leave a group in which all went well.
	return cmp.Or(group.Wait(), ctx.Err())
}

func orSeaLevel(z float64) float64 {
	if z != z {
		return 0
	}
	return z
}

// outcome judges a point by the sights of all radars.
func outcome(q Query, sites []sight.Site, p Point, groundAMSLM float64, sights []sight.Sight) Outcome {
	out := Outcome{Point: p, GroundAMSLM: groundAMSLM, AltitudeAMSLM: p.Altitude.AMSLM(orSeaLevel(groundAMSLM))}
	seen := 0
	for i := range sights {
		l := look(&sites[i], &sights[i], out.AltitudeAMSLM)
		l.Site = i
		if l.Sees && sites[i].InService {
			seen++
		}
		out.Looks = append(out.Looks, l)
	}
	slices.SortStableFunc(out.Looks, func(a, b Look) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	out.Seen = seen >= q.MinRadars
	out.FloorAMSLM, out.CeilingAMSLM = span(q, sites, sights)
	out.FloorAMSLM = flyable(out.FloorAMSLM, groundAMSLM)
	return out
}

// flyable returns a floor that is open downwards, as with reach Disc, as the
// ground: no aircraft is lower.
func flyable(floorAMSLM, groundAMSLM float64) float64 {
	if math.IsInf(floorAMSLM, -1) {
		return orSeaLevel(groundAMSLM)
	}
	return floorAMSLM
}

func look(site *sight.Site, s *sight.Sight, heightAMSLM float64) Look {
	e := site.Effective(s.AzimuthDeg)
	l := Look{
		Sight:        *s,
		Cause:        s.Cause(s.FloorAMSLM, heightAMSLM),
		SlantRangeM:  e.SlantRangeM(s.DistanceM, heightAMSLM),
		ElevationDeg: math.Atan(e.TanElevation(math.Max(s.DistanceM, 1), heightAMSLM)) * 180 / math.Pi,
	}
	l.Sees = l.Cause == sight.None
	l.FloorAMSLM = flyable(l.FloorAMSLM, l.GroundAMSLM)
	return l
}

// span returns the lowest and the highest altitude that enough radars in
// service see; NaN where there is none.
func span(q Query, sites []sight.Site, sights []sight.Sight) (floorAMSLM, ceilingAMSLM float64) {
	floorAMSLM, ceilingAMSLM = math.Inf(1), math.Inf(-1)
	count := func(h float64) (n int) {
		for i := range sights {
			if sites[i].InService && h >= sights[i].FloorAMSLM && h <= sights[i].CeilingAMSLM() {
				n++
			}
		}
		return n
	}
	for i := range sights {
		if f := sights[i].FloorAMSLM; sites[i].InService && f < floorAMSLM && count(f) >= q.MinRadars {
			floorAMSLM = f
		}
		if c := sights[i].CeilingAMSLM(); sites[i].InService && c > ceilingAMSLM && count(c) >= q.MinRadars {
			ceilingAMSLM = c
		}
	}
	if floorAMSLM > ceilingAMSLM {
		return math.NaN(), math.NaN()
	}
	return floorAMSLM, ceilingAMSLM
}
