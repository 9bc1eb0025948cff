package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Bad input: one line, exit code 2.
func TestRefusals(t *testing.T) {
	zone := func(coordinates string) string {
		return write(t, "zone.geojson", `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[`+coordinates+`]}}`)
	}
	shortTile := write(t, "S13W070.hgt", "short")
	var many strings.Builder
	many.WriteString("lat,lon,altitude\n")
	for range 10_001 {
		many.WriteString("-12,-70,FL100\n")
	}
	tests := []struct {
		name, args, want string
	}{
		{"latitude 95", "check --point=95,-69,FL100", "latitude 95"},
		{"latitude NaN", "check --point=NaN,-69,FL100", `latitude "NaN" is not a number`},
		{"mast below ground", "gaps --radar name=A,lat=-12,lon=-70,mast=-5m", "--radar A: mast_m: -5"},
		{"range 0", "gaps --range 0km", "--range: 0"},
		{"range 5000 km", "gaps --range 5000km", "--range: 5000"},
		{"unknown scenario", "gaps --scenario nowhere", `--scenario: unknown scenario "nowhere"`},
		{"unknown model", "gaps --radar name=A,lat=-12,lon=-70,model=x-ray", `unknown radar model "x-ray"`},
		{"unknown airspace", "gaps --airspace atlantis", `--airspace: unknown airspace "atlantis"`},
		{"altitude without unit", "gaps --altitude 300", `altitude "300" has no unit`},
		{"polygon that crosses itself", "gaps --airspace " + zone("[[-74,-13],[-73,-12],[-73,-13],[-74,-12],[-74,-13]]"), "zone.geojson feature 1"},
		{"open polygon", "gaps --airspace " + zone("[[-74,-13],[-73,-13],[-73,-12],[-74,-12]]"), "zone.geojson feature 1"},
		{"swapped coordinates", "gaps --airspace " + zone("[[-13,-74],[-13,-73],[-12,-73],[-12,-74],[-13,-74]]"), "zone.geojson"},
		{"swapped coordinates beyond the pole", "gaps --airspace " + zone("[[-13,-95],[-13,-94],[-12,-94],[-13,-95]]"), "swapped"},
		{"truncated HGT", "gaps --terrain " + shortTile, "S13W070.hgt"},
		{"empty file", "gaps --airstrips " + write(t, "airstrips.csv", ""), "airstrips.csv is empty"},
		{"column missing", "gaps --airstrips " + write(t, "airstrips.csv", "name,lat\nA,1\n"), "airstrips.csv line 1: no column lon"},
		{"10 001 points", "check --points " + write(t, "points.csv", many.String()), "10001 items, at most 10000"},
		{"too many radars asked for", "gaps --min-radars 2", "--min-radars"},
		{"unknown end of a ray", "profile --from lima --to=-12,-70,FL100", "--from"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantFault(t, run(t, strings.Fields(tt.args)...), 2, tt.want)
		})
	}
}

func TestNoServer(t *testing.T) {
	wantFault(t, run(t, "gaps", "--server", "127.0.0.1:9"), 5, "no server answers at 127.0.0.1:9 (connection refused)")
}

func TestTooLate(t *testing.T) {
	terrain := shared(t, "peru_composite_15s_int16.tif")
	wantFault(t, run(t, "gaps", "--terrain", terrain, "--scenario", "four-modern", "--timeout", "100ms"), 5, "--timeout")
}

func TestAFileThatCannotBeWritten(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("nothing is forbidden to root")
	}
	folder := filepath.Join(t.TempDir(), "locked")
	if err := os.Mkdir(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	wantFault(t, run(t, "models", "--out", filepath.Join(folder, "models.json")), 1, "permission denied")
}
