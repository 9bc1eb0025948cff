package command

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/quantity"
)

type airstripFlags struct {
	network  networkFlags
	strips   stripFlags
	near     parsed[*canopyv1.Position]
	within   string
	statuses repeated[canopyv1.AirstripStatus]
	count    int32
	exposure bool
}

func (a *App) airstrips() *cobra.Command {
	flags := &airstripFlags{
		near:     parsed[*canopyv1.Position]{kind: "lat,lon", parse: quantity.Position},
		statuses: repeated[canopyv1.AirstripStatus]{kind: "status", parse: oneStatus},
	}
	cmd := &cobra.Command{
		Use:   "airstrips",
		Short: "Airstrips: all, the nearest, or those within an area; and how exposed they are",
		Example: "  canopy airstrips\n" +
			"  canopy airstrips --near=-12.519,-73.829 --count 5\n" +
			"  canopy airstrips --within=-12.519,-73.829,100km --status active\n" +
			"  canopy airstrips --within vraem --exposure --scenario four-modern",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runAirstrips(cmd.Context(), flags) },
	}
	f := cmd.Flags()
	f.Var(&flags.near, "near", "the nearest to LAT,LON, nearest first")
	f.Int32Var(&flags.count, "count", 10, "how many with --near: a `number`")
	f.StringVar(&flags.within, "within", "", "those in a `region`: LAT,LON,RADIUS, an airspace's name, or a GeoJSON file with polygons")
	f.Var(&flags.statuses, "status", "only active, closed or destroyed; repeatable")
	f.BoolVar(&flags.exposure, "exposure", false, "show from what altitude up a network sees above them, and by whom")
	complete(cmd, "status", []string{"active", "closed", "destroyed"})
	completeWith(cmd, "within", completeNames(a, airspaceNames))
	flags.strips.add(cmd)
	a.addNetworkFlags(cmd, &flags.network)
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON, output.CSV, output.KML)
	a.addConnectionFlags(cmd)
	return cmd
}

func oneStatus(text string) ([]canopyv1.AirstripStatus, error) {
	status, err := notation.Status(text)
	return []canopyv1.AirstripStatus{status}, err
}

func (a *App) runAirstrips(ctx context.Context, flags *airstripFlags) error {
	if flags.near.value != nil && flags.within != "" {
		return fault.Badf("--near and --within exclude each other: give one")
	}
	find, err := a.finder(flags, flags.strips.selection(a))
	if err != nil {
		return err
	}
	if flags.exposure {
		return a.exposures(ctx, flags, find)
	}
	found, err := ask(ctx, a, "listing airstrips", find)
	if err != nil {
		return err
	}
	return a.emit(a.airstripViews(found))
}

// found are airstrips, and how they were found.
type found struct {
	list         *canopyv1.ListAirstripsResponse
	hits         []*canopyv1.AirstripHit
	withDistance bool
}

func (f found) airstrips() []*canopyv1.Airstrip {
	if f.list != nil {
		return f.list.GetAirstrips()
	}
	all := make([]*canopyv1.Airstrip, len(f.hits))
	for i, h := range f.hits {
		all[i] = h.GetAirstrip()
	}
	return all
}

type finder = func(context.Context, *link.Session) (found, error)

func (a *App) finder(flags *airstripFlags, selection *canopyv1.AirstripSelection) (finder, error) {
	switch {
	case flags.near.value != nil:
		return flags.nearest(selection), nil
	case flags.within != "":
		return a.inRegion(flags, selection)
	}
	return flags.all(selection), nil
}

func (flags *airstripFlags) nearest(selection *canopyv1.AirstripSelection) finder {
	return func(ctx context.Context, s *link.Session) (found, error) {
		answer, err := s.Catalog.FindNearestAirstrips(ctx, &canopyv1.FindNearestAirstripsRequest{
			Airstrips: selection, Position: *flags.near.value, Count: flags.count, Statuses: flags.statuses.values,
		})
		return found{hits: answer.GetHits(), withDistance: true}, err
	}
}

func (a *App) inRegion(flags *airstripFlags, selection *canopyv1.AirstripSelection) (finder, error) {
	request := &canopyv1.FindAirstripsWithinRequest{Airstrips: selection, Statuses: flags.statuses.values}
	if err := a.region(flags.within, request); err != nil {
		return nil, err
	}
	return func(ctx context.Context, s *link.Session) (found, error) {
		answer, err := s.Catalog.FindAirstripsWithin(ctx, request)
		return found{hits: answer.GetHits(), withDistance: request.GetCircle() != nil}, err
	}, nil
}

// region reads LAT,LON,RADIUS, a name, or a file.
func (a *App) region(text string, request *canopyv1.FindAirstripsWithinRequest) error {
	airspace, err := a.airspaceSelection(text)
	switch {
	case err != nil:
		return err
	case airspace.GetArea() != nil:
		request.Region = &canopyv1.FindAirstripsWithinRequest_Area{Area: airspace.GetArea()}
	case strings.Contains(text, ","):
		circle, err := quantity.Circle(text)
		if err != nil {
			return fault.Badf("--within: %w", err)
		}
		request.Region = &canopyv1.FindAirstripsWithinRequest_Circle{Circle: circle}
	default:
		request.Region = &canopyv1.FindAirstripsWithinRequest_AirspaceId{AirspaceId: text}
	}
	return nil
}

const pageSize = 1000

// all reads page after page.
func (flags *airstripFlags) all(selection *canopyv1.AirstripSelection) finder {
	return func(ctx context.Context, s *link.Session) (found, error) {
		request := &canopyv1.ListAirstripsRequest{Airstrips: selection, PageSize: pageSize, Statuses: flags.statuses.values}
		all := &canopyv1.ListAirstripsResponse{}
		for {
			page, err := s.Catalog.ListAirstrips(ctx, request)
			if err != nil {
				return found{}, err
			}
			all.Airstrips = append(all.Airstrips, page.GetAirstrips()...)
			all.TotalSize = page.GetTotalSize()
			if page.GetNextPageToken() == "" {
				return found{list: all}, nil
			}
			request.PageToken = page.GetNextPageToken()
		}
	}
}

func (a *App) airstripViews(f found) output.Views {
	if f.list != nil {
		rows := document.AirstripRows(f.list.GetAirstrips())
		return a.rowViews(rows, jsonView(f.list), func(p *report.Page) { p.Airstrips(f.list.GetAirstrips()) })
	}
	message := jsonView(&canopyv1.FindAirstripsWithinResponse{Hits: f.hits})
	return a.rowViews(document.HitRows(f.hits, f.withDistance), message, func(p *report.Page) { p.Hits(f.hits, f.withDistance) })
}

func (a *App) rowViews(rows document.Rows, message output.View, write func(*report.Page)) output.Views {
	return output.Views{
		output.Table:   a.page(write),
		output.JSON:    message,
		output.CSV:     csvView(rows),
		output.GeoJSON: geoJSONView(nil, rows),
		output.KML:     func(w io.Writer) error { return document.PointKML(w, "Airstrips", rows) },
	}
}

// exposures assesses the airstrips that were found.
func (a *App) exposures(ctx context.Context, flags *airstripFlags, find finder) error {
	request := &canopyv1.AssessAirstripsRequest{Options: flags.network.options()}
	answer, err := ask(ctx, a, "assessing airstrips", func(ctx context.Context, s *link.Session) (*canopyv1.AssessAirstripsResponse, error) {
		f, err := find(ctx, s)
		if err != nil {
			return nil, err
		}
		request.Airstrips = &canopyv1.AirstripSelection{Airstrips: f.airstrips(), WithoutBuiltin: true}
		if request.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		return s.Coverage.AssessAirstrips(ctx, request)
	})
	if err != nil {
		return err
	}
	views := a.rowViews(document.ExposureRows(answer), jsonView(answer),
		func(p *report.Page) { p.Exposures(answer) })
	views[output.GeoJSON] = geoJSONView(document.Members(answer.GetWarnings(), answer.GetProvenance()),
		document.ExposureRows(answer), document.RadarRows(answer.GetRadars()))
	return a.emit(views)
}
