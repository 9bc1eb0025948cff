package planning_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// BenchmarkCriticality asks what eleven radars of 400 km over Peru back each other
// up in, beside the gaps of the same, and those of as many networks as it takes to
// have one radar after the other out of service. Surfaces are kept throughout.
func BenchmarkCriticality(b *testing.B) {
	c := catalog.Default()
	peru, err := c.Airspace("peru")
	if err != nil {
		b.Fatal(err)
	}
	model, err := c.Model("modern-3d")
	if err != nil {
		b.Fatal(err)
	}
	q := planning.CriticalityQuery{Query: query(), Airspace: peru.Area, Altitudes: []altitude.Altitude{agl(300), agl(1000), agl(3000), amsl(6000)}}
	for i, at := range []orb.Point{
		{-69.2282, -12.6131}, {-74.5743, -8.3779}, {-73.309, -3.785}, {-74.5356, -11.3254}, {-81.2541, -4.5766}, {-77.1143, -12.0219},
		{-78.41, -7.09}, {-74.19, -13.34}, {-71.49, -14.05}, {-71.6, -16.5}, {-70.51, -3.91},
	} {
		q.Radars = append(q.Radars, model.At(fmt.Sprint("r", i), "", at))
		q.Availabilities = append(q.Availabilities, 0.9)
	}
	q.ResolutionArcsec = 15
	e := &coverage.Engine{Terrain: terraintest.Real(b, compositePath), Surfaces: surfaces.New(2<<30, nil)}
	gaps := coverage.GapQuery{Query: q.Query, Airspace: q.Airspace, Altitudes: q.Altitudes, MinAreaM2: 25e6, ToleranceM: -1}
	failing := func(failed int) {
		one := gaps
		one.Radars = append(one.Radars[:0:0], gaps.Radars...)
		if failed >= 0 {
			one.Radars[failed].InService = false
		}
		if _, err := e.FindGaps(context.Background(), one); err != nil {
			b.Fatal(err)
		}
	}
	failing(-1)
	b.Run("criticality/terrain=composite-15s/radars=11/altitudes=4", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := (&planning.Planner{Engine: e}).Criticality(context.Background(), q); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("one_by_one/terrain=composite-15s/radars=11/altitudes=4", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for failed := -1; failed < len(q.Radars); failed++ {
				failing(failed)
			}
		}
	})
}

// BenchmarkPlan plans eleven radars for Peru at its airports, and reports how
// far the plans may be from the best.
func BenchmarkPlan(b *testing.B) {
	m := terraintest.Real(b, compositePath)
	for _, candidates := range []int{50, 150} {
		for _, arcsec := range []float64{60, 15} {
			b.Run(fmt.Sprintf("airports=%d/%gs/count=11", candidates, arcsec), func(b *testing.B) {
				q := peru(b, candidates, 11)
				q.ResolutionArcsec = arcsec
				b.ReportAllocs()
				for b.Loop() {
					p, err := planner(m).Plan(context.Background(), q, nil)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(100*(1-p.ObjectiveKM2/p.UpperBoundKM2), "gap_%")
				}
			})
		}
	}
}
