package fetch_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus"
	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus/lookalike"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/fetch"
	"github.com/canopyradar/canopy/clients/canopy/internal/flaky"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
	"github.com/canopyradar/canopy/terrain/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func at(lonDeg, latDeg int) squares.Square { return squares.Square{LonDeg: lonDeg, LatDeg: latDeg} }

// coast is an area of four squares with land and two of sea, and a copy of the
// land's tiles.
type coast struct {
	*flaky.Server
	collection copernicus.Collection
	land, all  []squares.Square
	folder     string
}

// newCoast has tiles of few posts, for quick tests. The store has all of them
// in one tile of its own.
func newCoast(t *testing.T) *coast {
	t.Helper()
	return newCoastOf(t, 60)
}

func newCoastOf(t *testing.T, perDeg int) *coast {
	t.Helper()
	collection, err := copernicus.Named("copernicus-90")
	if err != nil {
		t.Fatal(err)
	}
	collection.PerDeg = perDeg
	c := &coast{collection: collection, folder: filepath.Join(t.TempDir(), "store")}
	c.land = []squares.Square{at(-77, -12), at(-76, -12), at(-77, -13), at(-76, -13)}
	c.all = append([]squares.Square{at(-78, -12), at(-78, -13)}, c.land...)
	c.Server = flaky.Start(t, lookalike.Copy(t, c.collection, c.land...))
	return c
}

func (c *coast) path(s squares.Square) string {
	name := c.collection.TileName(s)
	return "/" + name + "/" + name + ".tif"
}

func (c *coast) plan(t *testing.T, wanted ...squares.Square) (*fetch.Plan, error) {
	t.Helper()
	remote, err := c.collection.At(c.URL, "canopy/test", 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remote.Close)
	remote.Client.FirstWait, remote.Client.Tries = time.Millisecond, 3
	return fetch.Order{Remote: remote, Wanted: wanted, Into: c.folder, Progress: func(float64, string) {}}.Plan(t.Context())
}

// fetch plans and runs; what the plan says comes back as well.
func (c *coast) fetch(t *testing.T, wanted ...squares.Square) (*fetch.Plan, error) {
	t.Helper()
	p, err := c.plan(t, wanted...)
	if err != nil {
		t.Fatal(err)
	}
	err = p.Run(t.Context(), func(float64, string) {})
	return p, err
}

func TestPlan(t *testing.T) {
	c := newCoast(t)
	p, err := c.plan(t, c.all...)
	if err != nil {
		t.Fatal(err)
	}
	var wantB int64
	for _, s := range c.land {
		wantB += int64(len(lookalike.Tile(t, c.collection, s)))
	}
	if p.Tiles != 4 || p.Sea != 2 || p.Imported+p.Fetched != 0 || p.FetchB != wantB || p.PartialList+p.Unlisted != 0 {
		t.Errorf("got %+v, want %d bytes", p, wantB)
	}
	if p.StoreB < 4*60*60*4 || p.FreeB <= 0 || p.Time <= 0 {
		t.Errorf("%d bytes of store, %d free, %v", p.StoreB, p.FreeB, p.Time)
	}
	if _, err := os.Stat(c.folder); !errors.Is(err, os.ErrNotExist) || c.SentB() > 1<<20 {
		t.Errorf("a plan wrote or fetched something: %v, %d bytes", err, c.SentB())
	}
}

func TestPlanRefuses(t *testing.T) {
	c := newCoast(t)
	taken := func(t *testing.T) string {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "thesis.doc"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return folder
	}
	other := func(t *testing.T) string {
		d := newCoastOf(t, 50)
		if _, err := d.fetch(t, d.land[0]); err != nil {
			t.Fatal(err)
		}
		return d.folder
	}
	tests := []struct {
		name   string
		wanted []squares.Square
		folder func(*testing.T) string
		want   string
	}{
		{"the far south", []squares.Square{at(-70, -52)}, nil, "52°S 70°W: beyond 50° of latitude"},
		{"nothing but sea", []squares.Square{at(-78, -12)}, nil, "it is all sea"},
		{"a folder with something else", c.land, taken, "is neither a terrain store nor empty (it has thesis.doc)"},
		{"a store of other posts", c.land, other, `is a store with posts every 72″, and copernicus-90 has them every 60″`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := *c
			if tt.folder != nil {
				d.folder = tt.folder(t)
			}
			if _, err := d.plan(t, tt.wanted...); err == nil || !strings.Contains(err.Error(), tt.want) || fault.Code(err) != fault.Usage {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestCheckDisk(t *testing.T) {
	p := &fetch.Plan{FetchB: 3 << 20, StoreB: 2 << 20, FreeB: 5<<20 - 1}
	if err := p.CheckDisk(); err == nil || !strings.Contains(err.Error(), "5.0 MiB are needed (3.0 MiB to download and 2.0 MiB of store), and 5.0 MiB are free") {
		t.Errorf("got %v", err)
	}
	p.FreeB++
	if err := p.CheckDisk(); err != nil {
		t.Error(err)
	}
}

func TestRun(t *testing.T) {
	c := newCoast(t)
	if _, err := c.fetch(t, c.all...); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(c.folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, square := range c.land {
		want := lookalike.Hills(c.collection, square)
		got, err := s.Read(t.Context(), want.Lattice)
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(want.ElevationM, got.ElevationM) {
			t.Errorf("%v is not what was fetched", square)
		}
	}
	sea := lookalike.Hills(c.collection, at(-78, -13))
	if got, err := s.Read(t.Context(), sea.Lattice); err != nil || got.Missing() != 0 || got.ElevationM[0] != 0 {
		t.Errorf("the sea misses %d posts, is at %v m, %v", got.Missing(), got.ElevationM[0], err)
	}
	if info := s.Info(); info.Source != "Copernicus DEM GLO-90" || !strings.Contains(info.Licence, "© Airbus Defence and Space GmbH 2014–2018") {
		t.Errorf("source %q, licence %q", info.Source, info.Licence)
	}
	if left, err := os.ReadDir(filepath.Join(c.folder, ".fetch")); err == nil {
		t.Errorf("left over: %v", left)
	}
}

// A wider area later brings what is new, and the store is that of the wider
// area at once, but for the order of what its tiles were made from.
func TestRunAgain(t *testing.T) {
	c := newCoast(t)
	if _, err := c.fetch(t, c.land[:2]...); err != nil {
		t.Fatal(err)
	}
	before := len(c.Asked())
	p, err := c.fetch(t, c.all...)
	if err != nil || p.Imported != 2 || p.Tiles != 4 {
		t.Errorf("%d of %d are imported, %v", p.Imported, p.Tiles, err)
	}
	for _, line := range c.Asked()[before:] {
		if strings.Contains(line, c.path(c.land[0])) {
			t.Errorf("asked again: %s", line)
		}
	}
	at := trees(t, c.folder)
	whole := newCoast(t)
	if _, err := whole.fetch(t, c.all...); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(inAnyOrder(trees(t, whole.folder)), inAnyOrder(at)); diff != "" {
		t.Error(diff)
	}
	before = len(c.Asked())
	if p, err := c.fetch(t, c.all...); err != nil || p.FetchB != 0 || len(c.Asked()) != before+1 {
		t.Errorf("%d bytes and %v more, %v", p.FetchB, c.Asked()[before:], err)
	}
	if diff := cmp.Diff(at, trees(t, c.folder)); diff != "" {
		t.Error(diff)
	}
}

// trees returns the files below a folder by their paths.
func trees(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, folder)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// inAnyOrder sorts the lines of the manifest, which lists what a tile was made
// from with the latest import first.
func inAnyOrder(files map[string]string) map[string]string {
	files = maps.Clone(files)
	lines := strings.Split(strings.ReplaceAll(files["/manifest.json"], ",\n", "\n"), "\n")
	slices.Sort(lines)
	files["/manifest.json"] = strings.Join(lines, "\n")
	return files
}

// Whatever a fetch ends with, the next one goes on, and the store is that of
// an undisturbed one.
func TestRunGoesOn(t *testing.T) {
	undisturbed := newCoast(t)
	if _, err := undisturbed.fetch(t, undisturbed.all...); err != nil {
		t.Fatal(err)
	}
	want := trees(t, undisturbed.folder)
	tests := []struct {
		name    string
		disturb func(t *testing.T, c *coast)
		err     string
	}{
		{"a listed tile that answers 404 for a while", func(_ *testing.T, c *coast) { c.Fail(c.path(c.land[2]), flaky.Refuse(404, "")) }, "so it is no sea"},
		{"a tile that comes damaged for a while", func(_ *testing.T, c *coast) {
			for range 3 {
				c.Fail(c.path(c.land[2]), flaky.Corrupt)
			}
		}, "came damaged"},
		{"a full disk", func(t *testing.T, c *coast) { fill(t, c) }, "the disk is full (no space left on device): make room and run the same command again"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCoast(t)
			tt.disturb(t, c)
			if tt.err != "" {
				if _, err := c.fetch(t, c.all...); err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %v, want %s", err, tt.err)
				}
				_ = os.Remove(filepath.Join(c.folder, ".fetch", c.collection.TileName(c.land[0])+".tif.part"))
			}
			if _, err := c.fetch(t, c.all...); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, trees(t, c.folder)); diff != "" {
				t.Errorf("the store differs: %.2000s", diff)
			}
		})
	}
}

// fill makes the first tile go to a device that is always full.
func fill(t *testing.T, c *coast) {
	t.Helper()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	downloads := filepath.Join(c.folder, ".fetch")
	if err := os.MkdirAll(downloads, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/full", filepath.Join(downloads, c.collection.TileName(c.land[0])+".tif.part")); err != nil {
		t.Fatal(err)
	}
}

// An import that stops at its first tile, and one of a wider area that does,
// which must not fetch the tiles of the first again.
func TestRunGoesOnWithAnImport(t *testing.T) {
	if testing.Short() {
		t.Skip("imports tiles of full size")
	}
	undisturbed := newCoastOf(t, 1200)
	if _, err := undisturbed.fetch(t, undisturbed.all...); err != nil {
		t.Fatal(err)
	}
	want := trees(t, undisturbed.folder)
	c := newCoastOf(t, 1200)
	c.breakOff(t, c.land[:2])
	if p, err := c.fetch(t, c.land[:2]...); err != nil || p.Fetched != 2 || p.FetchB != 0 {
		t.Fatalf("%d of 2 were downloaded, %v", p.Fetched, err)
	}
	c.breakOff(t, c.all)
	if p, err := c.fetch(t, c.all...); err != nil || p.Imported != 2 || p.Fetched != 2 {
		t.Fatalf("%d imported and %d downloaded, %v", p.Imported, p.Fetched, err)
	}
	if !cmp.Equal(want, trees(t, c.folder)) {
		t.Error("the stores differ")
	}
}

// breakOff stops a fetch at the first tile that is imported.
func (c *coast) breakOff(t *testing.T, wanted []squares.Square) {
	t.Helper()
	p, err := c.plan(t, wanted...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = p.Run(ctx, func(_ float64, doing string) {
		if strings.HasPrefix(doing, "terrain tile") {
			cancel()
		}
	})
	if manifest, readErr := store.ReadManifest(c.folder); readErr != nil || manifest.Complete || !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, %v", err, readErr)
	}
}

func TestOnlyOneFetchAtATime(t *testing.T) {
	c := newCoast(t)
	c.Fail(c.path(c.land[0]), flaky.Stall(10))
	first, err := c.plan(t, c.all...)
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.plan(t, c.all...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	begun := make(chan struct{}, 100)
	go func() { ended <- first.Run(ctx, func(float64, string) { begun <- struct{}{} }) }()
	<-begun
	if err := second.Run(t.Context(), func(float64, string) {}); err == nil || !strings.Contains(err.Error(), "another canopy terrain fetch is at work") {
		t.Errorf("got %v", err)
	}
	cancel()
	<-ended
}

func TestKeepDownloads(t *testing.T) {
	c := newCoast(t)
	remote, err := c.collection.At(c.URL, "canopy/test", 2)
	if err != nil {
		t.Fatal(err)
	}
	defer remote.Close()
	p, err := fetch.Order{Remote: remote, Wanted: c.all, Into: c.folder, Keep: true, Progress: func(float64, string) {}}.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context(), func(float64, string) {}); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Join(c.folder, ".fetch")); err != nil || len(left) != len(c.land) {
		t.Errorf("kept %v, %v", left, err)
	}
}
