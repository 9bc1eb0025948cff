package floor

import (
	"context"
	"math"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// limits are a radar's, over the effective earth of a fan, whose radius is a.
type limits struct {
	// stretch is (a+h0)/a.
	inverseRadius, stretch float32
	// units lead from reduced heights to altitudes, or to squares of AGLs.
	units [3]float32
	// antennaAMSLM is h₀.
	antennaAMSLM float32
	// topTan is the tangent of the highest beam, topM the height limit.
	topTan, topM float32
	// rangeM2 and stretch2 are squares.
	rangeM, rangeM2, stretch2 float32
	// Up to rimSigma the slant range to no floor is too long.
	rimSigma float32
}

// newLimits returns a radar's, for floors above ground or for altitudes.
func newLimits(site *sight.Site, a float64, altitudes bool) limits {
	h0 := site.AntennaAMSLM()
	stretch := (a + h0) / a
	limit, unit := math.Min(site.HeightLimitAMSLM, 1e9), stretch*AGLScale*AGLScale // finite
	if altitudes {
		limit, unit = math.Min(limit, math.MaxInt16), stretch
	}
	highest := HighestM + 10e3 // above the antenna
	return limits{
		inverseRadius: float32(1 / a), stretch: float32(stretch),
		units: [3]float32{float32(unit), float32(unit / a), float32(unit / (a * a))}, antennaAMSLM: float32(h0),
		topTan: float32(sight.BeamTan(site.MaxElevationDeg)), topM: float32((limit - h0) / (1 + limit/a)),
		rangeM: float32(site.RangeM), rangeM2: float32(site.RangeM * site.RangeM), stretch2: float32(stretch * stretch),
		// Heights stretch distances by a hundredth at most.
		rimSigma: float32(math.Sqrt(math.Max(0, site.RangeM*site.RangeM-highest*highest)) / 1.01),
	}
}

// above reports whether the reduced height z is over all that is seen, where σ is
// that of the fan's cubics, and the exact one.
func (l *limits) above(z, sigma, sag, exact float32) bool {
	return z > min(l.topM, l.topTan*sigma+sag) || sigma > l.rimSigma && l.far(z, exact, sag)
}

// agl returns the floor at a reduced height.
func (l *limits) agl(z, ground float32) AGL {
	// 1/(1 − w) for both at once: that neglects the product of the two w.
	square := (z - ground) * l.unitsAt(z+ground)
	return AGL(min(math.RoundToEven(math.Sqrt(float64(square))), float64(Unseen)))
}

// altitude returns the bits of that of a reduced height, or of NoAltitude.
func (l *limits) altitude(z float32, unseen bool) AGL {
	if unseen {
		return noAltitude
	}
	return altitudeBits(float64(z*l.unitsAt(z) + l.antennaAMSLM))
}

func (l *limits) unitsAt(z float32) float32 { return l.units[0] + z*(l.units[1]+z*l.units[2]) }

// far reports whether the slant range to a reduced height is too long. It is
// shortest sag·stretch below the antenna; below that it grows again, which does
// not count.
func (l *limits) far(z, sigma, sag float32) bool {
	over := unreduced(z * l.inverseRadius)
	up := z * l.stretch * over
	return up*up+(sigma*sigma+sag*sag)*l.stretch2*over > l.rangeM2 && (up > -sag*l.stretch || sigma*l.stretch > l.rangeM)
}

// unreduced is 1/(1 − w): for all w up to HighestM to a tenth of a metre.
func unreduced(w float32) float32 { return 1 + w*(1+w) }

// underfoot gives the post at the antenna its floor, if it stands on one: it is
// in no quadrant.
func (s *Surface) underfoot(land *land) {
	row, col := int(math.Round(s.frame.row)), int(math.Round(s.frame.col))
	if s.frame.row == float64(row) && s.frame.col == float64(col) {
		look := sight.NewObserver(s.Site, s.Reach, land.near).Look(orb.Point{s.Lon(col), s.Lat(row)})
		s.set(row*s.Cols+col, look.FloorAMSLM, look.GroundAMSLM)
	}
}

// disc fills the surface where neither terrain nor the earth counts.
func (s *Surface) disc() {
	for r := range s.Rows {
		first, last := s.Span(r)
		clear(s.Floor[r*s.Cols+first : r*s.Cols+last]) // Ground
	}
}

// horizon fills the surface where terrain does not count.
func (s *Surface) horizon(ctx context.Context, ground *terrain.View, workers int) error {
	smooth := s.Site.SmoothFloor()
	return s.rows(ctx, ground, workers, s.rim.rows, func(r int, columns span, landM []float32) {
		for c := columns.from; c < columns.to; c++ {
			z := float64(landM[c])
			distance, sin2 := s.frame.towards(r, c)
			s.set(r*s.Cols+c, smooth.AMSLM(math.Min(distance, s.Site.RangeM), sin2, z), z)
		}
	})
}

// blind raises floors above the smallest range.
func (s *Surface) blind(ctx context.Context, ground *terrain.View, workers int) error {
	if s.Site.MinRangeM == 0 {
		return nil
	}
	near := newRim(s.frame, s.Site.MinRangeM)
	return s.rows(ctx, ground, workers, near.rows, func(r int, columns span, landM []float32) {
		for c := columns.from; c < columns.to; c++ {
			i, z := r*s.Cols+c, float64(landM[c])
			if s.Floor[i] == s.none() {
				continue
			}
			distance, azimuth := s.frame.polar(r, c)
			e := s.Site.Envelope(s.Reach, math.Min(distance, s.Site.MinRangeM), azimuth, z)
			s.set(i, e.Limit(s.lowestAMSLM(i, z)), z)
		}
	})
}

// beside takes floors outside of the sector away.
func (s *Surface) beside(ctx context.Context, workers int) error {
	if s.Site.Sector == nil {
		return nil
	}
	// Azimuths grow, or shrink, along a row: those of a few posts are looked at
	// where an end of the sector lies between the first and the last.
	const few = 32
	return s.rows(ctx, nil, workers, s.rim.rows, func(r int, columns span, _ []float32) {
		for from := columns.from; from < columns.to; from += few {
			to := min(from+few, columns.to)
			_, first := s.frame.polar(r, from)
			_, last := s.frame.polar(r, to-1)
			switch inside := s.Site.Sector.Contains(first); {
			case s.crosses(first, last):
				for c := from; c < to; c++ {
					if _, azimuth := s.frame.polar(r, c); !s.Site.Sector.Contains(azimuth) {
						s.Floor[r*s.Cols+c] = s.none()
					}
				}
			case !inside:
				s.unsee(s.Floor[r*s.Cols+from : r*s.Cols+to])
			}
		}
	})
}

// crosses reports whether an end of the sector may lie between two azimuths in
// degrees that are less than 90 apart, or whether they are not.
func (s *Surface) crosses(first, last float64) bool {
	turn := math.Remainder(last-first, 360)
	for _, end := range []float64{s.Site.Sector.FromDeg, s.Site.Sector.ToDeg} {
		if on := math.Remainder(end-first, 360); on >= math.Min(turn, 0) && on <= math.Max(turn, 0) {
			return true
		}
	}
	return math.Abs(turn) > 90
}

// rows calls do for every row with the columns of it that are meant, where there
// are any, and the elevations of its posts; nil without a ground.
func (s *Surface) rows(ctx context.Context, ground *terrain.View, workers int, columns []span,
	do func(r int, columns span, landM []float32),
) error {
	const band = 16
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for from := 0; from < s.Rows; from += band {
		group.Go(func() error {
			var landM []float32
			for r := from; r < min(from+band, s.Rows) && ctx.Err() == nil; r++ {
				if columns[r].from >= columns[r].to {
					continue
				}
				if ground != nil {
					landM = grown(landM, s.Cols)
					if err := s.land(landM, ground, r); err != nil {
						return err
					}
				}
				do(r, columns[r], landM)
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}

// land fills landM with the elevations of a row.
func (s *Surface) land(landM []float32, ground *terrain.View, r int) error {
	err := ground.Guard(func() error {
		ground.CopyTo(landM, s.Sub(0, r, s.Cols, 1))
		return nil
	})
	for c, z := range landM {
		if z != z {
			landM[c] = 0
		}
	}
	return err
}
