package link_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// computations are the calls that are watched.
func computations(s *link.Session) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"gaps": func(ctx context.Context) error {
			_, err := s.Coverage.FindGaps(ctx, &canopyv1.FindGapsRequest{})
			return err
		},
		"points": func(ctx context.Context) error {
			point := &canopyv1.Point{Position: &canopyv1.Position{LatDeg: -12, LonDeg: -70}, Altitude: &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: 300}}}
			_, err := s.Coverage.CheckPoints(ctx, &canopyv1.CheckPointsRequest{Points: []*canopyv1.Point{point}})
			return err
		},
		"airstrips": func(ctx context.Context) error {
			_, err := s.Coverage.AssessAirstrips(ctx, &canopyv1.AssessAirstripsRequest{})
			return err
		},
		"candidates": func(ctx context.Context) error {
			_, err := s.Siting.FindCandidates(ctx, &canopyv1.FindCandidatesRequest{})
			return err
		},
		"suggestions": func(ctx context.Context) error {
			_, err := s.Siting.SuggestSites(ctx, &canopyv1.SuggestSitesRequest{Candidates: &canopyv1.CandidateSelection{Search: &canopyv1.CandidateSearch{}}})
			return err
		},
		"criticality": func(ctx context.Context) error {
			_, err := s.Siting.AssessCriticality(ctx, &canopyv1.AssessCriticalityRequest{})
			return err
		},
		"floor": func(ctx context.Context) error {
			return s.ExportFloor(ctx, &canopyv1.ExportFloorRequest{}, func(*canopyv1.ExportFloorResponse) error { return nil })
		},
	}
}

func TestWatchTellsOfEachCall(t *testing.T) {
	news := []*canopyv1.WatchProgressResponse{{Share: 0.25, Doing: "radar pem"}, {Share: 0.75, Doing: "gaps"}}
	for name := range computations(&link.Session{}) {
		t.Run(name, func(t *testing.T) {
			hold := make(chan struct{})
			session := (&fake.Server{News: news, Hold: hold}).Start(t)
			var told []float64
			session.Watch(func(share float64, _ string) {
				if told = append(told, share); len(told) == len(news) {
					close(hold)
				}
			})
			if err := computations(session)[name](t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(told) != 2 || told[0] != 0.25 || told[1] != 0.75 {
				t.Errorf("told %v", told)
			}
			session.Close()
		})
	}
}

// A server that knows nothing of watching answers all the same, and its errors
// are those of the call.
func TestWatchIsNoPartOfTheCall(t *testing.T) {
	for _, want := range []error{nil, status.Error(codes.InvalidArgument, "no")} {
		session := (&fake.Server{Err: want}).Start(t)
		session.Watch(func(float64, string) { t.Error("told of a call that is not watched") })
		for name, call := range computations(session) {
			if err := call(t.Context()); status.Code(err) != status.Code(want) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
		session.Close()
	}
}

func TestWatchOfNoServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	session, err := link.Open(t.Context(), link.Target{Server: listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	session.Watch(func(float64, string) { t.Error("told by nobody") })
	for name, call := range computations(session) {
		if err := call(t.Context()); status.Code(err) != codes.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Servers in-process and those that listen are watched in the same way. A call
// may be over before its watch begins, hence several.
func TestWatchOfServers(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	model, err := link.OpenTerrain(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Terrain: model})
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.Serve(context.Background(), listener); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { s.Close(); serving.Wait() })
	for place, target := range map[string]link.Target{"in-process": {}, "listening": {Server: listener.Addr().String()}} {
		for name := range computations(&link.Session{}) {
			t.Run(name+" "+place, func(t *testing.T) {
				session, err := link.Open(t.Context(), target)
				if err != nil {
					t.Fatal(err)
				}
				defer session.Close()
				var told atomic.Int64
				session.Watch(func(float64, string) { told.Add(1) })
				for began := time.Now(); told.Load() == 0; {
					if err := computations(session)[name](t.Context()); err != nil {
						t.Fatal(err)
					}
					if time.Since(began) > 30*time.Second {
						t.Fatal("nothing is told")
					}
				}
			})
		}
	}
}
