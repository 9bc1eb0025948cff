package floor_test

import (
	"context"
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
	"syscall"
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
	network = flag.Bool("network", false, "compare the gaps of eleven radars as well, which takes minutes")
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
	path := filepath.Join(*kept, fmt.Sprintf("andes-%d.tif", *seed))
	b := &peerBench{dir: t.TempDir(), degrees: andesFile(t, path, andesLattice, *seed)}
	b.plane = planeFile(t, b.degrees, peerPosts)
	t.Run("programs", b.programs)
	t.Run("errors", b.errors)
	t.Run("kernel", b.kernel)
	if *network {
		t.Run("network", b.network)
	}
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
	cost, err := measure(t.Context(), command, "")
	if err != nil {
		t.Fatal(err)
	}
	return cost
}

func measure(ctx context.Context, command []string, input string) (cost [3]float64, err error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	var said strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &said, &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return cost, err
	}
	peak := watch(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		return cost, fmt.Errorf("%v: %w: %s", command, err, said.String())
	}
	wall := time.Since(start)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return [3]float64{cpu.Seconds(), wall.Seconds(), peak() / 1e6}, nil
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

// kernelCase is what the kernel is timed at: a range, and posts that are so many times
// as far apart; floors above ground, or altitudes, as canopy floor has them.
type kernelCase struct {
	rangeM    float64
	every     int
	altitudes bool
}

var kernelCases = []kernelCase{
	{50e3, 1, false}, {100e3, 1, false}, {200e3, 1, false}, {400e3, 1, false}, {400e3, 5, false}, {400e3, 10, false}, {400e3, 1, true},
}

func (c kernelCase) name() string {
	name := fmt.Sprintf("%.0f km, %d″", c.rangeM/1e3, 3*c.every)
	if c.altitudes {
		name += ", altitudes"
	}
	return name
}

// kernel times sweeps over the file in memory, as the program views it, beside
// a copy of as many bytes: of the 2 that a post takes to the 2 that its floor
// takes. Both write to memory that is in use already.
func (b *peerBench) kernel(t *testing.T) {
	m, err := geotiff.Open(t.Context(), b.degrees)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := terrain.ViewOf(t.Context(), m, m.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	if !whole.InPlace() || len(whole.Panels) != 1 || whole.Panels[0].Int16 == nil {
		t.Fatal("the file is not viewed where it lies")
	}
	workers := runtime.GOMAXPROCS(0)
	fmt.Printf("\n%-24s %10s %9s %9s %9s %9s %9s %9s %9s %9s\n", fmt.Sprintf("kernel, medians of %d", *rounds), "posts",
		"1: CPU s", "wall s", "ns a post", fmt.Sprintf("%d: CPU s", workers), "wall s", "copy s", "1 ×", fmt.Sprintf("%d ×", workers))
	for _, c := range kernelCases {
		k := timeKernel(t, c, thinned(whole, c.every), workers)
		fmt.Printf("%-24s %10d %9.4f %9.4f %9.2f %9.4f %9.4f %9.4f %9.2f %9.2f\n", c.name(),
			k.posts, k.one.cpuS, k.one.wallS, k.one.cpuS*1e9/float64(k.posts), k.all.cpuS, k.all.wallS, k.copied.wallS,
			k.one.wallS/k.copied.wallS, k.all.wallS/k.copied.wallS)
	}
}

// thinned returns a view of every so many posts, which are in memory and not in
// a file unless they are all.
func thinned(v *terrain.View, every int) *terrain.View {
	if every == 1 {
		return v
	}
	fine := &v.Panels[0]
	l := fine.Lattice
	l.PerDegLon, l.PerDegLat = l.PerDegLon/float64(every), l.PerDegLat/float64(every)
	l.Col0, l.Row0, l.Cols, l.Rows = l.Col0/every, l.Row0/every, (l.Cols+every-1)/every, (l.Rows+every-1)/every
	p := terrain.Panel{Lattice: l, Stride: l.Cols, Int16: make([]int16, 0, l.Posts())}
	for r := range l.Rows {
		for c := range l.Cols {
			p.Int16 = append(p.Int16, fine.Int16[r*every*fine.Stride+c*every])
		}
	}
	return terrain.NewView(l, []terrain.Panel{p})
}

// cost is what work takes, in seconds.
type cost struct{ cpuS, wallS float64 }

// kernelTimes are medians: of one worker, of several, and of the copy.
type kernelTimes struct {
	posts            int
	one, all, copied cost
}

func timeKernel(t *testing.T, c kernelCase, ground *terrain.View, workers int) (k kernelTimes) {
	t.Helper()
	at := terrain.NewGrid(ground.Cover(orb.Bound{Min: peerAt, Max: peerAt}, 1))
	ground.CopyTo(at.ElevationM, at.Lattice)
	site := peerSite(at, c.rangeM)
	window, err := floor.Window(site, ground.Lattice)
	if err != nil {
		t.Fatal(err)
	}
	var room floor.Room
	compute := func(workers int) {
		land := floor.Land{Ground: ground}
		if c.altitudes {
			a, err := room.ComputeAltitudes(t.Context(), site, land, workers)
			if err != nil {
				t.Fatal(err)
			}
			k.posts = a.PostsInRange
			return
		}
		s, err := room.Compute(t.Context(), site, sight.Terrain, land, workers)
		if err != nil {
			t.Fatal(err)
		}
		k.posts = s.PostsInRange
	}
	p, floors := &ground.Panels[0], make([]int16, window.Posts())
	copyAll := func() {
		for r := range window.Rows {
			copy(floors[r*window.Cols:][:window.Cols], p.Int16[(r+window.Row0-p.Row0)*p.Stride+window.Col0-p.Col0:])
		}
	}
	var one, all, copied []cost
	compute(workers)
	copyAll()
	for range *rounds {
		one = append(one, costOf(func() { compute(1) }))
		all = append(all, costOf(func() { compute(workers) }))
		copied = append(copied, costOf(copyAll))
	}
	k.one, k.all, k.copied = medians(one), medians(all), medians(copied)
	return k
}

func medians(all []cost) cost {
	var cpuS, wallS []float64
	for _, c := range all {
		cpuS, wallS = append(cpuS, c.cpuS), append(wallS, c.wallS)
	}
	return cost{median(cpuS), median(wallS)}
}

// costOf measures work of this process.
func costOf(do func()) cost {
	start, before := time.Now(), processCPU()
	do()
	return cost{(processCPU() - before).Seconds(), time.Since(start).Seconds()}
}

func processCPU() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
