package hgt_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/hgt"
	"github.com/canopyradar/canopy/terrain/internal/gdaltest"
)

const (
	n    = 1201
	void = -32768
)

// heightM is the elevation that made-up tiles have at a post.
func heightM(col, row int) int16 {
	if (col+row)%97 == 0 {
		return void
	}
	return int16((col*31+row*17)%9000 - 400)
}

// made is the content of a 3″ tile.
var made = func() []byte {
	raw := make([]byte, 0, n*n*2)
	for row := range n {
		for col := range n {
			raw = binary.BigEndian.AppendUint16(raw, uint16(heightM(col, row)))
		}
	}
	return raw
}()

func put(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zipped packs content under each of the names.
func zipped(t testing.TB, method uint16, content []byte, names ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, path string) terrain.Model {
	t.Helper()
	m, err := hgt.OpenTile(t.Context(), path)
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

// requireMade checks every post of the made-up tile in g, which may reach
// beyond it.
func requireMade(t testing.TB, all terrain.Lattice, g *terrain.Grid) {
	t.Helper()
	for r := range g.Rows {
		for c, got := range g.RowM(r) {
			col, row := g.Col0+c-all.Col0, g.Row0+r-all.Row0
			known := col >= 0 && row >= 0 && col < n && row < n && heightM(col, row) != void
			if !known && got == got {
				t.Fatalf("post (%d, %d) is %v, want it missing", col, row, got)
			}
			if known && got != float32(heightM(col, row)) {
				t.Fatalf("post (%d, %d) is %v, want %v", col, row, got, heightM(col, row))
			}
		}
	}
}

func TestOneTile(t *testing.T) {
	packed := gzipped(t, made)
	tests := []struct {
		name    string
		content []byte
	}{
		{"S13W070.hgt", made},
		{"s13w070.HGT", made},
		{"S13W070.SRTMGL3.hgt", made},
		{"S13W070.hgt.gz", packed},
		{"S13W070.HGT.GZ", packed},
		{"S13W070.hgt.zip", zipped(t, zip.Deflate, made, "S13W070.hgt")},
		{"S13W070.SRTMGL3.hgt.zip", zipped(t, zip.Store, made, "s13w070.HGT")},
		{"S13W070.hgt.ZIP", zipped(t, zip.Deflate, made, "tile.hgt")},
		{"delivery.zip", zipped(t, zip.Deflate, made, "readme.txt", "J18/S13W070.hgt", "__MACOSX/._S13W070.hgt")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := open(t, put(t, test.name, test.content))
			l := m.Lattice()
			if l.Posts() != n*n || l.Lon(0) != -70 || l.Lat(0) != -12 || l.Lon(n-1) != -69 || l.Lat(n-1) != -13 {
				t.Fatalf("the lattice is %+v", l)
			}
			info := m.Info()
			if info.Name != "SRTM tile "+test.name || info.SpacingArcsec != 3 || !strings.HasPrefix(info.Identity, "hgt:") {
				t.Errorf("%+v", info)
			}
			for _, window := range []terrain.Lattice{
				l, l.Sub(-5, -5, n+10, n+10), l.Sub(100, 200, 300, 400), l.Sub(n-1, n-1, 1, 1), l.Sub(n, 0, 5, 5), l.Sub(3, 3, 0, 0),
			} {
				requireMade(t, l, read(t, m, window))
			}
		})
	}
}

func TestOneArcSecond(t *testing.T) {
	raw := make([]byte, 3601*3601*2)
	binary.BigEndian.PutUint16(raw[(3600*3601+1)*2:], 123)
	for name, content := range map[string][]byte{"N00W001.hgt": raw, "N00W001.hgt.gz": gzipped(t, raw)} {
		m := open(t, put(t, name, content))
		l := m.Lattice()
		if l.PerDegLon != 3600 || l.Cols != 3601 || l.Lat(3600) != 0 || l.Lon(3600) != 0 || m.Info().SpacingArcsec != 1 {
			t.Errorf("%+v, %+v", l, m.Info())
		}
		if g := read(t, m, l.Sub(0, 3600, 3, 1)); g.ElevationM[0] != 0 || g.ElevationM[1] != 123 || g.ElevationM[2] != 0 {
			t.Errorf("%s: the last row begins with %v", name, g.ElevationM)
		}
	}
}

func TestOpenTileRefuses(t *testing.T) {
	packed := gzipped(t, made)
	archive := zipped(t, zip.Deflate, made, "S13W070.hgt")
	tests := []struct {
		name    string
		content []byte
		want    []string
	}{
		{"S13W070.hgt", nil, []string{"0 bytes"}},
		{"S13W070.hgt", made[2:], []string{"2884800 bytes;", "2884802", "25934402", "cut short"}},
		{"tile.hgt", made, []string{"the name does not give a tile's south-west corner", "name it like S13W070.hgt"}},
		{"S91W070.hgt", made, []string{"the name does not give"}},
		{"S13W181.hgt", made, []string{"the name does not give"}},
		{"tile.hgt.gz", packed, []string{"the name does not give"}},
		{"S13W070.hgt.gz", packed[:10], []string{"10 bytes are too few for a gzip file"}},
		{"S13W070.hgt.gz", packed[:len(packed)/2], []string{"bytes when unpacked; a tile has"}},
		{"S13W070.hgt.gz", made, []string{"damaged: not a gzip file; fetch it again"}},
		{"S13W070.hgt.gz", gzipped(t, made[2:]), []string{"2884800 bytes when unpacked"}},
		{"S13W070.hgt.zip", made, []string{"damaged: not a whole zip archive", "fetch it again"}},
		{"S13W070.hgt.zip", archive[:len(archive)-30], []string{"damaged: not a whole zip archive"}},
		{"S13W070.hgt.zip", zipped(t, zip.Deflate, made, "readme.txt"), []string{"holds 0 .hgt files, not one"}},
		{"S13W070.hgt.zip", zipped(t, zip.Deflate, made[:8], "S13W070.hgt", "S13W071.hgt"), []string{"holds 2 .hgt files", "unzip it"}},
		{"S13W070.hgt.zip", zipped(t, zip.Deflate, made[:8], "S13W070.hgt"), []string{"8 bytes when unpacked"}},
		{"some.zip", zipped(t, zip.Deflate, made, "tile.hgt"), []string{"the name does not give"}},
	}
	for _, test := range tests {
		t.Run(test.name+" "+test.want[0], func(t *testing.T) {
			_, err := hgt.OpenTile(t.Context(), put(t, test.name, test.content))
			requireFormatError(t, err, append(test.want, test.name)...)
		})
	}
}

// requireFormatError checks that err is one line that says each of want.
func requireFormatError(t *testing.T, err error, want ...string) {
	t.Helper()
	var format *terrain.FormatError
	if !errors.As(err, &format) {
		t.Fatalf("got %v, want a FormatError", err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is more than one line", err)
	}
}

// What the frame of a packed tile hides is found when it is read.
func TestDamageWithin(t *testing.T) {
	packed := gzipped(t, made)
	flipped := bytes.Clone(packed)
	flipped[len(flipped)/2] ^= 0x55
	short := gzipped(t, made[:1000])
	claimed := append(bytes.Clone(short[:len(short)-4]), packed[len(packed)-4:]...)
	bomb := gzipped(t, make([]byte, 40<<20))
	bomb = append(bomb[:len(bomb)-4:len(bomb)-4], packed[len(packed)-4:]...)
	archive := zipped(t, zip.Deflate, made, "S13W070.hgt")
	archive[len(archive)/2] ^= 0x55
	stored := zipped(t, zip.Store, made, "S13W070.hgt")
	stored[len(stored)/2] ^= 0x55
	tests := []struct {
		name, file string
		content    []byte
		want       string
	}{
		{"a flipped byte", "S13W070.hgt.gz", flipped, "damaged: "},
		{"less than it says", "S13W070.hgt.gz", claimed, "damaged: it cannot be unpacked: gzip: invalid checksum"},
		{"a bomb", "S13W070.hgt.gz", bomb, "damaged: it unpacks to more than 2884802 bytes"},
		{"a flipped byte in an archive", "S13W070.hgt.zip", archive, "damaged: "},
		{"a flipped byte in an archive that does not pack", "S13W070.hgt.zip", stored, "checksum"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := open(t, put(t, test.file, test.content))
			for range 2 {
				_, err := m.Read(t.Context(), m.Lattice().Sub(0, 0, 1, 1))
				requireFormatError(t, err, test.want, test.file+": damaged", "fetch it again")
			}
		})
	}
}

func TestIdentity(t *testing.T) {
	identity := func(name string, content []byte) string { return open(t, put(t, name, content)).Info().Identity }
	before := identity("S13W070.hgt", made)
	if !strings.HasPrefix(before, "hgt:") || len(before) != len("hgt:")+64 {
		t.Fatalf("the identity is %q", before)
	}
	if identity("s13w070.HGT", made) != before {
		t.Error("it changes with the case of a name")
	}
	if identity("S13W069.hgt", made) == before {
		t.Error("it does not change when a tile moves")
	}
	other := bytes.Clone(made)
	other[12345]++
	if identity("S13W070.hgt", other) == before {
		t.Error("it does not change with an elevation")
	}
}

func TestReadStops(t *testing.T) {
	path := put(t, "S13W070.hgt", made)
	m := open(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(ctx, m.Lattice()); !errors.Is(err, context.Canceled) {
		t.Errorf("Read with the context done: %v", err)
	}
	if _, err := hgt.OpenTile(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("OpenTile with the context done: %v", err)
	}
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	_, err := m.Read(t.Context(), m.Lattice())
	requireFormatError(t, err, "S13W070.hgt: the file changed")
	if _, err := m.Read(t.Context(), m.Lattice().Refine(2)); err == nil {
		t.Error("Read of posts that the tile does not have succeeds")
	}
}

func TestReadersDoNotDisturbEachOther(t *testing.T) {
	m := open(t, put(t, "S13W070.hgt.gz", gzipped(t, made)))
	for i := range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			requireMade(t, m.Lattice(), read(t, m, m.Lattice().Sub(i*100, i*200, 500, 500)))
		})
	}
}

func TestTilesMatchGDAL(t *testing.T) {
	for name, content := range map[string][]byte{
		"S13W070.hgt":     made,
		"S13W070.hgt.zip": zipped(t, zip.Deflate, made, "S13W070.hgt"),
	} {
		t.Run(name, func(t *testing.T) {
			path := put(t, name, content)
			m := open(t, path)
			gdaltest.Same(t, gdaltest.Model(t, m), gdaltest.Posts(t, path, void))
			gdaltest.SameBetween(t, path, m, m.Lattice().Sub(0, 0, 400, 300))
			gdaltest.SameBetween(t, path, m, m.Lattice().Sub(1000, 1000, 200, 200))
		})
	}
}

// sierraNevada holds nine real tiles, N36W120 to N38W118.
const sierraNevada = "../../../shared/data/srtm3_sierra_nevada"

func TestRealTilesMatchGDAL(t *testing.T) {
	for _, name := range []string{"N36W120.hgt", "N37W119.hgt", "N38W118.hgt"} {
		path := filepath.Join(sierraNevada, name)
		if _, err := os.Stat(path); err != nil {
			t.Skip("the Sierra Nevada tiles are not here")
		}
		m := open(t, path)
		gdaltest.Same(t, gdaltest.Model(t, m), gdaltest.Posts(t, path, void))
		gdaltest.SameBetween(t, path, m, m.Lattice().Sub(300, 500, 200, 200))
	}
}

func BenchmarkReadUnpacked_3600x3600(b *testing.B) {
	raw := make([]byte, 3601*3601*2)
	m := open(b, put(b, "S13W070.hgt", raw))
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		read(b, m, m.Lattice())
	}
}

// BenchmarkOpenAndReadGzip_3600x3600 unpacks the tile every time, as every
// model is a new one.
func BenchmarkOpenAndReadGzip_3600x3600(b *testing.B) {
	raw := make([]byte, 0, 3601*3601*2)
	for len(raw) < 3601*3601*2 {
		raw = append(raw, made[:min(len(made), 3601*3601*2-len(raw))]...)
	}
	path := put(b, "S13W070.hgt.gz", gzipped(b, raw))
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		m := open(b, path)
		read(b, m, m.Lattice())
	}
}

// BenchmarkReadGzip_64x64 reads small windows of one tile, which is unpacked
// once.
func BenchmarkReadGzip_64x64(b *testing.B) {
	m := open(b, put(b, "S13W070.hgt.gz", gzipped(b, made)))
	b.ReportAllocs()
	for b.Loop() {
		read(b, m, m.Lattice().Sub(500, 500, 64, 64))
	}
}
