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
	spots := write(t, "candidates.csv", "name,lat,lon,id,cost\nAtalaya,-10.7,-73.8,,17.75M\nRío Ene,-11.5,-74.2,ene,\n")
	const ata = `radar:{name:"Atalaya" position:{lat_deg:-10.7 lon_deg:-73.8}} cost_usd:17750000`
	const ene = `radar:{radar_id:"ene" name:"Río Ene" position:{lat_deg:-11.5 lon_deg:-74.2}}`
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
		{"a plan of airports", "plan --count 11", &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{} candidates:{search:{airstrips:{}}} objective:{} constraints:{max_count:11} effort:{}`},
		{"a plan of the user's candidates", "plan --budget US$71M --candidates " + spots, &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{} candidates:{candidates:{` + ata + `} candidates:{` + ene + `}} objective:{} constraints:{budget_usd:71000000} effort:{}`},
		{"a plan of both", "plan --count 2 --near-access 25km --thin 50km --model an-tps-77 --mast 30m --max-candidates 100 --without-airports --without-builtin-airstrips --airstrips " + strips + " --candidates " + spots, &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{} candidates:{candidates:{` + ata + `} candidates:{` + ene + `} search:{airstrips:{without_builtin:true airstrips:{name:"Pampa" position:{lat_deg:-12.5 lon_deg:-73.8}}}
			without_airstrips:true near_access_km:25 thin_km:50 model_id:"an-tps-77" mast_m:30 max_count:100}} objective:{} constraints:{max_count:2} effort:{}`},
		{"a plan of both, found unasked", "plan --count 2 --find --candidates " + spots, &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{} candidates:{candidates:{` + ata + `} candidates:{` + ene + `} search:{airstrips:{}}} objective:{} constraints:{max_count:2} effort:{}`},
		{"candidates fixed and forbidden", "plan --count 2 --fixed ATALAYA --forbid ene --candidates " + spots, &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{} candidates:{candidates:{` + ata + ` fixed:true} candidates:{` + ene + ` forbidden:true}} objective:{} constraints:{max_count:2} effort:{}`},
		{"a plan beside radars that stand", "plan --count 1 --scenario tps70-pair --out-of-service pucallpa --sites " + sites, &canopyv1.PlanNetworkRequest{},
			`existing:{scenario_id:"tps70-pair" radars:{` + pem + `} radars:{` + pcl + ` state:RADAR_STATE_OUT_OF_SERVICE} radars:{name:"PEM" position:{lat_deg:-12.6 lon_deg:-69.2}}}
			options:{} candidates:{search:{airstrips:{}}} objective:{} constraints:{max_count:1} effort:{}`},
		{"an objective", "plan --count 1 --airspace vraem --altitude 300m-agl=2,FL100 --altitude 150m-agl --count-weights 1,0.5 --zone vraem=5 --zone " + zone + "=0 --expose peru@150m-agl=2 --expose vraem@FL100 --airstrip-weight 500km2 --airstrip-height 150m-agl", &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{} airspace:{airspace_id:"vraem"} candidates:{search:{airstrips:{}}} constraints:{max_count:1} effort:{}
			objective:{altitudes:{altitude:{agl_m:300} weight:2} altitudes:{altitude:{flight_level:100}} altitudes:{altitude:{agl_m:150}} count_weights:[1, 0.5]
			zones:{zone:{airspace_id:"vraem"} weight:5} zones:{zone:{area:{name:"zone" polygons:{rings:{
			positions:{lat_deg:-13 lon_deg:-74} positions:{lat_deg:-13 lon_deg:-73} positions:{lat_deg:-12 lon_deg:-73} positions:{lat_deg:-13 lon_deg:-74}}}}} weight:0}
			areas:{area:{airspace_id:"peru"} altitude:{agl_m:150} weight:2} areas:{area:{airspace_id:"vraem"} altitude:{flight_level:100}}
			airstrips:{airstrips:{} max_agl_m:150 weight_km2:500}}`},
		{"limits of a plan", "plan --count 4 --budget 71,000,000 --min-spacing 100km --max-of modern-3d=4 --max-of an-tps-77=0 --cost an-tps-77=20M --k 1.42", &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{effective_earth_k:1.42} candidates:{search:{airstrips:{}}} objective:{} effort:{} constraints:{max_count:4 budget_usd:71000000 min_spacing_km:100
			models:{model_id:"modern-3d" max_count:4} models:{model_id:"an-tps-77"} costs:{model_id:"an-tps-77" cost_usd:20000000}}`},
		{"the effort of a plan", "plan --count 1 --time 90s --gap 1% --seed 7 --no-screening", &canopyv1.PlanNetworkRequest{},
			`existing:{} options:{} candidates:{search:{airstrips:{}}} objective:{} constraints:{max_count:1} effort:{time_limit:{seconds:90} gap_percent:1 seed:7 without_screening:true}`},
		{"candidates", "candidates", &canopyv1.FindCandidatesRequest{}, `search:{airstrips:{}}`},
		{"candidates in a zone", "candidates --within vraem --near-access 25km --max 10", &canopyv1.FindCandidatesRequest{},
			`search:{airstrips:{} within:{airspace_id:"vraem"} near_access_km:25 max_count:10}`},
		{"suggestions", "gaps --suggest --airspace vraem", &canopyv1.SuggestSitesRequest{},
			`gaps:{network:{} options:{} airstrips:{} airspace:{airspace_id:"vraem"}} candidates:{search:{airstrips:{}}}`},
		{"suggestions of the user's candidates", "gaps --suggest --candidates " + spots, &canopyv1.SuggestSitesRequest{},
			`gaps:{network:{} options:{} airstrips:{}} candidates:{candidates:{` + ata + `} candidates:{` + ene + `}}`},
		{"criticality", "criticality", &canopyv1.AssessCriticalityRequest{}, `network:{} options:{} airstrips:{}`},
		{"criticality with all", "criticality --scenario four-modern --airspace peru --altitude FL100 --zone vraem --airstrip-height 150m --availability 80% --availability pem=0.5 --min-radars 2", &canopyv1.AssessCriticalityRequest{},
			`network:{scenario_id:"four-modern"} options:{min_radars:2} airstrips:{} airspace:{airspace_id:"peru"} altitudes:{flight_level:100} zones:{airspace_id:"vraem"}
			max_airstrip_agl_m:150 availability:0.8 availabilities:{radar_id:"pem" availability:0.5}`},
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
		{"candidates as CSV", "candidates", "csv", "plan --count 1 --candidates"},
		{"candidates as GeoJSON", "candidates", "geojson", "plan --count 1 --candidates"},
		{"a plan as CSV", "plan --count 2", "csv", "gaps --sites"},
		{"a plan as GeoJSON", "plan --count 2", "geojson", "gaps --sites"},
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
