package network_test

import (
	"context"
	"fmt"
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
