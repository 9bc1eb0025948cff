package coverage

import (
	"context"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// ProfileResult is the ray from a radar to a point.
type ProfileResult struct {
	Basis
	Outcome Outcome
	Samples []Sample
}

// Sample is one place on a ray. Heights are metres above mean sea level, NaN
// where there is none.
type Sample struct {
	Position                           orb.Point
	DistanceM                          float64
	TerrainAMSLM, RayAMSLM, FloorAMSLM float64
}

// Profile follows the ray from the only radar of q to a point, and samples it
// at count equal distances, both ends included.
func (e *Engine) Profile(ctx context.Context, q Query, to Point, count int) (*ProfileResult, error) {
	if len(q.Radars) != 1 || count < 2 {
		return nil, fmt.Errorf("a profile has one radar and at least two samples, not %d and %d", len(q.Radars), count)
	}
	checked, err := e.CheckPoints(ctx, q, []Point{to})
	if err != nil {
		return nil, err
	}
	r := &ProfileResult{Basis: checked.Basis, Outcome: checked.Outcomes[0]}
	path := e.path(r, count)
	ground, err := terrain.Elevations(ctx, e.Terrain, path)
	if err != nil {
		return nil, err
	}
	scratch := Basis{Sites: r.Sites}
	o, err := e.observer(ctx, q, &scratch, &r.Sites[0], path)
	if err != nil {
		return nil, err
	}
	return r, e.look(ctx, o, path, ground, func(i int, s sight.Sight) {
		r.Samples[i].TerrainAMSLM = ground[i]
		r.Samples[i].FloorAMSLM = flyable(s.FloorAMSLM, ground[i])
	})
}

// path lays the samples along the geodesic, and their ray.
func (e *Engine) path(r *ProfileResult, count int) []orb.Point {
	look, site := &r.Outcome.Looks[0], &r.Sites[0]
	line := earth.NewLine(site.Position, look.AzimuthDeg)
	effective := site.Effective(look.AzimuthDeg)
	tan := math.Tan(look.ElevationDeg * math.Pi / 180)
	path := make([]orb.Point, count)
	r.Samples = make([]Sample, count)
	for i := range path {
		d := look.DistanceM * float64(i) / float64(count-1)
		path[i] = line.At(d)
		r.Samples[i] = Sample{Position: path[i], DistanceM: d, RayAMSLM: effective.RayHeightM(tan, d)}
	}
	return path
}
