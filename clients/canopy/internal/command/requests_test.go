package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/specimen"
)

// What flags become on the way to the server, as protobuf text.
func TestRequests(t *testing.T) {
	sites := write(t, "sites.csv", "name,lat,lon\nPEM,-12.6,-69.2\n")
	strips := write(t, "strips.csv", "name,lat,lon\nPampa,-12.5,-73.8\n")
	points := write(t, "points.csv", "lat,lon,altitude\n-12,-70,FL100\n")
	zone := write(t, "zone.geojson", `{"type":"Polygon","coordinates":[[[-74,-13],[-73,-13],[-73,-12],[-74,-13]]]}`)
	const pem = `radar_id:"puerto-maldonado" name:"Puerto Maldonado" model_id:"an-tps-70" position:{lat_deg:-12.6131 lon_deg:-69.2282}`
	const pcl = `radar_id:"pucallpa" name:"Pucallpa" model_id:"an-tps-70" position:{lat_deg:-8.3779 lon_deg:-74.5743} mast_m:15 limits:{range_km:444.48}`
	tests := []struct {
		name, args string
		want       proto.Message
		text       string
	}{
		{"gaps of the default", "gaps", &canopyv1.FindGapsRequest{}, `network:{} options:{} airstrips:{}`},
		{"a scenario", "gaps --scenario four-modern", &canopyv1.FindGapsRequest{}, `network:{scenario_id:"four-modern"} options:{} airstrips:{}`},
		{"options", "gaps --reach disc --k 1.42 --min-radars 2 --strict --range 216nmi --min-range 1km --min-elevation 0.5 --max-elevation 20deg --height-limit FL1000",
			&canopyv1.FindGapsRequest{}, `network:{} options:{reach:REACH_DISC effective_earth_k:1.42 min_radars:2 strict_terrain:true
			limits:{range_km:400.032 min_range_km:1 min_elevation_deg:0.5 max_elevation_deg:20 height_limit_amsl_m:30480}} airstrips:{}`},
		{"altitudes in several flags", "gaps --altitude 300m-agl,FL100 --altitude 3000ft-amsl --min-area 5km2 --tolerance 500m",
			&canopyv1.FindGapsRequest{}, `network:{} options:{} airstrips:{} altitudes:{agl_m:300} altitudes:{flight_level:100} altitudes:{amsl_m:914.4} min_area_km2:5 tolerance_m:500`},
		{"an airspace by name", "gaps --airspace peru/cusco", &canopyv1.FindGapsRequest{}, `network:{} options:{} airstrips:{} airspace:{airspace_id:"peru/cusco"}`},
		{"an airspace of the user's", "gaps --airspace " + zone, &canopyv1.FindGapsRequest{}, `network:{} options:{} airstrips:{} airspace:{area:{name:"zone" polygons:{rings:{
			positions:{lat_deg:-13 lon_deg:-74} positions:{lat_deg:-13 lon_deg:-73} positions:{lat_deg:-12 lon_deg:-73} positions:{lat_deg:-13 lon_deg:-74}}}}}`},
		{"airstrips of the user's", "gaps --without-builtin-airstrips --airstrips " + strips, &canopyv1.FindGapsRequest{},
			`network:{} options:{} airstrips:{without_builtin:true airstrips:{name:"Pampa" position:{lat_deg:-12.5 lon_deg:-73.8}}}`},
		{"radars of the user's", "gaps --radar name=A,lat=1,lon=2 --sites " + sites, &canopyv1.FindGapsRequest{},
			`network:{radars:{name:"PEM" position:{lat_deg:-12.6 lon_deg:-69.2}} radars:{name:"A" position:{lat_deg:1 lon_deg:2}}} options:{} airstrips:{}`},
		{"radars added to a scenario", "gaps --scenario tps70-2015 --radar name=A,lat=1,lon=2", &canopyv1.FindGapsRequest{},
			`network:{scenario_id:"tps70-2015" radars:{` + pem + `} radars:{name:"A" position:{lat_deg:1 lon_deg:2}}} options:{} airstrips:{}`},
		{"out of service in a scenario", "gaps --scenario tps70-pair --out-of-service PUCALLPA", &canopyv1.FindGapsRequest{},
			`network:{scenario_id:"tps70-pair" radars:{` + pem + `} radars:{` + pcl + ` state:RADAR_STATE_OUT_OF_SERVICE}} options:{} airstrips:{}`},
		{"out of service in the default", "gaps --out-of-service puerto-maldonado", &canopyv1.FindGapsRequest{},
			`network:{radars:{` + pem + ` state:RADAR_STATE_OUT_OF_SERVICE}} options:{} airstrips:{}`},
		{"points", "check --point=-12.519,-73.829,3000m-amsl --points " + points, &canopyv1.CheckPointsRequest{},
			`network:{} options:{} points:{position:{lat_deg:-12.519 lon_deg:-73.829} altitude:{amsl_m:3000}} points:{position:{lat_deg:-12 lon_deg:-70} altitude:{flight_level:100}}`},
		{"a negative point after a space", "check --point -12,-70,FL100", &canopyv1.CheckPointsRequest{},
			`network:{} options:{} points:{position:{lat_deg:-12 lon_deg:-70} altitude:{flight_level:100}}`},
		{"a ray", "profile --from pem --to=-12,-70,FL100 --samples 50", &canopyv1.GetProfileRequest{},
			`network:{} options:{} radar_id:"pem" sample_count:50 point:{position:{lat_deg:-12 lon_deg:-70} altitude:{flight_level:100}}`},
		{"a ray at a frequency", "profile --to=-12,-70,FL100 --frequency 1.3GHz", &canopyv1.GetProfileRequest{},
			`network:{} options:{} frequency_mhz:1300 point:{position:{lat_deg:-12 lon_deg:-70} altitude:{flight_level:100}}`},
		{"a resolution", "gaps --resolution 15s", &canopyv1.FindGapsRequest{}, `network:{} options:{resolution_arcsec:15} airstrips:{}`},
		{"a resolution of the server's", "gaps --resolution AUTO", &canopyv1.FindGapsRequest{}, `network:{} options:{} airstrips:{}`},
		{"a floor", "floor --compress ZSTD --resolution 15s --out " + filepath.Join(t.TempDir(), "floor.tif"), &canopyv1.ExportFloorRequest{},
			`network:{} options:{resolution_arcsec:15} compression:COMPRESSION_ZSTD`},
		{"a bracket", "gaps --bracket", &canopyv1.FindGapsRequest{}, `network:{} options:{} airstrips:{} bracket:true`},
		{"a relief", "terrain info --png " + filepath.Join(t.TempDir(), "relief.png"), &canopyv1.GetElevationGridRequest{},
			`bounding_box:{west_deg:-86 south_deg:-23 east_deg:-64 north_deg:5} columns:543 rows:700`},
		{"the extent of terrain", "terrain extent", &canopyv1.GetTerrainExtentRequest{}, ``},
		{"the extent of terrain in an airspace", "terrain extent --airspace vraem", &canopyv1.GetTerrainExtentRequest{}, `airspace:{airspace_id:"vraem"}`},
		{"nearest airstrips", "airstrips --near=-12,-70 --count 3 --status active --status closed", &canopyv1.FindNearestAirstripsRequest{},
			`airstrips:{} position:{lat_deg:-12 lon_deg:-70} count:3 statuses:[AIRSTRIP_STATUS_ACTIVE, AIRSTRIP_STATUS_CLOSED]`},
		{"airstrips in a circle", "airstrips --within=-12,-70,50km", &canopyv1.FindAirstripsWithinRequest{},
			`airstrips:{} circle:{position:{lat_deg:-12 lon_deg:-70} radius_km:50}`},
		{"airstrips in an airspace", "airstrips --within vraem", &canopyv1.FindAirstripsWithinRequest{}, `airstrips:{} airspace_id:"vraem"`},
		{"the last page of airstrips", "airstrips", &canopyv1.ListAirstripsRequest{}, `airstrips:{} page_size:1000 page_token:".."`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &fake.Server{}
			got := run(t, s, strings.Fields(tt.args)...)
			if s.Last == nil {
				t.Fatalf("nothing was asked: %s", got.stderr)
			}
			if err := prototext.Unmarshal([]byte(tt.text), tt.want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, s.Last, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOutOfServiceNamesTheRadars(t *testing.T) {
	got := run(t, &fake.Server{}, "gaps", "--scenario", "tps70-pair", "--out-of-service", "Lima")
	if got.code != 2 || got.stderr != "canopy: --out-of-service \"Lima\": no such radar: want one of Puerto Maldonado, Pucallpa\n" {
		t.Errorf("got %+v", got)
	}
}

func TestExposureOfChosenAirstrips(t *testing.T) {
	s := &fake.Server{}
	if got := run(t, s, "airstrips", "--near", "1,2", "--exposure"); got.code != 0 {
		t.Fatal(got.stderr)
	}
	asked, ok := s.Last.(*canopyv1.AssessAirstripsRequest)
	if !ok || len(asked.GetAirstrips().GetAirstrips()) != len(specimen.Hits()) || !asked.GetAirstrips().GetWithoutBuiltin() {
		t.Errorf("asked %v", s.Last)
	}
}

// What one command writes, another reads.
func TestExportsAreInputs(t *testing.T) {
	tests := []struct{ name, from, ending, to string }{
		{"airstrips as CSV", "airstrips", "csv", "gaps --airstrips"},
		{"airstrips as GeoJSON", "airstrips", "geojson", "gaps --airstrips"},
		{"radars as CSV", "scenarios tps70-pair", "csv", "gaps --sites"},
		{"radars as GeoJSON", "scenarios tps70-pair", "geojson", "gaps --sites"},
		{"an airspace", "airspaces peru", "geojson", "gaps --airspace"},
		{"points", "check --point 1,2,FL100", "csv", "check --points"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x."+tt.ending)
			run(t, &fake.Server{}, append(strings.Fields(tt.from), "--out", path)...)
			got := run(t, &fake.Server{Points: specimen.Seen()}, append(strings.Fields(tt.to), path)...)
			if got.code != 0 {
				text, _ := os.ReadFile(path)
				t.Errorf("%s\n%s", got.stderr, text)
			}
		})
	}
}
