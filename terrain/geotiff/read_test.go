package geotiff_test

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
	"github.com/canopyradar/canopy/terrain/geotiff"
)

func parse(t testing.TB, content string) terrain.Model {
	t.Helper()
	m, err := geotiff.Parse("test.tif", content)
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

// expect compares with values in which NaN stands for missing.
func expect(t testing.TB, got []float32, wantM []float64) {
	t.Helper()
	if len(got) != len(wantM) {
		t.Fatalf("%d posts, want %d", len(got), len(wantM))
	}
	for i, z := range got {
		if want := float32(wantM[i]); z != want && (z == z || want == want) {
			t.Fatalf("post %d is %v, want %v", i, z, want)
		}
	}
}

// variants calls test for every way of storing an image that can be read.
func variants(test func(name string, im image)) {
	for _, kind := range []string{"Int16", "UInt16", "Int32", "Float32"} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, big := range []bool{false, true} {
				for _, tileCols := range []int{0, 8} {
					for _, packing := range [][2]uint16{{1, 1}, {5, 1}, {5, 2}, {5, 3}, {8, 1}, {8, 2}, {8, 3}, {32946, 2}, {50000, 1}, {50000, 2}, {50000, 3}} {
						if packing[1] == 3 && kind != "Float32" {
							continue
						}
						im := ramp(19, 13)
						im.kind, im.order, im.big, im.tileCols = kind, order, big, tileCols
						im.compression, im.predictor = packing[0], packing[1]
						test(fmt.Sprintf("%s %v big=%v tile=%d compression=%d predictor=%d",
							kind, order, big, tileCols, packing[0], packing[1]), im)
					}
				}
			}
		}
	}
}

func TestEveryWayOfStoring(t *testing.T) {
	variants(func(name string, im image) {
		t.Run(name, func(t *testing.T) {
			im.valuesM[7] = 8848
			if im.kind != "UInt16" {
				im.valuesM[20] = -411
			}
			if im.kind == "Float32" {
				im.valuesM[21] = 0.1
			}
			m := parse(t, im.encode())
			expect(t, read(t, m, m.Lattice()).ElevationM, im.valuesM)
		})
	})
}

func TestWindowsAgree(t *testing.T) {
	windows := []struct {
		name                 string
		col, row, cols, rows int
	}{
		{"one post", 8, 5, 1, 1},
		{"across blocks", 3, 4, 12, 7},
		{"larger than the image", -4, -3, 30, 20},
		{"over the south-east corner", 17, 11, 9, 9},
		{"beside the image", 19, 0, 4, 4},
		{"empty", 2, 2, 0, 0},
	}
	for _, tileCols := range []int{0, 8} {
		im := ramp(19, 13)
		im.tileCols, im.compression = tileCols, 8
		m := parse(t, im.encode())
		for _, test := range windows {
			t.Run(fmt.Sprintf("%s, tile=%d", test.name, tileCols), func(t *testing.T) {
				g := read(t, m, m.Lattice().Sub(test.col, test.row, test.cols, test.rows))
				var want []float64
				for r := test.row; r < test.row+test.rows; r++ {
					for c := test.col; c < test.col+test.cols; c++ {
						z := math.NaN()
						if c >= 0 && r >= 0 && c < 19 && r < 13 {
							z = im.valuesM[r*19+c]
						}
						want = append(want, z)
					}
				}
				expect(t, g.ElevationM, want)
			})
		}
	}
}

func TestReadersDoNotDisturbEachOther(t *testing.T) {
	im := ramp(190, 130)
	im.tileCols, im.tileRows, im.compression, im.predictor = 16, 16, 8, 2
	m := parse(t, im.encode())
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			expect(t, read(t, m, m.Lattice()).ElevationM, im.valuesM)
		})
	}
}

func TestVoids(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name, kind string
		noData     any
		valuesM    []float64
		wantM      []float64
	}{
		{"declared", "Int16", ascii("-500"), []float64{-500, 1, -9999}, []float64{nan, 1, -9999}},
		{"declared with spaces", "Int16", ascii(" 7 "), []float64{7, 1, 2}, []float64{nan, 1, 2}},
		{"zero declared", "UInt16", ascii("0"), []float64{0, 1, 2}, []float64{nan, 1, 2}},
		{"none declared", "Int16", nil, []float64{-9999, -32768, 0}, []float64{nan, nan, 0}},
		{"another than SRTM's", "Int16", ascii("32767"), []float64{-32768, 32767, 1}, []float64{nan, nan, 1}},
		{"all ones", "UInt16", nil, []float64{65535, 40000, 1}, []float64{nan, nan, 1}},
		{"beyond 16 bits", "Int32", ascii("-2147483648"), []float64{-2147483648, 40000, -9999}, []float64{nan, nan, -9999}},
		{"NaN declared", "Float32", ascii("nan"), []float64{nan, 1, 2}, []float64{nan, 1, 2}},
		{"NaN, but another declared", "Float32", ascii("-1"), []float64{nan, -1, 2}, []float64{nan, nan, 2}},
		{"infinities", "Float32", nil, []float64{math.Inf(1), math.Inf(-1), 2}, []float64{nan, nan, 2}},
		{"the lowest float", "Float32", ascii("-3.4028234663852886e+38"), []float64{-math.MaxFloat32, 1, 2}, []float64{nan, 1, 2}},
		{"a decimal that single precision rounds", "Float32", ascii("-0.1"), []float64{-0.1, 1, 2}, []float64{nan, 1, 2}},
		{"of a number beyond single precision", "Float32", ascii("-1.7976931348623157e+308"), []float64{1, 2, 3}, []float64{1, 2, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			im := ramp(3, 1).with(42113, test.noData)
			im.kind, im.valuesM = test.kind, test.valuesM
			m := parse(t, im.encode())
			expect(t, read(t, m, m.Lattice()).ElevationM, test.wantM)
		})
	}
}

func TestBlocksThatWereNeverWrittenAreMissing(t *testing.T) {
	im := ramp(19, 13)
	im.tileRows = 13
	m := parse(t, im.with(279, longs{0}).with(273, longs{0}).encode())
	if g := read(t, m, m.Lattice()); g.Missing() != g.Posts() {
		t.Errorf("%d of %d posts are missing", g.Missing(), g.Posts())
	}
}

// A file in one strip is read in pieces, of which none may be missed.
func TestOneLargeStrip(t *testing.T) {
	for _, kind := range []string{"Int16", "Float32"} {
		im := ramp(1900, 313)
		im.kind, im.tileRows = kind, 313
		m := parse(t, im.encode())
		expect(t, read(t, m, m.Lattice()).ElevationM, im.valuesM)
		g := read(t, m, m.Lattice().Sub(1899, 100, 1, 213))
		for r, z := range g.ElevationM {
			if want := float32(im.valuesM[(100+r)*1900+1899]); z != want {
				t.Fatalf("%s: the last of row %d is %v, want %v", kind, 100+r, z, want)
			}
		}
	}
}

func TestDamagedBlocksAreNamed(t *testing.T) {
	packed := ramp(19, 13)
	packed.compression, packed.tileCols = 8, 8
	blocks := packed.blocks()
	offset := len(packed.header(0))
	for _, b := range blocks[:4] {
		offset += len(b)
	}
	flipped := []byte(packed.encode())
	flipped[offset+len(blocks[4])-1] ^= 1
	plain := ramp(19, 13)
	tests := []struct{ name, content, want string }{
		{"a wrong checksum", string(flipped), "block 4 (column 1, row 1 of blocks): zlib: invalid checksum"},
		{"an offset outside", plain.with(273, longs{8, 8, 1 << 30}).encode(), "block 2 (column 0, row 2 of blocks): bytes 1073741824 to"},
		{"a size outside", plain.with(279, longs{190, 1 << 30, 190}).encode(), "block 1 (column 0, row 1 of blocks): bytes "},
		{"a size too small", plain.with(279, longs{190, 100, 114}).encode(), "block 1 (column 0, row 1 of blocks): 100 bytes cannot hold its 190"},
		{"LZW that ends", func() string {
			im := ramp(19, 13)
			im.compression = 5
			return im.with(279, longs{30, 30, 30}).encode()
		}(), "block "},
		{"a ZSTD bomb", func() string {
			im := ramp(1000, 1000)
			im.compression, im.tileRows, im.valuesM = 50000, 1000, make([]float64, 1000*1000)
			return im.with(256, longs{19}).with(257, longs{13}).with(278, longs{13}).encode()
		}(), "block 0 (column 0, row 0 of blocks): decompressed size exceeds"},
		{"ZSTD that ends", func() string {
			im := ramp(19, 13)
			im.compression = 50000
			return im.with(278, longs{13}).with(273, longs{8}).with(279, longs{uint32(len(im.blocks()[0]))}).encode()
		}(), "block 0 (column 0, row 0 of blocks): ends after 190 of 494 bytes"},
		{"a bomb", func() string {
			im := ramp(19, 13).with(256, longs{4000}).with(257, longs{4000}).with(278, longs{4000})
			im.compression = 8
			return im.with(273, longs{8}).with(279, longs{50}).encode()
		}(), "50 bytes cannot hold its 32000000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := parse(t, test.content)
			_, err := m.Read(t.Context(), m.Lattice())
			var format *terrain.FormatError
			if !errors.As(err, &format) || !strings.HasPrefix(err.Error(), "test.tif: damaged: ") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ramp.tif")
	im := ramp(19, 13)
	if err := os.WriteFile(path, []byte(im.encode()), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := geotiff.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if info := m.Info(); info.Name != "GeoTIFF ramp.tif" || info.SpacingArcsec != 15 || info.Identity != parse(t, im.encode()).Info().Identity {
		t.Errorf("%+v", info)
	}
	expect(t, read(t, m, m.Lattice()).ElevationM, im.valuesM)

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Read(cancelled, m.Lattice()); !errors.Is(err, context.Canceled) {
		t.Errorf("Read with the context done: %v", err)
	}
	if _, err := geotiff.Open(cancelled, path); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with the context done: %v", err)
	}
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Read(t.Context(), m.Lattice()); err == nil || !strings.Contains(err.Error(), "ramp.tif: the file changed") {
		t.Errorf("Read of a file cut short: %v", err)
	}
	if _, err := geotiff.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "ramp.tif: damaged") {
		t.Errorf("Open of a file cut short: %v", err)
	}
	if _, err := m.Read(t.Context(), m.Lattice().Refine(2)); err == nil {
		t.Error("Read of posts that the file does not have succeeds")
	}
}
