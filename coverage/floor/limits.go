package floor

import (
	"context"
	"math"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// put stores a floor at a post, or NaN where the radar's limits leave nothing
// above it.
func (s *Surface) put(index int, distanceM, groundAMSLM, floorAMSLM float64) {
	if floorAMSLM > s.Site.HeightLimitAMSLM {
		return
	}
	if s.limited(distanceM, floorAMSLM) {
		_, azimuth := s.frame.polar(index/s.Cols, index%s.Cols)
		e := s.Site.Envelope(s.Reach, distanceM, azimuth, groundAMSLM)
		floorAMSLM = e.Limit(floorAMSLM)
	}
	s.Floor[index] = AGLOf(floorAMSLM - groundAMSLM)
}

// limited reports whether a limit of the radar, other than its lowest beam,
// may change a floor: cheap, and true rather too often.
func (s *Surface) limited(distanceM, floorAMSLM float64) bool {
	r := s.Site
	up, beamUp := floorAMSLM-r.AntennaAMSLM(), distanceM*s.highestTan
	return r.Sector != nil || distanceM < r.MinRangeM || up > beamUp-0.01*math.Abs(beamUp) ||
		s.longestSlant2(distanceM, floorAMSLM) > r.RangeM*r.RangeM
}

// longestSlant2 is at least the square of the slant range: of that, the part
// 4(a+h0)(a+h)·sin²(ψ/2) is at most s²·(1+h0/a)(1+h/a).
func (s *Surface) longestSlant2(distanceM, heightAMSLM float64) float64 {
	h0, a := s.Site.AntennaAMSLM(), s.smallestRadiusM
	up := heightAMSLM - h0
	return distanceM*distanceM*(1+math.Abs(h0)/a)*(1+math.Abs(heightAMSLM)/a)*1.001 + up*up
}

// unscreened fills the surface where terrain does not count.
func (s *Surface) unscreened(ctx context.Context, land *terrain.Grid, workers int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for r := range s.Rows {
		group.Go(func() error {
			if ctx.Err() == nil {
				s.unscreenedRow(r, land.RowM(r))
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}

func (s *Surface) unscreenedRow(r int, land []float32) {
	first, last := s.Span(r)
	for c := first; c < last; c++ {
		distance, azimuth := s.frame.polar(r, c)
		e := s.Site.Envelope(s.Reach, distance, azimuth, float64(land[c]))
		s.Floor[r*s.Cols+c] = AGLOf(e.Floor(math.Inf(-1)) - float64(land[c]))
	}
}
