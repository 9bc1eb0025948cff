package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/pflag"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/queue"
	"github.com/canopyradar/canopy/server/store"
)

// natsEmbedded is the address that stands for NATS in the process, and
// defaultNATSAddress where workers then reach it.
const (
	natsEmbedded       = "embedded"
	defaultNATSAddress = "127.0.0.1:4222"
)

// bucket is where results are that have no other place.
const bucket = "canopy"

// natsFlags say which server of NATS tasks go through.
type natsFlags struct {
	address string
	access  queue.Access
}

func (n *natsFlags) add(f *pflag.FlagSet, usage string) {
	f.StringVar(&n.address, "nats", "", usage)
	f.StringVar(&n.access.Creds, "nats-creds", "", "a `file` of credentials for NATS; a token goes into CANOPY_NATS_TOKEN")
	f.StringVar(&n.access.CA, "nats-ca", "", "the authorities that the certificate of NATS may be of, a PEM `file` (those of the system if not set)")
}

// taskFlags say what workers do for canopy serve.
type taskFlags struct {
	natsFlags
	dir, listen string
	noWorker    bool
}

func (t *taskFlags) add(f *pflag.FlagSet) {
	t.natsFlags.add(f, "have workers do sweeps, by way of NATS at this `address` (nats://HOST:4222 or tls://HOST:4222), or embedded for one in this process")
	f.StringVar(&t.listen, "nats-address", defaultNATSAddress, "listen on this `address` for workers, with --nats embedded")
	f.StringVar(&t.dir, "nats-dir", "", "keep tasks and results in this `directory`, with --nats embedded ($XDG_STATE_HOME/canopy/nats, or ~/.local/state/canopy/nats, if not set)")
	f.BoolVar(&t.noWorker, "no-worker", false, "leave sweeps to the workers: without any, requests wait")
}

// tasks are a process's part in a queue; nil for none.
type tasks struct {
	conn *nats.Conn
	// cfg lacks the terrain before queue is open.
	cfg    queue.Config
	queue  *queue.Queue  // nil before open
	server *queue.Server // nil where it is elsewhere
	// address is where workers reach NATS.
	address string
}

func (t *tasks) close() {
	if t == nil {
		return
	}
	if t.queue != nil {
		t.queue.Close()
	}
	t.conn.Close()
	if t.server != nil {
		t.server.Shutdown()
	}
}

// open joins the queue of those who stand on the same terrain.
func (t *tasks) open(ctx context.Context, identity string, work bool) (server.Tasks, error) {
	if t == nil {
		return server.Tasks{}, nil
	}
	t.cfg.Terrain = identity
	var err error
	if t.queue, err = queue.Open(ctx, t.cfg); err != nil {
		return server.Tasks{}, t.fault(err)
	}
	return server.Tasks{Queue: t.queue, Work: work}, nil
}

// fault tells what may pass from what the user can put right. A deadline is not that
// of a command.
func (t *tasks) fault(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || !t.conn.IsConnected() {
		return &fault.Error{Code: fault.Unavailable, Err: fmt.Errorf("NATS at %s does not answer for its queue: look at its log, or try again", t.address)}
	}
	return fault.Badf("--nats: %w", err)
}

// tell has a log say where tasks go.
func (t *tasks) tell(logger *slog.Logger) *slog.Logger {
	if t == nil {
		return logger
	}
	return logger.With("nats", t.address)
}

// place is where results go, and what is wrong is told.
type place struct {
	cache  *server.Cache
	logger *slog.Logger
}

// tasks connects to the queue of the flags, and returns nil without one. Results go
// where the cache is, which it fills in where there is none.
func (a *App) tasks(ctx context.Context, flags *taskFlags, secured *accessFlags, p place) (t *tasks, err error) {
	flags.access.Token = a.Getenv("CANOPY_NATS_TOKEN")
	switch flags.address {
	case "":
		return nil, nil
	case natsEmbedded:
		return a.embedded(ctx, flags, secured, p)
	}
	return flags.natsFlags.join(ctx, p)
}

// embedded starts NATS, and connects to it.
func (a *App) embedded(ctx context.Context, flags *taskFlags, secured *accessFlags, p place) (*tasks, error) {
	cfg := queue.Embedded{Dir: flags.dir, Token: flags.access.Token, Logger: p.logger}
	if cfg.Dir == "" {
		operations := a.operationsDir()
		if operations == "" {
			return nil, fault.Badf("--nats embedded has no place for tasks: give --nats-dir")
		}
		cfg.Dir = filepath.Join(filepath.Dir(operations), "nats")
	}
	if c := secured.certificates; c.Cert != "" {
		// Workers show a token, and need no certificate.
		own, err := access.OpenCertificates(access.CertificateFiles{Cert: c.Cert, Key: c.Key}, p.logger)
		if err != nil {
			return nil, fault.Bad(err)
		}
		cfg.TLS = own.Config()
	}
	var err error
	if cfg.Address, err = natsSocket(ctx, flags.listen, cfg.TLS != nil && cfg.Token != "" || secured.insecure); err != nil {
		return nil, err
	}
	t := &tasks{address: cfg.Address}
	if t.server, err = queue.Serve(cfg); err != nil {
		return nil, fault.Badf("--nats embedded: %w", err)
	}
	if t.conn, err = t.server.Connect(); err != nil {
		t.server.Shutdown()
		return nil, err
	}
	return t.keep(ctx, p)
}

// natsSocket finds out whether NATS can listen on an address, and may.
func natsSocket(ctx context.Context, address string, guarded bool) (string, error) {
	listener, err := socket{"--nats-address", address, defaultNATSAddress, "another --nats-address"}.listen(ctx, guard{insecure: true})
	if err != nil {
		return "", err
	}
	at := listener.Addr()
	if err := listener.Close(); err != nil {
		return "", err
	}
	if access.Exposed(at) && !guarded {
		return "", fault.Badf("--nats-address %s can be reached from other machines: give --tls-cert and --tls-key, and a token in CANOPY_NATS_TOKEN; or --insecure where something else keeps others out", address)
	}
	return at.String(), nil
}

func (n *natsFlags) join(ctx context.Context, p place) (*tasks, error) {
	conn, err := queue.Connect(n.address, n.access, p.logger)
	if errors.Is(err, queue.ErrOutOfReach) {
		return nil, &fault.Error{Code: fault.Unavailable, Err: err}
	}
	if err != nil {
		return nil, fault.Badf("--nats: %w", err)
	}
	t := &tasks{conn: conn, address: n.address}
	return t.keep(ctx, p)
}

// keep has results where the cache is, else in NATS.
func (t *tasks) keep(ctx context.Context, p place) (*tasks, error) {
	var err error
	if t.cfg, err = t.results(ctx, p); err != nil {
		err = t.fault(err)
		t.close()
		return nil, err
	}
	p.cache.Store = t.cfg.Store
	return t, nil
}

func (t *tasks) results(ctx context.Context, p place) (cfg queue.Config, err error) {
	cfg = queue.Config{Conn: t.conn, Store: p.cache.Store, Logger: p.logger}
	limitB := cmp.Or(p.cache.LimitB, store.DefaultLimitB)
	switch {
	case cfg.Store != nil:
		return cfg, nil
	case p.cache.Dir != "":
		cfg.Store, err = store.OpenDirectory(p.cache.Dir, limitB)
		return cfg, err
	}
	js, err := jetstream.New(t.conn)
	if err != nil {
		return cfg, err
	}
	cfg.Store, err = store.OpenJetStream(ctx, js, bucket, limitB)
	cfg.Remake = func(ctx context.Context) error {
		_, err := store.OpenJetStream(ctx, js, bucket, limitB)
		return err
	}
	return cfg, err
}
