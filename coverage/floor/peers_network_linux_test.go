package floor_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/terrain"
)

const (
	// networkPlanePosts is how many posts of GDAL's plane lie from its middle to
	// each side: all that the radars reach.
	networkPlanePosts = 8300
	// networkHalfM is half a side of the square that GDAL looks for gaps in,
	// networkHalfDeg of the box that Canopy does, which is as large.
	networkHalfM, networkHalfDeg = 500e3, 4.55
)

// systemPython is the one that Debian's python3-gdal is for.
const systemPython = "/usr/bin/python3"

// networkLattice is 14° × 14° at 3″, from −76 to −62 and from −6 to −20.
var networkLattice = terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 104 * 1200, Row0: 96 * 1200, Cols: 16801, Rows: 16801}

// networkSites are eleven radars, of which none reaches beyond the terrain.
var networkSites = []orb.Point{
	{-69, -13}, {-71.9, -11.1}, {-70.1, -10.2}, {-67.7, -10.4}, {-66.2, -11.6}, {-65.9, -13.8},
	{-66.8, -15.6}, {-68.8, -16.1}, {-70.9, -15.7}, {-72.1, -13.9}, {-70.4, -12.2},
}

// networkHeightsM are above ground.
var networkHeightsM = []int{500, 1000, 1500, 2000, 3000, 5000, 7500, 10000}

// merge makes the network floor of what gdal_viewshed wrote, and a mask of the
// gaps at each height. Its arguments are the half side of the square, the
// posts' spacing, where the masks go, and what gdal_viewshed wrote; heights
// come as the input.
const merge = `
import sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
half, spacing, out, files = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:]
n = 2 * int(half / spacing) + 1
west, north = -(n / 2) * spacing, (n / 2) * spacing
floor = np.full((n, n), np.inf, np.float32)
for name in files:
    source = gdal.Open(name)
    g = source.GetGeoTransform()
    col, row = round((g[0] - west) / spacing), round((north - g[3]) / spacing)
    c0, r0 = max(col, 0), max(row, 0)
    c1, r1 = min(col + source.RasterXSize, n), min(row + source.RasterYSize, n)
    if c0 >= c1 or r0 >= r1:
        continue
    above = source.ReadAsArray(c0 - col, r0 - row, c1 - c0, r1 - r0, buf_type=gdal.GDT_Float32)
    part = floor[r0:r1, c0:c1]
    np.minimum(part, above, out=part)
shares = open(f"{out}/shares.txt", "w")
for height in sys.stdin.read().split():
    gaps = floor > float(height)
    print(gaps.mean(), file=shares)
    mask = gdal.GetDriverByName("GTiff").Create(f"{out}/mask-{height}.tif", n, n, 1, gdal.GDT_Byte)
    mask.SetGeoTransform((west, spacing, 0, north, 0, -spacing))
    mask.SetProjection(source.GetProjection())
    mask.GetRasterBand(1).SetNoDataValue(0)
    mask.GetRasterBand(1).WriteArray(gaps.view(np.uint8))
`

// networkBench holds the larger terrain, as peerBench does.
type networkBench struct{ dir, degrees, plane string }

func (n *networkBench) gapsFile() string { return filepath.Join(n.dir, "gaps.geojson") }

// network compares the whole way from a file of terrain to the polygons of gaps
// at eight heights, for eleven radars.
func (b *peerBench) network(t *testing.T) {
	path := filepath.Join(*kept, fmt.Sprintf("andes-%d-large.tif", *seed))
	n := &networkBench{dir: t.TempDir(), degrees: andesFile(t, path, networkLattice, *seed)}
	n.plane = planeFile(t, n.degrees, networkPlanePosts)
	airspace := fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,%[3]v],[%[2]v,%[3]v],[%[2]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[3]v]]]}`,
		peerAt.Lon()-networkHalfDeg, peerAt.Lon()+networkHalfDeg, peerAt.Lat()-networkHalfDeg, peerAt.Lat()+networkHalfDeg)
	if err := os.WriteFile(filepath.Join(n.dir, "box.geojson"), []byte(airspace), 0o600); err != nil {
		t.Fatal(err)
	}
	stages := []string{"Canopy", "GDAL: viewsheds", "GDAL: floor and masks", "GDAL: polygons at 500 m", "GDAL: polygons at the others"}
	all := make([][3][]float64, len(stages))
	for range *rounds {
		spent := append([][3]float64{spend(t, n.canopyCommand())}, n.gdal(t)...)
		for i, s := range spent {
			for j, value := range s {
				all[i][j] = append(all[i][j], value)
			}
		}
	}
	fmt.Printf("\n%-36s %10s %10s %10s\n", fmt.Sprintf("11 radars, 8 heights, medians of %d", *rounds), "CPU s", "wall s", "peak MB")
	for i, stage := range stages {
		fmt.Printf("%-36s %10.2f %10.2f %10.0f\n", stage, median(all[i][0]), median(all[i][1]), median(all[i][2]))
	}
	wallS := func(last int) (sum float64) {
		for i := 1; i <= last; i++ {
			sum += median(all[i][1])
		}
		return sum
	}
	canopyS := median(all[0][1])
	fmt.Printf("GDAL takes %.1f times the wall time with polygons of one height, %.1f times with those of all\n", wallS(3)/canopyS, wallS(4)/canopyS)
	n.shares(t)
}

// shares prints how much of the box is a gap, which shows that both answer the
// same question.
func (n *networkBench) shares(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile(n.gapsFile())
	if err != nil {
		t.Fatal(err)
	}
	var canopy struct {
		Bands []struct {
			CoveredShare float64 `json:"covered_share"`
		}
	}
	if err := json.Unmarshal(content, &canopy); err != nil {
		t.Fatal(err)
	}
	content, err = os.ReadFile(filepath.Join(n.dir, "shares.txt"))
	if err != nil {
		t.Fatal(err)
	}
	gdal := strings.Fields(string(content))
	for i, h := range networkHeightsM {
		share, err := strconv.ParseFloat(gdal[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("gaps at %5d m: %6.2f %% of Canopy's box, %6.2f %% of GDAL's\n", h, 100*(1-canopy.Bands[i].CoveredShare), 100*share)
	}
}

func (n *networkBench) canopyCommand() []string {
	command := []string{*program, "gaps", "--terrain", n.degrees, "--resolution", "3s",
		"--airspace", filepath.Join(n.dir, "box.geojson"), "--out", n.gapsFile()}
	for i, at := range networkSites {
		command = append(command, "--radar", fmt.Sprintf("name=R%d,lat=%v,lon=%v,mast=%vm,range=%vm,min-elevation=-10deg,max-elevation=89deg,height-limit=99999m-amsl",
			i, at.Lat(), at.Lon(), peerMastM, peerRangeM))
	}
	for _, h := range networkHeightsM {
		command = append(command, "--altitude", fmt.Sprintf("%dm-agl", h))
	}
	return command
}

// gdal runs the steps of GDAL, as many commands of a step at a time as there
// are processors, and returns what they cost.
func (n *networkBench) gdal(t *testing.T) [][3]float64 {
	t.Helper()
	var viewsheds, polygons [][]string
	merging := []string{systemPython, "-c", merge, fmt.Sprint(networkHalfM), fmt.Sprint(peerSpacingM), n.dir}
	for i, at := range networkSites {
		eastM, northM := onPlane(at)
		out := filepath.Join(n.dir, fmt.Sprintf("above-%d.bin", i))
		viewsheds = append(viewsheds, []string{"gdal_viewshed", "-q", "-f", "ENVI", "-om", "GROUND", "-ov", "1e9",
			"-ox", fmt.Sprint(eastM), "-oy", fmt.Sprint(northM), "-oz", fmt.Sprint(peerMastM),
			"-md", fmt.Sprint(peerRangeM), "-cc", fmt.Sprint(curvatureShare()), n.plane, out})
		merging = append(merging, out)
	}
	for _, h := range networkHeightsM {
		mask := filepath.Join(n.dir, fmt.Sprintf("mask-%d.tif", h))
		polygons = append(polygons, []string{"gdal_polygonize.py", "-q", "-f", "GeoJSON", mask, mask + ".geojson"})
	}
	spent := [][3]float64{
		spendAtOnce(t, viewsheds, ""),
		spendAtOnce(t, [][]string{merging}, strings.Trim(fmt.Sprint(networkHeightsM), "[]")),
		spendAtOnce(t, polygons[:1], ""),
		spendAtOnce(t, polygons[1:], ""),
	}
	for _, pattern := range []string{"above-*", "mask-*"} {
		files, _ := filepath.Glob(filepath.Join(n.dir, pattern))
		for _, file := range files {
			_ = os.Remove(file)
		}
	}
	return spent
}

// onPlane returns where a place is on GDAL's plane.
func onPlane(p orb.Point) (eastM, northM float64) {
	g := earth.Inverse(peerAt, p)
	sin, cos := math.Sincos(g.AzimuthDeg * math.Pi / 180)
	return g.DistanceM * sin, g.DistanceM * cos
}

// spendAtOnce is spend for several commands, of which as many run at a time as
// there are processors. The peak of memory is that of the largest of them
// together.
func spendAtOnce(t *testing.T, commands [][]string, input string) [3]float64 {
	t.Helper()
	workers := runtime.GOMAXPROCS(0)
	costs := make([][3]float64, len(commands))
	var group errgroup.Group
	group.SetLimit(workers)
	start := time.Now()
	for i, command := range commands {
		group.Go(func() (err error) {
			costs[i], err = measure(t.Context(), command, input)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	all := [3]float64{1: time.Since(start).Seconds()}
	slices.SortFunc(costs, func(a, b [3]float64) int { return cmp.Compare(b[2], a[2]) })
	for i, c := range costs {
		all[0] += c[0]
		if i < workers {
			all[2] += c[2]
		}
	}
	return all
}
