package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
)

func (a *App) airspaces() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "airspaces [NAME]",
		Short: "The airspaces and zones, or one of them with its outline",
		Example: "  canopy airspaces\n" +
			"  canopy airspaces vraem --out vraem.geojson",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeNames(a, airspaceNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.showAirspace(cmd.Context(), args[0])
			}
			return a.listAirspaces(cmd.Context())
		},
	}
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) listAirspaces(ctx context.Context) error {
	if err := a.output.Check(output.Table, output.JSON); err != nil {
		return err
	}
	answer, err := ask(ctx, a, "", func(ctx context.Context, s *link.Session) (*canopyv1.ListAirspacesResponse, error) {
		return s.Catalog.ListAirspaces(ctx, &canopyv1.ListAirspacesRequest{})
	})
	if err != nil {
		return err
	}
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Airspaces(answer.GetAirspaces()) }),
		output.JSON:  jsonView(answer),
	})
}

func (a *App) showAirspace(ctx context.Context, name string) error {
	a.places["airspace_id"] = "airspace"
	answer, err := ask(ctx, a, "", func(ctx context.Context, s *link.Session) (*canopyv1.GetAirspaceResponse, error) {
		return s.Catalog.GetAirspace(ctx, &canopyv1.GetAirspaceRequest{AirspaceId: name})
	})
	if err != nil {
		return err
	}
	airspace := answer.GetAirspace()
	return a.emit(output.Views{
		output.Table:   a.page(func(p *report.Page) { p.Airspace(airspace) }),
		output.JSON:    jsonView(answer),
		output.GeoJSON: geoJSONView(nil, document.AirspaceRows(airspace)),
	})
}
