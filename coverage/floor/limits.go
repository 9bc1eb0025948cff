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
	s.FloorAMSLM[index] = float32(floorAMSLM)
}

// limited reports whether a limit of the radar, other than its lowest beam,
// may change a floor: cheap, and true rather too often.
func (s *Surface) limited(distanceM, floorAMSLM float64) bool {
	r := s.Site
	up := floorAMSLM - r.AntennaAMSLM()
	slant2 := distanceM*distanceM*1.01 + up*up*1.01
	return r.Sector != nil || distanceM < r.MinRangeM ||
		slant2 > r.RangeM*r.RangeM || up > 0.99*distanceM*math.Tan(math.Min(r.MaxElevationDeg, 89)*math.Pi/180)
}

// unscreened fills the surface where terrain does not count.
func (s *Surface) unscreened(ctx context.Context, land *terrain.Grid, workers int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(workers, 1))
	for r := range s.Rows {
		group.Go(func() error {
			s.unscreenedRow(r, land.RowM(r))
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
		s.FloorAMSLM[r*s.Cols+c] = float32(e.Floor(math.Inf(-1)))
	}
}
