package access

import (
	"context"

	"github.com/canopyradar/canopy/server/problem"
)

// Caller is who calls, as far as that is known.
type Caller struct {
	// Name is that of the token; empty without one that is known.
	Name string
	role Role
	// refused is why there is no good token.
	refused error
}

// May returns a *problem.TokenError or a *problem.RoleError unless the caller has
// the role.
func (c Caller) May(needed Role) error {
	switch {
	case needed <= c.role:
		return nil
	case c.refused != nil:
		return c.refused
	}
	return &problem.RoleError{Token: c.Name, Role: c.role.String(), Needed: needed.String()}
}

type callerKey struct{}

// With returns a context that knows who calls.
func With(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// From returns who calls; one who may do nothing where that was not asked.
func From(ctx context.Context) Caller {
	c, ok := ctx.Value(callerKey{}).(Caller)
	if !ok {
		c.refused = missing
	}
	return c
}
