package hgt

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

func FuzzParseName(f *testing.F) {
	for _, name := range []string{"S13W070.hgt", "n00e179.HGT", "S90W180.hgt", "S13W070.SRTMGL1.hgt", "S13W070.hgt.zip", "N+1E001.hgt", "N90E000.hgt", ""} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		at, ok := parseName(name)
		if !ok {
			return
		}
		if at.latDeg < -90 || at.latDeg > 89 || at.lonDeg < -180 || at.lonDeg > 179 {
			t.Fatalf("%q has its corner at %+v", name, at)
		}
		ns, lat := "N", at.latDeg
		if lat < 0 || name[0]|0x20 == 's' {
			ns, lat = "S", -lat
		}
		ew, lon := "E", at.lonDeg
		if lon < 0 || name[3]|0x20 == 'w' {
			ew, lon = "W", -lon
		}
		if again := fmt.Sprintf("%s%02d%s%03d.", ns, lat, ew, lon); !strings.EqualFold(again, name[:8]) {
			t.Fatalf("%q is taken for %s", name, again)
		}
	})
}

// FuzzBand reads bands of a tile of any content and any length. A tile that is
// long enough for the band gives its elevations, another an error.
func FuzzBand(f *testing.F) {
	f.Add([]byte{0, 1, 0x80, 0, 0xff, 0xff}, 0, 0, 3, 1)
	f.Add(bytes.Repeat([]byte{1, 2}, 1500), 100, 1, 100, 1)
	f.Add([]byte{}, 1200, 1200, 1, 1)
	f.Fuzz(func(t *testing.T, content []byte, col, row, cols, rows int) {
		tile := &tile{corner: corner{lonDeg: -70, latDeg: -13}, perDeg: perDeg3Arcsec}
		all := tile.lattice()
		if col < 0 || col > 1200 || row < 0 || row > 1200 || cols < 1 || rows < 1 || cols > 1201-col || rows > min(50, 1201-row) {
			return
		}
		band := all.Sub(col, row, cols, rows)
		g := terrain.NewGrid(band)
		err := tile.fillBand(context.Background(), bytes.NewReader(content), g, band)
		last := (row+rows-1)*1201 + col + cols
		if (err == nil) != (last*2 <= len(content)) {
			t.Fatalf("%d bytes, posts up to %d: %v", len(content), last, err)
		}
		for i, z := range g.ElevationM {
			at := ((row+i/cols)*1201 + col + i%cols) * 2
			if err != nil || z != z && content[at] == 0x80 && content[at+1] == 0 {
				continue
			}
			if want := float32(int16(uint16(content[at])<<8 | uint16(content[at+1]))); z != want {
				t.Fatalf("post %d is %v, want %v", i, z, want)
			}
		}
	})
}

// FuzzUnpack unpacks archives of any content, which gives as many bytes as
// were asked for, or an error.
func FuzzUnpack(f *testing.F) {
	var packed, archive bytes.Buffer
	g := gzip.NewWriter(&packed)
	a := zip.NewWriter(&archive)
	entry, err := a.Create("S13W070.hgt")
	if err != nil {
		f.Fatal(err)
	}
	for _, w := range []io.Writer{g, entry} {
		if _, err := w.Write(bytes.Repeat([]byte{1, 2, 3}, 100)); err != nil {
			f.Fatal(err)
		}
	}
	if err := errors.Join(g.Close(), a.Close()); err != nil {
		f.Fatal(err)
	}
	f.Add(packed.Bytes(), 300)
	f.Add(archive.Bytes(), 300)
	f.Add(archive.Bytes(), 100)
	f.Fuzz(func(t *testing.T, content []byte, want int) {
		want &= 0xffff
		for _, p := range []packing{packedGzip, packedZip} {
			r, sizeB := bytes.NewReader(content), int64(len(content))
			got, err := p.unpack(r, sizeB, int64(want))
			var format *terrain.FormatError
			if err != nil && !errors.As(err, &format) {
				t.Fatalf("%v is not a FormatError", err)
			}
			if err == nil && len(got) != want {
				t.Fatalf("%d bytes, want %d", len(got), want)
			}
			if _, err := gzipContentB(r, sizeB); err != nil && !errors.As(err, &format) {
				t.Fatalf("%v is not a FormatError", err)
			}
		}
	})
}
