// Package ray is package sight made fast. It follows the same rays, looks at the
// terrain in the same places, and returns the same numbers to the last bit; but it
// passes over those parts of a ray on which not even the highest post around would rise
// above what was seen elsewhere, and keeps the terrain that it went over in memory.
package ray

import (
	"context"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
)

// Observer is a radar that looks at places over terrain. It is safe for
// concurrent use.
type Observer struct {
	site  *sight.Site
	reach sight.Reach
	// ground is terrain; missing posts are taken as sea level.
	ground *Ground
	// near is finer terrain up to nearM from the radar; nil for none.
	near  *Ground
	nearM float64
}

// NewObserver returns one that looks over ground.
func NewObserver(site *sight.Site, reach sight.Reach, ground *Ground) *Observer {
	return &Observer{site: site, reach: reach, ground: ground}
}

// WithNear returns an observer that follows rays over near, finer terrain, up
// to a distance of nearM metres, and over its own from there on.
func (o Observer) WithNear(near *Ground, nearM float64) *Observer {
	o.near, o.nearM = near, nearM
	return &o
}

// Look returns how the radar sees the air above a place, whose ground is given in
// metres above mean sea level. It fails as the terrain's Read does.
func (o *Observer) Look(ctx context.Context, at orb.Point, groundAMSLM float64) (sight.Sight, error) {
	s, followed := o.site.Facing(o.reach, at, groundAMSLM)
	if !followed {
		return s, nil
	}
	w := walk{
		line:     earth.NewLine(o.site.Position, s.AzimuthDeg),
		bowPerM2: bowPerM2(math.Abs(o.site.Position.Lat()), s.DistanceM),
		skyline:  newSkyline(o.site.Effective(s.AzimuthDeg)),
	}
	if o.near != nil {
		if err := w.over(ctx, o.near, o.site.StepM(o.near.lattice), math.Min(s.DistanceM, o.nearM)); err != nil {
			return s, err
		}
	}
	if err := w.over(ctx, o.ground, o.site.StepM(o.ground.lattice), s.DistanceM); err != nil {
		return s, err
	}
	s.Screen(w.exactTan, w.crest)
	return s, nil
}
