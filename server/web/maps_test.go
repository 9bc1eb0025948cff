package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/web"
)

const (
	smallQuery = "radar=name=PEM,lat=-12.6131,lon=-69.2282,range=60km&airspace=peru/madre-de-dios&altitude=300m-agl,FL100"
	smallGaps  = `{` + small + `,"airspace":{"airspace_id":"peru/madre-de-dios"},"altitudes":[{"agl_m":300},{"flight_level":100}]}`
)

func TestGapsAsMaps(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	request := &canopyv1.FindGapsRequest{
		Network:   smallNetwork(),
		Airspace:  &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "peru/madre-de-dios"}},
		Altitudes: []*canopyv1.Altitude{{Level: &canopyv1.Altitude_AglM{AglM: 300}}, {Level: &canopyv1.Altitude_FlightLevel{FlightLevel: 100}}},
	}
	answer, err := canopyv1.NewCoverageServiceClient(s.conn).FindGaps(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	var geoJSON, kml bytes.Buffer
	if err := document.GeoJSON(&geoJSON, document.GapMembers(answer), document.GapRows(answer), document.RadarRows(answer.GetRadars())); err != nil {
		t.Fatal(err)
	}
	if err := document.GapKML(&kml, answer); err != nil {
		t.Fatal(err)
	}
	typed, posted := s.found(t, "/gaps.geojson?"+smallQuery), s.ask(t, http.MethodPost, "/gaps.geojson", smallGaps)
	for name, got := range map[string]reply{"typed": typed, "posted": posted} {
		if got.header.Get("Content-Type") != "application/geo+json" || !bytes.Equal(got.body, geoJSON.Bytes()) {
			t.Errorf("%s: %v, %.300s", name, got.header, got.body)
		}
	}
	for _, got := range []reply{s.found(t, "/gaps.kmz?"+smallQuery), s.ask(t, http.MethodPost, "/gaps.kmz", smallGaps)} {
		files := unzip(t, got.body)
		if len(files) != 1 || !bytes.Equal(files["doc.kml"], kml.Bytes()) || got.header.Get("Content-Type") != "application/vnd.google-earth.kmz" {
			t.Errorf("%v, %.300s", got.header, files["doc.kml"])
		}
	}
}

func smallNetwork() *canopyv1.NetworkSelection {
	rangeKm := 60.0
	return &canopyv1.NetworkSelection{Radars: []*canopyv1.Radar{{
		Name: "PEM", Position: &canopyv1.Position{LatDeg: -12.6131, LonDeg: -69.2282}, Limits: &canopyv1.RadarLimits{RangeKm: &rangeKm},
	}}}
}

func unzip(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range archive.File {
		file, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[entry.Name], err = io.ReadAll(file); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	return files
}

// features are what a GeoJSON holds.
type features struct {
	Type     string
	Features []struct {
		Geometry   struct{ Type string }
		Properties map[string]any
	}
}

func (s *site) features(t *testing.T, got reply) features {
	t.Helper()
	var f features
	if err := json.Unmarshal(got.body, &f); err != nil || got.status != http.StatusOK || f.Type != "FeatureCollection" || got.header.Get("Content-Type") != "application/geo+json" {
		t.Fatalf("%d, %v, %.300s: %v", got.status, got.header, got.body, err)
	}
	return f
}

func TestLists(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	own := `{"airstrips":[{"name":"Mine","position":{"lat_deg":-12.5,"lon_deg":-73.8}}],"without_builtin":true}`
	tests := []struct {
		name, path, body string
		count            int
		// first has these properties.
		first map[string]any
	}{
		{"sites of a scenario", "/sites.geojson?scenario=four-modern", "", 4, map[string]any{"name": "Puerto Maldonado", "range_km": 370.0}},
		{"sites of the default", "/sites.geojson", "", 1, map[string]any{"radar_id": "puerto-maldonado"}},
		{"an airspace", "/airspaces/vraem.geojson", "", 1, map[string]any{"airspace_id": "vraem"}},
		{"an airspace of another", "/airspaces/peru/madre-de-dios.geojson", "", 1, map[string]any{"airspace_id": "peru/madre-de-dios"}},
		{"all airstrips", "/airstrips.geojson", "", 209, nil},
		{"closed ones", "/airstrips.geojson?status=closed", "", 25, map[string]any{"status": "closed"}},
		{"the nearest", "/airstrips.geojson?near=-12.519,-73.829&count=5", "", 5, map[string]any{"status": "active"}},
		{"those within a circle", "/airstrips.geojson?within=-12.6131,-69.2282,1km", "", 1, map[string]any{"distance_km": 0.0703}},
		{"own ones", "/airstrips.geojson", own, 1, map[string]any{"name": "Mine"}},
		{"own ones in an airspace", "/airstrips.geojson?within=vraem", own, 1, map[string]any{"name": "Mine"}},
		{"own ones elsewhere", "/airstrips.geojson?within=peru/loreto", own, 0, nil},
		{"none but own ones, and no own ones", "/airstrips.geojson?without-builtin-airstrips=true", "", 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			method := http.MethodGet
			if tt.body != "" {
				method = http.MethodPost
			}
			got := s.features(t, s.ask(t, method, tt.path, tt.body))
			if len(got.Features) != tt.count {
				t.Fatalf("%d features, want %d", len(got.Features), tt.count)
			}
			for name, want := range tt.first {
				if have := got.Features[0].Properties[name]; have != want {
					t.Errorf("%s = %v, want %v", name, have, want)
				}
			}
		})
	}
}

// A radar that is typed adds to those of a scenario that is named, and one can
// be taken out.
func TestNetworksAreThoseOfTheProgram(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	tests := []struct {
		query string
		want  []string
	}{
		{"", []string{"Puerto Maldonado in-service"}},
		{"&out-of-service=Pucallpa&scenario=tps70-pair", []string{"Puerto Maldonado in-service", "Pucallpa out-of-service"}},
		{"&out-of-service=Puerto+Maldonado", []string{"Puerto Maldonado out-of-service"}},
		{"&radar=name=X,lat=-12,lon=-73", []string{"X in-service"}},
		{"&radar=name=X,lat=-12,lon=-73&radar=name=Y,lat=-12,lon=-74&scenario=tps70-2015", []string{"Puerto Maldonado in-service", "X in-service", "Y in-service"}},
	}
	for _, tt := range tests {
		got := s.features(t, s.found(t, "/gaps.geojson?airspace=vraem&altitude=FL100&range=50km"+tt.query))
		var radars []string
		for _, f := range got.Features {
			if f.Geometry.Type == "Point" {
				radars = append(radars, f.Properties["name"].(string)+" "+f.Properties["state"].(string))
			}
		}
		if strings.Join(radars, ", ") != strings.Join(tt.want, ", ") {
			t.Errorf("%s: radars %v, want %v", tt.query, radars, tt.want)
		}
	}
}
