package coverage

import (
	"context"
	"fmt"
	"math"
)

// Progress receives how much of a request is done, as a share from 0 to 1,
// and the name of what is being done. It comes from one goroutine at a time.
type Progress func(share float64, doing string)

type progressKey struct{}

// WithProgress returns a context whose work reports to p.
func WithProgress(ctx context.Context, p Progress) context.Context {
	return context.WithValue(ctx, progressKey{}, p)
}

// ProgressOf returns what the work of ctx reports to, for those who add to it.
func ProgressOf(ctx context.Context) Progress {
	if p, ok := ctx.Value(progressKey{}).(Progress); ok && p != nil {
		return p
	}
	return func(float64, string) {}
}

func report(ctx context.Context, share float64, format string, args ...any) {
	if p, ok := ctx.Value(progressKey{}).(Progress); ok && p != nil {
		p(math.Min(share, 1), fmt.Sprintf(format, args...))
	}
}

// progress counts the steps of a part of a request.
type progress struct {
	// from is the share that is done before, and share is the part's.
	from, share float64
	steps, done int
}

// next reports what is being done now.
func (p *progress) next(ctx context.Context, format string, args ...any) {
	report(ctx, p.shareAt(float64(p.done)), format, args...)
	p.done++
}

// shareAt is that of the request which is done after so many steps.
func (p *progress) shareAt(steps float64) float64 { return p.from + p.share*steps/float64(p.steps) }
