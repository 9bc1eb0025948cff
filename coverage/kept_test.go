package coverage_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// fill has an engine compute, and keep, the surfaces of a query's radars.
func fill(t testing.TB, e *coverage.Engine, q coverage.Query) {
	t.Helper()
	// The surface of an only radar would not be kept.
	q.Radars = append(slices.Clone(q.Radars), site("spare", q.Radars[0].Position, 1e3, outOfService))
	r, err := e.Floor(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Floor.Close(); err != nil {
		t.Fatal(err)
	}
}

// ample is a cache in which the surfaces of any test have room.
func ample() *surfaces.Cache { return surfaces.New(1<<30, nil) }

// drawer is a shelf in memory.
type drawer struct{ kept sync.Map }

func (d *drawer) Has(key surfaces.Key) bool {
	_, ok := d.kept.Load(key)
	return ok
}

func (d *drawer) Take(key surfaces.Key) (surfaces.Stored, bool) {
	s, ok := d.kept.Load(key)
	if !ok {
		return surfaces.Stored{}, false
	}
	return s.(surfaces.Stored), true
}

func (d *drawer) Put(key surfaces.Key, s surfaces.Stored) { d.kept.Store(key, s) }

// watched is terrain that remembers which windows of it were read.
type watched struct {
	*formula
	mu      sync.Mutex
	windows []terrain.Lattice
}

func (m *watched) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	m.mu.Lock()
	m.windows = append(m.windows, l)
	m.mu.Unlock()
	g, err := m.formula.Read(ctx, l)
	if err == nil && l.Posts() > 10000 {
		g.Filled = 3
	}
	return g, err
}

// largest is the number of posts in the largest window that was read.
func (m *watched) largest() (posts int) {
	for _, l := range m.windows {
		posts = max(posts, l.Posts())
	}
	m.windows = nil
	return posts
}

// Whether a surface is computed, in memory, on a shelf or not kept at all:
// the answer and its warnings are the same, to the last bit.
func TestKeptSurfacesChangeNoAnswer(t *testing.T) {
	sector := func(r *radar.Radar) { r.Sector = &radar.Sector{FromDeg: 300, ToDeg: 100} }
	limited := func(r *radar.Radar) { r.MinRangeM, r.MaxElevationDeg, r.HeightLimitAMSLM = 3000, 20, 6000 }
	network := query(site("a", valley, 30e3, sector), site("b", east(valley, 0.2), 25e3, limited), site("c", east(valley, 0.1), 20e3, outOfService))
	change := func(change func(*coverage.GapQuery)) coverage.GapQuery {
		q := exactGaps(network, around(valley, 0.3), agl(300), amsl(4000))
		change(&q)
		return q
	}
	cases := map[string]coverage.GapQuery{
		"terrain":         change(func(*coverage.GapQuery) {}),
		"horizon":         change(func(q *coverage.GapQuery) { q.Reach = sight.Horizon }),
		"disc":            change(func(q *coverage.GapQuery) { q.Reach = sight.Disc }),
		"double coverage": change(func(q *coverage.GapQuery) { q.MinRadars = 2 }),
		"bracket":         change(func(q *coverage.GapQuery) { q.ResolutionArcsec, q.Bracket = 30, true }),
		"denser posts":    change(func(q *coverage.GapQuery) { q.ResolutionArcsec = 60 }),
		"strict": change(func(q *coverage.GapQuery) {
			q.Radars, q.StrictTerrain = []radar.Radar{site("a", east(valley, -0.05), 30e3)}, true
		}),
	}
	for name, q := range cases {
		t.Run(name, func(t *testing.T) {
			m, shelf := &watched{formula: holed(valley.Lon() + 0.15)}, &drawer{}
			want := answers(&coverage.Engine{Terrain: m}, q)
			for _, cache := range []struct {
				name string
				kept *surfaces.Cache
			}{{"in memory", ample()}, {"on a shelf", surfaces.New(0, shelf)}, {"in memory and on a shelf", surfaces.New(1<<30, shelf)}} {
				e := &coverage.Engine{Terrain: m, Surfaces: cache.kept}
				for _, state := range []string{"at first", "again"} {
					if got := answers(e, q); got != want {
						t.Errorf("%s, %s:\n%s\nwant\n%s", cache.name, state, got, want)
					}
				}
				cache.kept.Close()
				if s := cache.kept.Stats(); s.FromMemory+s.FromShelf == 0 {
					t.Errorf("%s: nothing was kept: %+v", cache.name, s)
				}
			}
		})
	}
}

// answers are all that an engine says of gaps and of floors.
func answers(e *coverage.Engine, q coverage.GapQuery) string {
	gaps, err := e.FindGaps(context.Background(), q)
	if err != nil {
		return err.Error()
	}
	floors, err := e.Floor(context.Background(), q.Query)
	if err != nil {
		return err.Error()
	}
	sum, row := 0, make([]int16, floors.Cols)
	for r := range floors.Rows {
		if err := floors.Floor.Row(r, row); err != nil {
			return err.Error()
		}
		for c, z := range row {
			sum += int(z) * (1 + (r*floors.Cols+c)%101)
		}
	}
	return text(gaps) + fmt.Sprint(gaps.Warnings, gaps.Sites, floors.Lattice, sum, floors.Warnings, floors.Floor.Close())
}

// elevenRadars stand in two rows by the valley, 3 km apart.
func elevenRadars() []radar.Radar {
	var radars []radar.Radar
	for i := range 11 {
		at := orb.Point{valley.Lon() + 0.03*float64(i%6), valley.Lat() + 0.03*float64(i/6)}
		radars = append(radars, site(fmt.Sprint("r", i), at, 40e3))
	}
	return radars
}

func TestOneOfElevenMovedIsOneSurface(t *testing.T) {
	m := &watched{formula: andes()}
	e := &coverage.Engine{Terrain: m, Surfaces: ample()}
	q := exactGaps(query(elevenRadars()...), around(valley, 0.2), agl(300))
	for _, tt := range []struct {
		name                  string
		change                func()
		computed, kept        int
		readsTerrainOfSurface bool
	}{
		{"the first time", func() {}, 11, 0, true},
		{"again", func() {}, 0, 11, false},
		{"another altitude", func() { q.Altitudes = usualBands }, 0, 11, false},
		{"another airspace", func() { q.Airspace = around(valley, 0.25) }, 0, 11, false},
		{"double coverage", func() { q.MinRadars = 2 }, 0, 11, false},
		{"one radar moved", func() { q.Radars[4].Position = east(q.Radars[4].Position, 0.01) }, 1, 10, true},
		{"moved back", func() { q.Radars[4].Position = east(q.Radars[4].Position, -0.01) }, 0, 11, false},
		{"one out of service and renamed", func() { q.Radars[3].InService, q.Radars[3].ID = false, "other" }, 0, 11, false},
		{"a higher mast", func() { q.Radars[2].MastM++ }, 1, 10, true},
		{"another k", func() { q.K = 1.42 }, 11, 0, true},
		{"another reach", func() { q.Reach = sight.Horizon }, 11, 0, true},
	} {
		tt.change()
		before := e.Surfaces.Stats()
		m.largest()
		if _, err := e.FindGaps(context.Background(), q); err != nil {
			t.Fatal(err)
		}
		after := e.Surfaces.Stats()
		if computed, kept := after.Computed-before.Computed, after.FromMemory-before.FromMemory; computed != tt.computed || kept != tt.kept {
			t.Errorf("%s: %d computed and %d kept, want %d and %d", tt.name, computed, kept, tt.computed, tt.kept)
		}
		// The airspaces have up to 125 × 125 posts, a window 180 × 180.
		if read := m.largest() > 150*150; read != tt.readsTerrainOfSurface {
			t.Errorf("%s: read the terrain in range of a radar: %v", tt.name, read)
		}
	}
}

// Terrain that does not tell one content from another is not trusted to be the
// same the next time.
func TestTerrainWithoutIdentityIsNotKept(t *testing.T) {
	m := andes()
	m.info.Identity = ""
	e := &coverage.Engine{Terrain: m, Surfaces: ample()}
	fill(t, e, query(site("r", valley, 10e3)))
	if got := e.Surfaces.Stats(); got != (surfaces.Stats{}) {
		t.Errorf("%+v", got)
	}
}
