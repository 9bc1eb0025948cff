package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus"
	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus/lookalike"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/flaky"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

// outline is a copy that has land everywhere between two meridians, and a
// thousand bytes for each tile. It serves to plan, not to fetch.
func outline(t *testing.T, source string, westDeg, eastDeg int) *flaky.Server {
	t.Helper()
	c, err := copernicus.Named(source)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	var list strings.Builder
	for lat := -50; lat < 50; lat++ {
		for lon := westDeg; lon < eastDeg; lon++ {
			name := c.TileName(squares.Square{LonDeg: lon, LatDeg: lat})
			list.WriteString(name + "\n")
			for _, root := range []string{"/dem/", "/short/"} {
				files[root+name+"/"+name+".tif"] = make([]byte, 1000)
			}
		}
	}
	files["/dem/tileList.txt"] = []byte(list.String() + lookalike.FarOff(c))
	files["/short/tileList.txt"] = []byte(list.String())
	return flaky.Start(t, files)
}

func TestTerrainFetchDryRun(t *testing.T) {
	field := write(t, "field.geojson", `{"type":"Polygon","coordinates":[[[-70.6,-12.6],[-70.4,-12.6],[-70.5,-12.4],[-70.6,-12.6]]]}`)
	tests := []struct {
		name, args string
		want       []string
	}{
		{"an airspace", "--airspace peru --margin 0km", []string{
			// 13° × 18° and the squares that its outline touches.
			"Copernicus DEM GLO-90 for Peru\n", "tiles     300 (0 imported, 0 downloaded already), and 0 squares of sea\n",
			"download  300,000 bytes, about ", "licence   produced using Copernicus WorldDEM-90 © DLR e.V. 2010–2014"}},
		{"an airspace with the usual margin", "--airspace peru", []string{
			// 400 km are 3.6°, so 4 squares, on each side; of the corners one each is farther.
			"for Peru and 400 km around it\n", "tiles     542 ("}},
		{"a polygon of the user's", "--airspace " + field + " --margin 100km", []string{"for field and 100 km around it\n", "tiles     9 ("}},
		{"a box", "--bbox=-72,-14,-70,-12", []string{"for the box -72,-14,-70,-12\n", "tiles     4 ("}},
		{"a box with a margin", "--bbox=-72,-14,-70,-12 --margin 50km", []string{"for the box -72,-14,-70,-12 and 50 km around it\n", "tiles     16 ("}},
		{"a coast", "--bbox=-91,-14,-89,-12", []string{"tiles     2 (", "and 2 squares of sea"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := outline(t, "copernicus-90", -90, -40)
			folder := filepath.Join(t.TempDir(), "peru")
			args := append(strings.Fields("terrain fetch --dry-run --mirror "+s.URL+"/dem --into "+folder), strings.Fields(tt.args)...)
			got := run(t, &fake.Server{}, args...)
			if got.code != fault.OK {
				t.Fatal(got.stderr)
			}
			for _, want := range tt.want {
				if !strings.Contains(got.stdout, want) {
					t.Errorf("no %q in\n%s", want, got.stdout)
				}
			}
			if _, err := os.Stat(folder); err == nil {
				t.Error("a dry run wrote something")
			}
		})
	}
}

// What a short list leaves out is not taken for sea.
func TestTerrainFetchFromAShortList(t *testing.T) {
	s := outline(t, "copernicus-90", -90, -40)
	for arguments, want := range map[string]string{
		"--bbox=-91,-14,-90,-12":              "the list of tiles has none of the area, and only 5000 of about 26,000 in all: is the copy complete?",
		"--bbox=-91,-14,-40,-12 --trust-list": "and 2 squares of sea",
		"--bbox=-91,-14,-40,-12":              "! the list of tiles has only 5000, and the full one about 26,000: the 2 squares here",
	} {
		got := run(t, &fake.Server{}, append(strings.Fields("terrain fetch --dry-run --into x --mirror "+s.URL+"/short"), strings.Fields(arguments)...)...)
		if !strings.Contains(got.stderr+got.stdout, want) || !strings.Contains(arguments, "trust") && strings.Contains(got.stdout, " 2 squares of sea") {
			t.Errorf("%s: exit %d: %s%s; want %s", arguments, got.code, got.stderr, got.stdout, want)
		}
	}
}

func TestTerrainFetchOfWithheldSquares(t *testing.T) {
	s := outline(t, "copernicus-30", 40, 44)
	got := run(t, &fake.Server{}, "terrain", "fetch", "--source", "copernicus-30", "--bbox=43,40,45,42", "--dry-run",
		"--mirror", s.URL+"/dem", "--into", filepath.Join(t.TempDir(), "caucasus"))
	if want := "copernicus-30 has no tiles of Armenia and Azerbaijan: 2 squares"; !strings.Contains(got.stdout, want) {
		t.Errorf("no %q in\n%s", want, got.stdout)
	}
	if want := "tiles     2 (0 imported, 0 downloaded already), and 0 squares of sea"; !strings.Contains(got.stdout, want) {
		t.Errorf("no %q in\n%s", want, got.stdout)
	}
}

func TestTerrainFetchRefuses(t *testing.T) {
	tests := []struct{ name, args, want string }{
		{"no folder", "--airspace peru", "no --into: name the folder of the store: --into ./peru"},
		{"no area", "--into x", "no area: give --airspace peru, --airspace FILE or --bbox=WEST,SOUTH,EAST,NORTH"},
		{"two areas", "--into x --airspace peru --bbox=-72,-14,-70,-12", "--airspace and --bbox exclude each other: give one"},
		{"another model", "--into x --airspace peru --source srtm", `--source: "srtm" is not an elevation model that can be fetched: want copernicus-90 or copernicus-30`},
		{"a margin without unit", "--into x --airspace peru --margin 400", `--margin: margin "400" has no unit: write 400m, 400km, 400ft or 400nmi`},
		{"a margin too wide", "--into x --airspace peru --margin 4000km", "--margin 4000km: want 0km to 2000km"},
		{"too many jobs", "--into x --airspace peru --jobs 100", "--jobs 100: want 1 to 64"},
		{"a box of nothing", "--into x --bbox=-70,-12,-72,-14", `--bbox: box "-70,-12,-72,-14" has nothing inside: write WEST,SOUTH,EAST,NORTH, such as -74,-13,-73,-12`},
		{"a box off the earth", "--into x --bbox=-72,-14,-70,95", `--bbox: "-72,-14,-70,95": latitude 95 is beyond ±90: are latitude and longitude swapped?`},
		{"beyond 50°", "--into x --bbox=-72,48,-70,52", "the area with its margin reaches the square 51°N 72°W: beyond 50° of latitude Copernicus tiles have fewer columns, " +
			"and one store cannot mix them: keep to 50°S–50°N, or give a smaller --margin"},
		{"a mirror without a scheme", "--into x --airspace peru --mirror mirror.lan", "--mirror: mirror.lan is not an address: write http://HOST/PATH, below which tileList.txt stands"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{}, append([]string{"terrain", "fetch"}, strings.Fields(tt.args)...)...)
			if got.code != fault.Usage || got.stderr != "canopy: "+tt.want+"\n" || got.stdout != "" {
				t.Errorf("exit code %d, said %swant %s", got.code, got.stderr, tt.want)
			}
		})
	}
}

func TestTerrainFetchKeepsSecrets(t *testing.T) {
	s := outline(t, "copernicus-90", -90, -40)
	mirror := strings.Replace(s.URL, "http://", "http://robin:hush@", 1) + "/elsewhere?key=hush"
	got := run(t, &fake.Server{}, "terrain", "fetch", "--airspace", "peru", "--into", filepath.Join(t.TempDir(), "x"), "--mirror", mirror)
	if got.code != fault.Failed || strings.Contains(got.stderr+got.stdout, "hush") || !strings.Contains(got.stderr, "/elsewhere/tileList.txt: the server answers 404 not found") {
		t.Errorf("got %+v", got)
	}
}
