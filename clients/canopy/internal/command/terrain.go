package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func (a *App) terrain() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "terrain",
		Short: "The elevation model that answers stand on",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.terrainInfo(), a.terrainExtent())
	return cmd
}

func (a *App) terrainInfo() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Name, spacing, extent and identity of the elevation model",
		Example: "  canopy terrain info\n" +
			"  canopy terrain info --terrain ./srtm",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runTerrainInfo(cmd.Context()) },
	}
	a.addOutputFlags(cmd, output.Table, output.JSON)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) runTerrainInfo(ctx context.Context) error {
	answer, err := ask(ctx, a, "", func(ctx context.Context, s *link.Session) (*canopyv1.GetTerrainResponse, error) {
		return s.Terrain.GetTerrain(ctx, &canopyv1.GetTerrainRequest{})
	})
	if err != nil {
		return err
	}
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Terrain(answer) }),
		output.JSON:  jsonView(answer),
	})
}
