// Package admin is the face of Canopy for those who run it: metrics for
// Prometheus, profiles, and whether the server is alive and ready. It is no part
// of the API, shows what no caller should see, and has a port of its own. Where the
// server knows its callers, metrics and profiles are for those with the role
// administer; whether it is well is for all, as probes have no token.
package admin

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/problem"
)

// Watched is a server, or a worker.
type Watched interface {
	Metrics() *prometheus.Registry
	// Callers tell who may look at it; nil for everyone.
	Callers() *access.Callers
	// Unready says what keeps it from taking what it is there for; empty for
	// nothing.
	Unready() string
}

// maxScrapes is how many may read the metrics at the same time.
const maxScrapes = 4

// Handler answers
//
//	/metrics        Prometheus
//	/debug/pprof/   profiles of the Go runtime
//	/healthz        200 as long as the process answers
//	/readyz         200 while it takes requests or tasks, else 503 with what is wrong
func Handler(s Watched, logger *slog.Logger) http.Handler {
	inner := http.NewServeMux()
	inner.Handle("GET /metrics", promhttp.HandlerFor(s.Metrics(), promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn), MaxRequestsInFlight: maxScrapes,
	}))
	inner.HandleFunc("GET /debug/pprof/", pprof.Index)
	inner.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	inner.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	inner.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	inner.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, "") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { say(w, s.Unready()) })
	mux.Handle("/", administrators(s.Callers(), logger, inner))
	return mux
}

// administrators refuses all others.
func administrators(callers *access.Callers, logger *slog.Logger, inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := callers.Identify(r.Context(), r.Header.Values("Authorization"), r.TLS)
		err := caller.May(access.Administer)
		if err == nil {
			inner.ServeHTTP(w, r)
			return
		}
		logger.With(caller.LogFields()...).InfoContext(r.Context(), "request refused", "path", r.URL.Path, "remote", r.RemoteAddr, "error", err)
		code := runtime.HTTPStatusFromCode(status.Code(problem.Status(err)))
		if code == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		http.Error(w, err.Error(), code)
	})
}

// say answers 200, or 503 with what is wrong.
func say(w http.ResponseWriter, wrong string) {
	w.Header().Set("Cache-Control", "no-store")
	if wrong != "" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write([]byte(cmp.Or(wrong, "ok") + "\n"))
}

// A client that says nothing for so long is cut off. Profiles take as long as
// they were told to.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
)

// Config is how a server is watched.
type Config struct {
	// TLS is that of connections, nil for plain text.
	TLS    *tls.Config
	Logger *slog.Logger
}

// Serve answers clients of listener, which it closes, until ctx is done, and
// then cuts them off. It returns nil after that.
func Serve(ctx context.Context, listener net.Listener, s Watched, cfg Config) error {
	face := &http.Server{
		Handler: Handler(s, cfg.Logger), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(cfg.Logger.Handler(), slog.LevelWarn),
	}
	if cfg.TLS != nil {
		listener = tls.NewListener(listener, cfg.TLS)
	}
	ctx, ended := context.WithCancel(ctx)
	var closing sync.WaitGroup
	closing.Go(func() {
		<-ctx.Done()
		_ = face.Close()
	})
	err := face.Serve(listener)
	ended()
	closing.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
