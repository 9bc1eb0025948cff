package command

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	"github.com/canopyradar/canopy/terrain/open"
	"github.com/canopyradar/canopy/terrain/store"
)

// importFlags are those of terrain import.
type importFlags struct {
	into, origin, licence string
	jobs                  int
	bathymetry            bool
}

func (a *App) terrainImport() *cobra.Command {
	flags := &importFlags{}
	cmd := &cobra.Command{
		Use:   "import SRC…",
		Short: "Turn elevation files into a store that opens at once",
		Long: "Turn elevation files, and folders of them, into a store: plain GeoTIFF tiles that open at once and\n" +
			"share memory between requests and programs, with coarser versions by mean and by maximum.\n\n" +
			"What a store has already stays where the files know nothing. An import can be stopped at any time:\n" +
			"run it again, and it goes on where it stopped.",
		Example: "  canopy terrain import ./srtm --into ./peru\n" +
			"  canopy terrain import dem.tif --into ./peru --origin 'SRTM 3, NASA' --licence 'public domain'\n" +
			"  canopy gaps --terrain ./peru",
		Args: func(_ *cobra.Command, args []string) error { return flags.check(args) },
		RunE: func(cmd *cobra.Command, args []string) error { return a.runTerrainImport(cmd.Context(), flags, args) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.into, "into", "", "the store's `folder` (required)")
	f.IntVar(&flags.jobs, "jobs", 0, "how many tiles to make at a time: a `number` (one a processor if 0)")
	f.BoolVar(&flags.bathymetry, "bathymetry", false, "the files hold sea depths: put everything below 0 m at 0 m")
	f.StringVar(&flags.origin, "origin", "", "where the files come from, a `text` for those that do not say")
	f.StringVar(&flags.licence, "licence", "", "their licence, a `text`")
	f.BoolVarP(&a.connection.quiet, "no-progress", "q", false, "show no progress")
	return cmd
}

func (flags *importFlags) check(paths []string) error {
	switch {
	case len(paths) == 0:
		return fault.Badf("no files: name elevation files or folders of them: canopy terrain import ./srtm --into ./peru")
	case flags.into == "":
		return fault.Badf("no --into: name the folder of the store: --into ./peru")
	case flags.jobs < 0:
		return fault.Badf("--jobs %d: want 0 or more", flags.jobs)
	}
	for _, path := range paths {
		if store.IsStore(path) {
			return fault.Badf("%s is a terrain store already: give it to --terrain, or name the files that it was made of", path)
		}
	}
	return nil
}

func (a *App) runTerrainImport(ctx context.Context, flags *importFlags, paths []string) error {
	summary, err := a.importTerrain(ctx, flags, paths)
	if err != nil {
		return err
	}
	told := &report.Import{
		Into: flags.into, Written: summary.TilesWritten, Kept: summary.TilesKept,
		Posts: summary.Posts, SizeB: summary.SizeB, SpacingArcsec: summary.SpacingArcsec,
		Box:          boxOf(summary.Extent),
		SmallVoids:   summary.Voids.Small,
		PostsFilled:  summary.Voids.PostsFilled,
		PostsMissing: summary.Voids.PostsMissing,
		PostsSea:     summary.Voids.PostsSea,
		Warnings:     summary.Notes,
	}
	for _, factor := range summary.OverviewFactors {
		told.OverviewArcsec = append(told.OverviewArcsec, summary.SpacingArcsec*float64(factor))
	}
	_, err = output.Target{}.Write(a.Stdout, output.Views{output.Table: a.page(func(p *report.Page) { p.Import(told) })})
	return err
}

// boxOf rounds to a tenth of a metre, as posts do not lie on round numbers.
func boxOf(e store.Extent) [4]float64 {
	box := [4]float64{e.West, e.South, e.East, e.North}
	for i, v := range box {
		box[i] = math.Round(v*1e6) / 1e6
	}
	return box
}

func (a *App) importTerrain(ctx context.Context, flags *importFlags, paths []string) (*store.Summary, error) {
	m := a.meter()
	defer m.Stop()
	m.Spin("reading " + paths[0])
	sources, skipped, err := open.Files(ctx, paths...)
	if err != nil {
		return nil, bad(ctx, err)
	}
	m.Stop()
	for _, s := range skipped {
		if s.Err != nil {
			fmt.Fprintf(a.Stderr, "canopy: not imported: %v\n", s.Err)
		} else {
			fmt.Fprintf(a.Stderr, "canopy: not imported: %s: not an elevation model\n", s.Path)
		}
	}
	m = a.meter()
	defer m.Stop()
	summary, err := store.Import(ctx, flags.into, store.Job{
		Sources: sources, Origin: flags.origin, Licence: flags.licence,
		Bathymetry: flags.bathymetry, Jobs: flags.jobs, Progress: m.Set,
	})
	if unfit := new(store.UnfitError); errors.As(err, &unfit) {
		return nil, fault.Bad(err)
	}
	return summary, err
}

// bad marks err as bad input, unless the work was interrupted.
func bad(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return fault.Bad(err)
}
