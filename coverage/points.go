package coverage

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/sight"
)

// Point is a place at an altitude.
type Point struct {
	Position orb.Point
	Altitude altitude.Altitude
}

// PointQuery asks whether points are seen.
type PointQuery struct {
	Query
	Points []Point
	// WithoutLooks leaves out how each radar looks at each point. Such a query
	// is answered from floor surfaces where the engine keeps those of all
	// radars that count, some fifty times as fast.
	WithoutLooks bool
}

// Places are those of the points.
func (q *PointQuery) Places() []orb.Point {
	places := make([]orb.Point, len(q.Points))
	for i, p := range q.Points {
		places[i] = p.Position
	}
	return places
}

// CheckResult holds one outcome a point.
type CheckResult struct {
	Basis
	Outcomes []Outcome
	// SpacingArcsec is the post spacing, in arc-seconds of latitude, of the
	// surfaces that the outcomes were read off; 0 where single rays were
	// followed.
	SpacingArcsec float64
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
	// SeenBy are indices, in Basis.Sites, of the radars in service that see
	// it, nearest first.
	SeenBy []int
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

// mostLooks bounds how many looks one answer holds: some 100 bytes each when they
// are sent.
const mostLooks = 1_000_000

// CheckPoints tells of each point whether it is seen.
func (e *Engine) CheckPoints(ctx context.Context, q PointQuery) (*CheckResult, error) {
	if looks := len(q.Points) * len(q.Radars); !q.WithoutLooks && looks > mostLooks {
		return nil, &LimitError{What: "sights, of each radar at each point", Have: looks, Allowed: mostLooks, Remedy: "ask for fewer points in one request, or for none of their sights"}
	}
	basis, err := e.basis(ctx, q.Query)
	if err != nil {
		return nil, err
	}
	places := q.Places()
	if q.WithoutLooks {
		if k, err := e.keptSurfaces(ctx, q.Query, basis, places); err != nil {
			return nil, err
		} else if k != nil {
			return k.checkPoints(ctx, q)
		}
	}
	sights, ground, err := e.lookAll(ctx, q.Query, &basis, places)
	if err != nil {
		return nil, err
	}
	result := &CheckResult{Basis: basis, Outcomes: make([]Outcome, len(q.Points))}
	for i, p := range q.Points {
		out := outcomeOf(p, ground[i])
		out.judge(readingsOf(basis.Sites, sights[i]), q.MinRadars, nil)
		if !q.WithoutLooks {
			out.Looks = looks(basis.Sites, sights[i], out.AltitudeAMSLM)
		}
		result.Outcomes[i] = out
	}
	return result, nil
}

func orSeaLevel(z float64) float64 {
	if z != z {
		return 0
	}
	return z
}

func outcomeOf(p Point, groundAMSLM float64) Outcome {
	return Outcome{Point: p, GroundAMSLM: groundAMSLM, AltitudeAMSLM: p.Altitude.AMSLM(orSeaLevel(groundAMSLM))}
}

// judge decides whether the point is seen by enough of the radars in service,
// whose readings it sorts. It appends those that see it to buffer.
func (o *Outcome) judge(readings []reading, minRadars int, buffer []int) {
	slices.SortStableFunc(readings, func(a, b reading) int { return cmp.Compare(a.distanceM, b.distanceM) })
	o.SeenBy = buffer
	for i := range readings {
		if readings[i].holds(o.AltitudeAMSLM) {
			o.SeenBy = append(o.SeenBy, readings[i].site)
		}
	}
	o.Seen = len(o.SeenBy) >= minRadars
	o.FloorAMSLM, o.CeilingAMSLM = span(readings, minRadars)
	o.FloorAMSLM = flyable(o.FloorAMSLM, o.GroundAMSLM)
}

// flyable returns a floor that is open downwards, as with reach Disc, as the
// ground: no aircraft is lower.
func flyable(floorAMSLM, groundAMSLM float64) float64 {
	if math.IsInf(floorAMSLM, -1) {
		return orSeaLevel(groundAMSLM)
	}
	return floorAMSLM
}

// looks are those of all radars at a height, nearest first.
func looks(sites []sight.Site, sights []sight.Sight, heightAMSLM float64) []Look {
	all := make([]Look, len(sights))
	for i := range sights {
		all[i] = look(&sites[i], &sights[i], heightAMSLM)
		all[i].Site = i
	}
	slices.SortStableFunc(all, func(a, b Look) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	return all
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
