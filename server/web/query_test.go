package web

import (
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
)

func TestGapsQuery(t *testing.T) {
	query := "scenario=four-modern&altitude=300m-agl,FL100&altitude=3000ft-amsl&airspace=vraem&reach=horizon&k=1.42&min-radars=2&strict=true" +
		"&range=240nmi&min-range=1km&min-elevation=-1deg&max-elevation=20&height-limit=FL1000&resolution=15s&min-area=100km2&tolerance=500m&bracket=true&without-builtin-airstrips=true"
	q := newGapsQuery()
	if err := readQuery(query, q.form().typed); err != nil {
		t.Fatal(err)
	}
	if err := q.complete(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want := &canopyv1.FindGapsRequest{}
	if err := protojson.Unmarshal([]byte(`{"network":{"scenario_id":"four-modern"},"airspace":{"airspace_id":"vraem"},
		"altitudes":[{"agl_m":300},{"flight_level":100},{"amsl_m":914.4}],
		"options":{"reach":"REACH_HORIZON","effective_earth_k":1.42,"min_radars":2,"strict_terrain":true,"resolution_arcsec":15,
			"limits":{"range_km":444.48,"min_range_km":1,"min_elevation_deg":-1,"max_elevation_deg":20,"height_limit_amsl_m":30480}},
		"airstrips":{"without_builtin":true},"min_area_km2":100,"tolerance_m":500,"bracket":true}`), want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, q.request, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

// Every example that is shown for a parameter is one that it takes.
func TestExamplesAreTaken(t *testing.T) {
	var scenario string
	forms := map[string]form{
		"gaps": newGapsQuery().form(), "floor": newFloorQuery().fileForm(), "picture": newFloorQuery().pictureForm(),
		"airstrips": (&airstripsQuery{}).form(), "sites": sitesForm(&scenario),
	}
	for name, f := range forms {
		for _, p := range append(f.typed, f.beside...) {
			if err := readQuery(url.Values{p.name: {p.example}}.Encode(), []parameter{p}); err != nil || p.about == "" {
				t.Errorf("%s: %s=%s (%s): %v", name, p.name, p.example, p.about, err)
			}
		}
	}
}

// Any query is read or refused, and a refusal names what is wrong.
func FuzzQuery(f *testing.F) {
	f.Add("scenario=four-modern&altitude=300m-agl,FL100&radar=name=X,lat=1,lon=2")
	f.Add("k=%zz;&&=&altitude=")
	f.Add("near=-12,-73&within=a&count=1e9&width=-1")
	f.Fuzz(func(t *testing.T, query string) {
		for _, known := range [][]parameter{newGapsQuery().form().typed, newFloorQuery().pictureForm().beside, (&airstripsQuery{}).form().beside} {
			err := readQuery(query, known)
			var invalid *problem.Invalid
			if err != nil && (!errors.As(err, &invalid) || len(invalid.Violations) == 0 || invalid.Error() == "") {
				t.Fatalf("%q: %v", query, err)
			}
		}
	})
}
