package dted_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/dted"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

// file describes a DTED file for encode to make: plainly, with none of the
// code under test.
type file struct {
	origin                    string // longitude and latitude of the south-west post
	stepLon, stepLat          int    // tenths of an arc-second
	cols, rows                int
	horizontalDatum, vertical string
	angle                     string
	// word is the 16 bits of a post, with rows counted from the south.
	word func(col, row int) uint16
}

// heightM is the elevation of made-up posts, rows counted from the south.
func heightM(col, row int) int { return (col*31+row*17)%9000 - 400 }

func signMagnitude(col, row int) uint16 {
	if (col+row)%97 == 0 {
		return 0xffff
	}
	z := heightM(col, row)
	if z < 0 {
		return uint16(-z) | 0x8000
	}
	return uint16(z)
}

// small is a model of level 0 around 70° W, 13° S.
func small() file {
	return file{origin: "0700000W0130000S", stepLon: 300, stepLat: 300, cols: 121, rows: 121,
		horizontalDatum: "WGS84", vertical: "MSL", angle: "0000000.0", word: signMagnitude}
}

func (f file) encode() []byte {
	uhl := fmt.Sprintf("UHL1%s%04d%04dNA  U  %-12s%04d%04d0%-24s", f.origin, f.stepLon, f.stepLat, "", f.cols, f.rows, "")
	lat := f.origin[9:15] + ".0" + f.origin[15:]
	lon := f.origin[0:7] + ".0" + f.origin[7:8]
	dsi := []byte("DSI" + strings.Repeat(" ", 645))
	for at, text := range map[int]string{
		59: "DTED0", 141: f.vertical, 144: f.horizontalDatum, 185: lat, 194: lon, 264: f.angle,
		273: fmt.Sprintf("%04d%04d%04d%04d00", f.stepLat, f.stepLon, f.rows, f.cols),
	} {
		copy(dsi[at:], text)
	}
	out := append([]byte(uhl), dsi...)
	out = append(out, "ACC"+strings.Repeat(" ", 2697)...)
	for col := range f.cols {
		begin := len(out)
		out = append(out, 0xaa, 0, byte(col>>8), byte(col), byte(col>>8), byte(col), 0, 0)
		for row := range f.rows {
			out = binary.BigEndian.AppendUint16(out, f.word(col, row))
		}
		sum := uint32(0)
		for _, b := range out[begin:] {
			sum += uint32(b)
		}
		out = binary.BigEndian.AppendUint32(out, sum)
	}
	return out
}

func put(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s13.dt0")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) terrain.Model {
	t.Helper()
	m, err := dted.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// all returns what f's posts are, row by row from the north.
func (f file) all() []float32 {
	var out []float32
	for row := f.rows - 1; row >= 0; row-- {
		for col := range f.cols {
			z := float32(heightM(col, row))
			if f.word(col, row) == 0xffff {
				z = float32(math.NaN())
			}
			out = append(out, z)
		}
	}
	return out
}

func TestCells(t *testing.T) {
	with := func(change func(f *file)) file { f := small(); change(&f); return f }
	tests := []struct {
		name string
		file file
		want terrain.Lattice
	}{
		{"level 0", small(),
			terrain.Lattice{PerDegLon: 120, PerDegLat: 120, Col0: 110 * 120, Row0: 102 * 120, Cols: 121, Rows: 121}},
		{"level 1", with(func(f *file) { f.stepLon, f.stepLat, f.cols, f.rows = 30, 30, 1201, 1201 }),
			terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 110 * 1200, Row0: 102 * 1200, Cols: 1201, Rows: 1201}},
		{"level 2", with(func(f *file) { f.stepLon, f.stepLat, f.cols, f.rows = 10, 10, 3601, 3601 }),
			terrain.Lattice{PerDegLon: 3600, PerDegLat: 3600, Col0: 110 * 3600, Row0: 102 * 3600, Cols: 3601, Rows: 3601}},
		{"north-east", with(func(f *file) { f.origin = "0080000E0470000N" }),
			terrain.Lattice{PerDegLon: 120, PerDegLat: 120, Col0: 188 * 120, Row0: 42 * 120, Cols: 121, Rows: 121}},
		{"50° to 70°, 2 arc-seconds by 1", with(func(f *file) { f.origin, f.stepLon, f.stepLat, f.cols, f.rows = "0080000E0550000N", 60, 30, 601, 1201 }),
			terrain.Lattice{PerDegLon: 600, PerDegLat: 1200, Col0: 188 * 600, Row0: 34 * 1200, Cols: 601, Rows: 1201}},
		{"beyond 80° south", with(func(f *file) { f.origin, f.stepLon, f.cols = "0700000W0850000S", 1800, 21 }),
			terrain.Lattice{PerDegLon: 20, PerDegLat: 120, Col0: 110 * 20, Row0: 174 * 120, Cols: 21, Rows: 121}},
		{"a part of a cell", with(func(f *file) { f.origin, f.cols, f.rows = "0694500W0123000S", 31, 61 }),
			terrain.Lattice{PerDegLon: 120, PerDegLat: 120, Col0: 110*120 + 30, Row0: 102 * 120, Cols: 31, Rows: 61}},
		{"an origin between posts", with(func(f *file) { f.origin, f.cols, f.rows = "0695945W0125950S", 31, 61 }),
			terrain.Lattice{PerDegLon: 120, PerDegLat: 120, OffLon: 0.5, OffLat: 0.666667, Col0: 110 * 120, Row0: 102*120 + 59, Cols: 31, Rows: 61}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if testing.Short() && test.file.cols > 1201 {
				t.Skip("13 million posts take a second")
			}
			path := put(t, test.file.encode())
			m := open(t, path)
			if l := m.Lattice(); l != test.want {
				t.Fatalf("the lattice is %+v, want %+v", l, test.want)
			}
			gdaltest.Same(t, gdaltest.Model(t, m), test.file.all())
			gdaltest.Same(t, gdaltest.Model(t, m), gdaltest.Posts(t, path, -32767))
			l := m.Lattice()
			gdaltest.SameBetween(t, path, m, l.Sub(0, 0, min(l.Cols-1, 50), 50))
			gdaltest.SameBetween(t, path, m, l.Sub(max(0, l.Cols-51), l.Rows-51, min(l.Cols-1, 50), 50))
		})
	}
}

func TestWindowsAgree(t *testing.T) {
	f := small()
	m := open(t, put(t, f.encode()))
	whole := f.all()
	for _, w := range [][4]int{{0, 0, 1, 1}, {120, 120, 1, 1}, {-3, -2, 130, 128}, {60, 7, 5, 100}, {118, 100, 40, 40}, {121, 0, 5, 5}, {3, 3, 0, 0}} {
		g, err := m.Read(t.Context(), m.Lattice().Sub(w[0], w[1], w[2], w[3]))
		if err != nil {
			t.Fatal(err)
		}
		for r := range g.Rows {
			for c, z := range g.RowM(r) {
				col, row, want := w[0]+c, w[1]+r, float32(math.NaN())
				if col >= 0 && row >= 0 && col < 121 && row < 121 {
					want = whole[row*121+col]
				}
				if z != want && (z == z || want == want) {
					t.Fatalf("post (%d, %d) is %v, want %v", col, row, z, want)
				}
			}
		}
	}
}

// Signs and magnitudes, the void, and what some producers write instead.
func TestElevations(t *testing.T) {
	f := small()
	words := []uint16{0, 1, 8848, 0x8001, 0x8000 | 430, 0x8000, 0xffff, 0x7fff, 0xfffb, 0xfe52}
	want := []float32{0, 1, 8848, -1, -430, 0, float32(math.NaN()), 32767, -5, -430}
	f.word = func(col, _ int) uint16 { return words[col%len(words)] }
	path := put(t, f.encode())
	row := gdaltest.Model(t, open(t, path))[:len(words)]
	gdaltest.Same(t, row, want)
	gdaltest.Same(t, row, gdaltest.Posts(t, path, -32767)[:len(words)])
}

func TestInfo(t *testing.T) {
	f := small()
	m := open(t, put(t, f.encode()))
	info := m.Info()
	if info.Name != "DTED s13.dt0" || info.SpacingArcsec != 30 || !strings.HasPrefix(info.Identity, "dted:") || len(info.Notes) > 0 {
		t.Errorf("%+v", info)
	}
	f.vertical = "WGE"
	if notes := open(t, put(t, f.encode())).Info().Notes; len(notes) != 1 || !strings.Contains(notes[0], `vertical datum "WGE"`) {
		t.Errorf("the notes are %q", notes)
	}
}

func TestLabelsOfTheTape(t *testing.T) {
	f := small()
	content := append([]byte(fmt.Sprintf("%-80s%-80s", "VOL1", "HDR1")), f.encode()...)
	gdaltest.Same(t, gdaltest.Model(t, open(t, put(t, content))), f.all())
}

func TestFilesOfGDAL(t *testing.T) {
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Col0: 110 * 1200, Row0: 102 * 1200, Cols: 1201, Rows: 1201}
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		g.ElevationM[i] = float32(heightM(i%1201, i/1201))
	}
	dir := t.TempDir()
	tif, path := filepath.Join(dir, "in.tif"), filepath.Join(dir, "s13.dt1")
	out, err := os.Create(tif)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(geotiff.Write(out, g, geotiff.Options{}), out.Close()); err != nil {
		t.Fatal(err)
	}
	gdaltest.Run(t, "gdal_translate", "-q", "-of", "DTED", "-ot", "Int16", tif, path)
	m := open(t, path)
	if m.Lattice() != l {
		t.Errorf("the lattice is %+v, want %+v", m.Lattice(), l)
	}
	gdaltest.Same(t, gdaltest.Model(t, m), g.ElevationM)
}

func TestOpenRefuses(t *testing.T) {
	with := func(change func(f *file)) []byte { f := small(); change(&f); return f.encode() }
	whole := small().encode()
	edited := func(at int, text string) []byte {
		b := append([]byte(nil), whole...)
		copy(b[at:], text)
		return b
	}
	tests := []struct {
		name    string
		content []byte
		want    []string
	}{
		{"nothing", nil, []string{"0 bytes"}},
		{"text", []byte(strings.Repeat("elevations ", 1000)), []string{"not a DTED file"}},
		{"a header alone", whole[:1000], []string{"damaged: it ends before its data begin"}},
		{"cut short", whole[:len(whole)-1], []string{"damaged: 34161 bytes", "121 × 121 posts take"}},
		{"no DSI", edited(80, "???"), []string{"no DSI record"}},
		{"no ACC", edited(728, "???"), []string{"no ACC record"}},
		{"labels alone", []byte(strings.Repeat(fmt.Sprintf("%-80s", "HDR1"), 100)), []string{"no UHL record follows the labels"}},
		{"another datum", with(func(f *file) { f.horizontalDatum = "WGS72" }),
			[]string{`the horizontal datum is "WGS72", not WGS84`, "gdalwarp -t_srs EPSG:4326 in.dt1 out.tif"}},
		{"no datum", with(func(f *file) { f.horizontalDatum = "     " }), []string{"no horizontal datum", "gdal_translate -a_srs EPSG:4326"}},
		{"turned", with(func(f *file) { f.angle = "0450000.0" }), []string{`turned by "0450000.0" degrees`}},
		{"no distance", with(func(f *file) { f.stepLon = 0 }), []string{`the longitude interval is "0000"`}},
		{"no columns", edited(47, "    "), []string{`the count of longitude lines is "    "`}},
		{"no place", edited(4, "07X0000W"), []string{`the origin is "07X0000W0130000S"`}},
		{"61 minutes", edited(4, "0706100W"), []string{"the origin is"}},
		{"neither east nor west", edited(4, "0700000N"), []string{"the origin is"}},
		{"beyond the pole", with(func(f *file) { f.origin = "0700000W0893000N" }), []string{"beyond longitude 180 or latitude 90"}},
		{"beyond the antimeridian", with(func(f *file) { f.origin = "1793000E0000000N" }), []string{"beyond longitude 180"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := dted.Open(t.Context(), put(t, test.content))
			requireFormatError(t, err, append(test.want, "s13.dt0: ")...)
		})
	}
}

func requireFormatError(t *testing.T, err error, want ...string) {
	t.Helper()
	var format *terrain.FormatError
	if !errors.As(err, &format) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v, want a FormatError of one line", err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func TestDamageIsFound(t *testing.T) {
	const firstColumn, recordB = 3428, 12 + 2*121
	for name, test := range map[string]struct {
		at   int
		want string
	}{
		"an elevation": {firstColumn + 7*recordB + 100, "damaged: column 7 has the checksum"},
		"a checksum":   {firstColumn + 8*recordB - 1, "damaged: column 7 has the checksum"},
		"a mark":       {firstColumn + 120*recordB, "damaged: column 120 does not begin with its mark"},
	} {
		t.Run(name, func(t *testing.T) {
			content := small().encode()
			content[test.at] ^= 1
			m := open(t, put(t, content))
			_, err := m.Read(t.Context(), m.Lattice())
			requireFormatError(t, err, test.want, "s13.dt0: ", "fetch it again")
			if _, err := m.Read(t.Context(), m.Lattice().Sub(0, 0, 7, 121)); err != nil {
				t.Errorf("columns that are sound: %v", err)
			}
		})
	}
}

func TestReadStops(t *testing.T) {
	path := put(t, small().encode())
	m := open(t, path)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(cancelled, m.Lattice()); !errors.Is(err, context.Canceled) {
		t.Errorf("Read with the context done: %v", err)
	}
	if _, err := dted.Open(cancelled, path); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with the context done: %v", err)
	}
	if err := os.Truncate(path, 4000); err != nil {
		t.Fatal(err)
	}
	_, err := m.Read(t.Context(), m.Lattice())
	requireFormatError(t, err, "s13.dt0: the file changed")
	var spacing *terrain.SpacingError
	if _, err := m.Read(t.Context(), m.Lattice().Refine(2)); !errors.As(err, &spacing) {
		t.Errorf("posts that the file does not have: %v", err)
	}
}

func BenchmarkRead_3601x3601(b *testing.B) {
	f := small()
	f.stepLon, f.stepLat, f.cols, f.rows = 10, 10, 3601, 3601
	m := open(b, put(b, f.encode()))
	b.SetBytes(2 * 3601 * 3601)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Read(b.Context(), m.Lattice()); err != nil {
			b.Fatal(err)
		}
	}
}
