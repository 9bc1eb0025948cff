package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func (a *App) models() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "models",
		Short: "The radar models, for model= of --radar",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.runModels(cmd.Context()) },
	}
	a.addOutputFlags(cmd, output.Table, output.JSON)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) runModels(ctx context.Context) error {
	answer, err := ask(ctx, a, "", func(ctx context.Context, s *link.Session) (*canopyv1.ListRadarModelsResponse, error) {
		return s.Catalog.ListRadarModels(ctx, &canopyv1.ListRadarModelsRequest{})
	})
	if err != nil {
		return err
	}
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Models(answer.GetRadarModels()) }),
		output.JSON:  jsonView(answer),
	})
}
