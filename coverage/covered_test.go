package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"testing"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/radar"
)

// Cells that enough radars see are those that are no gap, and what there is to
// warn of is the same.
func TestEachCoveredIsWhatGapsLeave(t *testing.T) {
	a := site("a", valley, 40e3, func(r *radar.Radar) { r.MaxElevationDeg = 8 })
	b := site("b", east(valley, 0.2), 30e3, func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: 200, ToDeg: 320} })
	c := site("c", east(valley, 0.1), 40e3, func(r *radar.Radar) { r.MinRangeM = 6e3 })
	q := exactGaps(query(a, site("broken", valley, 60e3, outOfService), b, c), around(valley, 0.3), agl(200), amsl(2500), amsl(6000))
	q.ResolutionArcsec = 30
	for _, minRadars := range []int{1, 2} {
		q.MinRadars = minRadars
		m := holed(valley.Lon() + 0.15)
		want := findGaps(t, m, q)
		e := &coverage.Engine{Terrain: m, Workers: 1}
		var seen [3]float64
		covered, err := e.EachCovered(context.Background(), q, func(c *coverage.Covered) func(*network.Cells) {
			rowM2 := gap.CellAreasM2(c.Inside.Lattice)
			return func(cells *network.Cells) {
				seen[cells.Band] += float64(enough(t, cells, minRadars)) * rowM2[cells.Row]
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range seen {
			if !sameArea(seen[i], want.Bands[i].CoveredM2) || seen[i] == 0 {
				t.Errorf("%v: %v m² are seen, %v covered", q.Altitudes[i], seen[i], want.Bands[i].CoveredM2)
			}
		}
		if fmt.Sprint(covered.Warnings) != fmt.Sprint(want.Warnings) || covered.SpacingArcsec != want.SpacingArcsec {
			t.Errorf("warnings %v, want %v", covered.Warnings, want.Warnings)
		}
	}
}

// enough counts the cells that enough radars see, none of which is the broken one.
func enough(t *testing.T, c *network.Cells, minRadars int) (n int) {
	t.Helper()
	for i := range 64 {
		count := 0
		for _, seen := range c.Seen {
			count += int(seen.Cells >> i & 1)
			if seen.Radar == 1 || seen.Cells&^c.All != 0 || seen.Cells&c.Underground != 0 {
				t.Fatalf("radar %d sees what it cannot: %+v", seen.Radar, c)
			}
		}
		if count >= minRadars {
			n++
		}
	}
	if bits.OnesCount64(c.All) < n {
		t.Fatalf("more is seen than there is: %+v", c)
	}
	return n
}

func TestEachCoveredRefusesWhatGapsDo(t *testing.T) {
	e := &coverage.Engine{Terrain: andes()}
	none := func(*coverage.Covered) func(*network.Cells) { return func(*network.Cells) {} }
	var small *coverage.AirspaceError
	if _, err := e.EachCovered(context.Background(), exactGaps(query(), around(valley, 1e-5), agl(100)), none); !errors.As(err, &small) {
		t.Errorf("error %v for an airspace without cells", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.EachCovered(ctx, exactGaps(query(site("a", valley, 40e3)), around(valley, 0.2), agl(100)), none); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v once stopped", err)
	}
}
