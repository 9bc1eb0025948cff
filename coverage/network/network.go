// Package network lays the floor surfaces of many radars over one airspace:
// how many of them see each cell at each altitude, what keeps the others from
// it, and the floor of all of them together.
package network

import (
	"cmp"
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Network is what radars see of an airspace, cell by cell. Radars are added
// one by one, in any order: the result is the same.
type Network struct {
	// Ground holds the cells and their terrain; no post is missing.
	Ground *terrain.Grid
	// Inside holds the cells of the airspace; the others are never looked at.
	Inside *raster.Mask
	// Bands are the airspace at each altitude.
	Bands []Band
	// floors[i] holds each cell's i-th smallest floor of the radars in service.
	floors [][]floor.AGL
}

// Band is an airspace at one altitude.
type Band struct {
	Altitude altitude.Altitude
	// seen counts the radars in service that see the cell, up to 255.
	seen []uint8
	// cause is the largest of the others.
	cause []sight.Cause
}

// New returns a network without radars. It keeps the minRadars smallest
// floors of each cell.
func New(ground *terrain.Grid, inside *raster.Mask, altitudes []altitude.Altitude, minRadars int) *Network {
	n := &Network{Ground: ground, Inside: inside}
	for _, a := range altitudes {
		b := Band{Altitude: a, seen: make([]uint8, ground.Posts()), cause: make([]sight.Cause, ground.Posts())}
		for i := range b.cause {
			b.cause[i] = sight.OutOfRange
		}
		n.Bands = append(n.Bands, b)
	}
	for range minRadars {
		f := make([]floor.AGL, ground.Posts())
		for i := range f {
			f[i] = floor.Unseen
		}
		n.floors = append(n.floors, f)
	}
	return n
}

// MinRadars is how many radars must see a cell for it to be covered.
func (n *Network) MinRadars() int { return len(n.floors) }

// Floor returns the lowest height above a cell that enough radars in service
// see.
func (n *Network) Floor(cell int) floor.AGL { return n.floors[len(n.floors)-1][cell] }

// HeightAMSLM returns the band's altitude above a cell, in metres above mean
// sea level.
func (n *Network) HeightAMSLM(b *Band, cell int) float64 {
	return b.Altitude.AMSLM(float64(n.Ground.ElevationM[cell]))
}

// Covered reports whether enough radars see a cell.
func (n *Network) Covered(b *Band, cell int) bool { return int(b.seen[cell]) >= n.MinRadars() }

// Cause says why a cell is not covered: the largest cause among the radars
// that do not see it, OutOfRange where no other does. It says nothing of
// covered cells.
func (b *Band) Cause(cell int) sight.Cause { return b.cause[cell] }

// Add adds a radar, on the spacing of the network's ground. It stops with
// ctx.Err() soon after ctx is done; the network is then of no use.
func (n *Network) Add(ctx context.Context, s *floor.Surface, workers int) error {
	dr, dc := s.Row0-n.Ground.Row0, s.Col0-n.Ground.Col0
	add := newAdder(n, s)
	var group errgroup.Group
	group.SetLimit(max(workers, 1))
	for r := max(0, -dr); r < s.Rows && r+dr < n.Ground.Rows && ctx.Err() == nil; r++ {
		group.Go(func() error {
			add.row(r, r+dr, dc)
			return ctx.Err()
		})
	}
	// A loop cut short may leave a group in which all went well.
	return cmp.Or(group.Wait(), ctx.Err())
}
