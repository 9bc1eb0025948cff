package network

import "context"

// Cells are up to 64 neighbouring cells of a row of an airspace, at one altitude,
// and who sees them. Bit i of a word is that of the cell in column Col+i.
type Cells struct {
	// Band is the altitude's number.
	Band, Row, Col int
	// All are the cells of the airspace, and Underground those whose ground is
	// higher than the altitude.
	All, Underground uint64
	// Seen are those that each radar in service sees, of those that see any.
	Seen []Seen
}

// Seen are the cells that a radar sees.
type Seen struct {
	// Radar is that of its layer.
	Radar int
	Cells uint64
}

// LookEach is Look for who asks which of the radars in service see each cell, of a
// network whose MinRadars is 1. Each of told is called by one goroutine, which
// takes rows as a whole, in the order of their blocks; what it is told is of
// meaning until it returns. Bands are left as they are.
func (n *Network) LookEach(ctx context.Context, layers []Layer, from, to int, told []func(*Cells)) error {
	n.Lowest.horizons = nil // nobody asks for causes
	tasks, err := n.look(ctx, layers, from, to, told)
	if err == nil {
		n.append(tasks)
	}
	return err
}

// tellAt tells of the block at the altitude of a band.
func (w *looker) tellAt(band int) {
	a, b, c := &w.bands[band], &w.block, &w.cells
	*c = Cells{Band: band, Row: b.row.index, Col: b.col, All: b.all, Underground: b.underground(a), Seen: c.Seen[:0]}
	if a.allowsAny(b.floorLow, b.groundLow) {
		b.enter()
		for _, v := range b.row.working {
			if seen := b.seen(v, a, b.all); seen != 0 {
				c.Seen = append(c.Seen, Seen{v.Radar, seen})
			}
		}
	}
	w.tell(c)
}
