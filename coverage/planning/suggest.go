package planning

import (
	"context"
	"errors"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/radar"
)

// SuggestSites suggests.
func (p *Planner) SuggestSites(ctx context.Context, q coverage.GapQuery, candidates []radar.Radar) (*SuggestResult, error) {
	return nil, errors.ErrUnsupported
}
