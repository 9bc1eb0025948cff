package gap

import (
	"github.com/canopyradar/canopy/coverage/floor"
)

// table counts floors as they come, where there are many: without pages it takes
// a third of the time, and 1 MiB. Altitudes are by their bits.
type table struct {
	amsl, agl [1 << 16]int64
}

// add counts the floors of cells of equal area.
func (t *table) add(above []floor.AGL, amsl []int16, parts int64) {
	amsl = amsl[:len(above)]
	for i, a := range above {
		t.amsl[uint16(amsl[i])] += parts
		t.agl[a] += parts
	}
}

// into adds what was counted to f. Cells have no altitude where they are never
// seen, and where it is too high for one.
func (t *table) into(f *floors) {
	noAltitude := int16(floor.NoAltitude)
	neverSeen := t.agl[floor.Unseen]
	f.neverSeen += neverSeen
	t.amsl[uint16(noAltitude)] -= neverSeen
	for bits, parts := range &t.amsl {
		if parts != 0 {
			f.amsl.add(atMost(int16(bits)), parts)
		}
	}
	metres := metresAGL()
	for a, parts := range t.agl[:floor.Unseen] {
		if parts != 0 {
			f.agl.add(metres[a], parts)
		}
	}
}
