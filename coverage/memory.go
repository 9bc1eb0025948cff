package coverage

import (
	"cmp"
	"fmt"
	"math"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// DefaultMemoryB is how many bytes one request may take: enough for eleven
// radars of 400 km over Peru at 3 arc-seconds.
const DefaultMemoryB = 4 << 30

func (e *Engine) memoryB() float64 { return float64(cmp.Or(e.MemoryB, DefaultMemoryB)) }

// footprint is how many bytes a request takes. It counts neither what the
// system keeps of files, nor surfaces that are kept for others.
type footprint struct {
	// fixed is there all the time; sweep while the largest surface is computed;
	// surfaces is that of all of them, and row that of a row of all.
	fixed, sweep, surfaces, row float64
	// largest counts the posts of the largest surface.
	largest float64
	// rows of the airspace.
	rows int
}

// How many bytes there are of a floor of 16 bits; of the network's floor and horizon
// above a cell; of ground that is read because it cannot be viewed where it lies; of
// what says where a row or a column of a surface lies; of what comes of the edges of
// gaps, a row and a band, more than that of mountains; and for each worker.
const (
	floorB  = 2
	lowestB = 2 * floorB
	groundB = 4
	frameB  = 160
	edgeB   = 1200
	workerB = 2 << 20
)

// sweeping returns the footprint of computing surfaces on posts of the spacing
// of l, of those radars whose window reaches into a box on it; viewed posts need
// not be read, and lands says how many versions of the others are.
func (e *Engine) sweeping(sites []sight.Site, box terrain.Lattice, viewed bool, lands int) (f footprint, err error) {
	readB := groundB
	if viewed {
		readB = 0
	}
	f.fixed = float64(readB)*posts(box) + workerB*float64(e.workers())
	f.rows = box.Rows
	for i := range sites {
		w, err := floor.Window(&sites[i], box)
		if err != nil {
			return f, err
		}
		if w.Intersect(box).Posts() > 0 {
			f.largest = math.Max(f.largest, posts(w))
			f.surfaces += floorB * posts(w)
			f.row += floorB * float64(w.Cols)
			f.fixed += frameB * float64(w.Rows+w.Cols)
		}
	}
	f.sweep = float64(floorB+lands*readB) * f.largest
	return f, nil
}

// gapFootprint returns that of gaps in an airspace of cells in a box.
func (e *Engine) gapFootprint(q GapQuery, sites []sight.Site, box terrain.Lattice, cells float64, viewed bool) (footprint, error) {
	lands := 1
	if q.Bracket {
		lands = 2
	}
	f, err := e.sweeping(sites, box, viewed, lands)
	f.fixed += lowestB*cells + edgeB*float64(box.Rows*len(q.Altitudes))
	return f, err
}

// whole is what everything at once takes.
func (f *footprint) whole() float64 { return f.fixed + f.surfaces + f.sweep }

// least is what the smallest parts of an airspace take: of fewer rows, surfaces
// would be computed over and over.
func (f *footprint) least() float64 {
	const rows = 64
	return min(f.whole(), f.fixed+f.sweep+f.row*float64(min(rows, f.rows)))
}

// parts returns into how many parts of about as many rows an airspace is to be
// cut to fit into memory, given that the least fits.
func (f *footprint) parts(memoryB float64) int {
	if f.whole() <= memoryB {
		return 1
	}
	rows := math.Floor((memoryB - f.fixed - f.sweep) / f.row)
	return int(math.Ceil(float64(f.rows) / rows))
}

// sweepsAtOnce returns how many radars are swept at a time, each with all
// workers: two, if that fits, as there is much to a sweep that one worker does
// alone.
func (f *footprint) sweepsAtOnce(memoryB float64) int {
	if f.whole()+f.sweep <= memoryB {
		return 2
	}
	return 1
}

// checkMemory refuses what does not fit. coarser returns what posts coarser by a
// factor take.
func (e *Engine) checkMemory(bytes float64, arcsec float64, coarser func(l terrain.Lattice) (float64, error)) error {
	if bytes <= e.memoryB() {
		return nil
	}
	remedy := "take fewer radars, shorter ranges, or a smaller area"
	for _, factor := range e.factors() {
		if spacing := spacingArcsec(e.Terrain) * float64(factor); spacing > arcsec {
			if b, err := coarser(e.Terrain.Lattice().Coarsen(factor)); err == nil && b <= e.memoryB() {
				remedy = fmt.Sprintf("ask for %g arc-seconds", spacing)
				break
			}
		}
	}
	return &LimitError{What: "MiB of memory", Have: mebibytes(bytes), Allowed: mebibytes(e.memoryB()), Remedy: remedy}
}

func mebibytes(bytes float64) int { return int(math.Ceil(bytes / (1 << 20))) }

// weigh returns a load of posts, or more than that where something else is what
// is short: as many times the budget of posts as the largest box is of the posts
// that one may have, or as bytes are of memory.
func (e *Engine) weigh(posts, largest, bytes float64) float64 {
	budget := float64(e.budgetPosts())
	return max(posts, budget*largest/float64(e.maxPosts()), budget*bytes/e.memoryB())
}

// copied is how many of so many posts are copied into memory: none where they are
// looked at in place.
func (e *Engine) copied(posts float64) float64 {
	if viewed(e.Terrain) {
		return 0
	}
	return posts
}

func viewed(m terrain.Model) bool {
	_, ok := m.(terrain.Viewer)
	return ok
}
