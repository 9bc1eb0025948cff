package planning_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// overlapping are radars that see much of the same, one of them out of service.
func overlapping() []radar.Radar {
	all := []radar.Radar{
		site("a", valley, 30e3), site("b", off(valley, 0.2, 0), 30e3), site("c", off(valley, 0.1, 0.15), 25e3),
		site("broken", off(valley, -0.1, 0), 40e3), site("d", off(valley, 0.05, -0.1), 12e3),
	}
	all[3].InService = false
	return all
}

func criticalityQuery(radars []radar.Radar, area orb.MultiPolygon, altitudes ...altitude.Altitude) planning.CriticalityQuery {
	q := planning.CriticalityQuery{Query: query(radars...), Airspace: area, Altitudes: altitudes}
	for i := range radars {
		q.Availabilities = append(q.Availabilities, 0.6+0.35*float64(i)/float64(len(radars)))
	}
	return q
}

func criticality(t testing.TB, m terrain.Model, q planning.CriticalityQuery) *planning.Criticality {
	t.Helper()
	c, err := planner(m).Criticality(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// without finds the gaps of a query where radars fail.
func without(t testing.TB, m terrain.Model, q planning.CriticalityQuery, failed ...int) []gap.Band {
	t.Helper()
	radars := slices.Clone(q.Radars)
	for _, i := range failed {
		radars[i].InService = false
	}
	q.Radars = radars
	e := &coverage.Engine{Terrain: m}
	r, err := e.FindGaps(context.Background(), coverage.GapQuery{Query: q.Query, Airspace: q.Airspace, Altitudes: q.Altitudes, MinAreaM2: 1e12})
	if err != nil {
		t.Fatal(err)
	}
	return r.Bands
}

// same allows for the rounding of sums of up to 10¹¹ m², whose differences are off
// by more than they themselves tell, and of areas to a part in 4 billion of a cell.
func same(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b))+1 }

// checkAgainstGaps compares a criticality with gaps found with radars out of
// service.
func checkAgainstGaps(t *testing.T, m terrain.Model, q planning.CriticalityQuery, c *planning.Criticality) {
	t.Helper()
	all := without(t, m, q)
	for b := range all {
		if c.Bands[b].CoveredM2 != all[b].CoveredM2 || !same(c.Bands[b].AirspaceM2, all[b].AirspaceM2) {
			t.Errorf("%v: covered %v of %v m², gaps have %v of %v", all[b].Altitude, c.Bands[b].CoveredM2, c.Bands[b].AirspaceM2, all[b].CoveredM2, all[b].AirspaceM2)
		}
		enough := 0.0
		for count, m2 := range c.Bands[b].ByCountM2 {
			if count >= q.MinRadars {
				enough += m2
			}
		}
		if whole := enough + all[b].UncoveredM2 + all[b].UndergroundM2; !same(enough, all[b].CoveredM2) || !same(whole, all[b].AirspaceM2) {
			t.Errorf("%v: %v m² by count, covered %v", all[b].Altitude, c.Bands[b].ByCountM2, all[b].CoveredM2)
		}
	}
	alone := map[int][]float64{}
	for i, loss := range c.Losses {
		failed := without(t, m, q, loss.Site)
		for b := range all {
			if want := all[b].CoveredM2 - failed[b].CoveredM2; !same(loss.LostM2[b], want) {
				t.Errorf("radar %d, %v: lost %v m², want %v", loss.Site, all[b].Altitude, loss.LostM2[b], want)
			}
		}
		alone[loss.Site] = loss.LostM2
		if i > 0 && total(loss.LostM2) > total(c.Losses[i-1].LostM2) {
			t.Errorf("loss %d is larger than the one before", i)
		}
	}
	checkPair(t, m, q, c, alone)
}

// checkPair compares the pair with all others: what both lose, and neither does.
func checkPair(t *testing.T, m terrain.Model, q planning.CriticalityQuery, c *planning.Criticality, alone map[int][]float64) {
	t.Helper()
	all := without(t, m, q)
	var best [2]int
	var most []float64
	for i := range q.Radars {
		for j := i + 1; j < len(q.Radars); j++ {
			if alone[i] == nil || alone[j] == nil {
				continue
			}
			both := without(t, m, q, i, j)
			areas := make([]float64, len(all))
			for b := range all {
				areas[b] = all[b].CoveredM2 - both[b].CoveredM2 - alone[i][b] - alone[j][b]
			}
			// With more than one radar asked for, cells that both see and one more does
			// not are lost with either, and counted twice.
			if q.MinRadars == 1 && (most == nil || total(areas) > total(most)) {
				best, most = [2]int{i, j}, areas
			}
		}
	}
	if q.MinRadars > 1 {
		return
	}
	if c.Pair == nil || c.Pair.Sites != best {
		t.Fatalf("pair %+v, want %v with %v", c.Pair, best, most)
	}
	for b := range most {
		if !same(c.Pair.AreasM2[b], most[b]) {
			t.Errorf("pair: %v m², want %v", c.Pair.AreasM2, most)
		}
	}
}

func total(areas []float64) (sum float64) {
	for _, m2 := range areas {
		sum += m2
	}
	return sum
}

// What is lost with a radar is what gaps grow by when it is out of service.
func TestCriticalityAgainstGaps(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*planning.CriticalityQuery)
	}{
		{"one radar is enough", func(*planning.CriticalityQuery) {}},
		{"two must see", func(q *planning.CriticalityQuery) { q.MinRadars = 2 }},
		{"by the horizon", func(q *planning.CriticalityQuery) { q.Reach = sight.Horizon }},
		{"by range alone", func(q *planning.CriticalityQuery) { q.Reach = sight.Disc }},
		{"on coarser posts", func(q *planning.CriticalityQuery) { q.ResolutionArcsec = 45 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := andes(240)
			q := criticalityQuery(overlapping(), around(valley, 0.4), agl(100), agl(1000), amsl(2000))
			tt.change(&q)
			c := criticality(t, m, q)
			checkAgainstGaps(t, m, q, c)
			if len(c.Losses) != 4 || c.Losses[0].LostM2[1] == 0 {
				t.Errorf("losses %+v show too little", c.Losses)
			}
		})
	}
}

func TestCriticalityOnRealTerrain(t *testing.T) {
	m := terraintest.Real(t, compositePath)
	model, err := catalog.Default().Model("modern-3d")
	if err != nil {
		t.Fatal(err)
	}
	var radars []radar.Radar
	for i, at := range []orb.Point{{-74.5356, -11.3254}, {-74.5743, -8.3779}, {-74.19, -13.34}, {-75.3, -11.78}, {-73.3, -10.7}} {
		radars = append(radars, model.At(fmt.Sprint("r", i), "", at))
	}
	q := criticalityQuery(shorter(radars, radars[:3]), around(orb.Point{-74, -11}, 1.5), agl(300), agl(3000), amsl(5000))
	q.ResolutionArcsec = 30
	c := criticality(t, m, q)
	checkAgainstGaps(t, m, q, c)
	if c.Pair == nil || total(c.Pair.AreasM2) < 1e9 {
		t.Errorf("the pair %+v shows too little", c.Pair)
	}
}

// What is covered on average is the sum over all ways in which radars can fail,
// each with its probability.
func TestExpectedCoverage(t *testing.T) {
	m := andes(240)
	for _, minRadars := range shorter([]int{1, 2, 3}, []int{2}) {
		q := criticalityQuery(overlapping(), around(valley, 0.3), agl(300), agl(2500))
		q.MinRadars = minRadars
		c := criticality(t, m, q)
		want := make([]float64, len(q.Altitudes))
		for state := range 1 << len(q.Radars) {
			p, failed := 1.0, []int(nil)
			for i, a := range q.Availabilities {
				if state>>i&1 == 0 {
					failed = append(failed, i)
					a = 1 - a
				}
				p *= a
			}
			for b, band := range without(t, m, q, failed...) {
				want[b] += p * band.CoveredM2
			}
		}
		for b := range want {
			if got := c.Bands[b].ExpectedM2; !same(got, want[b]) || !(got > 0 && got < c.Bands[b].CoveredM2) {
				t.Errorf("%d radars, %v: %v m² on average, want %v; at best %v", minRadars, q.Altitudes[b], got, want[b], c.Bands[b].CoveredM2)
			}
		}
	}
}

// A zone's loss is that of an airspace which ends where the zone does.
func TestZonesAreLostAsAirspaces(t *testing.T) {
	m := andes(240)
	area := around(valley, 0.3)
	q := criticalityQuery(overlapping(), area, agl(300), amsl(1500))
	small, across := around(off(valley, 0.1, 0.05), 0.06), around(off(valley, 0.3, 0), 0.1)
	q.Zones = []planning.Zone{{Name: "small", Area: small}, {Name: "across the border", Area: across}}
	c := criticality(t, m, q)
	inside := orb.MultiPolygon{{{{across[0][0][0].Lon(), across[0][0][0].Lat()}, {area[0][0][1].Lon(), across[0][0][1].Lat()},
		{area[0][0][1].Lon(), across[0][0][2].Lat()}, {across[0][0][3].Lon(), across[0][0][3].Lat()}, {across[0][0][0].Lon(), across[0][0][0].Lat()}}}}
	for z, zone := range []orb.MultiPolygon{small, inside} {
		own := q
		own.Airspace, own.Zones = zone, nil
		lost := 0.0
		for _, loss := range criticality(t, m, own).Losses {
			for _, whole := range c.Losses {
				if whole.Site != loss.Site {
					continue
				}
				for b := range q.Altitudes {
					lost += loss.LostM2[b]
					if !same(whole.ZonesLostM2[b][z], loss.LostM2[b]) {
						t.Errorf("zone %d, radar %d: lost %v m², want %v", z, loss.Site, whole.ZonesLostM2[b][z], loss.LostM2[b])
					}
				}
			}
		}
		if lost == 0 {
			t.Errorf("nothing is lost in zone %d: the test shows nothing", z)
		}
	}
}

// An airstrip is lost with a radar if too few others see low enough over it.
func TestAirstripsAreLost(t *testing.T) {
	m := andes(240)
	area := around(valley, 0.3)
	q := criticalityQuery(overlapping(), area, agl(300))
	q.Airstrips.MaxAGLM = 600
	for i := range 40 {
		at := off(valley, 0.7*(float64(i%8)/8-0.5), 0.7*(float64(i/8)/5-0.5))
		q.Airstrips.All = append(q.Airstrips.All, &airstrip.Airstrip{ID: fmt.Sprintf("s%02d", i), Position: at, ElevationAMSLM: math.NaN()})
	}
	for _, minRadars := range []int{1, 2} {
		q.MinRadars = minRadars
		c := criticality(t, m, q)
		seen := seenAirstrips(t, m, q)
		if c.AirstripsSeen != len(seen) || len(seen) == 0 {
			t.Errorf("%d airstrips are seen, want %d", c.AirstripsSeen, len(seen))
		}
		lost := 0
		for _, loss := range c.Losses {
			failed := q
			failed.Radars = slices.Clone(q.Radars)
			failed.Radars[loss.Site].InService = false
			left := seenAirstrips(t, m, failed)
			var want []string
			for _, id := range seen {
				if !slices.Contains(left, id) {
					want = append(want, id)
				}
			}
			var got []string
			for _, a := range loss.Airstrips {
				got = append(got, a.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("radar %d loses %v, want %v", loss.Site, got, want)
			}
			lost += len(want)
		}
		if lost == 0 {
			t.Error("no airstrip is lost: the test shows nothing")
		}
	}
}

func seenAirstrips(t *testing.T, m terrain.Model, q planning.CriticalityQuery) (ids []string) {
	t.Helper()
	e := &coverage.Engine{Terrain: m}
	r, err := e.AssessAirstrips(context.Background(), q.Query, q.Airstrips.All)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Exposures {
		if airspace.Contains(q.Airspace, x.Airstrip.Position) && x.FloorAMSLM <= x.GroundAMSLM+q.Airstrips.MaxAGLM {
			ids = append(ids, x.Airstrip.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Neither workers, nor parts, nor what is kept change an answer.
func TestCriticalityIsTheSame(t *testing.T) {
	m := andes(240)
	q := criticalityQuery(overlapping(), around(valley, 0.4), agl(100), amsl(2000))
	q.ResolutionArcsec = 15
	q.Zones = []planning.Zone{{Area: around(valley, 0.1)}}
	want := fmt.Sprintf("%+v", plain(criticality(t, m, q)))
	kept := surfaces.New(1<<30, nil)
	for name, e := range map[string]*coverage.Engine{
		"one worker":    {Terrain: m, Workers: 1},
		"five workers":  {Terrain: m, Workers: 5},
		"little memory": {Terrain: m, Workers: 2, MemoryB: 5350 << 10},
		"kept":          {Terrain: m, Surfaces: kept},
		"kept before":   {Terrain: m, Surfaces: kept},
	} {
		c, err := (&planning.Planner{Engine: e}).Criticality(context.Background(), q)
		if err != nil {
			t.Fatal(name, ": ", err)
		}
		if got := fmt.Sprintf("%+v", plain(c)); got != want {
			t.Errorf("%s: another answer:\n%s\n%s", name, got, want)
		}
		if tiled := slices.ContainsFunc(c.Warnings, func(w coverage.Warning) bool { return w.ID == "memory.tiled" }); tiled != (name == "little memory") {
			t.Errorf("%s: done in parts: %v", name, tiled)
		}
	}
}

// plain is an answer without pointers and warnings.
func plain(c *planning.Criticality) []any {
	pair := planning.Pair{}
	if c.Pair != nil {
		pair = *c.Pair
	}
	return []any{c.Bands, c.Losses, pair, c.AirstripsSeen, c.SpacingArcsec}
}

func TestCriticalityWithoutOverlap(t *testing.T) {
	m := andes(240)
	q := criticalityQuery([]radar.Radar{site("a", valley, 9e3), site("b", off(valley, 0.3, 0), 9e3)}, around(valley, 0.4), agl(1000))
	c := criticality(t, m, q)
	if c.Pair != nil || len(c.Bands[0].ByCountM2) != 2 {
		t.Errorf("pair %+v, by count %v", c.Pair, c.Bands[0].ByCountM2)
	}
	q = criticalityQuery(nil, around(valley, 0.4), agl(1000))
	c = criticality(t, m, q)
	if c.Pair != nil || len(c.Losses) != 0 || len(c.Bands[0].ByCountM2) != 1 || c.Bands[0].ByCountM2[0] <= 0 {
		t.Errorf("without radars: %+v", c)
	}
}

func TestCriticalityStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	q := criticalityQuery(overlapping(), around(valley, 0.4), agl(100))
	if _, err := planner(andes(240)).Criticality(ctx, q); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	q.Availabilities = q.Availabilities[1:]
	if _, err := planner(andes(240)).Criticality(context.Background(), q); err == nil {
		t.Error("a radar without an availability is not refused")
	}
}
