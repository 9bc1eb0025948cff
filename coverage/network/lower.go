package network

import "github.com/canopyradar/canopy/coverage/floor"

func unseen(floors []floor.AGL) {
	for i := range floors {
		floors[i] = floor.Unseen
	}
}

// lower sorts floors in among the smallest so far, from their cell at on: of
// each cell, the i-th smallest is in lowest[i]. It uses up more, of the same
// length at least.
func lower(lowest [][]floor.AGL, at int, floors, more []floor.AGL) {
	for k, smallest := range lowest {
		smallest = smallest[at : at+len(floors)]
		if k == len(lowest)-1 {
			for i, a := range floors {
				smallest[i] = min(smallest[i], a)
			}
			return
		}
		// The larger ones go on to the next.
		more = more[:len(floors)]
		for i, a := range floors {
			smallest[i], more[i] = min(smallest[i], a), max(smallest[i], a)
		}
		floors = more
	}
}
