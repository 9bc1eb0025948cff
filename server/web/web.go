// Package web is the HTTP face of Canopy, beside the gRPC face of package
// server.
//
// Every unary call of the contract answers JSON under /v1/: a request goes
// through generated code (folder gateway) and over a connection in the process
// into the same interceptors and limits as a call over gRPC, once. What people
// link to, and what GIS programs open, has paths of its own.
//
//	serve.go                the socket, its limits and the way out
//	routes.go, openapi.go   which paths there are, and their description
//	gateway.go, failure.go  JSON in, JSON and errors out
//	query.go, network.go    what is typed into an address becomes a request
//	maps.go, airstrips.go   GeoJSON and KMZ
//	metrics.go              how many requests there are, and how long they take
//	files.go, pictures.go   floors as GeoTIFF, PNG and KMZ
//	floors.go, kept.go      which are computed once, and kept by their digests
package web

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/problem"
)

// DefaultFloorsB is how many bytes of floors a Face keeps that is not told: some
// hundred of 400 km at 3 arc-seconds.
const DefaultFloorsB = 2 << 30

// Config is what a Face needs beside a server.
type Config struct {
	// Dir is a directory in which floors outlive the process, and which several
	// programs may share; empty for a temporary one.
	Dir string
	// FloorsB bounds the floors that are kept, in bytes; 0 for DefaultFloorsB.
	FloorsB int64
	// EngineVersion is the version that /openapi.json names.
	EngineVersion string
	// Grace is how long Serve lets open requests go on when it has to end.
	Grace time.Duration
	// TLS is that of the connections that Serve takes; nil for plain text.
	TLS *tls.Config
	// Host is a name that Serve is asked by beside those of this machine.
	Host string
	// Logger receives what is behind internal errors; nil for none.
	Logger *slog.Logger
}

// Face answers HTTP requests with the calls of a server. It is an
// http.Handler.
type Face struct {
	server     *server.Server
	logger     *slog.Logger
	grace      time.Duration
	tls        *tls.Config
	callers    *access.Callers
	host       string
	conn       *grpc.ClientConn
	coverage   canopyv1.CoverageServiceClient
	catalog    canopyv1.CatalogServiceClient
	operations longrunningpb.OperationsClient
	health     healthv1.HealthClient
	gateway    *runtime.ServeMux
	mux        *http.ServeMux
	requests   *prometheus.HistogramVec
	floors     *floors
	// drawing holds a token for each picture that is being drawn, which the
	// limits of calls do not bound.
	drawing chan struct{}
	// open counts the requests that are being answered.
	open sync.WaitGroup
}

// New returns the face of s, which must outlive it, and which has one at a time;
// Close it. It fails when the
// directory for floors cannot be used.
func New(s *server.Server, cfg Config) (*Face, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	kept, err := openKept(cfg.Dir, cmp.Or(cfg.FloorsB, DefaultFloorsB))
	if err != nil {
		return nil, err
	}
	conn, err := s.Dial(receiveAll)
	if err != nil {
		return nil, errors.Join(err, kept.close())
	}
	f := &Face{
		server: s, logger: cfg.Logger, grace: cfg.Grace, tls: cfg.TLS, callers: s.Callers(), host: cfg.Host, conn: conn,
		coverage:   canopyv1.NewCoverageServiceClient(conn),
		catalog:    canopyv1.NewCatalogServiceClient(conn),
		operations: longrunningpb.NewOperationsClient(conn),
		health:     healthv1.NewHealthClient(conn),
		floors:     newFloors(s.ExportFloor, kept),
		drawing:    make(chan struct{}, server.DefaultMaxConcurrent),
		requests:   newRequests(),
	}
	s.Metrics().MustRegister(f.requests)
	f.gateway = f.newGateway()
	if f.mux, err = f.routes(cfg.EngineVersion); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close waits for open requests, which their clients should have left, and
// removes the floors of a temporary directory.
func (f *Face) Close() error {
	f.open.Wait()
	f.server.Metrics().Unregister(f.requests)
	return errors.Join(f.conn.Close(), f.floors.kept.close())
}

// ServeHTTP answers a request.
func (f *Face) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.open.Add(1)
	defer f.open.Done()
	w.Header().Set("X-Content-Type-Options", "nosniff")
	r = identified(w, r)
	if r.URL.Path != healthPath {
		r = r.WithContext(access.With(r.Context(), f.callers.Identify(r.Context(), r.Header.Values("Authorization"), r.TLS)))
		if err := f.admit(r, access.Read); err != nil {
			f.fail(w, r, err)
			return
		}
	}
	// What a path names goes into messages, which take UTF-8 alone.
	if !utf8.ValidString(r.URL.Path) {
		f.turnAway(w, r, noPath(strings.ToValidUTF8(r.URL.Path, "\uFFFD")))
		return
	}
	handler, pattern := f.mux.Handler(r)
	if pattern == "" {
		f.turnAway(w, r, unrouted(w, r, handler))
		return
	}
	if err := readBody(w, r); err != nil {
		f.turnAway(w, r, err)
		return
	}
	f.mux.ServeHTTP(w, r)
}

// identified returns a request with an id, which its calls take over, and which
// the headers of its answer say.
func identified(w http.ResponseWriter, r *http.Request) *http.Request {
	id := server.RequestID(r.Header.Get(server.RequestIDKey))
	w.Header().Set(server.RequestIDKey, id)
	r = r.WithContext(r.Context())
	r.Header = r.Header.Clone()
	r.Header.Set(server.RequestIDKey, id)
	return r
}

// admit refuses callers without a role. Calls ask for their roles themselves; not
// all that is answered here makes calls.
func (f *Face) admit(r *http.Request, needed access.Role) error {
	caller := access.From(r.Context())
	err := caller.May(needed)
	if err != nil {
		f.logger.With(caller.LogFields()...).InfoContext(r.Context(), "request refused",
			"request_id", r.Header.Get(server.RequestIDKey), "path", r.URL.Path, "remote", r.RemoteAddr, "error", err)
	}
	return err
}

// unrouted tells a path that does not exist from a method that it does not
// take. The mux knows, and says so in its own words.
func unrouted(w http.ResponseWriter, r *http.Request, handler http.Handler) error {
	said := &headers{header: http.Header{}}
	handler.ServeHTTP(said, r)
	if allow := said.header.Get("Allow"); said.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", allow)
		return refuse(codes.Unimplemented, problem.ReasonMethodNotAllowed, "%s does not take %s: use %s", r.URL.Path, r.Method, allow)
	}
	return noPath(r.URL.Path)
}

func noPath(path string) error {
	return refuse(codes.NotFound, problem.ReasonPathUnknown, "there is no %s here: /openapi.json lists all paths", path)
}

// headers is a response of which nothing but its head is kept.
type headers struct {
	header http.Header
	status int
}

func (h *headers) Header() http.Header         { return h.header }
func (h *headers) Write(p []byte) (int, error) { return len(p), nil }
func (h *headers) WriteHeader(status int)      { h.status = status }

// A request has no more bytes than one of gRPC, and no more time to arrive than
// a slow line needs for them.
const (
	maxBodyB    = 4 << 20
	bodyTimeout = time.Minute
)

// readBody takes the body of a request into memory. A deadline on the whole
// request would end long computations as well.
func readBody(w http.ResponseWriter, r *http.Request) error {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyB))
	_ = control.SetReadDeadline(time.Time{})
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refuse(codes.ResourceExhausted, problem.ReasonBodyTooLarge, "the body of the request has more than %d bytes: send it in parts", maxBodyB)
	case err != nil:
		return refuse(codes.InvalidArgument, problem.ReasonBodyInvalid, "the body of the request did not arrive whole: send it again")
	}
	// What is wrong with a value is told with it, in messages that take UTF-8 alone.
	if !utf8.Valid(body) {
		return refuse(codes.InvalidArgument, problem.ReasonBodyInvalid, "the body of the request is not UTF-8, as JSON is: encode it so")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// floorsDir is the part of a cache directory that floors are kept in.
func floorsDir(dir string) (path string, temporary bool, err error) {
	if dir == "" {
		path, err = os.MkdirTemp("", "canopy-floors-")
		return path, true, err
	}
	path = filepath.Join(dir, "floors")
	return path, false, os.MkdirAll(path, 0o777) //nolint:gosec // the umask decides, as for every directory that a user makes
}
