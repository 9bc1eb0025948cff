// Package link connects the client to a server: one that listens somewhere,
// or one in this process, so that a command works with nothing running.
package link

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"strconv"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// Target says which server.
type Target struct {
	// Server is the address of one that listens; empty for one in-process.
	Server string
	// Security is how the one that listens is spoken to.
	Security Security
	// Token tells it who asks; empty for nobody.
	Token string
	// Terrain is what the one in-process stands on; empty for the built-in.
	Terrain string
	// Cache is where the one in-process keeps floor surfaces; by itself,
	// nowhere. It is for OpenCache.
	Cache server.Cache
	// MemoryB is how many bytes a request to the one in-process may take; 0 for
	// the engine's default.
	MemoryB int64
	// Version is what the one in-process calls its engine.
	Version string
	// Logger receives what is behind internal errors of the one in-process.
	Logger *slog.Logger
}

// takesB is how many bytes of an answer the program takes: whatever the server
// sends.
const takesB = math.MaxInt32

// receiving has answers of takesB bytes asked for and received.
func receiving() []grpc.DialOption {
	say := func(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
		return invoke(metadata.AppendToOutgoingContext(ctx, server.AnswerLimitKey, strconv.Itoa(takesB)), method, req, reply, conn, options...)
	}
	return []grpc.DialOption{grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(takesB)), grpc.WithUnaryInterceptor(say)}
}

// Session is a connection to a server.
type Session struct {
	Coverage canopyv1.CoverageServiceClient
	Catalog  canopyv1.CatalogServiceClient
	Terrain  canopyv1.TerrainServiceClient
	Siting   canopyv1.SitingServiceClient
	// Operations tells of the plans that Siting is at.
	Operations longrunningpb.OperationsClient
	// ExportFloor is the call of Coverage, of which every message goes to
	// receive, in order; it must not be kept. It fails as the call does, and as
	// receive.
	ExportFloor func(ctx context.Context, request *canopyv1.ExportFloorRequest, receive func(*canopyv1.ExportFloorResponse) error) error
	closers     []func()
}

// NewSession returns a session over a connection.
func NewSession(conn grpc.ClientConnInterface, closers ...func()) *Session {
	s := &Session{
		Coverage:   canopyv1.NewCoverageServiceClient(conn),
		Catalog:    canopyv1.NewCatalogServiceClient(conn),
		Terrain:    canopyv1.NewTerrainServiceClient(conn),
		Siting:     canopyv1.NewSitingServiceClient(conn),
		Operations: longrunningpb.NewOperationsClient(conn),
		closers:    closers,
	}
	s.ExportFloor = s.exportFloor
	return s
}

func (s *Session) exportFloor(ctx context.Context, request *canopyv1.ExportFloorRequest, receive func(*canopyv1.ExportFloorResponse) error) error {
	// A stream that is not read to its end is to be cancelled.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := s.Coverage.ExportFloor(ctx, request)
	if err != nil {
		return err
	}
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := receive(message); err != nil {
			return err
		}
	}
}

// Close ends the session and a server in-process.
func (s *Session) Close() {
	for _, end := range s.closers {
		end()
	}
}

// Open connects to a server. A server that listens is first spoken to by the
// first call; terrain that cannot be read fails here, as bad input.
func Open(ctx context.Context, t Target) (*Session, error) {
	if t.Server != "" {
		return dial(t)
	}
	return start(ctx, t)
}

func dial(t Target) (*Session, error) {
	address := t.Server
	if strings.Contains(address, "://") {
		return nil, fault.Badf("--server %q: leave the scheme out: write 127.0.0.1:50051", address)
	}
	if !strings.Contains(address, ":") {
		return nil, fault.Badf("--server %q has no port: write %[1]s:50051", address)
	}
	secured, err := t.secured()
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(address, append(receiving(), secured...)...)
	if err != nil {
		return nil, fault.Badf("--server %q: %w", address, err)
	}
	return NewSession(conn, func() { _ = conn.Close() }), nil
}

func start(ctx context.Context, t Target) (*Session, error) {
	model, err := OpenTerrain(ctx, t.Terrain)
	if err != nil {
		return nil, err
	}
	cache, err := OpenCache(ctx, t.Cache)
	if err != nil {
		return nil, err
	}
	s, err := server.New(server.Config{
		Terrain: model, EngineVersion: t.Version, Cache: cache, Limits: server.Limits{MemoryB: t.MemoryB, MaxAnswerB: takesB},
		Logger: t.Logger,
	})
	if err != nil {
		return nil, BadCache(err)
	}
	conn, err := s.Dial(receiving()...)
	if err != nil {
		s.Close()
		return nil, err
	}
	session := NewSession(conn, func() { _ = conn.Close() }, s.Close)
	// A raster is much to send to oneself.
	session.ExportFloor = s.ExportFloor
	return session, nil
}
