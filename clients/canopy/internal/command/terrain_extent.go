package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func (a *App) terrainExtent() *cobra.Command {
	var airspace string
	cmd := &cobra.Command{
		Use:   "extent",
		Short: "How much of an airspace the elevation model knows, and where it knows nothing",
		Example: "  canopy terrain extent\n" +
			"  canopy terrain extent --terrain ./srtm --airspace peru/loreto",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runTerrainExtent(cmd.Context(), airspace) },
	}
	a.addAirspaceFlag(cmd, &airspace)
	a.addOutputFlags(cmd, output.Table, output.JSON)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) runTerrainExtent(ctx context.Context, airspace string) error {
	selection, err := a.airspaceSelection(airspace)
	if err != nil {
		return err
	}
	answer, err := ask(ctx, a, "looking for missing terrain", func(ctx context.Context, s *link.Session) (*canopyv1.GetTerrainExtentResponse, error) {
		return s.Terrain.GetTerrainExtent(ctx, &canopyv1.GetTerrainExtentRequest{Airspace: selection})
	})
	if err != nil {
		return err
	}
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Extent(answer) }),
		output.JSON:  jsonView(answer),
	})
}
