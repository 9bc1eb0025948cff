package floor_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

const (
	// peerSpacingM is that of GDAL's posts, on a plane around the radar: 3″
	// along the meridian.
	peerSpacingM = 92
	// peerPosts is how many of them lie from the radar to each side.
	peerPosts = 4348
)

// planeFile returns the path of the terrain in the azimuthal equidistant
// projection around the radar, in which geodesics from it are straight and as
// long as on the ellipsoid, with so many posts to each side. It stands beside
// the file in degrees.
func planeFile(t *testing.T, degrees string, posts int) string {
	t.Helper()
	return cached(t, strings.TrimSuffix(degrees, ".tif")+"-plane.tif", func(path string) {
		rim, spacing := fmt.Sprint((float64(posts)+0.5)*peerSpacingM), fmt.Sprint(peerSpacingM)
		run(t, "gdalwarp", "-q", "-r", "bilinear", "-et", "0.01", "-wo", "NUM_THREADS=ALL_CPUS",
			"-t_srs", planeSRS(), "-te", "-"+rim, "-"+rim, rim, rim, "-tr", spacing, spacing, degrees, path)
	})
}

func planeSRS() string {
	return fmt.Sprintf("+proj=aeqd +lat_0=%v +lon_0=%v +datum=WGS84 +units=m", peerAt.Lat(), peerAt.Lon())
}

// curvatureShare is what GDAL takes for -cc: the share of the curvature that
// refraction leaves, 1/k, of a sphere with the equatorial radius; here of the
// sphere that fits the ellipsoid best at the radar.
func curvatureShare() float64 {
	return earth.SemiMajorAxisM / effectiveRadiusM()
}

func effectiveRadiusM() float64 {
	c := earth.CurvatureAt(peerAt.Lat())
	return earth.StandardK * math.Sqrt(c.MeridianM*c.PrimeVerticalM)
}

// readPlane returns the values on GDAL's plane.
func readPlane(t *testing.T, path string) *terrain.Grid {
	t.Helper()
	plain := filepath.Join(t.TempDir(), "plain.raw")
	run(t, "gdal_translate", "-q", "-of", "ENVI", "-ot", "Float32", path, plain)
	f, err := os.Open(plain)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const side = 2*peerPosts + 1
	g := terrain.NewGrid(terrain.Lattice{Cols: side, Rows: side})
	if err := binary.Read(f, binary.LittleEndian, g.ElevationM); err != nil {
		t.Fatal(err)
	}
	return g
}

// planeFloor is GDAL's floor: the ground, and how far above it sight begins.
type planeFloor struct{ ground, above *terrain.Grid }

func (p *planeFloor) floorM(row, col int) float64 {
	return float64(p.ground.RowM(row)[col] + p.above.RowM(row)[col])
}

func fromRadarM(row, col int) (eastM, northM float64) {
	return float64(col-peerPosts) * peerSpacingM, float64(peerPosts-row) * peerSpacingM
}

func (*planeFloor) draw(random *rand.Rand) (row, col int) {
	for {
		row, col = random.IntN(2*peerPosts+1), random.IntN(2*peerPosts+1)
		if eastM, northM := fromRadarM(row, col); math.Hypot(eastM, northM) < peerDrawnM {
			return row, col
		}
	}
}

// position returns where a post of the plane is on the earth.
func position(row, col int) orb.Point {
	eastM, northM := fromRadarM(row, col)
	p, _ := earth.Direct(peerAt, math.Atan2(eastM, northM)*180/math.Pi, math.Hypot(eastM, northM))
	return p
}

// look follows one ray over the plane, in steps of a quarter of a post.
func (p *planeFloor) look(row, col int) sight.Sight {
	eastM, northM := fromRadarM(row, col)
	distanceM, dropPerM2 := math.Hypot(eastM, northM), 1/(2*effectiveRadiusM())
	antennaM := p.ground.AtPost(peerPosts, peerPosts) + peerMastM
	tan := math.Inf(-1)
	for steps, i := math.Ceil(4*distanceM/peerSpacingM), 1.0; i < steps; i++ {
		u := i / steps
		atM := u * distanceM
		z := p.ground.AtPost(peerPosts+u*float64(col-peerPosts), peerPosts+u*float64(row-peerPosts))
		tan = math.Max(tan, (z-antennaM)/atM-atM*dropPerM2)
	}
	groundM := float64(p.ground.RowM(row)[col])
	return sight.Sight{
		Envelope:   sight.Envelope{GroundAMSLM: groundM},
		FloorAMSLM: math.Max(groundM, antennaM+(tan+distanceM*dropPerM2)*distanceM),
	}
}
