package mosaic_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/hgt"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
	"github.com/canopyradar/canopy/terrain/mosaic"
)

var missing = float32(math.NaN())

// part is a model in memory that counts how often it is read.
type part struct {
	*terrain.Grid
	info  terrain.Info
	delay time.Duration
	err   error
	reads atomic.Int32
}

func (p *part) Info() terrain.Info       { return p.info }
func (p *part) Lattice() terrain.Lattice { return p.Grid.Lattice }

func (p *part) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	p.reads.Add(1)
	time.Sleep(p.delay)
	g, err := terrain.NewWindow(p.Grid.Lattice, l)
	if err != nil || p.err != nil {
		return nil, errors.Join(err, p.err)
	}
	inside := l.Intersect(p.Grid.Lattice)
	for r := range inside.Rows {
		for c := range inside.Cols {
			col, row := inside.Col0+c, inside.Row0+r
			g.RowM(row - g.Row0)[col-g.Col0] = p.RowM(row - p.Row0)[col-p.Col0]
		}
	}
	return g, ctx.Err()
}

// perDeg is the spacing of made-up tiles.
const perDeg = 12

// tile makes the one-degree tile whose south-west corner is (lonDeg, latDeg),
// of one elevation.
func tile(lonDeg, latDeg int, zM float32) *part {
	l := terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg,
		Col0: (lonDeg + 180) * perDeg, Row0: (89 - latDeg) * perDeg, Cols: perDeg + 1, Rows: perDeg + 1}
	p := &part{Grid: terrain.NewGrid(l)}
	for i := range p.ElevationM {
		p.ElevationM[i] = zM
	}
	p.info = terrain.Info{Name: fmt.Sprintf("tile %d %d", lonDeg, latDeg), Identity: fmt.Sprintf("test:%d", int(zM)), SpacingArcsec: 300}
	return p
}

func combine(t testing.TB, parts ...terrain.Model) terrain.Model {
	t.Helper()
	m, err := mosaic.New("all", parts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t testing.TB, m terrain.Model, l terrain.Lattice) *terrain.Grid {
	t.Helper()
	g, err := m.Read(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Around 70° W, 13° S, without a south-eastern tile:
//
//	30 40
//	10
func TestPartsMakeOneModel(t *testing.T) {
	m := combine(t, tile(-71, -13, 30), tile(-70, -13, 40), tile(-71, -14, 10))
	l := m.Lattice()
	if l.Cols != 25 || l.Rows != 25 || l.Lon(0) != -71 || l.Lat(0) != -12 || l.Lon(24) != -69 || l.Lat(24) != -14 {
		t.Fatalf("the lattice is %+v", l)
	}
	g := read(t, m, l.Sub(-2, -2, 29, 29))
	for r := range g.Rows {
		for c, got := range g.RowM(r) {
			col, row := c-2, r-2
			want := missing
			switch {
			case col < 0 || row < 0 || col > 24 || row > 24:
			case row >= 12 && col <= 12:
				want = 10 // the southern part has the posts of the seam
			case row <= 12 && col <= 12:
				want = 30
			case row <= 12:
				want = 40
			}
			if got != want && (got == got || want == want) {
				t.Fatalf("post (%d, %d) is %v, want %v", col, row, got, want)
			}
		}
	}
}

func TestSeams(t *testing.T) {
	tests := []struct {
		name       string
		west, east float32
		want       float32
	}{
		{"both agree", 700, 700, 700},
		{"void in the west", missing, 700, 700},
		{"void in the east", 700, missing, 700},
		{"the western part wins", 700, 800, 700},
		{"void in both", missing, missing, missing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			west, east := tile(0, 0, test.west), tile(1, 0, test.east)
			for name, m := range map[string]terrain.Model{"west first": combine(t, west, east), "east first": combine(t, east, west)} {
				got := read(t, m, m.Lattice().Sub(12, 6, 1, 1)).ElevationM[0]
				if got != test.want && (got == got || test.want == test.want) {
					t.Errorf("%s: got %v, want %v", name, got, test.want)
				}
			}
		})
	}
}

// Whatever the order in which parts are given, and in which they are read, the
// model is the same in every window.
func TestOrderDoesNotMatter(t *testing.T) {
	const seed = 20261122
	random := rand.New(rand.NewPCG(seed, 0))
	var parts []terrain.Model
	for lon := range 4 {
		for lat := range 4 {
			p := tile(lon, lat, float32(100*lon+lat))
			for i := range p.ElevationM {
				if random.IntN(4) == 0 {
					p.ElevationM[i] = missing
				}
			}
			p.delay = time.Duration(random.IntN(300)) * time.Microsecond
			parts = append(parts, p)
		}
	}
	first := combine(t, parts...)
	want := read(t, first, first.Lattice())
	for range 20 {
		random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		m := combine(t, parts...)
		if m.Info().Identity != first.Info().Identity {
			t.Fatalf("seed %d: the identity changes with the order", seed)
		}
		col, row := random.IntN(40), random.IntN(40)
		g := read(t, m, m.Lattice().Sub(col, row, 20, 15))
		for r := range g.Rows {
			for c, z := range g.RowM(r) {
				wanted := missing
				if col+c < want.Cols && row+r < want.Rows {
					wanted = want.RowM(row + r)[col+c]
				}
				if z != wanted && (z == z || wanted == wanted) {
					t.Fatalf("seed %d: post (%d, %d) is %v, want %v", seed, col+c, row+r, z, wanted)
				}
			}
		}
	}
}

func TestOnlyPartsInTheWindowAreRead(t *testing.T) {
	west, east := tile(0, 0, 1), tile(1, 0, 2)
	far := tile(100, 50, 3)
	m := combine(t, west, east, far)
	read(t, m, m.Lattice().Sub(0, 50*perDeg, 5, 5))
	if west.reads.Load() != 1 || east.reads.Load() != 0 || far.reads.Load() != 0 {
		t.Errorf("reads: %d in the west, %d in the east, %d far away; want 1, 0, 0",
			west.reads.Load(), east.reads.Load(), far.reads.Load())
	}
	if g := read(t, m, m.Lattice().Sub(0, 0, 0, 0)); g.Posts() != 0 {
		t.Errorf("a window without posts has %d", g.Posts())
	}
}

func TestSinglePartsAndTwins(t *testing.T) {
	one := tile(0, 0, 1)
	if m := combine(t, one); m != terrain.Model(one) {
		t.Error("a single part is not returned as it is")
	}
	if m := combine(t, one, tile(0, 0, 1)); m != terrain.Model(one) && m.Info().Identity != one.info.Identity {
		t.Error("the same part twice is not that part")
	}
	if m := combine(t, one, tile(0, 0, 2)); !strings.HasPrefix(m.Info().Identity, "mosaic:") {
		t.Error("another part in the same place is left out")
	}
}

func TestInfo(t *testing.T) {
	a, b := tile(0, 0, 1), tile(1, 0, 2)
	a.info.Source, b.info.Source = "survey", "survey"
	a.info.Licence = "free"
	a.info.Notes, b.info.Notes = []string{"x", "y"}, []string{"y", "z"}
	info := combine(t, a, b).Info()
	if info.Name != "all" || info.Source != "survey" || info.Licence != "" || info.SpacingArcsec != 300 || info.Demonstration {
		t.Errorf("%+v", info)
	}
	if !slices.Equal(info.Notes, []string{"x", "y", "z"}) {
		t.Errorf("the notes are %q", info.Notes)
	}
	if !strings.HasPrefix(info.Identity, "mosaic:") || len(info.Identity) != len("mosaic:")+64 {
		t.Errorf("the identity is %q", info.Identity)
	}
	if moved := combine(t, a, tile(2, 0, 2)).Info().Identity; moved == info.Identity {
		t.Error("the identity does not change when a part moves")
	}
	if changed := combine(t, a, tile(1, 0, 3)).Info().Identity; changed == info.Identity {
		t.Error("the identity does not change with a part")
	}
}

func TestNewRefuses(t *testing.T) {
	fine := tile(1, 0, 2)
	fine.Grid = terrain.NewGrid(fine.Refine(3))
	shifted := tile(1, 0, 3)
	shifted.OffLat = 0.5
	tests := []struct {
		name  string
		parts []terrain.Model
		want  []string
	}{
		{"no parts", nil, []string{"all: a mosaic of no parts"}},
		{"another spacing", []terrain.Model{fine, tile(0, 0, 1)},
			[]string{"all: tile 1 0 has 36 × 36 posts per degree", "tile 0 0 has 12 × 12", "gdalwarp -tr 0.0833333333333 0.0833333333333"}},
		{"shifted posts", []terrain.Model{tile(0, 0, 1), shifted}, []string{"shifted by 0, 0.5", "keep files of one spacing"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := mosaic.New("all", test.parts)
			var format *terrain.FormatError
			if !errors.As(err, &format) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("got %v, want a FormatError of one line", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

func TestReadFails(t *testing.T) {
	bad := tile(1, 0, 2)
	bad.err = &terrain.FormatError{Path: "bad.hgt", Reason: "damaged"}
	m := combine(t, tile(0, 0, 1), bad, tile(2, 0, 3), tile(3, 0, 4))
	if _, err := m.Read(t.Context(), m.Lattice()); !errors.Is(err, bad.err) {
		t.Errorf("got %v, want %v", err, bad.err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(cancelled, m.Lattice().Sub(0, 0, 3, 3)); !errors.Is(err, context.Canceled) {
		t.Errorf("with the context done: %v", err)
	}
	var spacing *terrain.SpacingError
	if _, err := m.Read(t.Context(), m.Lattice().Refine(2)); !errors.As(err, &spacing) {
		t.Errorf("posts that no part has: %v", err)
	}
}

// sierraNevada holds nine real tiles, N36W120 to N38W118.
const sierraNevada = "../../../shared/data/srtm3_sierra_nevada"

// sierra returns the tiles, and their paths from the north-east to the
// south-west: GDAL lets the last of several win.
func sierra(t testing.TB) (terrain.Model, []string) {
	t.Helper()
	var parts []terrain.Model
	var paths []string
	for _, lat := range []int{38, 37, 36} {
		for _, lon := range []int{118, 119, 120} {
			path := filepath.Join(sierraNevada, fmt.Sprintf("N%dW%d.hgt", lat, lon))
			m, err := hgt.OpenTile(t.Context(), path)
			if err != nil {
				t.Skip("the Sierra Nevada tiles are not here")
			}
			parts, paths = append(parts, m), append(paths, path)
		}
	}
	return combine(t, parts...), paths
}

func TestRealTilesMatchGDAL(t *testing.T) {
	m, paths := sierra(t)
	all := filepath.Join(t.TempDir(), "all.vrt")
	gdaltest.Run(t, append([]string{"gdalbuildvrt", "-q", all}, paths...)...)
	gdaltest.Same(t, gdaltest.Model(t, m), gdaltest.Posts(t, all, -32768))
	// The corner where four tiles meet, and the rim.
	gdaltest.SameBetween(t, all, m, m.Lattice().Sub(1150, 1150, 100, 100))
	gdaltest.SameBetween(t, all, m, m.Lattice().Sub(0, 0, 50, 50))
	gdaltest.SameBetween(t, all, m, m.Lattice().Sub(3550, 3550, 50, 50))
}

// Voids beside a seam are filled from the neighbour, as GDAL fills them.
func TestVoidsAtSeamsMatchGDAL(t *testing.T) {
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(5, 6))
	var parts []terrain.Model
	var paths []string
	for _, name := range []string{"S13W070.hgt", "S13W071.hgt", "S14W070.hgt", "S14W071.hgt"} {
		raw := make([]byte, 0, 1201*1201*2)
		for range 1201 * 1201 {
			z := int16(random.IntN(5000))
			if z%3 == 0 {
				z = -32768
			}
			raw = binary.BigEndian.AppendUint16(raw, uint16(z))
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := hgt.OpenTile(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		parts, paths = append(parts, m), append(paths, path)
	}
	all := filepath.Join(dir, "all.vrt")
	gdaltest.Run(t, append([]string{"gdalbuildvrt", "-q", all}, paths...)...)
	gdaltest.Same(t, gdaltest.Model(t, combine(t, parts...)), gdaltest.Posts(t, all, -32768))
}

// Neighbours need not agree on the posts that they share: here N37W120 has
// 2132 m and N37W119, which comes second, 2131 m.
func TestRealSeam(t *testing.T) {
	m, _ := sierra(t)
	if z := read(t, m, m.Lattice().Sub(1200, 1200+107, 1, 1)).ElevationM[0]; z != 2132 {
		t.Errorf("the shared post is at %v m, want 2132", z)
	}
}

func TestRealTilesAreWhole(t *testing.T) {
	m, _ := sierra(t)
	g := read(t, m, m.Lattice())
	if g.Cols != 3601 || g.Rows != 3601 || g.Missing() != 0 {
		t.Fatalf("%d × %d posts, %d missing", g.Cols, g.Rows, g.Missing())
	}
	// Mount Whitney, 36.5786° N 118.2920° W: 4421 m; at 3″ its top is blunted.
	if z := g.At(-118.2920, 36.5786); z < 4300 || z > 4421 {
		t.Errorf("Mount Whitney is at %v m", z)
	}
}

func BenchmarkReadNineTiles_1700x1730(b *testing.B) {
	m, _ := sierra(b)
	b.ReportAllocs()
	for b.Loop() {
		read(b, m, m.Lattice().Sub(900, 900, 1700, 1730))
	}
}

// many returns a mosaic of n one-degree parts, side by side.
func many(b *testing.B, n int) (m terrain.Model, parts []terrain.Model) {
	b.Helper()
	for i := range n {
		parts = append(parts, tile(i%100-50, i/100, float32(i)))
	}
	return combine(b, parts...), parts
}

func BenchmarkNew_3000(b *testing.B) {
	_, parts := many(b, 3000)
	b.ReportAllocs()
	for b.Loop() {
		combine(b, parts...)
	}
}

// BenchmarkReadOfMany_2x2 asks for a place: what a profile or an airstrip does.
func BenchmarkReadOfMany_2x2(b *testing.B) {
	for _, n := range []int{9, 600, 3000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, _ := many(b, n)
			b.ReportAllocs()
			for b.Loop() {
				read(b, m, m.Lattice().Sub(20, 6, 2, 2))
			}
		})
	}
}
