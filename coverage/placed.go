package coverage

import (
	"context"
	"sync"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/terrain"
)

// Placed remembers the ground under radars and the boxes around their ranges, for
// the many who ask about the same ones: to find these out takes longer than to look
// one point up. Its zero value is empty. It is safe for concurrent use.
type Placed struct {
	mu    sync.Mutex
	known map[disc]footing
}

// disc is where a radar stands, and how far it reaches.
type disc struct {
	position orb.Point
	rangeM   float64
}

// footing is what there is to know of a disc.
type footing struct {
	groundAMSLM float64 // NaN where it is missing
	bound       orb.Bound
}

// mostPlaced is how many discs are remembered, some hundred kB.
const mostPlaced = 4096

// footings returns that of each radar.
func (e *Engine) footings(ctx context.Context, radars []radar.Radar) ([]footing, error) {
	discs := make([]disc, len(radars))
	for i, r := range radars {
		discs[i] = disc{r.Position, r.RangeM}
	}
	if all, ok := e.Placed.recall(discs); ok {
		return all, nil
	}
	places := make([]orb.Point, len(radars))
	for i, d := range discs {
		places[i] = d.position
	}
	ground, err := terrain.Elevations(ctx, e.Terrain, places)
	if err != nil {
		return nil, err
	}
	all := make([]footing, len(discs))
	for i, d := range discs {
		all[i] = footing{ground[i], earth.BoundAround(d.position, d.rangeM)}
	}
	e.Placed.remember(discs, all)
	return all, nil
}

// recall returns false unless all discs are known.
func (p *Placed) recall(discs []disc) (all []footing, ok bool) {
	if p == nil {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	all = make([]footing, len(discs))
	for i, d := range discs {
		if all[i], ok = p.known[d]; !ok {
			return nil, false
		}
	}
	return all, true
}

func (p *Placed) remember(discs []disc, all []footing) {
	if p == nil || len(discs) > mostPlaced {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known)+len(discs) > mostPlaced {
		p.known = make(map[disc]footing, len(discs))
	}
	for i, d := range discs {
		p.known[d] = all[i]
	}
}
