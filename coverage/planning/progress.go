package planning

import (
	"context"

	"github.com/canopyradar/canopy/coverage"
)

// reporting returns a context whose work reports as the part of that of ctx
// between two shares.
func reporting(ctx context.Context, from, to float64) context.Context {
	report := coverage.ProgressOf(ctx)
	return coverage.WithProgress(ctx, func(share float64, doing string) { report(from+share*(to-from), doing) })
}
