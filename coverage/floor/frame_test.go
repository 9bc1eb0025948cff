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
		s := &f.north.steps()[r]
		acrossOf, reachOf := f.north.rays(s.along)
		for w := -1.0; w <= 1; w += 0.125 {
			slope := s.slopeAt.at(w)
			p := orb.Point{-180 + (float64(l.Col0)+f.col+acrossOf.at(slope)+l.OffLon)/l.PerDegLon, l.Lat(r)}
			east, north := unroll(at, p)
			worst = math.Max(worst, math.Max(math.Abs(east-slope*north), math.Abs(math.Abs(north)-reachOf.at(slope))))
		}
	}
	for c := 0; c < l.Cols; c += 7 {
		s := &f.east.steps()[c]
		acrossOf, reachOf := f.east.rays(s.along)
		for w := -1.0; w <= 1; w += 0.125 {
			slope := s.slopeAt.at(w)
			p := orb.Point{l.Lon(c), 90 - (float64(l.Row0)+f.row-acrossOf.at(slope)+l.OffLat)/l.PerDegLat}
			east, north := unroll(at, p)
			worst = math.Max(worst, math.Max(math.Abs(north-slope*east), math.Abs(math.Abs(east)-reachOf.at(slope))))
		}
	}
	if worst > toleranceM {
		t.Errorf("crossings are off by up to %.4f m, want at most %v m", worst, toleranceM)
	}
	t.Logf("crossings within %.2g m", worst)
}

func unroll(origin, p orb.Point) (east, north float64) {
	g := earth.Inverse(origin, p)
	sin, cos := math.Sincos(g.AzimuthDeg * math.Pi / 180)
	return g.DistanceM * sin, g.DistanceM * cos
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
		worstM := math.Max(f.north.sampledM(cols, rangeM, 60, 32), f.east.sampledM(rows, rangeM, 60, 32))
		t.Logf("up to %.0f km: %.2f m", rangeM/1e3, worstM)
		if !(worstM <= 12) {
			t.Errorf("rays are off by %v m", worstM)
		}
		return
	}
	t.Error("there is no range at which the frame holds")
}

// TestFrameOfFewNodes: where a frame takes fewer nodes than it may, and so does
// not look, rays pass within a centimetre of their geodesics.
func TestFrameOfFewNodes(t *testing.T) {
	few, all := 0, 0
	for _, l := range []terrain.Lattice{arcsec30, {PerDegLon: 60, PerDegLat: 120}, {PerDegLon: 120, PerDegLat: 60}} {
		for lat := -80.0417; lat < 84; lat += 20 {
			for rangeM := 5e3; rangeM < 1000e3; rangeM *= 1.7 {
				at := orb.Point{25.123, lat}
				w, err := Window(siteAt(at, rangeM), l)
				if err != nil {
					continue
				}
				f := newFrame(at, w)
				for _, f := range []*family{&f.north, &f.east} {
					if all++; f.nodesNeeded() == stepNodes {
						continue
					}
					few++
					if worstM := f.sampledM(math.Inf(1), rangeM, 7, 8); !(worstM <= 0.01) {
						t.Errorf("%.0f km at %v degrees, rows %v: rays are off by %v m", rangeM/1e3, lat, f.rows, worstM)
					}
				}
			}
		}
	}
	if few < all/3 || few == all {
		t.Errorf("%d of %d have few nodes: this test shows nothing", few, all)
	}
}

// BenchmarkSetUp is what a surface takes before its first post.
func BenchmarkSetUp(b *testing.B) {
	at := orb.Point{-69.2282, -12.6131}
	for _, arcsec := range []float64{3, 15, 30} {
		for _, km := range []float64{50, 100, 200, 400} {
			site, posts := siteAt(at, km*1e3), terrain.Lattice{PerDegLon: 3600 / arcsec, PerDegLat: 3600 / arcsec}
			w, _ := Window(site, posts)
			f := newFrame(at, w)
			s := &Surface{Site: site, Lattice: w, frame: f, rim: newRim(f, site.RangeM)}
			land := Land{Ground: terrain.NewView(w, nil)}.ready(s)
			for _, part := range []struct {
				name string
				do   func()
			}{
				{"window", func() { sink, _ = Window(site, posts) }},
				{"frame", func() { sink = newFrame(at, w) }},
				{"off", func() { sink = f.offM(site.RangeM) }},
				{"rim", func() { sink = newRim(f, site.RangeM) }},
				{"quadrants", func() { sink = s.quadrants(land) }},
			} {
				b.Run(fmt.Sprintf("%vs/%vkm/%s", arcsec, km, part.name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						part.do()
					}
				})
			}
		}
	}
}

var sink any
