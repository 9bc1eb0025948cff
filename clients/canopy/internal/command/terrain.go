package command

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/draw"
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
	cmd.AddCommand(a.terrainInfo(), a.terrainExtent(), a.terrainImport(), a.terrainFetch())
	return cmd
}

func (a *App) terrainInfo() *cobra.Command {
	var picture string
	var verify bool
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Name, spacing, extent, identity and contents of the elevation model, and a picture of it",
		Example: "  canopy terrain info\n" +
			"  canopy terrain info --terrain ./peru --png relief.png --verify",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if verify {
				if err := a.verifyStore(cmd.Context()); err != nil {
					return err
				}
			}
			return a.runTerrainInfo(cmd.Context(), picture)
		},
	}
	cmd.Flags().BoolVar(&verify, "verify", false, "compare all tiles of a store with their checksums first")
	cmd.Flags().StringVar(&picture, "png", "", "draw the terrain as a shaded relief to this `file`")
	a.addOutputFlags(cmd, output.Table, output.JSON)
	a.addConnectionFlags(cmd)
	return cmd
}

// reliefSide is how many columns or rows a relief has at most. Squared it is
// less than the 500 000 cells that a server gives at once.
const reliefSide = 700

func (a *App) runTerrainInfo(ctx context.Context, picture string) error {
	if picture != "" {
		if err := output.CheckFile("--png", picture); err != nil {
			return err
		}
	}
	var grid *canopyv1.GetElevationGridResponse
	answer, err := ask(ctx, a, "", func(ctx context.Context, s *link.Session) (*canopyv1.GetTerrainResponse, error) {
		answer, err := s.Terrain.GetTerrain(ctx, &canopyv1.GetTerrainRequest{})
		if err == nil && picture != "" {
			grid, err = reliefGrid(ctx, s, answer.GetBoundingBox())
		}
		return answer, err
	})
	if err != nil {
		return err
	}
	if picture != "" {
		if err := a.writeRelief(picture, grid); err != nil {
			return err
		}
	}
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Terrain(answer) }),
		output.JSON:  jsonView(answer),
	})
}

func reliefGrid(ctx context.Context, s *link.Session, box *canopyv1.BoundingBox) (*canopyv1.GetElevationGridResponse, error) {
	columns, rows := draw.ReliefSize(box, reliefSide)
	return s.Terrain.GetElevationGrid(ctx, &canopyv1.GetElevationGridRequest{
		BoundingBox: box, Columns: int32(columns), Rows: int32(rows),
	})
}

func (a *App) writeRelief(path string, grid *canopyv1.GetElevationGridResponse) error {
	if err := output.Replace(path, func(w io.Writer) error { return draw.ReliefPNG(w, grid) }); err != nil {
		return fmt.Errorf("--png %s: %w", path, err)
	}
	fmt.Fprintf(a.Stderr, "canopy: wrote %s\n", path)
	return nil
}
