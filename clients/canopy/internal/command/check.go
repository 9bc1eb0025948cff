package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/input"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/quantity"
)

type checkFlags struct {
	network networkFlags
	points  repeated[input.Placed[*canopyv1.Point]]
	file    parsed[[]input.Placed[*canopyv1.Point]]
}

func (a *App) check() *cobra.Command {
	flags := &checkFlags{
		points: repeated[input.Placed[*canopyv1.Point]]{kind: "point", parse: onePoint},
		file:   parsed[[]input.Placed[*canopyv1.Point]]{kind: "file", parse: input.Points},
	}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Whether points are seen, by whom, from what altitude up, and what hides them",
		Long:  "Whether points are seen, by whom, from what altitude up, and what hides them.\nThe exit code is 3 if any point is not seen.",
		Example: "  canopy check --point=-12.519,-73.829,3000m-amsl\n" +
			"  canopy check --scenario four-modern --points route.csv -o csv\n" +
			"  canopy check --point=-12,-70,300m-agl --reach horizon --k 1.42",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCheck(cmd.Context(), flags) },
	}
	cmd.Flags().Var(&flags.points, "point", "LAT,LON,ALTITUDE such as -12.519,-73.829,3000m-amsl; repeatable")
	cmd.Flags().Var(&flags.file, "points", "points from a CSV or GeoJSON `file`: lat, lon, altitude")
	a.addNetworkFlags(cmd, &flags.network)
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON, output.CSV)
	a.addConnectionFlags(cmd)
	return cmd
}

func onePoint(text string) ([]input.Placed[*canopyv1.Point], error) {
	point, err := quantity.Point(text)
	return []input.Placed[*canopyv1.Point]{{Value: point, Place: "--point " + text}}, err
}

func (a *App) runCheck(ctx context.Context, flags *checkFlags) error {
	request := &canopyv1.CheckPointsRequest{Options: flags.network.options()}
	points := flags.points.values
	if flags.file.value != nil {
		points = append(points, *flags.file.value...)
	}
	if len(points) == 0 {
		return fault.Badf("no points: give --point=-12.519,-73.829,3000m-amsl or --points FILE")
	}
	for i, point := range points {
		request.Points = append(request.Points, point.Value)
		a.places[fmt.Sprintf("points[%d]", i)] = point.Place
	}
	answer, err := ask(ctx, a, "checking points", func(ctx context.Context, s *link.Session) (_ *canopyv1.CheckPointsResponse, err error) {
		if request.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		return s.Coverage.CheckPoints(ctx, request)
	})
	if err != nil {
		return err
	}
	if err := a.emit(a.checkViews(answer)); err != nil {
		return err
	}
	return verdict(answer.GetOutcomes())
}

func (a *App) checkViews(answer *canopyv1.CheckPointsResponse) output.Views {
	rows := document.OutcomeRows(answer)
	return output.Views{
		output.Table:   a.page(func(p *report.Page) { p.Check(answer) }),
		output.JSON:    jsonView(answer),
		output.CSV:     csvView(rows),
		output.GeoJSON: geoJSONView(document.Members(answer.GetWarnings(), answer.GetProvenance()), rows, document.RadarRows(answer.GetRadars())),
	}
}

// verdict fails if a point is not seen.
func verdict(outcomes []*canopyv1.PointOutcome) error {
	unseen := 0
	for _, o := range outcomes {
		if !o.GetSeen() {
			unseen++
		}
	}
	if unseen == 0 {
		return nil
	}
	return &fault.Error{Code: fault.CheckFailed, Err: fmt.Errorf("not seen: %d of %d points", unseen, len(outcomes))}
}
