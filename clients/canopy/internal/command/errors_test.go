package command_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
)

func TestCommandLineErrors(t *testing.T) {
	tests := []struct{ name, args, want string }{
		{"unknown command", "gapz", `unknown command "gapz" for "canopy": did you mean gaps?; see canopy --help`},
		{"unknown flag", "gaps --bogus", "unknown flag: --bogus; see canopy gaps --help"},
		{"argument too many", "gaps peru", `unknown command "peru" for "canopy gaps"; see canopy gaps --help`},
		{"altitude without unit", "gaps --altitude 300", `--altitude: altitude "300" has no unit: write 300m-agl, 300m-amsl or FL010`},
		{"range without unit", "gaps --range 400", `--range: range "400" has no unit: write 400m, 400km, 400ft or 400nmi`},
		{"radar without keys", "gaps --radar x", `--radar "x": "x" is not key=value: write name=PEM,lat=-12.6131,lon=-69.2282`},
		{"unknown reach", "gaps --reach far", `--reach: "far" is not a reach: want disc, horizon or terrain`},
		{"resolution without unit", "gaps --resolution 15", `--resolution: resolution "15" has no unit: write 15s, or auto`},
		{"frequency without unit", "profile --frequency 3000", `--frequency: frequency "3000" has no unit: write 3000MHz or 3000GHz`},
		{"a picture of gaps", "gaps -o svg", "-o svg is not offered here: want table, json, geojson, csv, kml"},
		{"an ending that tells nothing", "gaps --out gaps.dat", "--out gaps.dat: its ending tells no format: add -o with one of table, json, geojson, csv, kml"},
		{"no folder for a relief", "terrain info --png /nowhere/relief.png", "--png /nowhere/relief.png: there is no folder /nowhere"},
		{"words for a count", "gaps --min-radars two", `--min-radars: "two" is not a value of this kind: want a whole number`},
		{"bare timeout", "gaps --timeout 5", `--timeout: "5" is not a value of this kind: want a time such as 30s or 5m`},
		{"unknown format", "gaps -o xml", "-o xml is not offered here: want table, json, geojson, csv, kml"},
		{"format of a list", "scenarios -o csv", "-o csv is not offered here: want table, json"},
		{"two servers", "gaps --server a:1 --terrain b", "--terrain does nothing with --server: give the path to canopy serve, or leave --server out"},
		{"a cache of a server's", "gaps --server a:1 --cache b", "--cache and --cache-size do nothing with a server: give them to canopy serve"},
		{"a cache without unit", "gaps --cache b --cache-size 5", `--cache-size: cache size "5" has no unit: write 5GiB or 5MB`},
		{"a cache that is a file", "serve --cache /dev/null", "--cache /dev/null cannot keep surfaces: not a directory"},
		{"negative top", "gaps --top -1", "--top -1: want 0 or more"},
		{"no points", "check", "no points: give --point=-12.519,-73.829,3000m-amsl or --points FILE"},
		{"latitude 95", "check --point 95,-69,FL100", `--point: "95,-69,FL100": latitude 95 is beyond ±90: are latitude and longitude swapped?`},
		{"no end of the ray", "profile", "no --to: name the point: --to=-12.519,-73.829,3000m-amsl"},
		{"no file for the floor", "floor", "no --out: name the GeoTIFF to write: --out floor.tif"},
		{"two scenarios", "scenarios a b", "canopy scenarios takes one name: canopy scenarios show four-modern"},
		{"unknown scenario", "scenarios nowhere", `unknown scenario "nowhere"`},
		{"near and within", "airstrips --near 1,2 --within peru", "--near and --within exclude each other: give one"},
		{"unknown status", "airstrips --status busy", `--status: "busy" is not a status: want active, closed or destroyed`},
		{"bare radius", "airstrips --within 1,2,50", `--within: radius "50" has no unit: write 50m, 50km, 50ft or 50nmi`},
		{"no such file", "gaps --airspace nowhere.geojson", "nowhere.geojson cannot be read: no such file or directory"},
		{"log level", "serve --log-level loud", `--log-level "loud": want debug, info, warn or error`},
		{"address", "serve --address nowhere", `--address "nowhere": missing port in address: write 127.0.0.1:50051`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{}, strings.Fields(tt.args)...)
			if want := "canopy: " + tt.want + "\n"; got.stderr != want {
				t.Errorf("said %swant %s", got.stderr, want)
			}
			if got.code != fault.Usage || got.stdout != "" {
				t.Errorf("exit code %d, stdout %q", got.code, got.stdout)
			}
		})
	}
}

func TestServerErrors(t *testing.T) {
	tests := []struct {
		name string
		err  error
		code int
		want string
	}{
		{"gone", status.Error(codes.Unavailable, "shutting down"), fault.Unavailable, "shutting down"},
		{"internal", status.Error(codes.Internal, "an internal error"), fault.Failed, "an internal error"},
		{"bad input", status.Error(codes.InvalidArgument, "unknown airspace"), fault.Usage, "unknown airspace"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{Err: tt.err}, "gaps")
			if got.code != tt.code || got.stderr != "canopy: "+tt.want+"\n" || got.stdout != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestTimeout(t *testing.T) {
	got := run(t, &fake.Server{Wait: true}, "gaps", "--timeout", "20ms")
	if got.code != fault.Unavailable || got.stderr != "canopy: no answer in time: allow more with --timeout, or ask for less\n" {
		t.Errorf("got %+v", got)
	}
}

func TestTargetFromTheEnvironment(t *testing.T) {
	tests := []struct {
		name, args  string
		environment map[string]string
		want        link.Target
		err         string
	}{
		{"nothing", "models", nil, link.Target{}, ""},
		{"a server", "models", map[string]string{"CANOPY_SERVER": "host:1"}, link.Target{Server: "host:1"}, ""},
		{"terrain", "models", map[string]string{"CANOPY_TERRAIN": "dem.tif"}, link.Target{Terrain: "dem.tif"}, ""},
		{"a flag before it", "models --terrain mine.tif", map[string]string{"CANOPY_SERVER": "host:1"}, link.Target{Terrain: "mine.tif"}, ""},
		{"both", "models", map[string]string{"CANOPY_SERVER": "host:1", "CANOPY_TERRAIN": "dem.tif"}, link.Target{}, "are both set"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var asked link.Target
			got := runWith(t, &fake.Server{}, func(a *command.App) {
				open := a.Open
				a.Getenv = func(name string) string { return tt.environment[name] }
				a.Open = func(ctx context.Context, target link.Target) (*link.Session, error) {
					asked = target
					return open(ctx, target)
				}
			}, strings.Fields(tt.args)...)
			if asked.Server != tt.want.Server || asked.Terrain != tt.want.Terrain || !strings.Contains(got.stderr, tt.err) {
				t.Errorf("asked %+v, said %q", asked, got.stderr)
			}
		})
	}
}
