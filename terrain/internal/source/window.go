package source

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
)

// Window returns a grid on window, in which fill puts the posts that it shares
// with all, those of the model; fill is not called where there are none. It
// fails as terrain.Model's Read does, and as fill.
func Window(ctx context.Context, all, window terrain.Lattice, fill func(g *terrain.Grid, part terrain.Lattice) error) (*terrain.Grid, error) {
	g, err := terrain.NewWindow(all, window)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	part := window.Intersect(all)
	if part.Posts() == 0 {
		return g, nil
	}
	if err := fill(g, part); err != nil {
		return nil, err
	}
	return g, nil
}

// Bands cuts n rows or columns into bands of at most size, and calls do for
// each, as many at a time as there are processors, until one fails or ctx is
// done.
func Bands(ctx context.Context, n, size int, do func(ctx context.Context, first, count int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for first := 0; first < n; first += size {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(ctx, first, min(size, n-first))
		})
	}
	return group.Wait()
}
