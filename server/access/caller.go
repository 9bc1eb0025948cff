package access

import (
	"context"

	"github.com/canopyradar/canopy/server/problem"
)

// Caller is who calls, as far as that is known.
type Caller struct {
	// Name is that of a token of the file, oidc: and the subject of an issuer's, or
	// cn: and the common name of a certificate; empty for who is not known. It is
	// no secret.
	Name string
	role Role
	// refused is why nothing is known of the caller.
	refused error
	// cause is what is behind that, for the log.
	cause string
}

// May returns an error for package problem unless the caller has the role.
func (c Caller) May(needed Role) error {
	switch {
	case needed <= c.role:
		return nil
	case c.refused != nil:
		return c.refused
	}
	return &problem.RoleError{Caller: c.Name, Role: c.role.String(), Needed: needed.String()}
}

// LogFields returns keys and values for a line of the log.
func (c Caller) LogFields() []any {
	var fields []any
	if c.Name != "" {
		fields = append(fields, "caller", c.Name)
	}
	if c.cause != "" {
		fields = append(fields, "cause", c.cause)
	}
	return fields
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
