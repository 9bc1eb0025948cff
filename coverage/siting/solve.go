package siting

import "context"

// Solve searches for the best plan. When ctx is done it returns the best so far,
// and the bound that is known by then. The problem must be valid.
func Solve(ctx context.Context, p *Problem, o Options) *Plan { return &Plan{} }

// Curve returns the best plans found for each number of sites from that of the
// fixed ones to that of a plan, which is the last point.
func Curve(ctx context.Context, p *Problem, o Options, plan *Plan) []Point { return nil }

// Screen returns those sites, by index, that may be in a plan of at least share of
// the best possible, and the fixed ones.
func Screen(ctx context.Context, p *Problem, o Options, share float64) []int { return nil }
