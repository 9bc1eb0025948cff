package siting

import (
	"context"
	"slices"
)

// Screen returns those sites, by index, that may be in a plan of at least share of
// the best possible, and the fixed ones: all of which it cannot be proven that they
// are not. When ctx is done before it knows more, those are all that can be built.
func Screen(ctx context.Context, p *Problem, o Options, share float64) []int {
	var kept []int
	for i := range p.Sites {
		if p.Sites[i].Fixed {
			kept = append(kept, i)
		}
	}
	in := reduce(ctx, p, o.Workers)
	if in == nil {
		for i := range p.Sites {
			if s := &p.Sites[i]; !s.Fixed && !s.Forbidden {
				kept = append(kept, i)
			}
		}
		slices.Sort(kept)
		return kept
	}
	s := newSearch(in, o)
	s.best = constructed(ctx, in)
	s.best.polish(ctx)
	possible := s.mayReach(ctx, share)
	for i, origin := range in.origin {
		if s.best.has[i] || possible[i] {
			kept = append(kept, origin)
		}
	}
	slices.Sort(kept)
	return kept
}
