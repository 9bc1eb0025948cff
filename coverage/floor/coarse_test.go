package floor_test

import (
	"testing"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/open"
)

// TestCoarse compares sweeps over means, with the terrain's own posts around
// the antenna, with the oracle over the same. These sites see little that the
// own posts show only beyond the circle to which the oracle looks at them.
func TestCoarse(t *testing.T) {
	m, err := open.Path(t.Context(), sierra)
	if err != nil {
		t.Skip("the real terrain is not here: ", err)
	}
	for _, c := range accuracyCases {
		if c.name != "sierra slope, 60 km" && c.name != "sierra spur, block" {
			continue
		}
		for _, factor := range []int{5, 10} {
			surface, observer := prepareCoarse(t, m, c.at, c.rangeM, factor)
			a := compare(surface, observer, 2**samples)
			t.Logf("%s, every %d: bias %.3f, median %.3f, rms %.3f m", c.name, factor, a.bias(), a.quantile(0.5), a.rms())
			if a.rms() > 2 || a.quantile(0.5) > 0.5 {
				t.Errorf("%s, every %d: off by %.3f m rms", c.name, factor, a.rms())
			}
		}
	}
}

func prepareCoarse(t *testing.T, m terrain.Model, at [2]float64, rangeM float64, factor int) (*surface, *sight.Observer) {
	t.Helper()
	coarse := terrain.Coarsen(m, factor, terrain.Mean)
	r := radar.Radar{ID: "test", Position: at, MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: radar.NoHeightLimit}}
	bare := sight.NewSite(r, 0, earth.StandardK)
	window, err := floor.Window(&bare, coarse.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	ground, err := coarse.Read(t.Context(), window)
	if err != nil {
		t.Fatal(err)
	}
	near, err := m.Read(t.Context(), floor.NearWindow(&bare, coarse.Lattice(), m.Lattice()))
	if err != nil {
		t.Fatal(err)
	}
	site := sight.NewSite(r, near.At(at[0], at[1]), earth.StandardK)
	s := computeOver(t, &site, floor.Land{Ground: ground.View(), Near: near})
	return s, sight.NewObserver(&site, sight.Terrain, ground).WithNear(near, floor.NearM(&site, coarse.Lattice()))
}
