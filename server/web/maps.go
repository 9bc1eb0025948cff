package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/quantity"
)

const (
	geoJSONType = "application/geo+json"
	kmzType     = "application/vnd.google-earth.kmz"
)

// gapsQuery asks for gaps, as canopy gaps does.
type gapsQuery struct {
	network   network
	request   *canopyv1.FindGapsRequest
	altitudes [][]*canopyv1.Altitude
	airspace  string
	strips    canopyv1.AirstripSelection
}

func newGapsQuery() *gapsQuery { return &gapsQuery{request: &canopyv1.FindGapsRequest{}} }

func (q *gapsQuery) form() form {
	return form{body: q.request, typed: append([]parameter{
		{name: "altitude", many: true, about: "Altitudes, with commas between; those of the scenario if not given.", example: "300m-agl,FL100", set: each(&q.altitudes, quantity.Altitudes)},
		{name: "airspace", about: "An airspace of the catalogue; that of the scenario if not given. An area of your own goes into a POST.", example: "vraem", set: text(&q.airspace)},
		{name: "min-area", about: "Sum up smaller gaps instead of listing them; 25km2 if not given.", example: "100km2", set: quantityOf(&q.request.MinAreaKm2, "area", quantity.AreaKm2)},
		{name: "tolerance", about: "How far outlines may depart from their cells.", example: "500m", set: quantityOf(&q.request.ToleranceM, "tolerance", quantity.LengthM)},
		{name: "bracket", about: "Compute on means and on maxima of the terrain, and tell how far apart the answers lie.", example: "true", set: flag(&q.request.Bracket)},
		withoutBuiltin(&q.strips),
	}, q.network.parameters()...)}
}

func withoutBuiltin(selection *canopyv1.AirstripSelection) parameter {
	return parameter{
		name: "without-builtin-airstrips", about: "Leave the built-in airstrips out.", example: "true", set: flag(&selection.WithoutBuiltin),
	}
}

// complete turns what was typed into the request.
func (q *gapsQuery) complete(ctx context.Context, catalog canopyv1.CatalogServiceClient) (err error) {
	for _, some := range q.altitudes {
		q.request.Altitudes = append(q.request.Altitudes, some...)
	}
	if q.airspace != "" {
		q.request.Airspace = &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: q.airspace}}
	}
	q.request.Airstrips = &q.strips
	q.request.Options = q.network.coverageOptions()
	q.request.Network, err = q.network.selection(ctx, catalog)
	return err
}

func (f *Face) findGaps(r *http.Request) (*canopyv1.FindGapsResponse, error) {
	q := newGapsQuery()
	ctx, cancel, err := f.begin(r, q.form())
	if err != nil {
		return nil, err
	}
	defer cancel()
	if r.Method != http.MethodPost {
		if err := q.complete(ctx, f.catalog); err != nil {
			return nil, err
		}
	}
	return f.coverage.FindGaps(ctx, q.request)
}

func (f *Face) gapsGeoJSON(w http.ResponseWriter, r *http.Request) error {
	answer, err := f.findGaps(r)
	if err != nil {
		return err
	}
	return geoJSON(w, r, document.GapMembers(answer), document.GapRows(answer), document.RadarRows(answer.GetRadars()))
}

func (f *Face) gapsKMZ(w http.ResponseWriter, r *http.Request) error {
	answer, err := f.findGaps(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := document.GapKMZ(&b, answer); err != nil {
		return err
	}
	return send(w, r, kmzType, b.Bytes())
}

// sitesForm asks for the radars of a scenario.
func sitesForm(scenario *string) form {
	return form{typed: []parameter{{
		name: "scenario", about: "The scenario whose radars these are; tps70-2015 if not given.", example: "four-modern", set: text(scenario),
	}}}
}

func (f *Face) sitesGeoJSON(w http.ResponseWriter, r *http.Request) error {
	var name string
	ctx, cancel, err := f.begin(r, sitesForm(&name))
	if err != nil {
		return err
	}
	defer cancel()
	scenario, err := getScenario(ctx, f.catalog, name)
	if err != nil {
		return err
	}
	return geoJSON(w, r, nil, document.SiteRows(scenario))
}

func (f *Face) airspaceGeoJSON(w http.ResponseWriter, r *http.Request) error {
	id, ok := strings.CutSuffix(r.PathValue("airspace"), ".geojson")
	if !ok {
		return refuse(codes.NotFound, problem.ReasonPathUnknown, "%s has no ending: write %[1]s.geojson", r.URL.Path)
	}
	ctx, cancel, err := f.begin(r, form{})
	if err != nil {
		return err
	}
	defer cancel()
	answer, err := f.catalog.GetAirspace(ctx, &canopyv1.GetAirspaceRequest{AirspaceId: id})
	if err != nil {
		return err
	}
	return geoJSON(w, r, nil, document.AirspaceRows(answer.GetAirspace()))
}

func (f *Face) planGeoJSON(w http.ResponseWriter, r *http.Request) error {
	id, ok := strings.CutSuffix(r.PathValue("plan"), ".geojson")
	if !ok {
		return refuse(codes.NotFound, problem.ReasonPathUnknown, "%s has no ending: write %[1]s.geojson", r.URL.Path)
	}
	ctx, cancel, err := f.begin(r, form{})
	if err != nil {
		return err
	}
	defer cancel()
	o, err := f.operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: "operations/" + id})
	switch {
	case err != nil:
		return err
	case !o.GetDone():
		return &problem.OperationRunningError{Name: o.GetName(), Before: "you ask for its plan"}
	case o.GetError() != nil:
		return status.ErrorProto(o.GetError())
	}
	plan := &canopyv1.PlanNetworkResponse{}
	if err := o.GetResponse().UnmarshalTo(plan); err != nil {
		return err
	}
	return geoJSON(w, r, document.PlanMembers(plan), document.PlanRows(plan))
}

// geoJSON writes what canopy -o geojson writes.
func geoJSON(w http.ResponseWriter, r *http.Request, foreign map[string]any, sorts ...document.Rows) error {
	var b bytes.Buffer
	if err := document.GeoJSON(&b, foreign, sorts...); err != nil {
		return err
	}
	return send(w, r, geoJSONType, b.Bytes())
}

// send writes an answer, or tells a client that has it already that it is the
// same.
func send(w http.ResponseWriter, r *http.Request, contentType string, content []byte) error {
	digest := sha256.Sum256(content)
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("ETag", `"`+hex.EncodeToString(digest[:])+`"`)
	header.Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}
