package coverage

import (
	"context"
	"sync"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/terrain"
)

// Placed remembers the ground under radars, for the many who ask about the same
// ones: to read it takes longer than to look one point up. Its zero value is empty.
// It is safe for concurrent use.
type Placed struct {
	mu    sync.Mutex
	known map[orb.Point]float64
}

// mostPlaced is how many places are remembered, some hundred kB.
const mostPlaced = 4096

// under returns the ground under each radar, NaN where it is missing.
func (e *Engine) under(ctx context.Context, radars []radar.Radar) ([]float64, error) {
	places := make([]orb.Point, len(radars))
	for i, r := range radars {
		places[i] = r.Position
	}
	if ground, ok := e.Placed.recall(places); ok {
		return ground, nil
	}
	ground, err := terrain.Elevations(ctx, e.Terrain, places)
	if err == nil {
		e.Placed.remember(places, ground)
	}
	return ground, err
}

// recall returns false unless all places are known.
func (p *Placed) recall(places []orb.Point) (ground []float64, ok bool) {
	if p == nil {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	ground = make([]float64, len(places))
	for i, at := range places {
		if ground[i], ok = p.known[at]; !ok {
			return nil, false
		}
	}
	return ground, true
}

func (p *Placed) remember(places []orb.Point, ground []float64) {
	if p == nil || len(places) > mostPlaced {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known)+len(places) > mostPlaced {
		p.known = make(map[orb.Point]float64, len(places))
	}
	for i, at := range places {
		p.known[at] = ground[i]
	}
}
