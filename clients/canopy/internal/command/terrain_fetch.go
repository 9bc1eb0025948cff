package command

import (
	"cmp"
	"context"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/fetch"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	"github.com/canopyradar/canopy/server/quantity"
)

// fetchFlags are those of terrain fetch.
type fetchFlags struct {
	airspace     string
	box          parsed[orb.Bound]
	margin       parsed[float64]
	source       parsed[copernicus.Collection]
	into, mirror string
	jobs         int
	dryRun, keep bool
	trustList    bool
}

// mostJobs bounds the connections to a server that serves others as well.
const mostJobs = 64

func (a *App) terrainFetch() *cobra.Command {
	flags := &fetchFlags{
		box:    parsed[orb.Bound]{kind: "box", parse: quantity.Box},
		margin: parsed[float64]{kind: "length", parse: named("margin", quantity.LengthM)},
		source: parsed[copernicus.Collection]{kind: "name", parse: copernicus.Named},
	}
	cmd := &cobra.Command{
		Use:   "fetch",
		Short: "Download the Copernicus elevation model of an area and import it",
		Long: "Download the public Copernicus elevation model of an area and import it into a store.\n\n" +
			"It says first how much that is. It can be stopped at any time: run it again, and it goes on\n" +
			"where it stopped. Squares that the list of all tiles leaves out are sea.",
		Example: "  canopy terrain fetch --airspace peru --margin 400km --into ./peru --dry-run\n" +
			"  canopy terrain fetch --airspace peru --margin 400km --source copernicus-90 --into ./peru\n" +
			"  canopy terrain fetch --bbox=-74,-13,-73,-12 --source copernicus-30 --mirror http://mirror.lan/dem30/ --into ./vraem",
		Args:    cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error { return flags.check() },
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runTerrainFetch(cmd.Context(), flags) },
	}
	a.addFetchFlags(cmd, flags)
	return cmd
}

func (a *App) addFetchFlags(cmd *cobra.Command, flags *fetchFlags) {
	f := cmd.Flags()
	f.StringVar(&flags.airspace, "airspace", "", "the area: an airspace's `name` (canopy airspaces) or a GeoJSON file with polygons")
	f.Var(&flags.box, "bbox", "the area: a box, WEST,SOUTH,EAST,NORTH in degrees")
	f.Var(&flags.margin, "margin", "how far beyond the area, such as 100km (400km if not set, as radars look; nothing with --bbox)")
	f.Var(&flags.source, "source", "elevation model: copernicus-90, posts every 3″ (default), or copernicus-30, every 1″")
	f.StringVar(&flags.into, "into", "", "the store's `folder` (required)")
	f.StringVar(&flags.mirror, "mirror", "", "fetch from a copy at this `address`, laid out as the public one, tileList.txt included")
	f.IntVar(&flags.jobs, "jobs", 4, "how many tiles to fetch at a time: a `number`")
	f.BoolVar(&flags.dryRun, "dry-run", false, "say how much it is, and fetch nothing")
	f.BoolVar(&flags.trustList, "trust-list", false, "take for sea what the tileList.txt of a mirror leaves out, even if it is short")
	f.BoolVar(&flags.keep, "keep-downloads", false, "leave the tiles in the folder .fetch of the store after the import")
	f.StringVar(&a.connection.server, "server", "", "ask the server at this `address` for the airspace (CANOPY_SERVER)")
	addSecurityFlags(f, &a.connection.security)
	f.BoolVarP(&a.connection.quiet, "no-progress", "q", false, "show no progress")
	completeWith(cmd, "airspace", completeNames(a, airspaceNames))
	complete(cmd, "source", copernicus.Names())
}

func (flags *fetchFlags) check() error {
	switch {
	case flags.into == "":
		return fault.Badf("no --into: name the folder of the store: --into ./peru")
	case flags.airspace == "" && flags.box.value == nil:
		return fault.Badf("no area: give --airspace peru, --airspace FILE or --bbox=WEST,SOUTH,EAST,NORTH")
	case flags.airspace != "" && flags.box.value != nil:
		return fault.Badf("--airspace and --bbox exclude each other: give one")
	case flags.margin.value != nil && (*flags.margin.value < 0 || *flags.margin.value > mostMarginM):
		return fault.Badf("--margin %s: want 0km to %gkm", flags.margin.text, mostMarginM/1000.0)
	case flags.jobs < 1 || flags.jobs > mostJobs:
		return fault.Badf("--jobs %d: want 1 to %d", flags.jobs, mostJobs)
	}
	if flags.source.value == nil {
		return flags.source.Set(copernicus.Names()[0])
	}
	return nil
}

func (a *App) runTerrainFetch(ctx context.Context, flags *fetchFlags) error {
	area, err := a.fetchArea(ctx, flags)
	if err != nil {
		return err
	}
	remote, err := flags.source.value.At(flags.mirror, "canopy/"+a.Version, flags.jobs)
	if err != nil {
		return err
	}
	defer remote.Close()
	plan, err := a.planFetch(ctx, fetch.Order{Remote: remote, Wanted: area.squares, Into: flags.into, Keep: flags.keep, TrustList: flags.trustList})
	if err != nil {
		return err
	}
	if err := a.emitFetch(plan, area.name, flags); err != nil {
		return err
	}
	if err := plan.CheckDisk(); err != nil || flags.dryRun {
		return err
	}
	return a.carryOut(ctx, plan, flags)
}

func (a *App) planFetch(ctx context.Context, order fetch.Order) (*fetch.Plan, error) {
	m := a.meter()
	defer m.Stop()
	order.Progress = m.Set
	return order.Plan(ctx)
}

func (a *App) emitFetch(plan *fetch.Plan, area string, flags *fetchFlags) error {
	source := flags.source.value
	told := &report.Fetch{
		Source: source.Origin, Licence: source.Licence, Area: area, Into: flags.into,
		Tiles: plan.Tiles, Imported: plan.Imported, Fetched: plan.Fetched, Sea: plan.Sea,
		FetchB: plan.FetchB, StoreB: plan.StoreB, FreeB: plan.FreeB, Time: plan.Time,
	}
	if n := len(plan.Withheld); n > 0 {
		told.Warnings = append(told.Warnings, fmt.Sprintf("the public copy of %s has no tiles of Armenia and Azerbaijan: "+
			"%d squares without one there, from %s on, stay missing, whether land or sea; --source copernicus-90 has them", source.Name, n, plan.Withheld[0]))
	}
	if plan.Unlisted > 0 {
		told.Warnings = append(told.Warnings, fmt.Sprintf("the list of tiles has only %d, and the full one about 26,000: "+
			"the %d squares here that it leaves out may be land or sea, and stay missing: put the full list there, or give --trust-list if they are sea", plan.PartialList, plan.Unlisted))
	}
	_, err := output.Target{}.Write(a.Stdout, output.Views{output.Table: a.page(func(p *report.Page) { p.Fetch(told) })})
	return err
}

func (a *App) carryOut(ctx context.Context, plan *fetch.Plan, flags *fetchFlags) error {
	m := a.meter()
	defer m.Stop()
	if err := plan.Run(ctx, m.Set); err != nil {
		return err
	}
	m.Stop()
	fmt.Fprintf(a.Stderr, "canopy: %s is ready: canopy gaps --terrain %[1]s\n", cmp.Or(flags.into, "."))
	return nil
}
