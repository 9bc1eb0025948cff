// Package server is the gRPC face of Canopy: it turns the calls of the
// contract (proto/canopy/v1) into questions to packages coverage, catalog and
// terrain, and their answers and errors back. It computes nothing itself.
//
// A call passes through these files and packages:
//
//	serve.go      sockets, connections within the process, and the way out
//	access        who may call: certificates, tokens and their roles
//	opening.go    the terrain that all stand on, which may take its time
//	intercept.go  what holds for every call: log, errors, time, validation
//	unread.go     messages that cannot be read
//	requestid.go  the id that it has in them
//	log.go        its line in the log
//	metrics.go, reads.go, traces.go  what those who watch the server see of it
//	request       names and defaults become radars, areas and airstrips
//	coverage.go, export.go, catalog.go, terrain.go  the calls themselves
//	siting.go     plans, which outlive their call, and the calls beside them
//	progress.go   calls tell those who watch them how far they are
//	operations    what outlives its call is kept, waited for and cancelled
//	wire          answers become messages, rounded once
//	queue         sweeps go to workers on other machines
//	shelf         floor surfaces are kept in a store
//	store         a directory, an S3 bucket or a JetStream bucket
//	problem       errors become statuses, by one table
package server

import (
	"cmp"
	"crypto/tls"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/stats"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/surfaces"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/operations"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/server/shelf"
	"github.com/canopyradar/canopy/server/store"
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
	// Terrain is the elevation model that all answers stand on; nil for one that
	// Open brings.
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
	// Callers tell who may call what; nil for everyone everything.
	Callers *access.Callers
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
	// TotalMemoryB is how many bytes large requests that run, the cache, and terrain
	// that single rays went over may take together: the last has a sixteenth of it,
	// up to 128 MiB, and the cache what requests leave of the rest. 0 for as many as
	// MaxConcurrent requests and the cache may at the most.
	TotalMemoryB int64
	// MaxAnswerB is how many bytes of one answer a client can ask for; 0 for
	// DefaultMaxAnswerB.
	MaxAnswerB int64
	// MaxConcurrent is how many requests compute at the same time, and
	// MaxWaiting how many more may wait for their turn (negative for none).
	MaxConcurrent, MaxWaiting int
	// CallerRate is how many terrain posts a second each caller may have worked
	// through, and CallerBurst how many it can save up; 0 for as many as it likes,
	// and for those of DefaultBurstSeconds.
	CallerRate, CallerBurst float64
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
	// none. LimitB bounds what is in it, in bytes; 0 for store.DefaultLimitB.
	Dir    string
	LimitB int64
	// Store stands in the place of a directory; nil for that.
	Store store.Store
}

// open returns nil where nothing is kept, and a shelf where that outlives the
// process.
func (c Cache) open(logger *slog.Logger) (*surfaces.Cache, *shelf.Shelf, error) {
	switch {
	case c.Store != nil:
	case c.Dir != "":
		d, err := store.OpenDirectory(c.Dir, cmp.Or(c.LimitB, store.DefaultLimitB))
		if err != nil {
			return nil, nil, &CacheError{err}
		}
		c.Store = d
	case c.MemoryB > 0:
		return surfaces.New(c.MemoryB, nil), nil, nil
	default:
		return nil, nil, nil
	}
	s := shelf.New(c.Store, logger)
	return surfaces.New(c.MemoryB, s), s, nil
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

func (l Limits) withDefaults(c Cache) Limits {
	l.MaxAnswerB = cmp.Or(l.MaxAnswerB, DefaultMaxAnswerB)
	l.MaxConcurrent = cmp.Or(l.MaxConcurrent, DefaultMaxConcurrent)
	l.MaxWaiting = max(cmp.Or(l.MaxWaiting, DefaultMaxWaiting), 0)
	l.Timeout = cmp.Or(l.Timeout, DefaultTimeout)
	l.PlanTimeout = cmp.Or(l.PlanTimeout, DefaultPlanTimeout)
	l.Grace = cmp.Or(l.Grace, DefaultGrace)
	l.MemoryB = cmp.Or(l.MemoryB, DefaultMemoryB)
	// Sizes may be as large as anybody likes.
	most := float64(l.MemoryB)*float64(l.MaxConcurrent) + float64(max(c.MemoryB, 0))
	l.TotalMemoryB = cmp.Or(l.TotalMemoryB, int64(min(most, math.MaxInt64/2)))
	l.MemoryB = min(l.MemoryB, l.TotalMemoryB)
	return l
}

// Server serves the contract, health (grpc.health.v1) and reflection.
type Server struct {
	grpc   *grpc.Server
	health *health.Server
	grace  time.Duration
	// coverage, and streams, its interceptors, and spans serve ExportFloor.
	coverage canopyv1.CoverageServiceServer
	streams  []grpc.StreamServerInterceptor
	spans    stats.Handler // nil for none
	watches  *watches
	callers  *access.Callers
	// engine and resolver have no terrain until open says so.
	engine   *coverage.Engine
	resolver *request.Resolver
	open     *atomic.Bool
	// inProcess counts the goroutines that serve connections of Dial.
	inProcess sync.WaitGroup
	surfaces  *surfaces.Cache // nil for none
	metrics   *metrics
	// operations are plans.
	operations *operations.Store
	// opening guards stopWork and gone, as a server may be shut down before it is
	// open.
	opening  sync.Mutex
	stopWork func()
	gone     bool
}

// New returns a server that serves nobody yet; Close it. Without terrain it says
// that it is starting, until Open. It fails with a *CacheError or an
// *OperationsError.
func New(cfg Config) (*Server, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.Limits = cfg.Limits.withDefaults(cfg.Cache)
	kept, onShelf, err := cfg.Cache.open(cfg.Logger)
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
		logger: cfg.Logger, callers: cfg.Callers, timeout: cfg.Limits.Timeout, maxAnswerB: cfg.Limits.MaxAnswerB, watches: newWatches(),
		metrics: newMetrics(cfg.EngineVersion, kept, onShelf), open: &atomic.Bool{},
	}
	i.refusals = newRefusals(i.metrics.registry)
	traced := spans(cfg.Traces)
	s := &Server{
		spans: traced, grpc: newGRPC(&i, traced, cfg.TLS), health: health.NewServer(), grace: cfg.Limits.Grace, streams: i.stream(),
		watches: i.watches, callers: cfg.Callers, metrics: i.metrics, surfaces: kept, operations: plans, open: i.open, stopWork: func() {},
	}
	s.register(cfg)
	healthv1.RegisterHealthServer(registrar{s.grpc}, s.health)
	reflection.Register(s.grpc)
	s.tellHealth(healthv1.HealthCheckResponse_NOT_SERVING)
	s.metrics.calls.InitializeMetrics(s.grpc)
	if cfg.TLS != nil {
		s.metrics.secureBy(cfg.TLS)
	}
	if cfg.Terrain != nil {
		s.Open(cfg.Terrain, Tasks{})
	}
	return s, nil
}

// Callers tell who may call what, over other faces as well; nil for everyone
// everything.
func (s *Server) Callers() *access.Callers { return s.callers }

// minPingInterval is how often a client may ping to keep its connection open;
// the usual 5 minutes would cut off those behind impatient proxies.
const minPingInterval = 10 * time.Second

// streamWorkers are goroutines that serve one call after the other, on a stack that
// has grown already: a tenth of what a small call costs. Calls beyond them get a
// goroutine of their own.
const streamWorkers = 32

func newGRPC(i *interceptors, spans stats.Handler, secured *tls.Config) *grpc.Server {
	options := append(transportLimits(),
		grpc.ChainUnaryInterceptor(i.unary()...),
		grpc.ChainStreamInterceptor(i.stream()...),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minPingInterval, PermitWithoutStream: true}),
		grpc.WaitForHandlers(true),
		grpc.NumStreamWorkers(streamWorkers),
		grpc.ForceServerCodecV2(newCodec()),
	)
	if spans != nil {
		options = append(options, grpc.StatsHandler(spans))
	}
	if secured != nil {
		options = append(options, grpc.Creds(access.Handshake(secured, i.logger)))
	}
	return grpc.NewServer(options...)
}

// mostWalkedB bounds the memory for terrain that single rays went over: Peru at 15
// arc-seconds takes 80 MiB.
const mostWalkedB = 128 << 20

func (s *Server) register(cfg Config) {
	services := registrar{s.grpc}
	walkedB := min(mostWalkedB, cfg.Limits.TotalMemoryB/16)
	cat := catalog.Default()
	resolver := &request.Resolver{Catalogue: cat}
	engine := &coverage.Engine{
		Workers:  cfg.Limits.Workers,
		MaxPosts: cfg.Limits.MaxPosts, BudgetPosts: cfg.Limits.BudgetPosts, MemoryB: cfg.Limits.MemoryB,
		Surfaces: s.surfaces, Placed: &coverage.Placed{}, Walked: coverage.NewWalked(walkedB), Swept: &s.metrics.swept,
	}
	s.engine, s.resolver = engine, resolver
	entry := newEntry(cfg.Limits, newBudget(cfg.Limits.TotalMemoryB-walkedB, cfg.Cache.MemoryB, s.surfaces))
	planGate := newGate(max(1, cfg.Limits.MaxConcurrent-1), cfg.Limits.MaxWaiting)
	s.metrics.watch(entry.large, "computations")
	s.metrics.watch(entry.cheap, "cheap_computations")
	s.metrics.watchCallers(entry.callers)
	s.metrics.watchMemory(entry.memory)
	s.metrics.watch(planGate, "plans")
	var planner planner = &planning.Planner{Engine: engine}
	if cfg.planner != nil {
		planner = cfg.planner
	}
	answers := answers{engine: engine, resolver: resolver, entry: entry, version: cfg.EngineVersion}
	s.coverage = &coverageService{answers: answers, watches: s.watches}
	canopyv1.RegisterCoverageServiceServer(services, s.coverage)
	canopyv1.RegisterSitingServiceServer(services, &sitingService{
		answers: answers, planner: planner, operations: s.operations, planTimeout: cfg.Limits.PlanTimeout,
		plans: planGate, ended: s.metrics.plans,
	})
	longrunningpb.RegisterOperationsServer(services, s.operations)
	canopyv1.RegisterCatalogServiceServer(services, newCatalogService(cat, resolver))
	canopyv1.RegisterTerrainServiceServer(services, &terrainService{engine: engine, resolver: resolver, entry: entry})
}
