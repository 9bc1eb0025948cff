package surfaces

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Question is all that a surface depends on. What a radar is called, and
// whether it is in service, is no part of it.
type Question struct {
	Site  *sight.Site
	Reach sight.Reach
	// Ground is the terrain below aircraft, on the posts of the surface.
	Ground Land
	// Screen is what hides aircraft, and Near the finer terrain around the
	// antenna; zero where they are the ground.
	Screen, Near Land
}

// Land names a window of a terrain model.
type Land struct {
	// Identity is the model's. It tells coarsened and refined terrain from the
	// terrain that it was made of, and means from maxima.
	Identity string
	Window   terrain.Lattice
}

// Key names the answer to a question.
type Key [sha256.Size]byte

// String returns the key in hexadecimal.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// Key returns a hash of the question and of floor.Version.
func (q Question) Key() Key {
	const roomB = 1024 // most questions are no longer
	e := make(encoder, 0, roomB)
	e.text("canopy floor surface")
	e.text(floor.Version)
	e.site(q.Site)
	e.count(int(q.Reach))
	for _, l := range []Land{q.Ground, q.Screen, q.Near} {
		e.text(l.Identity)
		e.lattice(l.Window)
	}
	return sha256.Sum256(e)
}

// MaskKey names the cells of an area.
func MaskKey(area orb.MultiPolygon, l terrain.Lattice) Key {
	var e encoder
	e.text("canopy cells of an area")
	e.lattice(l)
	e.count(len(area))
	for _, polygon := range area {
		e.count(len(polygon))
		for _, ring := range polygon {
			e.count(len(ring))
			for _, p := range ring {
				e.numbers(p[0], p[1])
			}
		}
	}
	return sha256.Sum256(e)
}

// LandKey names some cells and their ground, of the model of an identity.
func LandKey(identity string, cells Key) Key {
	var e encoder
	e.text("canopy land")
	e.text(identity)
	return sha256.Sum256(append(e, cells[:]...))
}

// FloorsKey names the k-th smallest floors above a land, of surfaces in whatever
// order.
func FloorsKey(land Key, k int, surfaces []Key) Key {
	var e encoder
	e.text("canopy floors of a network")
	e.count(k)
	e = append(e, land[:]...)
	for _, s := range slices.SortedFunc(slices.Values(surfaces), func(a, b Key) int { return bytes.Compare(a[:], b[:]) }) {
		e = append(e, s[:]...)
	}
	return sha256.Sum256(e)
}

// LookKey names the latest look at a land at some altitudes, for k radars at
// least; screen is the identity of what hides aircraft, where that is not the
// land.
func LookKey(land Key, reach sight.Reach, k int, altitudes []altitude.Altitude, screen string) Key {
	var e encoder
	e.text("canopy look")
	e.count(int(reach))
	e.count(k)
	e.text(screen)
	for _, a := range altitudes {
		e.count(int(a.Reference))
		e.numbers(a.Value)
	}
	return sha256.Sum256(append(e, land[:]...))
}

// SeenKey names what radars see of some targets, read off the answers to the
// questions of the keys, in their order.
func SeenKey(targets Key, questions []Key) Key {
	var e encoder
	e.text("canopy seen")
	e = append(e, targets[:]...)
	for _, q := range questions {
		e = append(e, q[:]...)
	}
	return sha256.Sum256(e)
}

// encoder writes values one after the other, each in a form that tells its end,
// so that no two questions are written alike.
type encoder []byte

func (e *encoder) text(s string) {
	e.count(len(s))
	*e = append(*e, s...)
}

func (e *encoder) count(n int) { *e = binary.LittleEndian.AppendUint64(*e, uint64(n)) }

func (e *encoder) numbers(all ...float64) {
	for _, v := range all {
		*e = binary.LittleEndian.AppendUint64(*e, math.Float64bits(v+0)) // −0 is 0, and may become so on its way
	}
}

func (e *encoder) site(s *sight.Site) {
	e.numbers(s.Position.Lon(), s.Position.Lat(), s.GroundAMSLM, s.MastM, s.EarthFactor)
	e.numbers(s.RangeM, s.MinRangeM, s.MinElevationDeg, s.MaxElevationDeg, s.HeightLimitAMSLM)
	if s.Sector == nil {
		e.count(0)
		return
	}
	e.count(1)
	e.numbers(s.Sector.FromDeg, s.Sector.ToDeg)
}

func (e *encoder) lattice(l terrain.Lattice) {
	e.numbers(l.PerDegLon, l.PerDegLat, l.OffLon, l.OffLat)
	for _, n := range []int{l.Col0, l.Row0, l.Cols, l.Rows} {
		e.count(n)
	}
}
