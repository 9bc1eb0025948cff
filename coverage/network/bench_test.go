package network_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/open"
)

const compositePath = "../../../shared/data/peru_composite_15s_int16.tif"

// over Peru stand eleven radars of 400 km: on the coast, on the hills of the
// civil ones, and in the plain.
var overPeru = []orb.Point{
	{-69.2282, -12.6131}, {-74.5743, -8.3779}, {-73.309, -3.785}, {-74.5356, -11.3254}, {-81.2541, -4.5766}, {-77.1143, -12.0219},
	{-78.41, -7.09}, {-74.19, -13.34}, {-71.49, -14.05}, {-71.6, -16.5}, {-70.51, -3.91},
}

var eightBands = []float64{500, 1000, 1500, 2000, 3000, 5000, 7000, 10000}

// peru returns Peru on 15 arc-seconds, 6.1 million cells, without altitudes, and
// what radars see of it.
func peru(b *testing.B) (network.Scene, []network.Layer) {
	b.Helper()
	if _, err := os.Stat(compositePath); err != nil {
		b.Skip("the real terrain is not here: ", err)
	}
	ctx := context.Background()
	m, err := open.Path(ctx, compositePath)
	if err != nil {
		b.Fatal(err)
	}
	area, err := catalog.Default().Airspace("peru")
	if err != nil {
		b.Fatal(err)
	}
	elevations, err := terrain.Elevations(ctx, m, overPeru)
	if err != nil {
		b.Fatal(err)
	}
	var layers []network.Layer
	for i, at := range overPeru {
		site := sight.NewSite(radar.Radar{ID: fmt.Sprint(i), Position: at, MastM: 15, InService: true, Limits: radar.Limits{
			RangeM: 400e3, MaxElevationDeg: 20, HeightLimitAMSLM: 30480}}, elevations[i], earth.StandardK)
		layers = append(layers, network.Layer{Surface: sweep(b, m, &site)})
	}
	l := m.Lattice().Cover(area.Area.Bound(), 1)
	ground, err := terrain.ViewOf(ctx, m, l)
	if err != nil {
		b.Fatal(err)
	}
	return network.Scene{Ground: ground, Inside: airspace.Rasterise(area.Area, l), MinRadars: 1, Reach: sight.Terrain}, layers
}

func sweep(b *testing.B, m terrain.Model, site *sight.Site) *floor.Surface {
	b.Helper()
	window, err := floor.Window(site, m.Lattice())
	if err != nil {
		b.Fatal(err)
	}
	land, err := terrain.ViewOf(context.Background(), m, window)
	if err != nil {
		b.Fatal(err)
	}
	s, err := floor.Compute(context.Background(), site, sight.Terrain, floor.Land{Ground: land}, 2)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkPeru15s lets radars look at Peru on 15 arc-seconds, and finds the
// gaps that they leave; cells count for each band.
func BenchmarkPeru15s(b *testing.B) {
	scene, layers := peru(b)
	for _, tt := range []struct {
		radars, bands, minRadars int
		reference                altitude.Reference
	}{
		{11, 8, 1, altitude.AGL}, {11, 8, 1, altitude.AMSL}, {11, 8, 2, altitude.AGL}, {4, 8, 1, altitude.AGL}, {11, 1, 1, altitude.AGL},
	} {
		scene.Altitudes, scene.MinRadars = nil, tt.minRadars
		for _, h := range eightBands[:tt.bands] {
			scene.Altitudes = append(scene.Altitudes, altitude.Altitude{Reference: tt.reference, Value: h})
		}
		name := fmt.Sprintf("radars=%d/bands=%d/%s/min=%d", tt.radars, tt.bands, []string{"agl", "amsl"}[tt.reference], tt.minRadars)
		perCell := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*scene.Inside.Count()*tt.bands), "ns/cell")
		}
		look := func(b *testing.B) *network.Network {
			n := network.New(scene)
			if err := n.Look(context.Background(), layers[:tt.radars], 0, scene.Inside.Rows, 2); err != nil {
				b.Fatal(err)
			}
			return n
		}
		b.Run("look/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				look(b)
			}
			perCell(b)
		})
		b.Run("gaps/"+name, func(b *testing.B) {
			f := gap.Finder{Network: look(b), MinAreaM2: 25e6, ToleranceM: 926}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Find(context.Background(), 2); err != nil {
					b.Fatal(err)
				}
			}
			perCell(b)
		})
	}
}

// BenchmarkCauses3s lets eleven radars of 400 km look at some rows on 3
// arc-seconds of hilly ground, 2.1 million cells, where all see down to 1500 m
// above ground: below that, why they do not see has to be found.
func BenchmarkCauses3s(b *testing.B) {
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 130000, Row0: 123600, Cols: 4096, Rows: 512}
	ground := terrain.NewGrid(l)
	for i := range ground.ElevationM {
		col, row := float64(i%l.Cols), float64(i/l.Cols)
		ground.ElevationM[i] = float32(900 + 600*math.Sin(col/19)*math.Cos(row/13) + 300*math.Sin(col/700))
	}
	var layers []network.Layer
	for i := range 11 {
		at := orb.Point{l.Lon(0) - 1.5 + 0.6*float64(i), l.Lat(0) + 2.4 - 0.7*float64(i*4%11)}
		site := sight.NewSite(radar.Radar{Position: at, MastM: 15, InService: true, Limits: radar.Limits{
			RangeM: 400e3, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: 99999}}, 700, earth.StandardK)
		window, err := floor.Window(&site, l)
		if err != nil {
			b.Fatal(err)
		}
		held := window.Intersect(l)
		s := floor.Restore(&site, sight.Terrain, window, make([]floor.AGL, held.Rows*window.Cols), 0, floor.Missing{})
		for i := range s.Floor {
			s.Floor[i] = floor.AGLOf(1500)
		}
		layers = append(layers, network.Layer{Surface: s, From: held.Row0 - window.Row0})
	}
	scene := network.Scene{Ground: ground.View(), Inside: raster.All(l), MinRadars: 1}
	for _, heightM := range eightBands {
		scene.Altitudes = append(scene.Altitudes, altitude.Altitude{Reference: altitude.AGL, Value: heightM})
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := network.New(scene).Look(context.Background(), layers, 0, l.Rows, 1); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*scene.Inside.Count()*len(eightBands)), "ns/cell")
}
