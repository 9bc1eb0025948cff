package planning

import (
	"context"
	"errors"
)

// Plan plans.
func (p *Planner) Plan(ctx context.Context, q PlanQuery, watch func(Progress)) (*Plan, error) {
	return nil, errors.ErrUnsupported
}
