package floor_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

var (
	rounds  = flag.Int("rounds", 0, "compare with GDAL, as often as this")
	seed    = flag.Uint64("seed", 1, "of the terrain that Canopy and GDAL are compared on")
	program = flag.String("canopy", "", "the program that is compared with GDAL")
	kept    = flag.String("kept", "", "the directory that keeps terrain for the next run")
)

const (
	peerRangeM = 400e3
	peerMastM  = 15
	// peerDrawnM is how far away posts are drawn: nearer to the rim the range
	// along the ray counts, of which GDAL knows nothing.
	peerDrawnM = 399e3
)

var peerAt = orb.Point{-69, -13}

// TestBenchPeers prints how Canopy stands beside gdal_viewshed, beside one ray
// a post and beside a copy of the memory; make bench-peers runs it.
func TestBenchPeers(t *testing.T) {
	if *rounds == 0 {
		t.Skip("takes -rounds, -canopy and -kept; run make bench-peers")
	}
	for _, name := range []string{"gdal_viewshed", "gdalwarp", "gdal_translate"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatal("make bench-peers compares with GDAL: install Debian's gdal-bin: ", err)
		}
	}
	b := &peerBench{dir: t.TempDir(), degrees: andesFile(t, *kept, *seed)}
	b.plane = planeFile(t, b.degrees)
	t.Run("programs", b.programs)
	t.Run("errors", b.errors)
	t.Run("kernel", b.kernel)
}

// peerBench holds the same terrain twice: in degrees, and on GDAL's plane.
type peerBench struct{ dir, degrees, plane string }

func (b *peerBench) floorFile() string { return filepath.Join(b.dir, "canopy.tif") }
func (b *peerBench) aboveFile() string { return filepath.Join(b.dir, "gdal.tif") }

func (b *peerBench) canopyCommand() []string {
	return []string{*program, "floor", "--terrain", b.degrees, "--resolution", "3s", "--out", b.floorFile(),
		"--radar", fmt.Sprintf("name=R,lat=%v,lon=%v,mast=%vm,range=%vm,min-elevation=-10deg,max-elevation=89deg,height-limit=99999m-amsl",
			peerAt.Lat(), peerAt.Lon(), peerMastM, peerRangeM)}
}

func (b *peerBench) gdalCommand() []string {
	return []string{"gdal_viewshed", "-q", "-om", "GROUND", "-ox", "0", "-oy", "0", "-oz", fmt.Sprint(peerMastM),
		"-md", fmt.Sprint(peerRangeM), "-cc", fmt.Sprint(curvatureShare()), b.plane, b.aboveFile()}
}

func (b *peerBench) programs(t *testing.T) {
	commands := [2][]string{b.canopyCommand(), b.gdalCommand()}
	var all [2][3][]float64
	for range *rounds {
		for i, command := range commands {
			for j, value := range spend(t, command) {
				all[i][j] = append(all[i][j], value)
			}
		}
	}
	fmt.Printf("\n%-44s %10s %10s %8s\n", fmt.Sprintf("whole programs, medians of %d", *rounds), "canopy", "GDAL", "ratio")
	for i, name := range []string{"CPU time, s", "wall time, s", "peak of memory, MB"} {
		canopy, gdal := median(all[0][i]), median(all[1][i])
		fmt.Printf("%-44s %10.2f %10.2f %8.2f\n", name, canopy, gdal, canopy/gdal)
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// spend runs a command, and returns the seconds of CPU and wall time and the
// megabytes of memory that it takes.
func spend(t *testing.T, command []string) [3]float64 {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	peak := watch(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %v: %s", command, err, said.String())
	}
	wall := time.Since(start)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return [3]float64{cpu.Seconds(), wall.Seconds(), peak() / 1e6}
}

// watch follows the peak of a process's memory, in bytes, until it ends. The
// system's own account at the end would count the parent's as well.
func watch(pid int) (peakB func() float64) {
	peak := make(chan float64)
	go func() {
		last := 0.0
		for {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, line, found := strings.Cut(string(status), "VmHWM:")
			if err != nil || !found {
				peak <- last
				return
			}
			kB, _, _ := strings.Cut(line, "kB")
			last, _ = strconv.ParseFloat(strings.TrimSpace(kB), 64)
			last *= 1024
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return func() float64 { return <-peak }
}

// errors compares both floors with one ray a post: as the earth is, and GDAL's
// also on the plane and over the parabola that it takes the earth for.
func (b *peerBench) errors(t *testing.T) {
	ground, surface := readAll(t, b.degrees), readAll(t, b.floorFile())
	plane := &planeFloor{ground: readPlane(t, b.plane), above: readPlane(t, b.aboveFile())}
	observer := sight.NewObserver(peerSite(ground, peerRangeM), sight.Terrain, ground)
	start := time.Now()
	canopy := sample(func(random *rand.Rand) (float64, sight.Sight) {
		row, col := drawPost(random, surface)
		return float64(surface.RowM(row)[col]), observer.Look(orb.Point{surface.Lon(col), surface.Lat(row)})
	})
	ray := time.Since(start) * time.Duration(runtime.GOMAXPROCS(0)) / time.Duration(*samples)
	gdal := sample(func(random *rand.Rand) (float64, sight.Sight) {
		row, col := plane.draw(random)
		return plane.floorM(row, col), observer.Look(position(row, col))
	})
	own := sample(func(random *rand.Rand) (float64, sight.Sight) {
		row, col := plane.draw(random)
		return plane.floorM(row, col), plane.look(row, col)
	})
	fmt.Printf("\n%s%s%s%sone ray takes %v of CPU time\n", header(), canopy.line("canopy"), gdal.line("GDAL"), own.line("GDAL, on its own plane"),
		ray.Round(time.Microsecond))
}

func readAll(t *testing.T, path string) *terrain.Grid {
	t.Helper()
	m, err := geotiff.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	g, err := m.Read(t.Context(), m.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func peerSite(ground *terrain.Grid, rangeM float64) *sight.Site {
	site := sight.NewSite(radar.Radar{ID: "peer", Position: peerAt, MastM: peerMastM, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: radar.NoHeightLimit,
	}}, ground.At(peerAt.Lon(), peerAt.Lat()), earth.StandardK)
	return &site
}

func drawPost(random *rand.Rand, l *terrain.Grid) (row, col int) {
	for {
		row, col = random.IntN(l.Rows), random.IntN(l.Cols)
		if earth.DistanceM(peerAt, orb.Point{l.Lon(col), l.Lat(row)}) < peerDrawnM {
			return row, col
		}
	}
}

// sample draws posts, each with a floor and what one ray finds.
func sample(draw func(*rand.Rand) (floorM float64, look sight.Sight)) accuracy {
	a := accuracy{same: make([]int, len(accuracyHeightsM))}
	var mu sync.Mutex
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(*seed, uint64(w)))
			for i := w; i < *samples; i += workers {
				floorM, look := draw(random)
				mu.Lock()
				a.add(floorM, look)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return a
}

// kernel times floor.Compute on a grid in memory, beside a copy of the grid
// and of the floor.
func (b *peerBench) kernel(t *testing.T) {
	ground := readAll(t, b.degrees)
	workers := runtime.GOMAXPROCS(0)
	fmt.Printf("\n%-26s %12s %12s %12s %12s %12s %12s\n", fmt.Sprintf("kernel, medians of %d", *rounds), "posts",
		"1 worker, s", "ns a post", "copy, s", "× the copy", fmt.Sprintf("%d workers, s", workers))
	for _, rangeM := range []float64{50e3, 100e3, 200e3, 400e3} {
		site := peerSite(ground, rangeM)
		window, err := floor.Window(site, ground.Lattice)
		if err != nil {
			t.Fatal(err)
		}
		posts, one, all, copied := timeKernel(t, site, cut(ground, window), workers)
		fmt.Printf("%-26s %12d %12.3f %12.1f %12.4f %12.1f %12.3f\n", fmt.Sprintf("%.0f km", rangeM/1e3), posts,
			one, one*1e9/float64(posts), copied, one/copied, all)
	}
}

// cut returns a copy of the part of g that l covers.
func cut(g *terrain.Grid, l terrain.Lattice) *terrain.Grid {
	part := terrain.NewGrid(l)
	for r := range l.Rows {
		copy(part.RowM(r), g.RowM(r + l.Row0 - g.Row0)[l.Col0-g.Col0:])
	}
	return part
}

// timeKernel returns the posts in range, and the medians in seconds for one
// worker, for several, and for the copy, which are taken in turn.
func timeKernel(t *testing.T, site *sight.Site, ground *terrain.Grid, workers int) (posts int, oneS, allS, copyS float64) {
	t.Helper()
	var one, all, copies []float64
	windowTo, floorTo := slices.Clone(ground.ElevationM), make([]floor.AGL, ground.Posts())
	compute := func(workers int) *floor.Surface {
		s, err := floor.Compute(t.Context(), site, sight.Terrain, floor.Land{Ground: ground.View()}, workers)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for range *rounds {
		var s *floor.Surface
		one = append(one, seconds(func() { s = compute(1) }))
		all = append(all, seconds(func() { compute(workers) }))
		copies = append(copies, seconds(func() {
			copy(windowTo, ground.ElevationM)
			copy(floorTo, s.Floor)
		}))
		posts = s.PostsInRange
	}
	return posts, median(one), median(all), median(copies)
}

func seconds(do func()) float64 {
	start := time.Now()
	do()
	return time.Since(start).Seconds()
}
