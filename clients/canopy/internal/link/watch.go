package link

import (
	"context"
	"crypto/rand"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// Watch has the calls of the session tell how far they are. A server that does
// not, or cannot now, leaves tell uncalled.
func (s *Session) Watch(tell func(share float64, doing string)) {
	w := watched{s.Coverage, tell}
	s.Coverage, s.Siting = w, watchedSiting{s.Siting, w}
	export := s.ExportFloor
	s.ExportFloor = func(ctx context.Context, request *canopyv1.ExportFloorRequest, receive func(*canopyv1.ExportFloorResponse) error) error {
		ctx, end := w.watch(ctx)
		defer end()
		return export(ctx, request, receive)
	}
}

// watched is a client whose computations are watched while they run.
type watched struct {
	canopyv1.CoverageServiceClient
	tell func(share float64, doing string)
}

// watch returns the context of a call, and what ends the watching.
func (w watched) watch(ctx context.Context) (_ context.Context, end func()) {
	id := rand.Text()
	watching, cancel := context.WithCancel(ctx)
	var following sync.WaitGroup
	following.Go(func() { w.follow(watching, id) })
	return metadata.AppendToOutgoingContext(ctx, server.CallIDKey, id), func() {
		cancel()
		following.Wait()
	}
}

// follow keeps its errors to itself: the call says what is wrong, and one that
// cannot be watched is as good.
func (w watched) follow(ctx context.Context, id string) {
	stream, err := w.WatchProgress(ctx, &canopyv1.WatchProgressRequest{CallId: id})
	if err != nil {
		return
	}
	for {
		news, err := stream.Recv()
		if err != nil {
			return
		}
		w.tell(news.GetShare(), news.GetDoing())
	}
}

// FindGaps is the call, watched.
func (w watched) FindGaps(ctx context.Context, request *canopyv1.FindGapsRequest, options ...grpc.CallOption) (*canopyv1.FindGapsResponse, error) {
	ctx, end := w.watch(ctx)
	defer end()
	return w.CoverageServiceClient.FindGaps(ctx, request, options...)
}

// CheckPoints is the call, watched.
func (w watched) CheckPoints(ctx context.Context, request *canopyv1.CheckPointsRequest, options ...grpc.CallOption) (*canopyv1.CheckPointsResponse, error) {
	ctx, end := w.watch(ctx)
	defer end()
	return w.CoverageServiceClient.CheckPoints(ctx, request, options...)
}

// AssessAirstrips is the call, watched.
func (w watched) AssessAirstrips(ctx context.Context, request *canopyv1.AssessAirstripsRequest, options ...grpc.CallOption) (*canopyv1.AssessAirstripsResponse, error) {
	ctx, end := w.watch(ctx)
	defer end()
	return w.CoverageServiceClient.AssessAirstrips(ctx, request, options...)
}

// watchedSiting is a client whose computations are watched while they run. Plans
// tell by their operations how far they are.
type watchedSiting struct {
	canopyv1.SitingServiceClient
	watched
}

// FindCandidates is the call, watched.
func (w watchedSiting) FindCandidates(ctx context.Context, request *canopyv1.FindCandidatesRequest, options ...grpc.CallOption) (*canopyv1.FindCandidatesResponse, error) {
	ctx, end := w.watch(ctx)
	defer end()
	return w.SitingServiceClient.FindCandidates(ctx, request, options...)
}

// SuggestSites is the call, watched.
func (w watchedSiting) SuggestSites(ctx context.Context, request *canopyv1.SuggestSitesRequest, options ...grpc.CallOption) (*canopyv1.SuggestSitesResponse, error) {
	ctx, end := w.watch(ctx)
	defer end()
	return w.SitingServiceClient.SuggestSites(ctx, request, options...)
}

// AssessCriticality is the call, watched.
func (w watchedSiting) AssessCriticality(ctx context.Context, request *canopyv1.AssessCriticalityRequest, options ...grpc.CallOption) (*canopyv1.AssessCriticalityResponse, error) {
	ctx, end := w.watch(ctx)
	defer end()
	return w.SitingServiceClient.AssessCriticality(ctx, request, options...)
}
