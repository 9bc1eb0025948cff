package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/problem"
)

// A client that says nothing for so long is cut off. There is no limit on how
// long an answer takes, as computations have their own.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeaderB    = 256 << 10
)

// Serve serves clients of listener, which it closes, until ctx is done. Then it
// tells health clients that the server is going, takes no more requests and
// lets open ones go on for Config.Grace, and ends those that are left. It
// returns nil after that.
func (f *Face) Serve(ctx context.Context, listener net.Listener) error {
	s := &http.Server{
		Handler:           f.handlerAt(listener.Addr()),
		ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderB,
		ErrorLog: slog.NewLogLogger(f.logger.Handler(), slog.LevelWarn),
	}
	done := make(chan struct{})
	var stopping sync.WaitGroup
	stopping.Go(func() {
		select {
		case <-ctx.Done():
			f.stop(context.WithoutCancel(ctx), s)
		case <-done:
		}
	})
	err := f.answer(s, listener)
	close(done)
	stopping.Wait()
	f.open.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// handlerAt keeps what is open to this machine alone from pages that a browser
// here shows: one that has its own name point at this machine (DNS rebinding)
// could read all answers.
func (f *Face) handlerAt(address net.Addr) http.Handler {
	if access.Exposed(address) || f.tls != nil && f.callers.ByToken() {
		return f
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !access.IsLocal(r.Host) && (f.host == "" || !strings.EqualFold(access.HostOf(r.Host), f.host)) {
			f.fail(w, r, refuse(codes.PermissionDenied, problem.ReasonHostUnknown, "the request is for the host %q, and this server is localhost: ask it by that name", r.Host))
			return
		}
		f.ServeHTTP(w, r)
	})
}

func (f *Face) answer(s *http.Server, listener net.Listener) error {
	if f.tls == nil {
		return s.Serve(listener)
	}
	s.TLSConfig = f.tls
	return s.ServeTLS(listener, "", "")
}

func (f *Face) stop(ctx context.Context, s *http.Server) {
	f.server.AnnounceShutdown()
	graceful, cancel := context.WithTimeout(ctx, f.grace)
	defer cancel()
	if s.Shutdown(graceful) != nil {
		// Which cancels the requests that are left.
		_ = s.Close()
	}
}
