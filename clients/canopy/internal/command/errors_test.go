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
	spots := write(t, "candidates.csv", "name,lat,lon\nAtalaya,-10.7,-73.8\n")
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
		{"encryption of nothing", "gaps --tls", "--tls, --tls-ca, --tls-cert and --tls-key do nothing without a server: give its address with --server"},
		{"a cache of a server's", "gaps --server a:1 --cache b", "--cache and --cache-size do nothing with a server: give them to canopy serve"},
		{"a cache without unit", "gaps --cache b --cache-size 5", `--cache-size: cache size "5" has no unit: write 5GiB or 5MB`},
		{"a cache that is a file", "serve --cache /dev/null", "--cache /dev/null cannot keep surfaces: not a directory"},
		{"a bucket with a size", "serve --cache s3://b --cache-size 1GiB", "--cache-size does nothing with a bucket: give the bucket a lifecycle rule, and leave the flag and CANOPY_CACHE_SIZE out"},
		{"a bucket with a secret", "serve --cache s3://key:secret@b", "--cache the address of a bucket holds no credentials: leave out what stands before the @, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
		{"a cache elsewhere", "serve --cache redis://secret@b", "--cache redis://…: write a directory, or s3://BUCKET/PREFIX"},
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
		{"neither count nor budget", "plan", "no --count and no --budget: say how many radars, or what they may cost: --count 11, --budget 71M"},
		{"a count in words", "plan --count four", `--count: "four" is not a value of this kind: want a whole number`},
		{"a budget in words", "plan --budget much", `--budget: budget "much" is not an amount of US dollars: write 71000000 or 71M`},
		{"a budget in another currency", "plan --budget 71MEUR", `--budget: budget "71MEUR" has unit "meur": want US dollars, or k, M or bn of them`},
		{"no file of candidates", "plan --count 1 --candidates nowhere.csv", "--candidates: nowhere.csv cannot be read: no such file or directory"},
		{"bare access", "plan --count 1 --near-access 25", `--near-access: distance "25" has no unit: write 25m, 25km, 25ft or 25nmi`},
		{"bare thinning", "candidates --thin 25", `--thin: distance "25" has no unit: write 25m, 25km, 25ft or 25nmi`},
		{"bare mast", "candidates --mast 30", `--mast: mast "30" has no unit: write 30m, 30km, 30ft or 30nmi`},
		{"a bare weight", "plan --count 1 --altitude 300m-agl=", `--altitude: "300m-agl=": weight "" is not a number: write a weight such as 2 after the =`},
		{"counts in words", "plan --count 1 --count-weights one", `--count-weights: "one": weight "one" is not a number: write 1,0.5, where a second radar is worth half of the first`},
		{"a zone without weight", "plan --count 1 --zone vraem", `--zone: "vraem" is not NAME=VALUE: write vraem=5`},
		{"a zone with words", "plan --count 1 --zone vraem=much", `--zone: weight "much" is not a number`},
		{"no file of a zone", "plan --count 1 --zone nowhere.geojson=5", "nowhere.geojson cannot be read: no such file or directory"},
		{"an area without altitude", "plan --count 1 --expose vraem", `--expose: "vraem" is not AREA@ALTITUDE: write vraem@150m-agl, or vraem@150m-agl=2 with a weight`},
		{"no file of an area", "plan --count 1 --expose nowhere.geojson@FL100", "nowhere.geojson cannot be read: no such file or directory"},
		{"bare airstrips", "plan --count 1 --airstrip-weight 1000", `--airstrip-weight: weight "1000" has no unit: write 1000km2`},
		{"airstrips from above", "plan --count 1 --airstrip-height FL100", `--airstrip-height: height "FL100" is not above ground: write 300m-agl`},
		{"bare spacing", "plan --count 1 --min-spacing 100", `--min-spacing: spacing "100" has no unit: write 100m, 100km, 100ft or 100nmi`},
		{"no number of a model", "plan --count 1 --max-of modern-3d", `--max-of: "modern-3d" is not NAME=VALUE: write modern-3d=4`},
		{"half a radar", "plan --count 1 --max-of modern-3d=1.5", `--max-of: "modern-3d=1.5": "1.5" is not a whole number: write modern-3d=4`},
		{"no cost of a model", "plan --count 1 --cost modern-3d", `--cost: "modern-3d" is not NAME=VALUE: write an-tps-77=20M`},
		{"a cost in words", "plan --count 1 --cost modern-3d=much", `--cost: cost "much" is not an amount of US dollars: write 71000000 or 71M`},
		{"a bare gap", "plan --count 1 --gap 1", `--gap: gap "1" has no unit: write 1%`},
		{"bare time", "plan --count 1 --time 60", `--time: "60" is not a value of this kind: want a time such as 30s or 5m`},
		{"a seed in words", "plan --count 1 --seed luck", `--seed: "luck" is not a value of this kind: want a whole number`},
		{"out of service without radars", "plan --count 1 --out-of-service PEM", `--out-of-service "PEM": no radar stands: name those that do with --scenario, --sites or --radar`},
		{"no such candidate fixed", "plan --count 1 --fixed Lima", `--fixed "Lima": no such candidate: there are SPJA Rioja, Hill near Iquitos, Atalaya, "norte" (canopy candidates lists those that are found)`},
		{"no such candidate forbidden", "plan --count 1 --forbid Lima", `--forbid "Lima": no such candidate: there are SPJA Rioja, Hill near Iquitos, Atalaya, "norte" (canopy candidates lists those that are found)`},
		{"left to no server", "plan --count 1 --detach", "--detach needs a server, which keeps plans: start one with canopy serve, and give its address with --server"},
		{"back to no server", "plan --operation plan-1", "--operation needs a server, which keeps plans: start one with canopy serve, and give its address with --server"},
		{"back with other wishes", "plan --server a:1 --operation plan-1 --count 3", "--count does nothing with --operation, which comes back to a plan as it was asked for"},
		{"plans of no server", "operations", "canopy operations needs a server, which keeps plans: start one with canopy serve, and give its address with --server"},
		{"cancelling without a name", "operations cancel", "accepts 1 arg(s), received 0; see canopy operations cancel --help"},
		{"availability in words", "criticality --availability most", `--availability: "most" is not NAME=VALUE: write 0.9 for all radars, or RADAR=0.8`},
		{"availability of one in words", "criticality --availability pem=most", `--availability: availability "most" is not a share: write 0.9 or 90%`},
		{"no file of a zone to look at", "criticality --zone nowhere.geojson", "nowhere.geojson cannot be read: no such file or directory"},
		{"thinning nothing", "plan --count 1 --thin 50km --candidates " + spots, "--thin does nothing with --candidates alone: add --find to look for more"},
		{"suggesting with thinning nothing", "gaps --suggest --mast 50m --candidates " + spots, "--mast does nothing with --candidates alone: add --find to look for more"},
		{"candidates without suggestions", "gaps --near-access 25km", "flags about candidates do nothing without --suggest: add it, or leave them out"},
		{"log level", "serve --log-level loud", `--log-level "loud": want debug, info, warn or error`},
		{"address of metrics", "serve --address 127.0.0.1:0 --http-address off --admin-address nowhere", `--admin-address "nowhere": missing port in address: write 127.0.0.1:9090`},
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
		{"a token", "models --server host:1 --tls", map[string]string{"CANOPY_TOKEN": "secret"}, link.Target{Server: "host:1", Security: link.Security{TLS: true}, Token: "secret"}, ""},
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
