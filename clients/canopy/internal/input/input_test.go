package input

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAirstrips(t *testing.T) {
	full := &canopyv1.Airstrip{
		AirstripId: "x1", Name: "Pampa", Position: &canopyv1.Position{LatDeg: -12.5, LonDeg: -73.8},
		ElevationAmslM: proto.Float64(600), LengthM: proto.Float64(800),
		Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_DESTROYED, AsOf: "2024-05-01",
	}
	bare := &canopyv1.Airstrip{Name: "Pampa", Position: &canopyv1.Position{LatDeg: -12.5, LonDeg: -73.8}}
	tests := []struct {
		name, file, text string
		want             *canopyv1.Airstrip
		place            string
	}{
		{"every column", "a.csv", "id,name,lat,lon,elevation_m,length_m,status,date\nx1,Pampa,-12.5,-73.8,600,800,destroyed,2024-05-01\n", full, "a.csv line 2"},
		{"the contract's names", "a.csv", "airstrip_id,name,lat_deg,lon_deg,elevation_amsl_m,length_m,status,as_of\nx1,Pampa,-12.5,-73.8,600,800,Destroyed,2024-05-01\n", full, "a.csv line 2"},
		{"few columns, another order, others beside", "a.csv", "Lon,notes,Name,LAT\n-73.8,\"a, b\",Pampa,-12.5\n", bare, "a.csv line 2"},
		{"semicolons and a mark before", "a.csv", "\ufeffname;lat;lon\nPampa;-12.5;-73.8\n", bare, "a.csv line 2"},
		{"a blank line", "a.csv", "name,lat,lon\n\nPampa,-12.5,-73.8\n", bare, "a.csv line 3"},
		{"GeoJSON", "a.geojson", `{"type":"Feature","geometry":{"type":"Point","coordinates":[-73.8,-12.5]},"properties":{"id":"x1","name":"Pampa","elevation_m":600,"length_m":"800","status":"destroyed","date":"2024-05-01"}}`, full, "a.geojson feature 1"},
		{"GeoJSON by another ending", "a.txt", `{"type":"Feature","geometry":{"type":"Point","coordinates":[-73.8,-12.5]},"properties":{"name":"Pampa","length_m":null}}`, bare, "a.txt feature 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Airstrips(write(t, tt.file, tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got[0].Value, protocmp.Transform()); diff != "" || got[0].Place != tt.place {
				t.Errorf("%s at %q", diff, got[0].Place)
			}
		})
	}
}

func TestAirstripsRefuses(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"empty", "airstrips.csv", " \n", "airstrips.csv is empty"},
		{"header alone", "airstrips.csv", "name,lat,lon\n", "airstrips.csv holds nothing but its header"},
		{"column missing", "airstrips.csv", "name,latt,lon\n", `airstrips.csv line 1: no column lat: the header is "name,latt,lon", want at least name,lat,lon`},
		{"column twice", "airstrips.csv", "name,lat,latitude,lon\n", "airstrips.csv line 1: columns lat and latitude mean the same: keep one"},
		{"words for a number", "airstrips.csv", "name,lat,lon\nA,1,2\nB,abc,2\n", `airstrips.csv line 3: column lat: "abc" is not a number`},
		{"NaN", "airstrips.csv", "name,lat,lon\nA,NaN,2\n", `airstrips.csv line 2: column lat: "NaN" is not a number`},
		{"no number", "airstrips.csv", "name,lat,lon\nA,1,\n", "airstrips.csv line 2: column lon: empty: want degrees, west negative"},
		{"no name", "airstrips.csv", "name,lat,lon\n,1,2\n", "airstrips.csv line 2: column name: empty: every airstrip needs a name"},
		{"too few values", "airstrips.csv", "name,lat,lon\nA,1\n", "airstrips.csv line 2: 2 values, but the header names 3 columns"},
		{"latitude 95", "airstrips.csv", "name,lat,lon\nA,95,-70\n", "airstrips.csv line 2: latitude 95 is beyond ±90: are latitude and longitude swapped?"},
		{"unknown status", "airstrips.csv", "name,lat,lon,status\nA,1,2,busy\n", `airstrips.csv line 2: column status: "busy" is not a status: want active, closed or destroyed`},
		{"quote in the middle", "airstrips.csv", "name,lat,lon\nA\"b,1,2\n", "airstrips.csv line 2, character 2:"},
		{"Latin-1", "airstrips.csv", "name,lat,lon\nA\xf1o,1,2\n", "airstrips.csv is not UTF-8 text"},
		{"polygons", "airstrips.geojson", `{"type":"Polygon","coordinates":[]}`, "airstrips.geojson feature 1: its geometry is a Polygon: want a Point"},
		{"no GeoJSON", "airstrips.geojson", "name,lat", "airstrips.geojson is not GeoJSON"},
		{"no features", "airstrips.json", `{"type":"FeatureCollection"}`, "airstrips.json has no features"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Airstrips(write(t, tt.file, tt.text))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	if _, err := Sites("/nowhere/sites.csv"); err == nil || err.Error() != "/nowhere/sites.csv cannot be read: no such file or directory" {
		t.Errorf("missing: %v", err)
	}
	folder := t.TempDir()
	if _, err := Sites(folder); err == nil || !strings.Contains(err.Error(), "is a directory: name a file") {
		t.Errorf("directory: %v", err)
	}
}

func TestSites(t *testing.T) {
	got, err := Sites(write(t, "sites.csv", "id,name,lat,lon,model,mast_m,range_km,min_range_km,min_elevation_deg,max_elevation_deg,height_limit_amsl_m,sector_from_deg,sector_to_deg,k,state\n"+
		"pem,Puerto Maldonado,-12.6131,-69.2282,an-tps-70,15,400,1,-1,20,30480,30,120,1.42,out of service\n"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := notation.Radar("name=Puerto Maldonado,id=pem,lat=-12.6131,lon=-69.2282,mast=15m,range=400km,model=an-tps-70,state=out-of-service," +
		"sector=30-120,k=1.42,min-elevation=-1deg,max-elevation=20deg,height-limit=30480m,min-range=1km")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got[0].Value, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func TestSitesRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"half a sector", "name,lat,lon,sector_from_deg\nA,1,2,30\n", "column sector_to_deg: empty, but sector_from_deg is set"},
		{"the other half", "name,lat,lon,sector_to_deg\nA,1,2,30\n", "column sector_from_deg: empty, but sector_to_deg is set"},
		{"unknown state", "name,lat,lon,state\nA,1,2,broken\n", `column state: "broken" is not a state: want in-service or out-of-service`},
		{"no name", "name,lat,lon\n,1,2\n", "every radar needs a name"},
		{"range in words", "name,lat,lon,range_km\nA,1,2,400km\n", `column range_km: "400km" is not a number`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Sites(write(t, "sites.csv", tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestPoints(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"with units", "lat,lon,altitude\n-12.5,-73.8,3000m-amsl\n", "amsl_m:3000"},
		{"above ground", "lat,lon,altitude_agl_m\n-12.5,-73.8,300\n", "agl_m:300"},
		{"above the sea", "lat,lon,altitude_amsl_m\n-12.5,-73.8,3000\n", "amsl_m:3000"},
		{"flight level", "lat,lon,flight_level\n-12.5,-73.8,100\n", "flight_level:100"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Points(write(t, "points.csv", tt.text))
			if err != nil || got[0].Value.GetAltitude().String() != tt.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestPointsRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"bare altitude", "lat,lon,altitude\n1,2,300\n", `points.csv line 2: column altitude: altitude "300" has no unit`},
		{"no altitude", "lat,lon\n1,2\n", "points.csv line 2: column altitude: missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Points(write(t, "points.csv", tt.text))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestAirspace(t *testing.T) {
	area, places, err := Airspace(write(t, "zone.geojson", `{"type":"FeatureCollection","features":[
		{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[-74,-13],[-73,-13],[-73,-12],[-74,-13]]]}},
		{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[-70,-13],[-69,-13],[-69,-12],[-70,-13]]],[[[-60,-13],[-59,-13],[-59,-12],[-60,-13]]]]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if area.GetName() != "zone" || len(area.GetPolygons()) != 3 {
		t.Errorf("got %v", area)
	}
	if diff := cmp.Diff([]string{"zone.geojson feature 1", "zone.geojson feature 2", "zone.geojson feature 2"}, places); diff != "" {
		t.Error(diff)
	}
	if at := area.GetPolygons()[0].GetRings()[0].GetPositions()[0]; at.GetLatDeg() != -13 || at.GetLonDeg() != -74 {
		t.Errorf("first position is %v", at)
	}
}

func TestAirspaceRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a point", `{"type":"Point","coordinates":[1,2]}`, "zone.geojson feature 1: its geometry is a Point: an airspace needs polygons"},
		{"swapped", `{"type":"Polygon","coordinates":[[[-12,-95]]]}`, "zone.geojson feature 1: latitude -95 is beyond ±90: are latitude and longitude swapped? (GeoJSON has longitude first)"},
		{"in metres", `{"type":"Polygon","coordinates":[[[475000,8606000]]]}`, "zone.geojson feature 1: latitude 8606000 and longitude 475000 are not degrees"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Airspace(write(t, "zone.geojson", tt.text))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestIsAirspaceFile(t *testing.T) {
	existing := write(t, "zone", "{}")
	for name, want := range map[string]bool{"peru": false, "peru/madre-de-dios": false, "no-such.geojson": true, "a.JSON": true, existing: true} {
		if got := IsAirspaceFile(name); got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// Every reader takes any bytes without panicking, and errors are one line.
func FuzzFile(f *testing.F) {
	f.Add("a.csv", []byte("name,lat,lon,altitude\nA,1,2,FL100\n"))
	f.Add("a.csv", []byte("name;lat;lon\n\"A\n\";1;2"))
	f.Add("a.geojson", []byte(`{"type":"Polygon","coordinates":[[[1,2]]]}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		in, err := newFile(name, data)
		if err != nil {
			return
		}
		_, siteErr := convertEach(in, siteColumns, radarOf)
		_, stripErr := convertEach(in, airstripColumns, airstripOf)
		_, pointErr := convertEach(in, pointColumns, pointOf)
		_, candidateErr := convertEach(in, candidateColumns, candidateOf)
		_, _, areaErr := in.airspace()
		for _, err := range []error{siteErr, stripErr, pointErr, candidateErr, areaErr} {
			if err != nil && err.Error() == "" {
				t.Fatal("an error without words")
			}
		}
	})
}
