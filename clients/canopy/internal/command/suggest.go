package command

import (
	"context"
	"io"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
)

// runSuggest finds gaps, and which candidates would close them.
func (a *App) runSuggest(ctx context.Context, flags *gapsFlags, gaps *canopyv1.FindGapsRequest) error {
	if err := flags.candidates.check(); err != nil {
		return err
	}
	request := &canopyv1.SuggestSitesRequest{Gaps: gaps}
	answer, err := ask(ctx, a, "finding gaps and sites", func(ctx context.Context, s *link.Session) (_ *canopyv1.SuggestSitesResponse, err error) {
		if gaps.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		if request.Candidates, err = flags.candidates.selection(ctx, a, s, &flags.strips, gaps.GetAirspace()); err != nil {
			return nil, err
		}
		return s.Siting.SuggestSites(ctx, request)
	})
	if err != nil {
		return err
	}
	rows, warnings := document.SuggestionRows(answer), document.AllWarnings(answer)
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Suggestions(answer, warnings, flags.top) }),
		output.JSON:  jsonView(answer),
		output.CSV:   csvView(rows),
		output.GeoJSON: geoJSONView(document.SuggestionMembers(answer), rows,
			document.RadarRows(answer.GetGaps().GetRadars()), document.SuggestedRows(answer)),
		output.KML: func(w io.Writer) error { return document.SuggestionKML(w, answer) },
	})
}
