package web

import (
	"context"
	"net/http"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/quantity"
)

// airstripsQuery asks for airstrips, as canopy airstrips does.
type airstripsQuery struct {
	selection canopyv1.AirstripSelection
	near      *canopyv1.Position
	within    string
	count     int32
	statuses  []canopyv1.AirstripStatus
}

func (q *airstripsQuery) form() form {
	return form{
		body:  &q.selection,
		typed: []parameter{withoutBuiltin(&q.selection)},
		beside: []parameter{
			{name: "near", about: "The airstrips nearest to LAT,LON, nearest first.", example: "-12.519,-73.829", set: one(&q.near, quantity.Position)},
			{name: "count", about: "How many with near; 10 if not given.", example: "5", set: one(&q.count, whole)},
			{name: "within", about: "Those in a region: LAT,LON,RADIUS, or an airspace of the catalogue.", example: "-12.519,-73.829,100km", set: text(&q.within)},
			{name: "status", about: "Only active, closed or destroyed ones.", example: "active", many: true, set: each(&q.statuses, notation.Status)},
		},
	}
}

func (f *Face) airstripsGeoJSON(w http.ResponseWriter, r *http.Request) error {
	q := &airstripsQuery{}
	ctx, cancel, err := f.begin(r, q.form())
	if err != nil {
		return err
	}
	defer cancel()
	rows, err := q.find(ctx, f.catalog)
	if err != nil {
		return err
	}
	return geoJSON(w, r, nil, rows)
}

func (q *airstripsQuery) find(ctx context.Context, catalog canopyv1.CatalogServiceClient) (document.Rows, error) {
	switch {
	case q.near != nil && q.within != "":
		return document.Rows{}, problem.Field("within", problem.ReasonFieldInvalid, "near is given as well: give one of them")
	case q.count != 0 && q.near == nil:
		return document.Rows{}, problem.Field("count", problem.ReasonFieldInvalid, "it is for near: write near=LAT,LON as well, or leave it out")
	case q.near != nil:
		answer, err := catalog.FindNearestAirstrips(ctx, &canopyv1.FindNearestAirstripsRequest{
			Airstrips: &q.selection, Position: q.near, Count: q.count, Statuses: q.statuses,
		})
		return document.HitRows(answer.GetHits(), true), err
	case q.within != "":
		return q.inRegion(ctx, catalog)
	}
	return q.all(ctx, catalog)
}

func (q *airstripsQuery) inRegion(ctx context.Context, catalog canopyv1.CatalogServiceClient) (document.Rows, error) {
	request := &canopyv1.FindAirstripsWithinRequest{
		Airstrips: &q.selection, Statuses: q.statuses,
		Region: &canopyv1.FindAirstripsWithinRequest_AirspaceId{AirspaceId: q.within},
	}
	if strings.Contains(q.within, ",") {
		circle, err := quantity.Circle(q.within)
		if err != nil {
			return document.Rows{}, problem.Field("within", problem.ReasonFieldInvalid, "%s", err)
		}
		request.Region = &canopyv1.FindAirstripsWithinRequest_Circle{Circle: circle}
	}
	answer, err := catalog.FindAirstripsWithin(ctx, request)
	return document.HitRows(answer.GetHits(), request.GetCircle() != nil), err
}

// pageSize is the largest.
const pageSize = 1000

// all reads page after page.
func (q *airstripsQuery) all(ctx context.Context, catalog canopyv1.CatalogServiceClient) (document.Rows, error) {
	request := &canopyv1.ListAirstripsRequest{Airstrips: &q.selection, PageSize: pageSize, Statuses: q.statuses}
	var strips []*canopyv1.Airstrip
	for {
		page, err := catalog.ListAirstrips(ctx, request)
		if err != nil {
			return document.Rows{}, err
		}
		strips = append(strips, page.GetAirstrips()...)
		if page.GetNextPageToken() == "" {
			return document.AirstripRows(strips), nil
		}
		request.PageToken = page.GetNextPageToken()
	}
}
