package floor

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// arcsec30 numbers posts 30 arc-seconds apart.
var arcsec30 = terrain.Lattice{PerDegLon: 120, PerDegLat: 120, OffLon: 0.5, OffLat: 0.5}

func siteAt(p orb.Point, rangeM float64) *sight.Site {
	site := sight.NewSite(radar.Radar{
		ID: "test", Position: p, MastM: 15, InService: true,
		Limits: radar.Limits{RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 90, HeightLimitAMSLM: radar.NoHeightLimit},
	}, 0, earth.StandardK)
	return &site
}

func TestFrameAgainstGeodesics(t *testing.T) {
	tests := []struct {
		name       string
		at         orb.Point
		rangeM     float64
		toleranceM float64
	}{
		{"Puerto Maldonado", orb.Point{-69.2282, -12.6131}, 400e3, 0.01},
		{"on the equator", orb.Point{-70, 0}, 444480, 0.01},
		{"on a post", orb.Point{-70 + 0.5/120, -10 + 0.5/120}, 100e3, 0.01},
		{"45 degrees north", orb.Point{10.1, 45.3}, 400e3, 0.02},
		{"60 degrees north", orb.Point{25, 60}, 470e3, 2},
		{"the longest range", orb.Point{-69, -12}, 1000e3, 0.5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Window(siteAt(tt.at, tt.rangeM), arcsec30)
			if err != nil {
				t.Fatal(err)
			}
			f := newFrame(tt.at, l)
			checkPosts(t, f, l, tt.at, tt.toleranceM)
			checkRays(t, f, l, tt.at, tt.toleranceM)
		})
	}
}

// checkPosts compares the frame's distance and azimuth of posts with those of
// the geodesics to them.
func checkPosts(t *testing.T, f *frame, l terrain.Lattice, at orb.Point, toleranceM float64) {
	worst := 0.0
	for r := 0; r < l.Rows; r += 7 {
		for c := 0; c < l.Cols; c += 7 {
			g := earth.Inverse(at, orb.Point{l.Lon(c), l.Lat(r)})
			d, az := f.polar(r, c)
			turn := math.Abs(math.Remainder(az-g.AzimuthDeg, 360)) * math.Pi / 180
			worst = math.Max(worst, math.Max(math.Abs(d-g.DistanceM), turn*d))
		}
	}
	if worst > toleranceM {
		t.Errorf("posts are off by up to %.4f m, want at most %v m", worst, toleranceM)
	}
	t.Logf("posts within %.2g m", worst)
}

// checkRays lets rays cross rows and columns, and asks the geodesic to the
// crossing whether it has the ray's slope and reach.
func checkRays(t *testing.T, f *frame, l terrain.Lattice, at orb.Point, toleranceM float64) {
	worst := 0.0
	for r := 0; r < l.Rows; r += 7 {
		s := &f.north.steps[r]
		acrossOf, reachOf := f.north.rays(s.along)
		for w := -1.0; w <= 1; w += 0.125 {
			slope := s.slopeAt.at(w)
			p := orb.Point{-180 + (float64(l.Col0)+f.col+acrossOf.at(slope)+l.OffLon)/l.PerDegLon, l.Lat(r)}
			east, north := unroll(at, p.Lon(), p.Lat())
			worst = math.Max(worst, math.Max(math.Abs(east-slope*north), math.Abs(math.Abs(north)-reachOf.at(slope))))
		}
	}
	for c := 0; c < l.Cols; c += 7 {
		s := &f.east.steps[c]
		acrossOf, reachOf := f.east.rays(s.along)
		for w := -1.0; w <= 1; w += 0.125 {
			slope := s.slopeAt.at(w)
			p := orb.Point{l.Lon(c), 90 - (float64(l.Row0)+f.row-acrossOf.at(slope)+l.OffLat)/l.PerDegLat}
			east, north := unroll(at, p.Lon(), p.Lat())
			worst = math.Max(worst, math.Max(math.Abs(north-slope*east), math.Abs(math.Abs(east)-reachOf.at(slope))))
		}
	}
	if worst > toleranceM {
		t.Errorf("crossings are off by up to %.4f m, want at most %v m", worst, toleranceM)
	}
	t.Logf("crossings within %.2g m", worst)
}

// TestFrameOffM: wherever a frame says that it holds, rays pass within 12 m of
// their geodesics, also between the places where it looks.
func TestFrameOffM(t *testing.T) {
	lattices := []struct {
		name string
		terrain.Lattice
	}{
		{"square", arcsec30},
		{"wide", terrain.Lattice{PerDegLon: 60, PerDegLat: 120}},
		{"tall", terrain.Lattice{PerDegLon: 120, PerDegLat: 60}},
	}
	for _, l := range lattices {
		for lat := 0.0417; lat < 84; lat += 18 {
			if testing.Short() && l.name != "square" {
				continue
			}
			t.Run(fmt.Sprintf("%s, %.0f degrees", l.name, lat), func(t *testing.T) {
				t.Parallel()
				checkLongestRange(t, orb.Point{25.123, lat}, l.Lattice)
			})
		}
	}
}

// checkLongestRange shortens the range until the frame holds, and then looks
// everywhere.
func checkLongestRange(t *testing.T, at orb.Point, l terrain.Lattice) {
	for rangeM := 1000e3; rangeM > 1e3; rangeM *= 0.8 {
		w, err := Window(siteAt(at, rangeM), l)
		if err != nil {
			continue
		}
		f := newFrame(at, w)
		if !(f.offM(rangeM) <= frameToleranceM) {
			continue
		}
		rows, cols := float64(w.Rows), float64(w.Cols)
		worstM := math.Max(f.north.worstM(cols, rangeM), f.east.worstM(rows, rangeM))
		t.Logf("up to %.0f km: %.2f m", rangeM/1e3, worstM)
		if !(worstM <= 12) {
			t.Errorf("rays are off by %v m", worstM)
		}
		return
	}
	t.Error("there is no range at which the frame holds")
}

func (f *family) worstM(acrossMax, rangeM float64) float64 {
	worstM := 0.0
	for i := 0; i < len(f.steps); i += 1 + len(f.steps)/60 {
		s := &f.steps[i]
		for w := -1.0; w <= 1 && s.along != 0; w += 1.0 / 32 {
			if math.Abs(w*s.along) > acrossMax {
				continue
			}
			slope, reach := f.exact(s.along, w)
			if reach*math.Hypot(1, slope) <= rangeM {
				worstM = math.Max(worstM, f.missM(s, slope))
			}
		}
	}
	return worstM
}

func BenchmarkFrame(b *testing.B) {
	at := orb.Point{-69.2282, -12.6131}
	l, _ := Window(siteAt(at, 400e3), arcsec30)
	b.ReportAllocs()
	for range b.N {
		sink = newFrame(at, l)
	}
}

var sink any
