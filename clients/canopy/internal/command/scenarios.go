package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
)

func (a *App) scenarios() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scenarios [show] [NAME]",
		Short: "The scenarios, or one of them in full",
		Long: "The scenarios, or one of them in full: radars, airspace, altitudes, sources and assumptions.\n" +
			"Its radars as CSV or GeoJSON can be changed and given to --sites.",
		Example: "  canopy scenarios\n" +
			"  canopy scenarios show four-modern\n" +
			"  canopy scenarios show four-modern --out sites.csv",
		Args: func(_ *cobra.Command, args []string) error {
			_, err := scenarioArg(args)
			return err
		},
		ValidArgsFunction: completeNames(a, scenarioNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := scenarioArg(args)
			if err != nil {
				return err
			}
			if name != "" {
				return a.showScenario(cmd.Context(), name)
			}
			return a.listScenarios(cmd.Context())
		},
	}
	a.addOutputFlags(cmd, output.Table, output.JSON, output.CSV, output.GeoJSON)
	a.addConnectionFlags(cmd)
	return cmd
}

// scenarioArg takes NAME and show NAME; list is taken for what it says.
func scenarioArg(args []string) (name string, err error) {
	switch {
	case len(args) == 0, len(args) == 1 && args[0] == "list":
		return "", nil
	case len(args) == 1 && args[0] != "show":
		return args[0], nil
	case len(args) == 2 && args[0] == "show":
		return args[1], nil
	}
	return "", fault.Badf("canopy scenarios takes one name: canopy scenarios show four-modern")
}

func (a *App) listScenarios(ctx context.Context) error {
	if err := a.output.Check(output.Table, output.JSON); err != nil {
		return err
	}
	answer, err := ask(ctx, a, "", func(ctx context.Context, s *link.Session) (*canopyv1.ListScenariosResponse, error) {
		return s.Catalog.ListScenarios(ctx, &canopyv1.ListScenariosRequest{})
	})
	if err != nil {
		return err
	}
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Scenarios(answer.GetScenarios()) }),
		output.JSON:  jsonView(answer),
	})
}

func (a *App) showScenario(ctx context.Context, name string) error {
	answer, err := ask(ctx, a, "", func(ctx context.Context, s *link.Session) (*canopyv1.GetScenarioResponse, error) {
		return s.Catalog.GetScenario(ctx, &canopyv1.GetScenarioRequest{ScenarioId: name})
	})
	if err != nil {
		return err
	}
	sites := document.SiteRows(answer.GetScenario())
	return a.emit(output.Views{
		output.Table:   a.page(func(p *report.Page) { p.Scenario(answer.GetScenario()) }),
		output.JSON:    jsonView(answer),
		output.CSV:     csvView(sites),
		output.GeoJSON: geoJSONView(nil, sites),
	})
}
