package store_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/viewtest"
	"github.com/canopyradar/canopy/terrain/store"
)

// TestViewsAreWhatIsRead imports models with and without voids, beside and on
// the sea, and looks at windows of every level.
func TestViewsAreWhatIsRead(t *testing.T) {
	base := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(base, "")
		if err != nil {
			t.Fatal(err)
		}
		job := store.Job{}
		for i := range rapid.IntRange(1, 3).Draw(t, "sources") {
			l := around(rapid.IntRange(-60, 10).Draw(t, "col"), rapid.IntRange(-60, 10).Draw(t, "row"),
				rapid.IntRange(1, 70).Draw(t, "cols"), rapid.IntRange(1, 70).Draw(t, "rows"))
			if rapid.Bool().Draw(t, "voids") {
				job.Sources = append(job.Sources, hills(l, rapid.Uint64().Draw(t, "seed")))
			} else {
				job.Sources = append(job.Sources, level(l, float32(i)+0.5))
			}
		}
		for _, s := range []store.Square{{LonDeg: -81, LatDeg: -10}, {LonDeg: -80, LatDeg: -10}, {LonDeg: -80, LatDeg: -11}} {
			if rapid.Bool().Draw(t, "sea") {
				job.Sea = append(job.Sea, s)
			}
		}
		importInto(t, dir, job)
		s := open(t, dir)
		for range 5 {
			viewtest.Same(t, s, windowOf(t, s))
		}
		for _, factor := range []int{2, 4} {
			kept, _ := s.Overview(factor, terrain.Maximum)
			viewtest.Same(t, kept, windowOf(t, kept))
		}
		if n, ok := viewtest.Mapped(t, dir); ok && n > 0 {
			t.Fatalf("%d mappings are left", n)
		}
	})
}

// TestPanels tells windows that are looked at in place from those that are not.
func TestPanels(t *testing.T) {
	// Land around the corner of four tiles, with a small void in the south-east
	// and a large one in the north-west; sea alone, around an island, and around
	// a shore that shares a tile with land.
	land := level(around(-100, -100, 200, 200), 100)
	land.RowM(180)[180] = nan
	for r := 20; r < 40; r++ {
		for c := 20; c < 40; c++ {
			land.RowM(r)[c] = nan
		}
	}
	island := level(around(1300, 20, 30, 30), 5)
	shore := level(around(20, 500, 30, 30), 5)
	shore.RowM(20)[20] = nan
	job := store.Job{
		Sources: []terrain.Model{land, island, shore},
		Sea:     []store.Square{{LonDeg: -77, LatDeg: -10}, {LonDeg: -75, LatDeg: -11}, {LonDeg: -80, LatDeg: -13}},
	}
	dir := t.TempDir()
	importInto(t, dir, job)
	s := open(t, dir)
	mean, _ := s.Overview(2, terrain.Mean)
	tests := []struct {
		name    string
		m       terrain.Model
		l       terrain.Lattice
		mapped  int // tiles
		sea     int // panels
		missing bool
	}{
		{"within a tile", s, around(-90, 10, 50, 50), 1, 0, false},
		{"one post", s, around(-1, -1, 1, 1), 0, 0, false},
		{"few posts across the corner", s, around(-4, -4, 8, 8), 0, 0, false},
		{"more than a few", s, around(-9, -9, 9, 9), 1, 0, false},
		{"across the corner", s, around(-50, -50, 100, 100), 4, 0, false},
		{"beyond the sources", s, around(-150, 10, 100, 50), 1, 0, true},
		{"around a small void", s, around(60, 60, 30, 30), 0, 0, false},
		{"beside a small void", s, around(10, 10, 30, 30), 1, 0, false},
		{"a part of a large void", s, around(-100, -100, 40, 40), 1, 0, true},
		{"sea", s, around(730, -200, 100, 100), 0, 1, false},
		{"sea and nothing", s, around(-600, -200, 1330, 50), 0, 1, true},
		{"land and the sea around it", s, around(1290, 10, 80, 80), 1, 4, false},
		{"sea in a void of land", s, around(25, 505, 20, 20), 0, 0, false},
		{"nothing", s, around(-900, -900, 10, 10), 0, 0, true},
		{"no posts", s, around(0, 0, 0, 10), 0, 0, false},
		{"an overview", mean, mean.Lattice().Sub(0, 60, 50, 60), 1, 0, true},
		{"an overview with the sea", mean, mean.Lattice(), 0, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			viewtest.Same(t, test.m, test.l)
			v := viewtest.Open(t, test.m, test.l)
			if got := viewtest.Posts(t, v, test.l).Missing() > 0; got != test.missing {
				t.Errorf("posts are missing: %v, want %v", got, test.missing)
			}
			sea := 0
			for _, p := range v.Panels {
				if p.Float32 == nil {
					sea++
				}
			}
			if mapped, ok := viewtest.Mapped(t, dir); ok && mapped != test.mapped || sea != test.sea {
				t.Errorf("%d tiles are mapped and %d panels sea, want %d and %d", mapped, sea, test.mapped, test.sea)
			}
			if err := v.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// seamless returns a store of four tiles without voids, each of many pages.
func seamless(t *testing.T) (dir string, s *store.Store) {
	t.Helper()
	m := level(around(-200, -200, 400, 400), 0)
	for i := range m.ElevationM {
		m.ElevationM[i] = float32(i)
	}
	dir = t.TempDir()
	importInto(t, dir, store.Job{Sources: []terrain.Model{m}})
	return dir, open(t, dir)
}

func readAll(v *terrain.View) error {
	return v.Guard(func() error {
		v.CopyTo(make([]float32, v.Posts()), v.Lattice)
		return nil
	})
}

func TestTileThatIsCutShortUnderAView(t *testing.T) {
	dir, s := seamless(t)
	v := viewtest.Open(t, s, s.Lattice())
	other := viewtest.Open(t, s, around(-150, -150, 100, 100))
	path := filepath.Join(dir, "15s", "S15W080.tif")
	if err := os.Truncate(path, 5000); err != nil {
		t.Fatal(err)
	}
	refused(t, readAll(v), path, "cut short", "run the import again")
	refused(t, v.Close(), path, "changed while it was read")
	if err := readAll(other); err != nil {
		t.Errorf("of another tile: %v", err)
	}
	if err := other.Close(); err != nil {
		t.Errorf("of another tile: %v", err)
	}
	_, err := s.View(t.Context(), s.Lattice())
	refused(t, err, path, "cut short", "run the import again")
	if n, ok := viewtest.Mapped(t, dir); ok && n > 0 {
		t.Errorf("%d mappings are left", n)
	}
}

func TestStoreThatChangesUnderAView(t *testing.T) {
	dir, s := seamless(t)
	v := viewtest.Open(t, s, s.Lattice())
	importInto(t, dir, store.Job{Sources: []terrain.Model{level(around(-9, -9, 20, 20), 2)}})
	refused(t, v.Close(), dir, "open it again")
	_, err := s.View(t.Context(), s.Lattice())
	refused(t, err, dir, "changed after it was opened", "open it again")
	if n, ok := viewtest.Mapped(t, dir); ok && n > 0 {
		t.Errorf("%d mappings are left", n)
	}
}

func TestViewsSideBySide(t *testing.T) {
	dir, s := seamless(t)
	want := read(t, s, s.Lattice())
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for k := range 20 {
				v, err := s.View(t.Context(), around(i*7-150, k-100, 200, 150))
				if err != nil {
					t.Error(err)
					return
				}
				got := make([]float32, v.Cols)
				err = v.Guard(func() error {
					for r := range v.Rows {
						v.CopyTo(got, v.Sub(0, r, v.Cols, 1))
						for c, z := range got {
							if at := want.AtPost(float64(v.Col0+c-want.Col0), float64(v.Row0+r-want.Row0)); float64(z) != at && !math.IsNaN(at) {
								return fmt.Errorf("post (%d, %d) is %v, want %v", c, r, z, at)
							}
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				if err := v.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if n, ok := viewtest.Mapped(t, dir); ok && n > 0 {
		t.Errorf("%d mappings are left", n)
	}
}
