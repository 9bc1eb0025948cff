package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/admin"
)

type workerFlags struct {
	nats                            natsFlags
	terrain, logLevel, adminAddress string
	cache                           cacheFlags
	limits                          server.Limits
	grace                           time.Duration
	access                          accessFlags
}

// defaultWorkerGrace is longer than a server's: nobody waits for the worker's end.
const defaultWorkerGrace = 30 * time.Second

func (a *App) worker() *cobra.Command {
	flags := &workerFlags{cache: cacheFlags{size: newSize("cache size")}}
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Do sweeps for servers on other machines",
		Long: "Do sweeps for servers that were started with --nats, until interrupted: floors of radars, and what candidates see.\n" +
			"A worker needs the server's terrain, from the same store or files, and the same version of Canopy; others get no tasks.\n" +
			"Results go to NATS, or where --cache says: the same place for the server and for all workers.\n" +
			"Any number may work, and any may end at any time: what it had begun another does.\n" +
			"Every flag has a twin in the environment: --terrain is CANOPY_TERRAIN.",
		Example: "  canopy serve --nats embedded --terrain ./peru\n" +
			"  canopy worker --nats nats://127.0.0.1:4222 --terrain ./peru",
		Args:    cobra.NoArgs,
		PreRunE: func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd.Flags(), a.Getenv) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runWorker(cmd.Context(), flags) },
	}
	f := cmd.Flags()
	flags.nats.add(f, "take tasks from NATS at this `address`: nats://HOST:4222 or tls://HOST:4222")
	f.StringVar(&flags.terrain, "terrain", "", "elevation model: a `path` to a store, a file or a folder of files")
	f.StringVar(&flags.cache.place, "cache", "", "put results in this `place`, that of the server: a directory, or s3://BUCKET/PREFIX?endpoint=HOST:PORT (in NATS if not set)")
	f.Var(&flags.cache.size, "cache-size", "how large that place may grow: 500MB (10GiB if not set)")
	f.IntVar(&flags.limits.Workers, "workers", 0, "goroutines (one a processor if 0)")
	f.IntVar(&flags.limits.MaxPosts, "max-posts", 0, "terrain posts of one radar (the engine's default if 0)")
	f.DurationVar(&flags.grace, "grace", defaultWorkerGrace, "let the task in hand go on for this time when interrupted, and then give it back")
	f.StringVar(&flags.adminAddress, "admin-address", "", "listen on this `address` for those who run the worker: metrics and profiles for the role administer, and whether it works for all (such as "+defaultAdminAddress+"; nowhere if empty)")
	flags.access.add(f)
	f.StringVar(&flags.logLevel, "log-level", "info", "debug (every task), info, warn or error")
	complete(cmd, "log-level", []string{"debug", "info", "warn", "error"})
	return cmd
}

func (a *App) runWorker(ctx context.Context, flags *workerFlags) error {
	logger, err := a.serveLogger(flags.logLevel)
	if err != nil {
		return err
	}
	if flags.nats.address == "" || flags.nats.address == natsEmbedded {
		return fault.Badf("--nats %q: give the address of the NATS that the server uses, such as nats://%s", flags.nats.address, defaultNATSAddress)
	}
	guard, err := flags.access.open(logger)
	if err != nil {
		return err
	}
	model, err := a.OpenTerrain(ctx, flags.terrain)
	if err != nil {
		return err
	}
	cache, err := link.OpenCache(ctx, flags.cache.named())
	if err != nil {
		return err
	}
	listener, err := listenAdmin(ctx, flags.adminAddress, guard)
	if err != nil {
		return err
	}
	flags.nats.access.Token = a.Getenv("CANOPY_NATS_TOKEN")
	info := model.Info()
	t, err := flags.nats.join(ctx, place{cache: &cache, logger: logger})
	if err != nil {
		return err
	}
	defer t.close()
	work, err := t.open(ctx, info.Identity, true)
	if err != nil {
		return err
	}
	w := server.NewWorker(work.Queue, server.Config{Terrain: model, EngineVersion: a.Version, Limits: flags.limits, Callers: guard.callers})
	defer serveAdmin(ctx, listener, w, admin.Config{TLS: guard.openConfig(), Logger: logger})()
	fmt.Fprintf(a.Stderr, "canopy: working for %s; interrupt to stop\n", flags.nats.address)
	if listener != nil {
		fmt.Fprintf(a.Stderr, "canopy: metrics and profiles on %s\n", listener.Addr())
	}
	logger.Info("working", "nats", flags.nats.address, "terrain", info.Name, "identity", info.Identity, "store", cache.Store.String())
	w.Work(ctx, flags.grace)
	logger.Info("stopped")
	return nil
}
