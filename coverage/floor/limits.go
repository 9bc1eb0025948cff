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
	// square leads from a sum of two reduced heights to what turns their
	// difference into the square of an AGL.
	square [3]float32
	// topTan is the tangent of the highest beam, topM the height limit.
	topTan, topM float32
	// rangeM2 and stretch2 are squares.
	rangeM, rangeM2, stretch2 float32
	// Up to rimSigma the slant range to no floor is too long.
	rimSigma float32
}

func newLimits(site *sight.Site, a float64) limits {
	h0 := site.AntennaAMSLM()
	stretch := (a + h0) / a
	limit := math.Min(site.HeightLimitAMSLM, 1e9) // finite
	highest := HighestM + 10e3                    // above the antenna
	unit := stretch * aglScale * aglScale
	return limits{
		inverseRadius: float32(1 / a), stretch: float32(stretch),
		square: [3]float32{float32(unit), float32(unit / a), float32(unit / (a * a))},
		topTan: float32(tanDeg(site.MaxElevationDeg)), topM: float32((limit - h0) / (1 + limit/a)),
		rangeM: float32(site.RangeM), rangeM2: float32(site.RangeM * site.RangeM), stretch2: float32(stretch * stretch),
		// Heights stretch distances by a hundredth at most.
		rimSigma: float32(math.Sqrt(math.Max(0, site.RangeM*site.RangeM-highest*highest)) / 1.01),
	}
}

// tanDeg takes a vertical beam as one a millionth of a degree off, as the
// oracle does.
func tanDeg(elevationDeg float64) float64 {
	return math.Tan(math.Min(elevationDeg, 90-1e-6) * math.Pi / 180)
}

// floor returns the floor where the reduced height z is the lowest that is
// seen.
func (l *limits) floor(z, ground, sigma, sag float32) AGL {
	if z > min(l.topM, l.topTan*sigma+sag) || sigma > l.rimSigma && l.far(z, sigma, sag) {
		return Unseen
	}
	// 1/(1 − w) for both at once: that neglects the product of the two w.
	sum := z + ground
	square := (z - ground) * (l.square[0] + sum*(l.square[1]+sum*l.square[2]))
	return AGL(min(math.RoundToEven(math.Sqrt(float64(square))), float64(Unseen)))
}

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
		s.Floor[row*s.Cols+col] = AGLOf(look.FloorAMSLM - look.GroundAMSLM)
	}
}

// blind raises floors above the smallest range, and takes those outside of the
// sector away: what few radars need, post by post.
func (s *Surface) blind(ctx context.Context, ground *terrain.View, workers int) error {
	if s.Site.Sector == nil && s.Site.MinRangeM == 0 {
		return nil
	}
	return s.rows(ctx, ground, workers, func(r, first, last int, landM []float32) {
		for c := first; c < last; c++ {
			f := &s.Floor[r*s.Cols+c]
			if *f == Unseen {
				continue
			}
			distance := s.frame.distance(r, c)
			if s.Site.Sector == nil && distance > s.Site.MinRangeM {
				continue
			}
			distance, azimuth := s.frame.polar(r, c)
			z := float64(landM[c])
			e := s.Site.Envelope(s.Reach, math.Min(distance, s.Site.RangeM), azimuth, z)
			switch {
			case !e.InSector:
				*f = Unseen
			case distance <= s.Site.MinRangeM:
				*f = AGLOf(e.Limit(z+f.M()) - z)
			}
		}
	})
}

// unscreened fills the surface where terrain does not count.
func (s *Surface) unscreened(ctx context.Context, ground *terrain.View, workers int) error {
	return s.rows(ctx, ground, workers, func(r, first, last int, landM []float32) {
		for c := first; c < last; c++ {
			distance, azimuth := s.frame.polar(r, c)
			z := float64(landM[c])
			e := s.Site.Envelope(s.Reach, math.Min(distance, s.Site.RangeM), azimuth, z)
			s.Floor[r*s.Cols+c] = AGLOf(e.Floor(math.Inf(-1)) - z)
		}
	})
}

// rows calls do for every row with the columns of it that are in range, and the
// elevations of its posts.
func (s *Surface) rows(ctx context.Context, ground *terrain.View, workers int, do func(r, first, last int, landM []float32)) error {
	const band = 16
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for from := 0; from < s.Rows; from += band {
		group.Go(func() error {
			landM := make([]float32, s.Cols)
			for r := from; r < min(from+band, s.Rows) && ctx.Err() == nil; r++ {
				first, last := s.Span(r)
				err := ground.Guard(func() error {
					ground.CopyTo(landM, s.Sub(0, r, s.Cols, 1))
					return nil
				})
				if err != nil {
					return err
				}
				for c, z := range landM {
					if z != z {
						landM[c] = 0
					}
				}
				do(r, first, last, landM)
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}
