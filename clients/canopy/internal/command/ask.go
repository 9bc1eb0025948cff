package command

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/meter"
)

func (a *App) addConnectionFlags(cmd *cobra.Command) {
	f, c := cmd.Flags(), &a.connection
	f.StringVar(&c.server, "server", "", "ask the server at this `address`, such as 127.0.0.1:50051 (CANOPY_SERVER)")
	addSecurityFlags(f, &c.security)
	f.StringVar(&c.terrain, "terrain", "", "elevation model: a `path` to a store, a file or a folder of files (CANOPY_TERRAIN)")
	f.DurationVar(&c.timeout, "timeout", 0, "give up after this `time`, such as 30s")
	f.BoolVarP(&c.quiet, "no-progress", "q", false, "show no progress")
}

func addSecurityFlags(f *pflag.FlagSet, s *link.Security) {
	f.BoolVar(&s.TLS, "tls", false, "encrypt the connection to --server; it gets the token in CANOPY_TOKEN, if that is set")
	f.StringVar(&s.CA, "tls-ca", "", "trust the authorities in this PEM `file`, not those of the system")
	f.StringVar(&s.Cert, "tls-cert", "", "a certificate for a server that asks for one, a PEM `file`")
	f.StringVar(&s.Key, "tls-key", "", "the key of that certificate, a PEM `file`")
}

// target weighs flags before the environment.
func (a *App) target() (link.Target, error) {
	c := a.connection
	if c.server != "" && c.terrain != "" {
		return link.Target{}, fault.Badf("--terrain does nothing with --server: give the path to canopy serve, or leave --server out")
	}
	if c.server == "" && c.terrain == "" {
		c.server, c.terrain = a.Getenv("CANOPY_SERVER"), a.Getenv("CANOPY_TERRAIN")
	}
	if c.server != "" && c.terrain != "" {
		return link.Target{}, fault.Badf("CANOPY_SERVER and CANOPY_TERRAIN are both set: unset one, or give --server or --terrain")
	}
	if c.server != "" {
		if a.cache.place != "" || a.cache.size.value != nil {
			return link.Target{}, fault.Badf("--cache and --cache-size do nothing with a server: give them to canopy serve")
		}
		if a.memory.value != nil {
			return link.Target{}, fault.Badf("--memory does nothing with a server: give it to canopy serve")
		}
		return link.Target{Server: c.server, Security: c.security, Token: a.Getenv("CANOPY_TOKEN")}, nil
	}
	if c.security != (link.Security{}) {
		return link.Target{}, fault.Badf("--tls, --tls-ca, --tls-cert and --tls-key do nothing without a server: give its address with --server")
	}
	cache, err := a.cache.inProcess(a.Getenv)
	if err != nil {
		return link.Target{}, err
	}
	memoryB, err := a.memoryB()
	if err != nil {
		return link.Target{}, err
	}
	keepTo(memoryB)
	return link.Target{Terrain: c.terrain, Cache: cache, MemoryB: memoryB, Version: a.Version, Logger: a.logger()}, nil
}

// ask opens a session, calls, and shows progress meanwhile.
func ask[T any](ctx context.Context, a *App, doing string, call func(context.Context, *link.Session) (T, error)) (T, error) {
	return askMetered(ctx, a, doing, func(ctx context.Context, s *link.Session, _ *meter.Meter) (T, error) { return call(ctx, s) })
}

// askMetered is ask for calls that know more of their progress than the session
// does.
func askMetered[T any](ctx context.Context, a *App, doing string, call func(context.Context, *link.Session, *meter.Meter) (T, error)) (answer T, err error) {
	target, err := a.target()
	if err != nil {
		return answer, err
	}
	if a.connection.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, a.connection.timeout)
		defer cancel()
	}
	m := a.meter()
	defer m.Stop()
	m.Spin(doing)
	a.asked = target.Server
	session, err := a.Open(ctx, target)
	if err != nil {
		return answer, err
	}
	defer func() {
		// Whoever interrupts does not wait for the work to wind down.
		if ctx.Err() == nil {
			session.Close()
		}
	}()
	if a.showsProgress() {
		session.Watch(m.Set)
	}
	return call(ctx, session, m)
}

// needServer refuses what makes sense only with a server that goes on.
func (a *App) needServer(what string) error {
	target, err := a.target()
	if err == nil && target.Server == "" {
		err = fault.Badf("%s needs a server, which keeps plans: start one with canopy serve, and give its address with --server", what)
	}
	return err
}

func (a *App) showsProgress() bool { return a.Screen.Progress && !a.connection.quiet }

func (a *App) meter() *meter.Meter {
	if !a.showsProgress() {
		return &meter.Meter{}
	}
	return meter.New(a.Stderr)
}
