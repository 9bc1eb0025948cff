// Package server is the gRPC face of Canopy: it turns the calls of the
// contract (proto/canopy/v1) into questions to packages coverage, catalog and
// terrain, and their answers and errors back. It computes nothing itself.
//
// A call passes through these files and packages:
//
//	serve.go      sockets, connections within the process, and the way out
//	access        who may call: certificates, tokens and their roles
//	intercept.go  what holds for every call: log, errors, time, validation
//	requestid.go  the id that it has in them
//	metrics.go, traces.go  what those who watch the server see of it
//	request       names and defaults become radars, areas and airstrips
//	coverage.go, export.go, catalog.go, terrain.go  the calls themselves
//	siting.go     plans, which outlive their call, and the calls beside them
//	progress.go   calls tell those who watch them how far they are
//	operations    what outlives its call is kept, waited for and cancelled
//	wire          answers become messages, rounded once
//	shelf         floor surfaces are kept in a directory
//	problem       errors become statuses, by one table
package server

import (
	"cmp"
	"crypto/tls"
	"errors"
	"log/slog"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/surfaces"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/operations"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/server/shelf"
	"github.com/canopyradar/canopy/terrain"
)

// What Limits that are 0 stand for.
const (
	DefaultMaxConcurrent = 2
	DefaultMaxWaiting    = 32
	DefaultTimeout       = 10 * time.Minute
	DefaultPlanTimeout   = time.Hour
	DefaultGrace         = 5 * time.Second
)

// DefaultMemoryB is how many bytes one request may take where the configuration
// leaves it to the engine.
const DefaultMemoryB = coverage.DefaultMemoryB

// DefaultCacheMemoryB is the memory for surfaces, and what is made of them, of a
// server that serves many requests: eleven of 400 km at 3 arc-seconds do not fit, at 15 a hundred do.
const DefaultCacheMemoryB = 1 << 30

// An answer is of no more bytes than a gRPC client takes unless it is told to
// take more, DefaultAnswerB. A client that was told so says how many it takes in
// the metadata of its call, under AnswerLimitKey; Limits.MaxAnswerB bounds that.
const (
	AnswerLimitKey    = "canopy-max-answer-bytes"
	DefaultAnswerB    = 4 << 20
	DefaultMaxAnswerB = 64 << 20
)

// Config is what a Server needs.
type Config struct {
	// Terrain is the elevation model that all answers stand on.
	Terrain terrain.Model
	// EngineVersion is what answers name as the engine's version.
	EngineVersion string
	Limits        Limits
	// Cache says where floor surfaces are kept; by itself, nowhere.
	Cache Cache
	// Operations is a directory in which plans outlive the process, and which
	// other processes may use as well; empty for none.
	Operations string
	// TLS is that of connections from outside of the process; nil for plain text.
	TLS *tls.Config
	// Tokens say who may call what; nil for everyone everything.
	Tokens *access.Tokens
	// Logger receives a line a call, and what is behind internal errors; nil
	// for none. Neither requests nor answers are logged.
	Logger *slog.Logger
	// Traces receives a span a call; nil for none.
	Traces trace.TracerProvider

	// planner stands in for the real one in tests.
	planner planner
}

// Limits keep one server from taking on too much.
type Limits struct {
	// Workers is how many goroutines one request keeps busy; 0 for one a
	// processor.
	Workers int
	// MaxPosts bounds the terrain posts of one request; 0 for the engine's
	// default.
	MaxPosts int
	// BudgetPosts is how many of them a request that leaves the resolution
	// open may work through before terrain is averaged; 0 for the engine's
	// default.
	BudgetPosts int
	// MemoryB is how many bytes one request may take; 0 for the engine's
	// default.
	MemoryB int64
	// MaxAnswerB is how many bytes of one answer a client can ask for; 0 for
	// DefaultMaxAnswerB.
	MaxAnswerB int64
	// MaxConcurrent is how many requests compute at the same time, and
	// MaxWaiting how many more may wait for their turn (negative for none).
	MaxConcurrent, MaxWaiting int
	// Timeout ends a request, whatever deadline its client set.
	Timeout time.Duration
	// PlanTimeout ends the search for a plan, with the best plan so far.
	PlanTimeout time.Duration
	// Grace is how long Serve lets open requests go on when it has to end.
	Grace time.Duration
}

// Cache says where floor surfaces are kept for requests to come.
type Cache struct {
	// MemoryB bounds those in memory, in bytes; 0 for none.
	MemoryB int64
	// Dir is a directory, which other processes may use as well; empty for
	// none. LimitB bounds what is in it, in bytes; 0 for shelf.DefaultLimitB.
	Dir    string
	LimitB int64
}

// open returns nil where nothing is kept.
func (c Cache) open(logger *slog.Logger) (*surfaces.Cache, error) {
	if c.Dir == "" {
		if c.MemoryB <= 0 {
			return nil, nil
		}
		return surfaces.New(c.MemoryB, nil), nil
	}
	s, err := shelf.Open(c.Dir, cmp.Or(c.LimitB, shelf.DefaultLimitB), logger)
	if err != nil {
		return nil, &CacheError{err}
	}
	return surfaces.New(c.MemoryB, s), nil
}

// OperationsError is returned by New for a Config.Operations that cannot be used.
type OperationsError struct{ Err error }

func (e *OperationsError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *OperationsError) Unwrap() error { return e.Err }

// CacheError is returned by New for a Cache.Dir that cannot be used.
type CacheError struct{ Err error }

func (e *CacheError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *CacheError) Unwrap() error { return e.Err }

func (l Limits) withDefaults() Limits {
	l.MaxAnswerB = cmp.Or(l.MaxAnswerB, DefaultMaxAnswerB)
	l.MaxConcurrent = cmp.Or(l.MaxConcurrent, DefaultMaxConcurrent)
	l.MaxWaiting = max(cmp.Or(l.MaxWaiting, DefaultMaxWaiting), 0)
	l.Timeout = cmp.Or(l.Timeout, DefaultTimeout)
	l.PlanTimeout = cmp.Or(l.PlanTimeout, DefaultPlanTimeout)
	l.Grace = cmp.Or(l.Grace, DefaultGrace)
	return l
}

// Server serves the contract, health (grpc.health.v1) and reflection.
type Server struct {
	grpc   *grpc.Server
	health *health.Server
	grace  time.Duration
	// coverage and streams, its interceptors, serve ExportFloor.
	coverage canopyv1.CoverageServiceServer
	streams  []grpc.StreamServerInterceptor
	watches  *watches
	// inProcess counts the goroutines that serve connections of Dial.
	inProcess sync.WaitGroup
	surfaces  *surfaces.Cache // nil for none
	metrics   *metrics
	// operations are plans.
	operations *operations.Store
}

// New returns a server that serves nobody yet; Close it. It fails with a
// *CacheError or an *OperationsError.
func New(cfg Config) (*Server, error) {
	if cfg.Terrain == nil {
		return nil, errors.New("server: Config.Terrain is nil: open an elevation model first")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.Limits = cfg.Limits.withDefaults()
	kept, err := cfg.Cache.open(cfg.Logger)
	if err != nil {
		return nil, err
	}
	plans, err := operations.Open(cfg.Operations, operations.DefaultKeep, cfg.Logger)
	if err != nil {
		if kept != nil {
			kept.Close()
		}
		return nil, &OperationsError{err}
	}
	i := interceptors{
		logger: cfg.Logger, tokens: cfg.Tokens, timeout: cfg.Limits.Timeout, maxAnswerB: cfg.Limits.MaxAnswerB, watches: newWatches(),
		metrics: newMetrics(cfg.Terrain.Info(), cfg.EngineVersion, kept),
	}
	s := &Server{
		grpc: newGRPC(&i, cfg.Traces, cfg.TLS), health: health.NewServer(), grace: cfg.Limits.Grace, streams: i.stream(),
		watches: i.watches, metrics: i.metrics, surfaces: kept, operations: plans,
	}
	s.register(cfg)
	for name := range s.grpc.GetServiceInfo() {
		s.health.SetServingStatus(name, healthv1.HealthCheckResponse_SERVING)
	}
	healthv1.RegisterHealthServer(s.grpc, s.health)
	reflection.Register(s.grpc)
	s.metrics.calls.InitializeMetrics(s.grpc)
	return s, nil
}

// minPingInterval is how often a client may ping to keep its connection open;
// the usual 5 minutes would cut off those behind impatient proxies.
const minPingInterval = 10 * time.Second

func newGRPC(i *interceptors, traces trace.TracerProvider, secured *tls.Config) *grpc.Server {
	options := []grpc.ServerOption{
		grpc.ChainUnaryInterceptor(i.unary()...),
		grpc.ChainStreamInterceptor(i.stream()...),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minPingInterval, PermitWithoutStream: true}),
		grpc.WaitForHandlers(true),
	}
	if traces != nil {
		options = append(options, traced(traces))
	}
	if secured != nil {
		options = append(options, grpc.Creds(access.Handshake(secured, i.logger)))
	}
	return grpc.NewServer(options...)
}

func (s *Server) register(cfg Config) {
	cat := catalog.Default()
	resolver := &request.Resolver{Catalogue: cat, Extent: cfg.Terrain.Lattice().Bound()}
	engine := &coverage.Engine{
		Terrain: cfg.Terrain, Workers: cfg.Limits.Workers,
		MaxPosts: cfg.Limits.MaxPosts, BudgetPosts: cfg.Limits.BudgetPosts, MemoryB: cfg.Limits.MemoryB,
		Surfaces: s.surfaces, Swept: &s.metrics.swept,
	}
	gate := newGate(cfg.Limits.MaxConcurrent, cfg.Limits.MaxWaiting)
	planGate := newGate(max(1, cfg.Limits.MaxConcurrent-1), cfg.Limits.MaxWaiting)
	s.metrics.watch(gate, "computations")
	s.metrics.watch(planGate, "plans")
	var planner planner = &planning.Planner{Engine: engine}
	if cfg.planner != nil {
		planner = cfg.planner
	}
	answers := answers{engine: engine, resolver: resolver, gate: gate, version: cfg.EngineVersion}
	s.coverage = &coverageService{answers: answers, watches: s.watches}
	canopyv1.RegisterCoverageServiceServer(s.grpc, s.coverage)
	canopyv1.RegisterSitingServiceServer(s.grpc, &sitingService{
		answers: answers, planner: planner, operations: s.operations, planTimeout: cfg.Limits.PlanTimeout,
		plans: planGate, ended: s.metrics.plans,
	})
	longrunningpb.RegisterOperationsServer(s.grpc, s.operations)
	canopyv1.RegisterCatalogServiceServer(s.grpc, newCatalogService(cat, resolver))
	canopyv1.RegisterTerrainServiceServer(s.grpc, &terrainService{engine: engine, resolver: resolver, gate: gate})
}
