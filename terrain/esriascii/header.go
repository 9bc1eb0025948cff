package esriascii

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/frame"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// headB is the space, in bytes, that a header has.
const headB = 4096

// mostCols bounds columns and rows, so that a file which lies about its size
// costs no more than an error.
const mostCols = 1 << 22

// undeclaredM marks an unknown post in a file that declares no other value.
const undeclaredM = -9999

// The remedies for grids that are not in longitude and latitude.
const (
	remedyWarp = "convert it with: gdalwarp -t_srs EPSG:4326 in.asc out.tif"
	remedyName = "convert it, with the EPSG code of what it is in, by: gdalwarp -s_srs EPSG:CODE -t_srs EPSG:4326 in.asc out.tif"
)

// header is what stands before the elevations.
type header struct {
	// number holds the fields by their names, in lower case.
	number map[string]float64
	// sizeB is the header's, in bytes; lines counts its lines.
	sizeB, lines int
}

// fields are the names that a header can have.
var fields = []string{"ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize", "dx", "dy", "nodata_value"}

// readHeader reads the names and numbers at the start of head.
func readHeader(head []byte) (header, error) {
	h := header{number: map[string]float64{}}
	rest := bytes.TrimPrefix(head, []byte("\ufeff"))
	for {
		name, after := word(rest)
		if !isName(name) {
			h.sizeB = len(head) - len(rest)
			h.lines = 1 + bytes.Count(head[:h.sizeB], []byte("\n"))
			return h, h.check()
		}
		key := strings.ToLower(name)
		if !slices.Contains(fields, key) {
			return h, source.Unsupported("", "not an Esri ASCII grid (its header has %.40q)", name)
		}
		text, after := word(after)
		v, err := strconv.ParseFloat(text, 64)
		switch {
		case strings.Contains(text, ","):
			return h, comma(fmt.Sprintf("%s is %.40q", key, text))
		case err != nil && math.Abs(v) != math.Inf(1):
			return h, source.Damaged("%s is %.40q, not a number", key, text)
		}
		h.number[key], rest = v, after
	}
}

// comma returns the error for a file written with another decimal mark.
func comma(where string) error {
	return source.Unsupported("replace the commas by points with: sed 's/,/./g' in.asc > out.asc",
		"%s: a comma, where decimal points and white space between numbers are read", where)
}

// word returns the first word of b, and what follows it.
func word(b []byte) (string, []byte) {
	b = bytes.TrimLeft(b, whiteSpace)
	end := bytes.IndexAny(b, whiteSpace)
	if end < 0 {
		end = len(b)
	}
	return string(b[:end]), b[end:]
}

const whiteSpace = " \t\r\n\v\f"

// isName reports whether a word names a field: it begins with a letter, and is
// not a missing elevation.
func isName(word string) bool {
	if word == "" || !(word[0]|0x20 >= 'a' && word[0]|0x20 <= 'z') {
		return false
	}
	_, err := strconv.ParseFloat(word, 64)
	return err != nil
}

// check looks for what must be there.
func (h header) check() error {
	for _, count := range []string{"ncols", "nrows"} {
		n, ok := h.number[count]
		if !ok {
			return source.Damaged("the header has no %s", count)
		}
		if !(n >= 1 && n <= mostCols && n == math.Trunc(n)) {
			return source.Unsupported("", "%s is %g; 1 to %d can be read", count, n, mostCols)
		}
	}
	for _, either := range [][2]string{{"xllcorner", "xllcenter"}, {"yllcorner", "yllcenter"}, {"cellsize", "dx"}, {"cellsize", "dy"}} {
		_, a := h.number[either[0]]
		_, b := h.number[either[1]]
		if !a && !b {
			return source.Damaged("the header has neither %s nor %s", either[0], either[1])
		}
	}
	return nil
}

func (h header) cols() int { return int(h.number["ncols"]) }
func (h header) rows() int { return int(h.number["nrows"]) }

// voidM returns the elevation that marks an unknown post; it may be NaN.
func (h header) voidM() float32 {
	if v, ok := h.number["nodata_value"]; ok {
		return float32(v)
	}
	return undeclaredM
}

// step returns the distance between neighbouring posts in degrees.
func (h header) step(field string) float64 {
	if v, ok := h.number[field]; ok {
		return v
	}
	return h.number["cellsize"]
}

// lattice works out where the posts lie: in the middle of the cells. The header
// gives the south-west cell.
func (h header) lattice() (terrain.Lattice, error) {
	f := frame.Frame{StepLonDeg: h.step("dx"), StepLatDeg: h.step("dy")}
	westDeg, ok := h.number["xllcenter"]
	if !ok {
		westDeg = h.number["xllcorner"] + f.StepLonDeg/2
	}
	southDeg, ok := h.number["yllcenter"]
	if !ok {
		southDeg = h.number["yllcorner"] + f.StepLatDeg/2
	}
	// A step that is rounded adds up over the rows.
	stepLat := 1 / frame.PerDeg(f.StepLatDeg)
	f.WestDeg, f.NorthDeg = westDeg, southDeg+float64(h.rows()-1)*stepLat
	if !(math.Abs(f.WestDeg) <= 360 && math.Abs(southDeg) <= 90+stepLat && f.NorthDeg <= 90+stepLat) {
		return terrain.Lattice{}, source.Unsupported(remedyName,
			"the south-west post is at %.10g, %.10g, and the north-west post at %.10g, %.10g, which are no longitudes and latitudes",
			westDeg, southDeg, f.WestDeg, f.NorthDeg)
	}
	return f.Lattice(h.cols(), h.rows(), remedyName)
}
