package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/canopyradar/canopy/coverage"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
)

// CallIDKey is the metadata in which a call says the id that it can be watched
// by; it is of as many characters as WatchProgressRequest takes.
const (
	CallIDKey            = "canopy-call-id"
	minCallID, maxCallID = 16, 80
)

// maxWatches is how many watches may be open at a time: they cost little, but
// a client that forgets to end them would keep them for long.
const maxWatches = 1000

// lookEvery is how long a watch waits before it looks again: no eye is faster,
// and the work is never held up by those who watch.
const lookEvery = 100 * time.Millisecond

// watchable are the calls that take long enough to be watched.
var watchable = map[string]bool{
	canopyv1.CoverageService_FindGaps_FullMethodName:        true,
	canopyv1.CoverageService_CheckPoints_FullMethodName:     true,
	canopyv1.CoverageService_AssessAirstrips_FullMethodName: true,
	canopyv1.CoverageService_ExportFloor_FullMethodName:     true,
	canopyv1.SitingService_FindCandidates_FullMethodName:    true,
	canopyv1.SitingService_SuggestSites_FullMethodName:      true,
	canopyv1.SitingService_AssessCriticality_FullMethodName: true,
}

// watches know the calls that run and have an id, and those that are waited
// for.
type watches struct {
	mu    sync.Mutex
	calls map[string]*watchedCall
	// open is how many watches there are.
	open int
	// stopping is closed when no more calls will come.
	stopping chan struct{}
	stop     func()
}

func newWatches() *watches {
	w := &watches{calls: map[string]*watchedCall{}, stopping: make(chan struct{})}
	w.stop = sync.OnceFunc(func() { close(w.stopping) })
	return w
}

// watchedCall is what has one id. The mutex of watches guards it.
type watchedCall struct {
	// running calls have the id, and watching streams wait for them.
	running, watching int
	// news is replaced by what is newer, never changed; nil before the call.
	news *canopyv1.WatchProgressResponse
	// ended is closed when the last call that runs ends.
	ended chan struct{}
}

// of returns the call with an id, new if nobody knows of it.
func (w *watches) of(id string) *watchedCall {
	c := w.calls[id]
	if c == nil {
		c = &watchedCall{ended: make(chan struct{})}
		w.calls[id] = c
	}
	return c
}

// begin returns a context whose work can be watched if the call says its id,
// and what ends the watching.
func (w *watches) begin(ctx context.Context, method string) (_ context.Context, end func(), err error) {
	said := metadata.ValueFromIncomingContext(ctx, CallIDKey)
	if len(said) == 0 || !watchable[method] {
		return ctx, func() {}, nil
	}
	id := said[0]
	if n := len(id); n < minCallID || n > maxCallID {
		return nil, nil, problem.Field(CallIDKey, problem.ReasonFieldInvalid, "%.80q in the metadata has %d characters: want %d to %d, such as a UUID, or leave it out", id, n, minCallID, maxCallID)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.of(id)
	c.running++
	if c.news == nil {
		c.news = &canopyv1.WatchProgressResponse{Doing: "waiting for its turn"}
	}
	ctx = coverage.WithProgress(ctx, func(share float64, doing string) { w.publish(c, share, doing) })
	return ctx, func() { w.end(id, c) }, nil
}

func (w *watches) publish(c *watchedCall, share float64, doing string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.news = &canopyv1.WatchProgressResponse{Share: max(share, c.news.GetShare()), Doing: doing}
}

func (w *watches) end(id string, c *watchedCall) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.running--; c.running == 0 {
		delete(w.calls, id)
		close(c.ended)
	}
}

// enter opens a watch, which is to be left.
func (w *watches) enter(id string) (*watchedCall, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open >= maxWatches {
		return nil, &problem.WatchedError{Watches: w.open}
	}
	w.open++
	c := w.of(id)
	c.watching++
	return c, nil
}

func (w *watches) leave(id string, c *watchedCall) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open--
	if c.watching--; c.watching == 0 && c.running == 0 && w.calls[id] == c {
		delete(w.calls, id)
	}
}

func (w *watches) news(c *watchedCall) *canopyv1.WatchProgressResponse {
	w.mu.Lock()
	defer w.mu.Unlock()
	return c.news
}

// WatchProgress sends its headers when it watches, for those who wait with the
// call until then, and ends well however the watcher goes.
func (s *coverageService) WatchProgress(req *canopyv1.WatchProgressRequest, stream grpc.ServerStreamingServer[canopyv1.WatchProgressResponse]) error {
	c, err := s.watches.enter(req.GetCallId())
	if err != nil {
		return err
	}
	defer s.watches.leave(req.GetCallId(), c)
	if err := stream.SendHeader(nil); err != nil {
		return err
	}
	err = s.watches.follow(stream.Context(), c, stream.Send)
	if errors.Is(stream.Context().Err(), context.Canceled) {
		return nil
	}
	return err
}

// follow sends what is new of a call until it ends, or until it cannot come
// any more.
func (w *watches) follow(ctx context.Context, c *watchedCall, send func(*canopyv1.WatchProgressResponse) error) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var sent *canopyv1.WatchProgressResponse
	for stopping, over := w.stopping, false; ; {
		if news := w.news(c); news != sent {
			if err := send(news); err != nil {
				return err
			}
			sent = news
		}
		if over {
			return nil
		}
		select {
		case <-c.ended:
			over = true
		case <-stopping:
			over, stopping = sent == nil, nil
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (i *interceptors) watchUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, end, err := i.watches.begin(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	defer end()
	return handler(ctx, req)
}

func (i *interceptors) watchStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, end, err := i.watches.begin(stream.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	defer end()
	return handler(srv, &streamWithContext{stream, ctx})
}
