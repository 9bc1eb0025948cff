package planning

import (
	"context"
	"errors"
)

// FindCandidates finds.
func (p *Planner) FindCandidates(ctx context.Context, q CandidateQuery) (*CandidateResult, error) {
	return nil, errors.ErrUnsupported
}
