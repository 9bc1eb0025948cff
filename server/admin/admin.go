// Package admin is the face of Canopy for those who run it: metrics for
// Prometheus, profiles, and whether the server is alive and ready. It is no part
// of the API, shows what no caller should see, and has a port of its own.
package admin

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/canopyradar/canopy/server"
)

// maxScrapes is how many may read the metrics at the same time.
const maxScrapes = 4

// Handler answers
//
//	/metrics        Prometheus
//	/debug/pprof/   profiles of the Go runtime
//	/healthz        200 as long as the process answers
//	/readyz         200 while the server takes requests, else 503
func Handler(s *server.Server, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.Metrics(), promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn), MaxRequestsInFlight: maxScrapes,
	}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, true) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { say(w, s.Ready()) })
	return mux
}

func say(w http.ResponseWriter, well bool) {
	w.Header().Set("Cache-Control", "no-store")
	text := "ok\n"
	if !well {
		w.WriteHeader(http.StatusServiceUnavailable)
		text = "not ready\n"
	}
	_, _ = w.Write([]byte(text))
}

// A client that says nothing for so long is cut off. Profiles take as long as
// they were told to.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
)

// Serve answers clients of listener, which it closes, until ctx is done, and
// then cuts them off. It returns nil after that.
func Serve(ctx context.Context, listener net.Listener, s *server.Server, logger *slog.Logger) error {
	face := &http.Server{
		Handler: Handler(s, logger), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
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
