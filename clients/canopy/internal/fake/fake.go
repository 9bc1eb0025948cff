// Package fake is a server whose answers are known beforehand, for tests of
// the client.
package fake

import (
	"context"
	"net"
	"sync"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Server answers every call with what it holds, and remembers the request.
type Server struct {
	canopyv1.UnimplementedCoverageServiceServer
	canopyv1.UnimplementedCatalogServiceServer
	canopyv1.UnimplementedTerrainServiceServer
	canopyv1.UnimplementedSitingServiceServer
	longrunningpb.UnimplementedOperationsServer

	// Err is returned by every call if it is set.
	Err error
	// Wait makes the calls that compute last until they are cancelled.
	Wait bool
	// Hold makes them last until it is closed.
	Hold chan struct{}
	// News are what watches of calls hear; nil where calls cannot be watched.
	News []*canopyv1.WatchProgressResponse
	// Points are the outcomes of CheckPoints.
	Points *canopyv1.CheckPointsResponse
	// Terrain is the answer of GetTerrain.
	Terrain *canopyv1.GetTerrainResponse
	// GeoTIFF is what ExportFloor sends, and CutShort ends it half way.
	GeoTIFF  []byte
	CutShort bool
	// Running makes plans go on until they are cancelled, and Failing ends them
	// with an error.
	Running bool
	Failing error
	// Lost is the error of asking about operations.
	Lost error
	// Asked receives the name of each operation that is asked about; nil for
	// nobody.
	Asked chan string

	// Last is the last request of CoverageService or SitingService, about
	// airstrips, or about the ground at places.
	Last proto.Message
	// Found are all requests for candidates.
	Found []*canopyv1.FindCandidatesRequest
	// Cancelled and Deleted are names of operations.
	Cancelled, Deleted []string
	mu                 sync.Mutex
}

// Start serves until the test ends and returns a session.
func (s *Server) Start(t *testing.T) *link.Session {
	t.Helper()
	pipe := bufconn.Listen(1 << 16)
	g := grpc.NewServer()
	canopyv1.RegisterCoverageServiceServer(g, s)
	canopyv1.RegisterCatalogServiceServer(g, s)
	canopyv1.RegisterTerrainServiceServer(g, s)
	canopyv1.RegisterSitingServiceServer(g, s)
	longrunningpb.RegisterOperationsServer(g, s)
	go func() { _ = g.Serve(pipe) }()
	t.Cleanup(g.Stop)
	conn, err := grpc.NewClient("passthrough:///fake",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return pipe.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	return link.NewSession(conn, func() { _ = conn.Close() })
}

func answer[T proto.Message](ctx context.Context, s *Server, req proto.Message, response T) (T, error) {
	s.Last = req
	var none T
	if s.Wait {
		<-ctx.Done()
		return none, ctx.Err()
	}
	if s.Hold != nil {
		select {
		case <-s.Hold:
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
	if s.Err != nil {
		return none, s.Err
	}
	return response, nil
}
