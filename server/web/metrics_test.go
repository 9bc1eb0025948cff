package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
)

func TestRequestsAreCountedByThePathsThatThereAre(t *testing.T) {
	at := serve(t, server.Config{}, web.Config{})
	for _, path := range []string{"/airspaces/vraem.geojson", "/airspaces/secret.geojson", "/secret", "/v1/airspaces/peru/madre-de-dios", "/healthz"} {
		at.ask(t, http.MethodGet, path, "")
	}
	families, err := at.server.Metrics().Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]uint64{}
	for _, f := range families {
		if f.GetName() != "canopy_http_request_seconds" {
			continue
		}
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			counted[strings.Join(labels, " ")] = m.GetHistogram().GetSampleCount()
		}
	}
	for _, want := range []string{
		"200 get /airspaces/{airspace}.geojson", "404 get /airspaces/{airspace}.geojson", "404 get ", "200 get /v1/airspaces/{airspace_id}", "200 get /healthz",
	} {
		if counted[want] != 1 {
			t.Errorf("%d requests are counted as %q: %v", counted[want], want, counted)
		}
	}
	if len(counted) != 5 {
		t.Errorf("counted %v", counted)
	}
}
