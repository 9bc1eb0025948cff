package store_test

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/store"
)

var (
	rounds  = flag.Int("rounds", 0, "compare the store with cat and with GDAL, as often as this")
	program = flag.String("canopy", "", "the program that imports")
)

// readEnv names the store that this program, run as a reader, reads from;
// viewEnv asks for a view in place of a grid.
const (
	readEnv = "CANOPY_TEST_READ"
	viewEnv = "CANOPY_TEST_VIEW"
)

// windowPosts is the side of a window of 800 km, to 400 km on all sides, at
// 3″.
const windowPosts = 8700

// ridges is a model of 9° × 9° at 3″ that is worked out as it is read.
type ridges struct{}

func (ridges) Info() terrain.Info {
	return terrain.Info{Name: "ridges", Identity: "made-up:9", SpacingArcsec: 3}
}

func (ridges) Lattice() terrain.Lattice {
	return terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 106 * 1200, Row0: 98 * 1200, Cols: 9 * 1200, Rows: 9 * 1200}
}

func (m ridges) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g := terrain.NewGrid(l)
	for r := range g.Rows {
		y := uint32(g.Row0 + r)
		for c := range g.RowM(r) {
			x := uint32(g.Col0 + c)
			g.RowM(r)[c] = float32((x^y)%3000) + float32(x*y%64)
		}
	}
	return g, ctx.Err()
}

// window is what the reader reads: all posts of some tiles, and parts of those
// around.
func window() terrain.Lattice {
	return ridges{}.Lattice().Sub(600, 700, windowPosts, windowPosts)
}

// readWindow opens the store and reads the window, and prints the peak of its
// own memory in kB.
func readWindow(dir string) {
	s, err := store.Open(dir)
	if err != nil {
		panic(err)
	}
	if os.Getenv(viewEnv) != "" {
		err = readView(s)
	} else {
		_, err = s.Read(context.Background(), window())
	}
	if err != nil {
		panic(err)
	}
	// Not what the system tells the parent, which counts the parent's own.
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println(strings.TrimSpace(strings.Split(peak, "kB")[0]))
}

// readView copies every post of a view of the window, row by row, into memory
// for one row, as cat does with blocks; as many goroutines do as there are
// processors.
func readView(s *store.Store) error {
	v, err := s.View(context.Background(), window())
	if err != nil {
		return err
	}
	var next atomic.Int64
	var group errgroup.Group
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			rowM := make([]float32, v.Cols)
			return v.Guard(func() error {
				for r := next.Add(1) - 1; r < int64(v.Rows); r = next.Add(1) - 1 {
					v.CopyTo(rowM, v.Sub(0, int(r), v.Cols, 1))
				}
				return nil
			})
		})
	}
	return errors.Join(group.Wait(), v.Close())
}

// spend runs a command, and returns the time that it takes and what it prints.
func spend(t *testing.T, cmd *exec.Cmd) (time.Duration, string) {
	t.Helper()
	cmd.Stderr = os.Stderr
	var out strings.Builder
	if cmd.Args[0] != "cat" {
		cmd.Stdout = &out
	}
	start := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	return time.Since(start), out.String()
}

// compare runs two commands in turn, prints the median of each and their
// ratio, and returns what the first command printed.
func compare(t *testing.T, name string, first, second func() *exec.Cmd) (printed string) {
	t.Helper()
	var walls [2][]time.Duration
	for range *rounds {
		for i, command := range []func() *exec.Cmd{first, second} {
			wall, out := spend(t, command())
			walls[i] = append(walls[i], wall)
			if i == 0 {
				printed = out
			}
		}
	}
	median := func(all []time.Duration) float64 {
		slices.Sort(all)
		return all[len(all)/2].Seconds()
	}
	mine, other := median(walls[0]), median(walls[1])
	fmt.Printf("%-64s %9.3f s %9.3f s %8.2f %15.3f s %9.3f s\n", name, mine, other, mine/other,
		walls[0][0].Seconds(), walls[1][0].Seconds())
	return printed
}

// TestBenchTerrain prints how the store stands beside cat and GDAL, whole
// processes from start to end, with warm caches; make bench-terrain runs it.
func TestBenchTerrain(t *testing.T) {
	if *rounds == 0 {
		t.Skip("takes -rounds; run make bench-terrain")
	}
	dir := t.TempDir()
	fmt.Printf("%-64s %11s %11s %8s %17s %11s\n", fmt.Sprintf("medians of %d", *rounds), "store", "other", "ratio", "best: store", "other")
	t.Run("read", func(t *testing.T) { benchRead(t, dir) })
	for _, name := range []string{"peru_composite_15s_int16.tif", "srtm3_sierra_nevada"} {
		t.Run(name, func(t *testing.T) { benchImport(t, dir, name) })
	}
}

func benchRead(t *testing.T, dir string) {
	kept, flat := filepath.Join(dir, "store"), filepath.Join(dir, "window")
	importInto(t, kept, store.Job{Sources: []terrain.Model{ridges{}}})
	writeFlat(t, flat, read(t, open(t, kept), window()))
	// The disk is to be at rest.
	spend(t, exec.CommandContext(t.Context(), "sync"))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []struct{ name, env string }{
		{"view 8700 × 8700 posts, and copy each row", viewEnv + "=1"},
		{"read 8700 × 8700 posts into a grid", viewEnv + "="},
	} {
		reader := func() *exec.Cmd {
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Env = append(os.Environ(), readEnv+"="+kept, way.env)
			return cmd
		}
		compare(t, way.name+"; cat one file", reader,
			func() *exec.Cmd { return exec.CommandContext(t.Context(), "cat", flat) })
		checkPeak(t, compare(t, way.name+"; cat their tiles", reader,
			func() *exec.Cmd { return exec.CommandContext(t.Context(), "cat", tilesOf(t, kept)...) }))
	}
}

// checkPeak prints the peak of memory, and fails where that is more than the
// window's by a fifth.
func checkPeak(t *testing.T, peakKB string) {
	t.Helper()
	const windowB, mostPeak = windowPosts * windowPosts * 4, 1.2
	kb, err := strconv.ParseFloat(strings.TrimSpace(peakKB), 64)
	if err != nil {
		fmt.Println("this system does not tell the peak of memory")
		return
	}
	peak := kb * 1024 / windowB
	fmt.Printf("peak of memory: %.0f MB, %.2f times the window\n", kb*1024/1e6, peak)
	if peak > mostPeak {
		t.Errorf("reading takes %.2f times the memory of the window, want at most %v", peak, mostPeak)
	}
}

// tilesOf returns the files of the tiles that hold posts of the window.
func tilesOf(t *testing.T, dir string) (paths []string) {
	for _, tile := range open(t, dir).Manifest().Levels[0].Tiles {
		l := window()
		l.Col0, l.Row0, l.Cols, l.Rows = tile.Col0, tile.Row0, tile.Cols, tile.Rows
		if l.Intersect(window()).Posts() > 0 {
			paths = append(paths, filepath.Join(dir, "3s", tile.Square.String()+".tif"))
		}
	}
	return paths
}

// writeFlat writes the elevations of g and nothing else.
func writeFlat(t *testing.T, path string, g *terrain.Grid) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := binary.Write(f, binary.LittleEndian, g.ElevationM); err != nil {
		t.Fatal(err)
	}
}

func benchImport(t *testing.T, dir, name string) {
	if *program == "" {
		t.Skip("takes -canopy")
	}
	input := filepath.Join(testData, name)
	if _, err := os.Stat(input); err != nil {
		t.Skip("needs the test data: " + err.Error())
	}
	if _, err := exec.LookPath("gdal_translate"); err != nil {
		t.Skip(err)
	}
	into, cog, toGDAL := filepath.Join(dir, "imported"), filepath.Join(dir, "cog.tif"), input
	if tiles, _ := filepath.Glob(filepath.Join(input, "*.hgt")); len(tiles) > 0 {
		toGDAL = filepath.Join(dir, "tiles.vrt")
		spend(t, exec.CommandContext(t.Context(), "gdalbuildvrt", append([]string{"-q", toGDAL}, tiles...)...))
	}
	compare(t, "import "+name+"; gdal_translate -of COG",
		func() *exec.Cmd {
			if err := os.RemoveAll(into); err != nil {
				t.Fatal(err)
			}
			return exec.CommandContext(t.Context(), *program, "terrain", "import", input, "--into", into)
		},
		func() *exec.Cmd {
			_ = os.Remove(cog)
			return exec.CommandContext(t.Context(), "gdal_translate", "-q", "-of", "COG", toGDAL, cog)
		})
}

func BenchmarkRead_8700x8700(b *testing.B) {
	benchWindow(b, func(s *store.Store) error {
		_, err := s.Read(b.Context(), window())
		return err
	})
}

func BenchmarkView_8700x8700(b *testing.B) {
	benchWindow(b, readView)
}

func benchWindow(b *testing.B, read func(s *store.Store) error) {
	dir := b.TempDir()
	if _, err := store.Import(b.Context(), dir, store.Job{Sources: []terrain.Model{ridges{}}}); err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(windowPosts * windowPosts * 4)
	b.ReportAllocs()
	for b.Loop() {
		if err := read(s); err != nil {
			b.Fatal(err)
		}
	}
}
