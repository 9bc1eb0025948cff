package hgt

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// void is the elevation that marks an unknown post.
const void = -32768

// Posts per degree of the two kinds of tile there are: 3 and 1 arc-seconds.
const (
	perDeg3Arcsec = 1200
	perDeg1Arcsec = 3600
)

// corner is the south-west corner of a tile, in whole degrees.
type corner struct {
	lonDeg, latDeg int
}

// tile is one file.
type tile struct {
	source.File
	corner
	perDeg  int
	packing packing
	// unpacking lets one reader at a time unpack the tile, so that others
	// find it in memory.
	unpacking sync.Mutex
}

// sizeB returns the size of a tile in bytes: two for each post, both edges
// included.
func sizeB(perDeg int) int64 {
	return int64(perDeg+1) * int64(perDeg+1) * 2
}

// lattice returns the tile's posts, which reach from edge to edge.
func (t *tile) lattice() terrain.Lattice {
	return terrain.Lattice{
		PerDegLon: float64(t.perDeg), PerDegLat: float64(t.perDeg),
		Col0: (t.lonDeg + 180) * t.perDeg, Row0: (89 - t.latDeg) * t.perDeg,
		Cols: t.perDeg + 1, Rows: t.perDeg + 1,
	}
}

// newTile describes the file at path. It fails with a *terrain.FormatError
// when its name or its size is not that of a tile, or it cannot be unpacked.
func newTile(path string) (*tile, error) {
	file, err := source.Stat(path)
	if err != nil {
		return nil, err
	}
	t := &tile{File: file, packing: packingOf(path)}
	name, tileB, err := t.look()
	if err != nil {
		return nil, err
	}
	var ok bool
	if t.corner, ok = parseName(name); !ok {
		return nil, &terrain.FormatError{Path: path, Reason: "the name does not give a tile's south-west corner",
			Remedy: "name it like S13W070.hgt"}
	}
	for _, t.perDeg = range []int{perDeg3Arcsec, perDeg1Arcsec} {
		if tileB == sizeB(t.perDeg) {
			return t, nil
		}
	}
	return nil, &terrain.FormatError{Path: path,
		Reason: fmt.Sprintf("%d bytes%s; a tile has %d (3 arc-seconds) or %d (1 arc-second)",
			tileB, t.packing.when(), sizeB(perDeg3Arcsec), sizeB(perDeg1Arcsec)),
		Remedy: "the file may be cut short: fetch it again"}
}

// look returns the name that gives the tile's corner, and the size that it
// has in bytes when unpacked.
func (t *tile) look() (name string, tileB int64, err error) {
	name = strings.TrimSuffix(strings.ToLower(filepath.Base(t.Path)), t.packing.ending())
	if t.packing == packedNot {
		return name, t.SizeB, nil
	}
	err = t.With(func(r io.ReaderAt) (err error) {
		if t.packing == packedGzip {
			tileB, err = gzipContentB(r, t.SizeB)
			return err
		}
		entry, err := zipEntry(r, t.SizeB)
		if err != nil {
			return err
		}
		if inner := filepath.Base(entry.Name); isName(inner) {
			name = inner
		}
		tileB = int64(min(entry.UncompressedSize64, 1<<62))
		return nil
	})
	return name, tileB, err
}

// parseName reads a name such as S13W070.hgt or S13W070.SRTMGL1.hgt, in either
// case, and reports whether it is a tile's.
func parseName(name string) (corner, bool) {
	name = strings.ToUpper(name)
	if len(name) < len("S13W070.HGT") || name[7] != '.' || !strings.HasSuffix(name, ".HGT") {
		return corner{}, false
	}
	lat, okLat := signed(name[0:3], 'N', 'S', 89, 90)
	lon, okLon := signed(name[3:7], 'E', 'W', 179, 180)
	return corner{lonDeg: lon, latDeg: lat}, okLat && okLon
}

func isName(name string) bool {
	_, ok := parseName(name)
	return ok
}

// signed reads a letter and a number, which may reach to high degrees after
// the letter plus and to low after minus.
func signed(s string, plus, minus byte, high, low int) (int, bool) {
	n, err := strconv.ParseUint(s[1:], 10, 16)
	switch {
	case err != nil:
		return 0, false
	case s[0] == plus && int(n) <= high:
		return int(n), true
	case s[0] == minus && int(n) <= low:
		return -int(n), true
	}
	return 0, false
}
