package command

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
)

// findFlags are those of candidates alone.
type findFlags struct {
	searchFlags
	strips stripFlags
	within string
}

func (a *App) candidates() *cobra.Command {
	flags := &findFlags{}
	cmd := &cobra.Command{
		Use:   "candidates",
		Short: "Places where radars could stand: airports, and high points near them",
		Long: "Places where radars could stand: airports in use, which have access and power, and with --near-access\n" +
			"the highest points of the terrain near them. As CSV or GeoJSON the list can be changed, a cost or\n" +
			"fixed=true added, places left out, and given to canopy plan --candidates.",
		Example: "  canopy candidates\n" +
			"  canopy candidates --within vraem --near-access 25km\n" +
			"  canopy candidates --within peru/loreto --thin 50km --out candidates.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCandidates(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.within, "within", "", "where they may stand: an airspace's `name` (canopy airspaces) or a GeoJSON file with polygons (peru if none)")
	completeWith(cmd, "within", completeNames(a, airspaceNames))
	a.addSearchFlags(cmd, &flags.searchFlags, "max")
	flags.strips.add(cmd)
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON, output.CSV, output.KML)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) runCandidates(ctx context.Context, flags *findFlags) error {
	search := flags.search(a, &flags.strips)
	var err error
	if search.Within, err = a.airspaceIn(flags.within, "search.within", "--within"); err != nil {
		return err
	}
	answer, err := ask(ctx, a, "looking for candidates", func(ctx context.Context, s *link.Session) (*canopyv1.FindCandidatesResponse, error) {
		return s.Siting.FindCandidates(ctx, &canopyv1.FindCandidatesRequest{Search: search})
	})
	if err != nil {
		return err
	}
	rows := document.CandidateRows(answer.GetCandidates())
	return a.emit(output.Views{
		output.Table:   a.page(func(p *report.Page) { p.Candidates(answer) }),
		output.JSON:    jsonView(answer),
		output.CSV:     csvView(rows),
		output.GeoJSON: geoJSONView(document.Members(answer.GetWarnings(), answer.GetProvenance()), rows),
		output.KML:     func(w io.Writer) error { return document.PointKML(w, "Candidates", rows) },
	})
}
