package dted

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// The records before the data, and their sizes in bytes: the user header
// label, the data set identification and the accuracy description.
const (
	uhlB = 80
	dsiB = 648
	accB = 2700
)

// What a record of data has besides its elevations: a sentinel and three
// counts before, a checksum after.
const (
	prefixB   = 8
	checksumB = 4
	sentinel  = 0xaa
)

// cell says where a file's posts lie, on earth and in the file.
type cell struct {
	lattice terrain.Lattice
	// dataAt is the offset in bytes of the first record of data.
	dataAt int64
	// verticalDatum is as the file has it: MSL, E96.
	verticalDatum string
}

// recordB returns the size in bytes of a record of data: one column.
func (c cell) recordB() int { return prefixB + 2*c.lattice.Rows + checksumB }

// parse reads the records before the data of a file of sizeB bytes.
func parse(r io.ReaderAt, sizeB int64) (cell, error) {
	head, at, err := records(r)
	if err != nil {
		return cell{}, err
	}
	uhl, dsi := head[:uhlB], head[uhlB:][:dsiB]
	if err := checkDatum(dsi); err != nil {
		return cell{}, err
	}
	c := cell{dataAt: at + uhlB + dsiB + accB, verticalDatum: strings.TrimSpace(string(dsi[141:144]))}
	if c.lattice, err = lattice(uhl); err != nil {
		return cell{}, err
	}
	if needsB := c.dataAt + int64(c.lattice.Cols)*int64(c.recordB()); sizeB < needsB {
		return cell{}, source.Damaged("%d bytes; %d × %d posts take %d", sizeB, c.lattice.Cols, c.lattice.Rows, needsB)
	}
	return c, nil
}

// records returns the records before the data, and the offset in bytes at
// which they begin: labels of the tape that a file came from may stand before.
func records(r io.ReaderAt) (head []byte, at int64, err error) {
	const labels = 2
	head = make([]byte, uhlB+dsiB+accB)
	for range labels + 1 {
		if n, err := r.ReadAt(head, at); n < len(head) {
			return nil, 0, cutShort(err)
		}
		switch {
		case bytes.HasPrefix(head, []byte("VOL1")), bytes.HasPrefix(head, []byte("HDR1")):
			at += uhlB
		case !bytes.HasPrefix(head, []byte("UHL1")):
			return nil, 0, source.Unsupported("", "not a DTED file (it does not begin with UHL1)")
		case !bytes.HasPrefix(head[uhlB:], []byte("DSI")):
			return nil, 0, source.Damaged("no DSI record follows the UHL record")
		case !bytes.HasPrefix(head[uhlB+dsiB:], []byte("ACC")):
			return nil, 0, source.Damaged("no ACC record follows the DSI record")
		default:
			return head, at, nil
		}
	}
	return nil, 0, source.Damaged("no UHL record follows the labels")
}

func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return source.Damaged("it ends before its data begin")
	}
	return &terrain.FormatError{Reason: "cannot be read", Err: err}
}

// checkDatum refuses posts that are not north-up in WGS-84.
func checkDatum(dsi []byte) error {
	switch datum := strings.TrimSpace(string(dsi[144:149])); datum {
	case "WGS84":
	case "":
		return source.Unsupported("if it is WGS84, say so with: gdal_translate -a_srs EPSG:4326 in.dt1 out.tif",
			"no horizontal datum is given")
	default:
		return source.Unsupported("convert it with: gdalwarp -t_srs EPSG:4326 in.dt1 out.tif",
			"the horizontal datum is %q, not WGS84", datum)
	}
	if angle := strings.TrimSpace(string(dsi[264:273])); strings.Trim(angle, "0.") != "" {
		return source.Unsupported("convert it with: gdalwarp -t_srs EPSG:4326 in.dt1 out.tif",
			"the posts are turned by %q degrees", angle)
	}
	return nil
}

// A degree has as many of the tenths of an arc-second in which a file gives
// places and distances.
const tenthsPerDeg = 36000

// lattice works out where the posts lie. The user header label gives the
// south-west post, distances and counts.
func lattice(uhl []byte) (terrain.Lattice, error) {
	var number [4]int
	for i, field := range []struct {
		name  string
		start int
		least int
	}{{"longitude interval", 20, 1}, {"latitude interval", 24, 1}, {"count of longitude lines", 47, 1}, {"count of latitude points", 51, 1}} {
		text := string(uhl[field.start:][:4])
		v, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
		if err != nil || int(v) < field.least {
			return terrain.Lattice{}, source.Damaged("the %s is %q", field.name, text)
		}
		number[i] = int(v)
	}
	west, okWest := tenths(string(uhl[4:12]), 'E', 'W', 180)
	south, okSouth := tenths(string(uhl[12:20]), 'N', 'S', 90)
	if !okWest || !okSouth {
		return terrain.Lattice{}, source.Damaged("the origin is %q, not a longitude and a latitude", uhl[4:20])
	}
	stepLon, stepLat, cols, rows := number[0], number[1], number[2], number[3]
	north, east := south+(rows-1)*stepLat, west+(cols-1)*stepLon
	if north > 90*tenthsPerDeg || east > 180*tenthsPerDeg {
		return terrain.Lattice{}, source.Unsupported("", "the posts reach beyond longitude 180 or latitude 90")
	}
	l := terrain.Lattice{
		PerDegLon: tenthsPerDeg / float64(stepLon), PerDegLat: tenthsPerDeg / float64(stepLat),
		Cols: cols, Rows: rows,
	}
	l.Col0, l.OffLon = divide(west+180*tenthsPerDeg, stepLon)
	l.Row0, l.OffLat = divide(90*tenthsPerDeg-north, stepLat)
	return l, nil
}

// divide returns how many steps a distance has: the whole number, and the
// fraction, rounded to a millionth.
func divide(distance, step int) (whole int, fraction float64) {
	const grain = 1e6
	return distance / step, math.Round(float64(distance%step)/float64(step)*grain) / grain
}

// tenths reads a longitude or a latitude, DDDMMSSH, as tenths of an
// arc-second, positive after the letter plus.
func tenths(s string, plus, minus byte, mostDeg int) (int, bool) {
	var part [3]int
	for i, digits := range []string{s[0:3], s[3:5], s[5:7]} {
		v, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || i > 0 && v > 59 {
			return 0, false
		}
		part[i] = int(v)
	}
	v := ((part[0]*60+part[1])*60 + part[2]) * 10
	switch {
	case v > mostDeg*tenthsPerDeg:
		return 0, false
	case s[7] == plus:
		return v, true
	case s[7] == minus:
		return -v, true
	}
	return 0, false
}
