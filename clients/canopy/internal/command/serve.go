package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/admin"
	"github.com/canopyradar/canopy/server/web"
)

// Where the server listens unless it is told otherwise; httpOff stands for no
// HTTP.
const (
	defaultAddress     = "127.0.0.1:50051"
	defaultHTTPAddress = "127.0.0.1:8080"
	httpOff            = "off"
)

type serveFlags struct {
	address, httpAddress string
	adminAddress         string
	terrain, logLevel    string
	operations           string
	limits               server.Limits
	limit                limitFlags
	cache                cacheFlags
	cacheMemory, memory  parsed[int64]
	maxAnswer            parsed[int64]
	access               accessFlags
	tasks                taskFlags
	untilEOF             bool
}

func (a *App) serve() *cobra.Command {
	flags := &serveFlags{cache: cacheFlags{size: newSize("cache size")}, cacheMemory: newSize("cache memory")}
	cacheMemoryB, memoryB := int64(server.DefaultCacheMemoryB), int64(server.DefaultMemoryB)
	flags.cacheMemory.value, flags.cacheMemory.text = &cacheMemoryB, "1GiB"
	flags.memory = newSize("memory")
	flags.memory.value, flags.memory.text = &memoryB, "4GiB"
	maxAnswerB := int64(server.DefaultMaxAnswerB)
	flags.maxAnswer = newSize("answer size")
	flags.maxAnswer.value, flags.maxAnswer.text = &maxAnswerB, "64MiB"
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API over gRPC, with health and reflection, and over HTTP",
		Long: "Serve the API over gRPC, with health and reflection, and over HTTP (JSON, GeoJSON, GeoTIFF, PNG, KMZ), until interrupted.\n" +
			"/openapi.json describes the paths of HTTP.\n" +
			"Every flag has a twin in the environment: --max-posts is CANOPY_MAX_POSTS.\n" +
			"An address that other machines can reach needs --tls-cert and --tls-key, and one of --tokens, --oidc-issuer and --tls-client-ca.",
		Example: "  canopy serve\n" +
			"  canopy serve --address :50051 --http-address :8080 --tls-cert cert.pem --tls-key key.pem --tokens tokens\n" +
			"  canopy gaps --server 127.0.0.1:50051",
		Args:    cobra.NoArgs,
		PreRunE: func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd.Flags(), a.Getenv) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runServe(cmd.Context(), flags) },
	}
	f, l := cmd.Flags(), &flags.limits
	f.StringVar(&flags.address, "address", defaultAddress, "listen on this `address`")
	f.StringVar(&flags.httpAddress, "http-address", defaultHTTPAddress, "listen on this `address` for HTTP, or off")
	f.StringVar(&flags.adminAddress, "admin-address", "", "listen on this `address` for those who run the server: metrics and profiles for the role administer, and whether it is ready for all (such as "+defaultAdminAddress+"; nowhere if empty)")
	f.StringVar(&flags.terrain, "terrain", "", "elevation model: a `path` to a store, a file or a folder of files")
	f.StringVar(&flags.logLevel, "log-level", "info", "debug (every call), info (calls that fail), warn or error")
	flags.access.add(f)
	flags.tasks.add(f)
	f.Var(&flags.memory, "memory", "memory that one request may take: gaps that need more are found part by part, or refused")
	f.Var(&flags.cacheMemory, "cache-memory", "keep floor surfaces in so much memory (none if 0)")
	f.StringVar(&flags.cache.place, "cache", "", "keep floor surfaces in this `place` as well, which several programs may use: a directory, which has the floors of HTTP beside them, s3://BUCKET/PREFIX?endpoint=HOST:PORT, or off")
	f.Var(&flags.cache.size, "cache-size", "how large a directory may grow: 500MB (10GiB if not set)")
	f.StringVar(&flags.operations, "operations", "", "keep plans in this `directory`, which several programs may use, or off ($XDG_STATE_HOME/canopy/operations, or ~/.local/state/canopy/operations, if not set)")
	f.IntVar(&l.Workers, "workers", 0, "goroutines for one request (one a processor if 0)")
	f.IntVar(&l.MaxPosts, "max-posts", 0, "terrain posts in one request (the engine's default if 0)")
	f.IntVar(&l.BudgetPosts, "budget-posts", 0, "terrain posts in one request before a resolution left open is made coarser (the engine's default if 0)")
	f.Var(&flags.maxAnswer, "max-answer", "how long an answer may be for a client that says it takes as much; 4MiB for others")
	f.IntVar(&l.MaxConcurrent, "max-concurrent", server.DefaultMaxConcurrent, "large requests that compute at the same time; cheap ones wait for none of them")
	f.IntVar(&l.MaxWaiting, "max-waiting", server.DefaultMaxWaiting, "requests that may wait for their turn (-1 for none)")
	f.DurationVar(&l.Timeout, "request-timeout", server.DefaultTimeout, "end requests after this time")
	f.DurationVar(&l.PlanTimeout, "plan-timeout", server.DefaultPlanTimeout, "end the search for a plan after this time, with the best plan so far")
	f.DurationVar(&l.Grace, "grace", server.DefaultGrace, "let open requests go on for this time when interrupted")
	flags.limit.add(f, l)
	f.BoolVar(&flags.untilEOF, "until-eof", false, "end when standard input does as well, and so with the program at its other end")
	complete(cmd, "log-level", []string{"debug", "info", "warn", "error"})
	return cmd
}

// fromEnvironment sets the flags that the command line leaves out.
func fromEnvironment(flags *pflag.FlagSet, getenv func(string) string) error {
	var err error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "CANOPY_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value := getenv(name)
		if err != nil || f.Changed || value == "" {
			return
		}
		if bad := flags.Set(f.Name, value); bad != nil {
			err = fault.Badf("%s: %w", name, flagCause(bad))
		}
	})
	return err
}

func flagCause(err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return plainer(invalid)
	}
	return err
}

func (a *App) runServe(ctx context.Context, flags *serveFlags) error {
	logger, err := a.serveLogger(flags.logLevel)
	if err != nil {
		return err
	}
	guard, err := flags.access.open(logger)
	if err != nil {
		return err
	}
	if err := flags.limit.check(&flags.limits); err != nil {
		return err
	}
	if flags.untilEOF {
		ctx = untilEOF(ctx, a.Stdin)
	}
	cache, err := link.OpenCache(ctx, flags.cache.named())
	if err != nil {
		return err
	}
	cache.MemoryB, flags.limits.MemoryB = *flags.cacheMemory.value, *flags.memory.value
	flags.limits.MaxAnswerB = *flags.maxAnswer.value
	shareProcessors(&flags.limits)
	flags.limit.fit(&flags.limits, cache, logger)
	keepTo(flags.limits.TotalMemoryB)
	traces, stopTraces, err := a.traces(ctx, logger)
	if err != nil {
		return err
	}
	defer stopTraces()
	tasks, err := a.tasks(ctx, &flags.tasks, &flags.access, place{&cache, logger})
	if err != nil {
		return err
	}
	defer tasks.close()
	s, plans, err := newServer(server.Config{
		EngineVersion: a.Version, Limits: flags.limits, Cache: cache, Logger: logger, Traces: traces,
		TLS: guard.config("h2"), Callers: guard.callers,
	}, flags.operations, a.operationsDir())
	if err != nil {
		return err
	}
	served := serving{flags, s, tasks, guard, tasks.tell(logger.With("plans", plans))}
	return a.serveAll(ctx, served)
}

// slowOpening is how long terrain may take to open before the log says so.
const slowOpening = time.Second

// serving is a server, with what is beside it.
type serving struct {
	*serveFlags
	*server.Server
	tasks  *tasks
	guard  guard
	logger *slog.Logger
}

// serveAll serves gRPC, and HTTP beside it, which say that they are starting until
// there is terrain.
func (a *App) serveAll(ctx context.Context, s serving) error {
	at, err := listenAll(ctx, s.serveFlags, s.guard)
	if err != nil {
		s.Close()
		return err
	}
	defer serveAdmin(ctx, at.admin, s.Server, admin.Config{TLS: s.guard.openConfig(), Logger: s.logger})()
	all, ctx := errgroup.WithContext(ctx)
	// HTTP ends first, as it is answered by calls of gRPC.
	lasting, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if at.http == nil {
		lasting = ctx
	} else {
		face, err := web.New(s.Server, web.Config{Dir: s.cache.directory(), EngineVersion: a.Version, Grace: s.limits.Grace, Logger: s.logger, TLS: s.guard.config("h2", "http/1.1"), Host: access.HostOf(s.httpAddress)})
		if err != nil {
			s.Close()
			return errors.Join(err, at.close())
		}
		all.Go(func() error {
			defer stop()
			return errors.Join(face.Serve(ctx, at.http), face.Close())
		})
	}
	all.Go(func() error { return s.Serve(lasting, at.grpc) })
	all.Go(func() error { return a.openTerrain(ctx, s, at) })
	if err := all.Wait(); err != nil {
		return err
	}
	s.logger.Info("stopped")
	return nil
}

// openTerrain has the server take requests.
func (a *App) openTerrain(ctx context.Context, s serving, at sockets) error {
	// Operators see nothing else for as long as that takes.
	slow := time.AfterFunc(slowOpening, func() {
		s.logger.Info("opening terrain", "path", s.terrain, "address", at.grpc.Addr().String())
	})
	model, err := a.OpenTerrain(ctx, s.terrain)
	slow.Stop()
	if err != nil {
		return err
	}
	work, err := s.tasks.open(ctx, model.Info().Identity, !s.serveFlags.tasks.noWorker)
	if err != nil {
		return err
	}
	s.Open(model, work)
	a.announce(s.logger.With("terrain", model.Info().Name, "identity", model.Info().Identity), s.guard, at)
	return nil
}

// announce begins with the line that programs which start a server wait for.
func (a *App) announce(logger *slog.Logger, guard guard, at sockets) {
	lines := fmt.Sprintf("canopy: serving on %s; interrupt to stop\n", at.grpc.Addr())
	if at.http != nil {
		lines += fmt.Sprintf("canopy: %s on %s\n", guard.protocol(), at.http.Addr())
	}
	if at.admin != nil {
		lines += fmt.Sprintf("canopy: metrics and profiles on %s\n", at.admin.Addr())
	}
	fmt.Fprint(a.Stderr, lines)
	logger.Info("serving", "address", at.grpc.Addr().String())
}

// untilEOF returns a context that ends when in does. A pipe ends when the program
// that holds its other end is gone, whatever ended it.
func untilEOF(ctx context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, in)
	}()
	return ctx
}

func (a *App) serveLogger(level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fault.Badf("--log-level %q: want debug, info, warn or error", level)
	}
	return slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: l})), nil
}
