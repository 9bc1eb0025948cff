package copernicus_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus"
	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus/lookalike"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/flaky"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// named returns a collection, with fewer posts than it has for quick tests.
func named(t *testing.T, name string, perDeg int) copernicus.Collection {
	t.Helper()
	c, err := copernicus.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	c.PerDeg = perDeg
	return c
}

func at(lonDeg, latDeg int) squares.Square { return squares.Square{LonDeg: lonDeg, LatDeg: latDeg} }

func TestTileName(t *testing.T) {
	tests := []struct {
		collection string
		square     squares.Square
		want       string
	}{
		{"copernicus-90", at(-70, -13), "Copernicus_DSM_COG_30_S13_00_W070_00_DEM"},
		{"copernicus-30", at(-70, -13), "Copernicus_DSM_COG_10_S13_00_W070_00_DEM"},
		{"copernicus-90", at(0, 0), "Copernicus_DSM_COG_30_N00_00_E000_00_DEM"},
		{"copernicus-90", at(-1, -1), "Copernicus_DSM_COG_30_S01_00_W001_00_DEM"},
		{"copernicus-90", at(139, 49), "Copernicus_DSM_COG_30_N49_00_E139_00_DEM"},
	}
	for _, tt := range tests {
		if got := named(t, tt.collection, 1200).TileName(tt.square); got != tt.want {
			t.Errorf("%v is %s, want %s", tt.square, got, tt.want)
		}
	}
}

func TestNamed(t *testing.T) {
	if _, err := copernicus.Named("srtm"); err == nil || !strings.Contains(err.Error(), "want copernicus-90 or copernicus-30") {
		t.Errorf("got %v", err)
	}
	for _, name := range copernicus.Names() {
		if c := named(t, name, 1200); !strings.Contains(c.Licence, "WorldDEM-"+name[len(name)-2:]+" © DLR e.V. 2010–2014") {
			t.Errorf("%s: licence %s", name, c.Licence)
		}
	}
}

func TestCheckArea(t *testing.T) {
	tests := []struct {
		square squares.Square
		want   string
	}{
		{at(-70, 49), ""},
		{at(-70, -50), ""},
		{at(-70, 50), "reaches the square 50°N 70°W: beyond 50° of latitude"},
		{at(-70, -51), "reaches the square 51°S 70°W: beyond 50° of latitude"},
		{at(-181, 0), "beyond the 180th meridian"},
		{at(180, 0), "beyond the 180th meridian"},
	}
	for _, tt := range tests {
		err := copernicus.CheckArea([]squares.Square{at(0, 0), tt.square})
		if tt.want == "" && err == nil {
			continue
		}
		if err == nil || tt.want == "" || !strings.Contains(err.Error(), tt.want) || fault.Code(err) != fault.Usage {
			t.Errorf("%v: got %v, want %q", tt.square, err, tt.want)
		}
	}
}

// remote is a copy whose client loses no time in tests.
func remote(t *testing.T, c copernicus.Collection, address string) *copernicus.Remote {
	t.Helper()
	r, err := c.At(address, "canopy/test", 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	r.Client.FirstWait, r.Client.Stall, r.Client.Tries = time.Millisecond, time.Second, 3
	return r
}

func TestAtRefuses(t *testing.T) {
	for _, address := range []string{"mirror.lan/dem", "ftp://mirror.lan", "http://", "http://robin:hush@[x"} {
		_, err := named(t, "copernicus-90", 1200).At(address, "canopy/test", 1)
		if err == nil || !strings.Contains(err.Error(), "is not an address: write http://HOST/PATH") || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

func TestList(t *testing.T) {
	const tile = "Copernicus_DSM_COG_30_S13_00_W070_00_DEM"
	tests := []struct{ name, text, err string }{
		{"lines of both systems", tile + "\n\n" + tile + "\r\n", ""},
		{"long enough to tell the rate", strings.Repeat(tile+"\n", 2000), ""},
		{"a page of a proxy", "<html>\nplease log in", `tileList.txt is not a list of tiles: line 1: "<html>" is not the name of a tile`},
		{"cut in a name", tile + "\n" + tile[:20], "line 2: "},
		{"of the other model", strings.Replace(tile, "_30_", "_10_", 1), "is not a tile of copernicus-90"},
		{"empty", "\n", "it names no tile"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := flaky.Start(t, map[string][]byte{"/dem/tileList.txt": []byte(tt.text)})
			list, rate, err := remote(t, named(t, "copernicus-90", 1200), s.URL+"/dem").List(t.Context())
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want %s", err, tt.err)
				}
				return
			}
			if diff := cmp.Diff(copernicus.List{at(-70, -13): true}, list); diff != "" || (rate > 0) != (len(tt.text) > 1<<16) || err != nil {
				t.Errorf("%s, %g bytes a second, %v", diff, rate, err)
			}
		})
	}
}

func TestNoServer(t *testing.T) {
	closed := named(t, "copernicus-90", 1200)
	closed.Address = "http://127.0.0.1:1"
	tests := []struct {
		name, address string
		hint          bool
	}{
		{"the public copy from a closed network", "", true},
		{"a mirror", "http://127.0.0.1:1/dem", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := remote(t, closed, tt.address).List(t.Context())
			if fault.Code(err) != fault.Unavailable || !strings.Contains(err.Error(), "connection refused (3 tries)") ||
				strings.Contains(err.Error(), "--mirror names a copy there") != tt.hint {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSort(t *testing.T) {
	full := copernicus.List{at(-70, -13): true, at(44, 41): true}
	for lon := -180; lon < 180; lon++ {
		for lat := 50; lat < 90; lat++ {
			full[at(lon, lat)] = true
		}
	}
	short := copernicus.List{at(-70, -13): true, at(44, 41): true}
	wanted := []squares.Square{at(-70, -13), at(-78, -13), at(44, 41), at(45, 40), at(50, 41), at(51, 41)}
	tests := []struct {
		collection string
		list       copernicus.List
		want       copernicus.Holdings
	}{
		{"copernicus-90", full, copernicus.Holdings{Tiles: []squares.Square{at(-70, -13), at(44, 41)},
			Sea: []squares.Square{at(-78, -13), at(45, 40), at(50, 41), at(51, 41)}}},
		{"copernicus-90", short, copernicus.Holdings{Tiles: []squares.Square{at(-70, -13), at(44, 41)},
			Unlisted: []squares.Square{at(-78, -13), at(45, 40), at(50, 41), at(51, 41)}}},
		{"copernicus-30", full, copernicus.Holdings{Tiles: []squares.Square{at(-70, -13), at(44, 41)},
			Sea: []squares.Square{at(-78, -13), at(51, 41)}, Withheld: []squares.Square{at(45, 40), at(50, 41)}}},
	}
	for _, tt := range tests {
		t.Run(tt.collection, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, named(t, tt.collection, 1).Sort(tt.list, wanted)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if !short.Partial() || full.Partial() {
		t.Error("a list of two tiles passes for a full one, or a full one does not")
	}
}

// country is a copy with four tiles of 40 × 40 posts, that misbehaves.
type country struct {
	*flaky.Server
	remote *copernicus.Remote
	tiles  []squares.Square
	folder string
}

func newCountry(t *testing.T) *country {
	t.Helper()
	c := named(t, "copernicus-90", 40)
	tiles := []squares.Square{at(-71, -12), at(-70, -12), at(-71, -13), at(-70, -13)}
	s := flaky.Start(t, lookalike.Copy(t, c, tiles...))
	return &country{s, remote(t, c, s.URL), tiles, t.TempDir()}
}

func (c *country) path(s squares.Square) string {
	name := c.remote.Collection.TileName(s)
	return "/" + name + "/" + name + ".tif"
}

func (c *country) fetch(ctx context.Context) error {
	return c.remote.Fetch(ctx, c.folder, c.tiles, func(int64, int) {})
}

// wantNoHalves checks that each tile in the folder is whole.
func (c *country) wantNoHalves(t *testing.T) {
	t.Helper()
	for _, s := range c.tiles {
		got, err := os.ReadFile(c.remote.TilePath(c.folder, s))
		if err == nil && !bytes.Equal(got, lookalike.Tile(t, c.remote.Collection, s)) {
			t.Errorf("%v has its name and %d bytes that are not the tile's", s, len(got))
		}
	}
}

func TestFetch(t *testing.T) {
	other := named(t, "copernicus-90", 40)
	wide := named(t, "copernicus-90", 41)
	tests := []struct {
		name    string
		disturb func(t *testing.T, c *country)
		err     string
	}{
		{"undisturbed", func(*testing.T, *country) {}, ""},
		{"each tile cut and refused once", func(_ *testing.T, c *country) {
			for _, s := range c.tiles {
				c.Fail(c.path(s), flaky.Cut(500), flaky.Refuse(503, ""))
			}
		}, ""},
		{"a listed tile that is not there", func(_ *testing.T, c *country) { c.Fail(c.path(at(-70, -13)), flaky.Refuse(404, "")) },
			"W070_00_DEM.tif: the server answers 404 not found: the list of tiles has the square 13°S 70°W, so it is no sea"},
		{"the tile of another square", func(t *testing.T, c *country) { c.Put(c.path(at(-70, -13)), lookalike.Tile(t, other, at(-69, -13))) },
			"S13_00_W070_00_DEM.tif: came damaged: its north-west post lies at -12.0000, -69.0000 (latitude, longitude), not at the corner of the square 13°S 70°W"},
		{"a tile with more posts", func(t *testing.T, c *country) { c.Put(c.path(at(-70, -13)), lookalike.Tile(t, wide, at(-70, -13))) },
			"it has 41 × 41 posts, and a tile 40 × 40"},
		{"a page of a proxy", func(_ *testing.T, c *country) { c.Put(c.path(at(-70, -13)), []byte("<html>please log in</html>")) },
			"W070_00_DEM.tif: came damaged: not a TIFF file"},
		{"damaged where it was packed", func(t *testing.T, c *country) {
			tile := lookalike.Tile(t, other, at(-70, -13))
			tile[len(tile)-40] ^= 1
			c.Put(c.path(at(-70, -13)), tile)
		}, "damaged: block 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCountry(t)
			tt.disturb(t, c)
			err := c.fetch(t.Context())
			c.wantNoHalves(t)
			if tt.err == "" {
				if err != nil || slices.ContainsFunc(c.tiles, func(s squares.Square) bool { return !c.remote.Fetched(c.folder, s) }) {
					t.Errorf("not all fetched: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %v, want %s", err, tt.err)
			}
		})
	}
}

func TestFetchTellsHowFarItIs(t *testing.T) {
	c := newCountry(t)
	wantB, err := c.remote.SizeB(t.Context(), c.tiles, func(share float64) {
		if share <= 0 || share > 1 {
			t.Errorf("share %v", share)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var mostB int64
	most := 0
	err = c.remote.Fetch(t.Context(), c.folder, c.tiles, func(bytes int64, whole int) {
		mu.Lock()
		defer mu.Unlock()
		mostB, most = max(mostB, bytes), max(most, whole)
	})
	if err != nil || mostB != wantB || mostB != c.SentB() || most != len(c.tiles) {
		t.Errorf("told of %d bytes and %d tiles; there are %d bytes; %v", mostB, most, wantB, err)
	}
}

func TestSizeBOfAListedTileThatIsNotThere(t *testing.T) {
	c := newCountry(t)
	_, err := c.remote.SizeB(t.Context(), append(c.tiles, at(5, 5)), func(float64) {})
	if err == nil || !strings.Contains(err.Error(), "has the square 5°N 5°E") {
		t.Errorf("got %v", err)
	}
}

func TestFetchAgainAsksForNothing(t *testing.T) {
	c := newCountry(t)
	if err := c.fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(c.Asked())
	if err := c.fetch(t.Context()); err != nil || len(c.Asked()) != before {
		t.Errorf("%d requests more, %v", len(c.Asked())-before, err)
	}
}

func TestFetchStopsAtOnce(t *testing.T) {
	c := newCountry(t)
	for _, s := range c.tiles {
		c.Fail(c.path(s), flaky.Stall(100))
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	begun := time.Now()
	if err := c.fetch(ctx); !errors.Is(err, context.Canceled) || time.Since(begun) > 500*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
}

// Tiles as GDAL makes them, and as the public copy has them: cloud-optimised,
// DEFLATE, the floating-point predictor, with overviews.
func TestFetchOfTilesMadeByGDAL(t *testing.T) {
	if _, err := exec.LookPath("gdal_translate"); err != nil {
		t.Skip("no gdal_translate here")
	}
	c := named(t, "copernicus-90", 1200)
	s := at(-70, -13)
	folder := t.TempDir()
	plain, cog := filepath.Join(folder, "plain.tif"), filepath.Join(folder, "cog.tif")
	if err := os.WriteFile(plain, lookalike.Tile(t, c, s), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("gdal_translate", "-q", "-of", "COG", "-co", "COMPRESS=DEFLATE", "-co", "PREDICTOR=3", "-co", "BLOCKSIZE=1024", plain, cog)
	if text, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	tile, err := os.ReadFile(cog)
	if err != nil {
		t.Fatal(err)
	}
	name := c.TileName(s)
	server := flaky.Start(t, map[string][]byte{"/" + name + "/" + name + ".tif": tile})
	server.Fail("/"+name+"/"+name+".tif", flaky.Cut(len(tile)/2), flaky.Refuse(http.StatusServiceUnavailable, "0"))
	if err := remote(t, c, server.URL).Fetch(t.Context(), folder, []squares.Square{s}, func(int64, int) {}); err != nil {
		t.Error(err)
	}
	if want := fmt.Sprintf("GET /%s/%[1]s.tif bytes=%d-", name, len(tile)/2); !slices.Contains(server.Asked(), want) {
		t.Errorf("no %q in %v", want, server.Asked())
	}
}
