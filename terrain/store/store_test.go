package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
	"github.com/canopyradar/canopy/terrain/store"
)

// windowOf draws a window of a model, which may reach beyond it.
func windowOf(t *rapid.T, m terrain.Model) terrain.Lattice {
	l := m.Lattice()
	return l.Sub(rapid.IntRange(-5, l.Cols).Draw(t, "col"), rapid.IntRange(-5, l.Rows).Draw(t, "row"),
		rapid.IntRange(0, l.Cols+10).Draw(t, "cols"), rapid.IntRange(0, l.Rows+10).Draw(t, "rows"))
}

// TestStoreIsItsSources imports up to four models that overlap, in one go or
// one after the other, and holds every level to what the sources give.
func TestStoreIsItsSources(t *testing.T) {
	base := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(base, "")
		if err != nil {
			t.Fatal(err)
		}
		var sources []terrain.Model
		for i := range rapid.IntRange(1, 4).Draw(t, "sources") {
			l := around(rapid.IntRange(-60, 10).Draw(t, "col"), rapid.IntRange(-60, 10).Draw(t, "row"),
				rapid.IntRange(1, 70).Draw(t, "cols"), rapid.IntRange(1, 70).Draw(t, "rows"))
			l.OffLon, l.OffLat = 0.5, 0.5
			sources = append(sources, hills(l, rapid.Uint64().Draw(t, "seed")+uint64(i)))
		}
		importInto(t, dir, store.Job{Sources: sources, Jobs: rapid.IntRange(0, 3).Draw(t, "jobs")})
		s, want := open(t, dir), combined(t, sources...)
		if s.Lattice() != want.Lattice() {
			t.Fatalf("the store spans %+v, the sources %+v", s.Lattice(), want.Lattice())
		}
		for range 5 {
			same(t, s, want, windowOf(t, s))
		}
		for _, factor := range []int{2, 4} {
			for _, a := range []terrain.Aggregate{terrain.Mean, terrain.Maximum} {
				kept, ok := s.Overview(factor, a)
				if !ok {
					t.Fatalf("no overview by %d", factor)
				}
				coarse := terrain.Coarsen(want, factor, a)
				if kept.Lattice() != coarse.Lattice() {
					t.Fatalf("the overview spans %+v, want %+v", kept.Lattice(), coarse.Lattice())
				}
				same(t, kept, coarse, windowOf(t, kept))
			}
		}
		if err := s.Verify(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}

// TestImportsAddUp imports models one after the other, of which the last one
// goes first.
func TestImportsAddUp(t *testing.T) {
	dir := t.TempDir()
	old, middle, last := hills(around(-50, -50, 80, 80), 1), hills(around(-20, -60, 60, 90), 2), hills(around(-8, 3, 12, 9), 3)
	for _, source := range []memory{old, middle, last} {
		importInto(t, dir, store.Job{Sources: []terrain.Model{source}})
	}
	want := terrain.NewGrid(around(-50, -60, 90, 90))
	for _, source := range []memory{last, middle, old} {
		for r := range source.Rows {
			for c, z := range source.RowM(r) {
				if p := &want.RowM(source.Row0 + r - want.Row0)[source.Col0+c-want.Col0]; *p != *p {
					*p = z
				}
			}
		}
	}
	s := open(t, dir)
	same(t, s, terrain.FillVoids(memory{Grid: want}), want.Lattice)
	mean, _ := s.Overview(2, terrain.Mean)
	same(t, mean, terrain.Coarsen(terrain.FillVoids(memory{Grid: want}), 2, terrain.Mean), mean.Lattice())
	if m := s.Manifest(); len(m.Sources) != 3 || !m.Has("hills 2") || m.Has("hills 4") {
		t.Errorf("the sources are %+v", m.Sources)
	}

	before := contents(t, dir)
	summary := importInto(t, dir, store.Job{Sources: []terrain.Model{last}})
	if summary.TilesWritten != 0 || summary.TilesKept == 0 {
		t.Errorf("once more: %+v", summary)
	}
	sameFiles(t, contents(t, dir), before)
	if _, err := s.Read(t.Context(), s.Lattice()); err != nil {
		t.Errorf("a store that is not changed cannot be read: %v", err)
	}
}

func TestSharedEdges(t *testing.T) {
	// Two models that share a column of posts on the line between two tiles,
	// as SRTM tiles do.
	west, east := hills(around(-30, 5, 31, 20), 1), hills(around(0, 5, 31, 20), 2)
	dir := t.TempDir()
	importInto(t, dir, store.Job{Sources: []terrain.Model{west, east}})
	s := open(t, dir)
	same(t, s, combined(t, west, east), around(-40, 0, 80, 30))
	if m := s.Manifest(); m.Levels[0].Tiles[0].Cols != 30 || m.Levels[0].Tiles[1].Cols != 31 {
		t.Errorf("the tiles are %+v", m.Levels[0].Tiles)
	}
}

func TestSeaIsAtZero(t *testing.T) {
	// The degree south-east of the corner is land in its north-west, and sea.
	land := level(around(0, 0, 60, 40), 100)
	land.RowM(39)[59] = nan
	land.RowM(20)[30] = nan
	dir := t.TempDir()
	job := store.Job{Sources: []terrain.Model{land}, Sea: []store.Square{{LonDeg: -79, LatDeg: -11}, {LonDeg: -80, LatDeg: -11}}}
	summary := importInto(t, dir, job)
	s := open(t, dir)
	if want := around(0, 0, 481, 241); s.Lattice() != want {
		t.Fatalf("spans %+v, want %+v", s.Lattice(), want)
	}
	for _, test := range []struct {
		name     string
		col, row int
		want     float32
	}{
		{"land", 59, 38, 100},
		{"a void of land, which no source knows", 30, 20, 0},
		{"a void on the edge of land", 59, 39, 0},
		{"sea beside land", 60, 10, 0},
		{"the square without land", 400, 100, 0},
		{"the south-east corner", 480, 240, 0},
		{"beyond", 481, 240, nan},
		{"north of it", 10, -1, nan},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := read(t, s, around(test.col, test.row, 1, 1)).ElevationM[0]
			if got != test.want && (got == got || test.want == test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
	voids := store.Voids{PostsSea: 2*240*240 - 60*40 + 2}
	if summary.Voids != voids {
		t.Errorf("counted %+v, want %+v", summary.Voids, voids)
	}
	for _, a := range []terrain.Aggregate{terrain.Mean, terrain.Maximum} {
		kept, _ := s.Overview(4, a)
		same(t, kept, terrain.Coarsen(onlyBase{s}, 4, a), kept.Lattice().Sub(-2, -2, kept.Lattice().Cols+4, kept.Lattice().Rows+4))
	}
	identity := s.Info().Identity
	importInto(t, dir, store.Job{Sea: []store.Square{{LonDeg: -81, LatDeg: -11}}})
	if s := open(t, dir); s.Info().Identity == identity || read(t, s, around(-10, 10, 1, 1)).ElevationM[0] != 0 {
		t.Error("more sea changes nothing")
	}
}

// onlyBase is a store without its overviews.
type onlyBase struct{ s *store.Store }

func (b onlyBase) Info() terrain.Info       { return b.s.Info() }
func (b onlyBase) Lattice() terrain.Lattice { return b.s.Lattice() }
func (b onlyBase) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	return b.s.Read(ctx, l)
}

func TestBathymetry(t *testing.T) {
	deep := level(around(-5, -5, 20, 20), -6000)
	deep.RowM(3)[3] = 250
	dir := t.TempDir()
	job := store.Job{Sources: []terrain.Model{deep}}
	if summary := importInto(t, dir, job); len(summary.Notes) != 1 || !strings.Contains(summary.Notes[0], "--bathymetry") {
		t.Errorf("depths are not noted: %v", summary.Notes)
	}
	job.Bathymetry = true
	if summary := importInto(t, dir, job); len(summary.Notes) != 0 {
		t.Errorf("noted: %v", summary.Notes)
	}
	g := read(t, open(t, dir), deep.Grid.Lattice)
	if slices.Min(g.ElevationM) != 0 || slices.Max(g.ElevationM) != 250 {
		t.Errorf("from %v to %v m, want 0 to 250", slices.Min(g.ElevationM), slices.Max(g.ElevationM))
	}
}

func TestInfo(t *testing.T) {
	source := hills(around(-40, -40, 80, 80), 6)
	source.info.Licence = "its own"
	other := level(around(60, 0, 5, 5), 7)
	dir := filepath.Join(t.TempDir(), "andes")
	importInto(t, dir, store.Job{Sources: []terrain.Model{source, other}, Origin: "made up", Licence: "free"})
	s := open(t, dir)
	info := s.Info()
	if info.Name != "store andes" || info.Source != "made up" || info.Licence != "its own; free" || info.SpacingArcsec != 15 {
		t.Errorf("described as %+v", info)
	}
	want := combined(t, source, other)
	filled := read(t, want, want.Lattice()).Filled
	if info.Contents.PostsFilled != int64(filled) || len(info.Notes) != 1 ||
		!strings.Contains(info.Notes[0], fmt.Sprintf(" small voids of terrain, with %d posts, interpolated", filled)) {
		t.Errorf("%d filled posts are told as %v and %v", filled, info.Contents.PostsFilled, info.Notes)
	}
	if !slices.Equal(info.Contents.OverviewFactors, []int{2, 4}) || len(info.Contents.Sources) != 2 || info.Contents.SizeB < 4*80*80 {
		t.Errorf("the contents are %+v", info.Contents)
	}
	mean, _ := s.Overview(2, terrain.Mean)
	if got, want := fmt.Sprint(mean.Info()), fmt.Sprint(terrain.CoarsenedInfo(info, 2, terrain.Mean)); got != want {
		t.Errorf("the overview is described as %v, want %v", got, want)
	}
	if _, ok := s.Overview(3, terrain.Mean); ok {
		t.Error("an overview by 3 is kept")
	}
}

func TestIdentityIsThatOfTheContent(t *testing.T) {
	identity := func(source memory) string {
		dir := t.TempDir()
		importInto(t, dir, store.Job{Sources: []terrain.Model{source}})
		return open(t, dir).Info().Identity
	}
	source := hills(around(-9, -9, 20, 20), 1)
	first := identity(source)
	if !strings.HasPrefix(first, "store:") || identity(source) != first {
		t.Errorf("%s for one, %s for the other of the same content", first, identity(source))
	}
	source.ElevationM[0]++
	if identity(source) == first {
		t.Error("another elevation, and the same identity")
	}
}

func TestReadRefusesOtherPosts(t *testing.T) {
	dir := t.TempDir()
	importInto(t, dir, store.Job{Sources: []terrain.Model{level(around(0, 0, 9, 9), 1)}})
	s := open(t, dir)
	shifted := s.Lattice()
	shifted.OffLat = 0.25
	mean, _ := s.Overview(2, terrain.Mean)
	for name, read := range map[string]func() (*terrain.Grid, error){
		"shifted":                 func() (*terrain.Grid, error) { return s.Read(t.Context(), shifted) },
		"fewer than none":         func() (*terrain.Grid, error) { return s.Read(t.Context(), s.Lattice().Sub(0, 0, -1, 1)) },
		"the base's, of overview": func() (*terrain.Grid, error) { return mean.Read(t.Context(), s.Lattice()) },
	} {
		var spacing *terrain.SpacingError
		if _, err := read(); !errors.As(err, &spacing) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Read(ctx, s.Lattice()); !errors.Is(err, context.Canceled) {
		t.Errorf("with the context done: %v", err)
	}
}

// TestTilesAreForOthersToRead holds a tile to what GDAL reads from it.
func TestTilesAreForOthersToRead(t *testing.T) {
	source := hills(around(-40, -40, 80, 80), 6)
	dir := t.TempDir()
	importInto(t, dir, store.Job{Sources: []terrain.Model{source}})
	for _, test := range []struct {
		tile string
		want terrain.Lattice
	}{
		{"15s/S10W085.tif", around(-40, -40, 40, 40)},
		{"15s/S15W080.tif", around(0, 0, 40, 40)},
	} {
		path := filepath.Join(dir, test.tile)
		gdaltest.Same(t, gdaltest.Posts(t, path, nan), read(t, source, test.want).ElevationM)
		m, err := geotiff.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		same(t, m, source, test.want)
	}
}

func TestSquares(t *testing.T) {
	for text, want := range map[string]store.Square{
		"S13W070": {LonDeg: -70, LatDeg: -13}, "N00E000": {}, "N89E179": {LonDeg: 179, LatDeg: 89}, "S91E180": {LonDeg: 180, LatDeg: -91},
	} {
		var got store.Square
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want || got.String() != text {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "S13W70", "13S070W", "S13W0700", "X13W070", "S1 W070", "S00W070", "s13w070"} {
		if err := new(store.Square).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q passes for a square", text)
		}
	}
}

// TestRealTerrain holds stores of the test data to their sources: everywhere,
// and as HGT files, as GeoTIFF and as store.
func TestRealTerrain(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 50 million posts several times over")
	}
	for _, name := range []string{"srtm3_sierra_nevada", "peru_composite_15s_int16.tif"} {
		t.Run(name, func(t *testing.T) {
			sources := realSources(t, name)
			dir := t.TempDir()
			importInto(t, dir, store.Job{Sources: sources})
			s, want := open(t, dir), combined(t, sources...)
			all := s.Lattice()
			same(t, s, want, all.Sub(-10, -10, all.Cols+20, all.Rows+20))
			for _, factor := range s.Info().Contents.OverviewFactors {
				mean, _ := s.Overview(factor, terrain.Mean)
				same(t, mean, terrain.Coarsen(want, factor, terrain.Mean), mean.Lattice())
			}
			if b := all.Bound(); math.Abs(b.Max.Lat()-s.Manifest().Extent.North) > 0 {
				t.Errorf("the manifest has %+v", s.Manifest().Extent)
			}
		})
	}
}
