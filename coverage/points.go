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
