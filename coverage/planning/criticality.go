package planning

import (
	"context"
	"errors"
)

// Criticality assesses.
func (p *Planner) Criticality(ctx context.Context, q CriticalityQuery) (*Criticality, error) {
	return nil, errors.ErrUnsupported
}
