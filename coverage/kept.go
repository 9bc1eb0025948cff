package coverage

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// keptSurfaces are those of all radars that have a say in some places, and the
// ground there.
type keptSurfaces struct {
	*Engine
	Basis
	readers       []reader
	spacingArcsec float64
	places        []orb.Point
	// ground is the terrain's at the places, NaN where it is missing; posts is
	// that between the posts of the surfaces.
	ground, posts []float64
}

// worthLoading is from how many places on a surface is fetched from a shelf:
// that takes about as long as so many rays.
const worthLoading = 100

// keptSurfaces looks for the surfaces of all radars in service whose box holds
// a place, on the posts over which rays would be followed. It returns nil where
// one is not kept, where there is no such radar, and where rays are called for:
// a reach without terrain is looked up in no time, and a query that is strict
// about terrain is so about that on the way, not in the whole range.
func (e *Engine) keptSurfaces(ctx context.Context, q Query, basis Basis, places []orb.Point) (*keptSurfaces, error) {
	if e.Surfaces == nil || q.Reach != sight.Terrain {
		return nil, nil
	}
	k := &keptSurfaces{Engine: e, Basis: basis, places: places}
	k.Warnings = slices.Clip(k.Warnings)
	s, err := e.stage(q, &k.Basis, e.cheapRayLoad(q, basis.Sites, places))
	if err != nil {
		return nil, err
	}
	if !k.find(ctx, s) {
		return nil, ctx.Err()
	}
	for _, r := range k.readers {
		if q.StrictTerrain && r.Missing.Posts > 0 {
			return nil, nil
		}
		k.warnFilled(r.Filled, r.Site.ID)
		if err := k.checkTerrain(q, r.Site.ID, r.Missing, r.PostsInRange); err != nil {
			return nil, err
		}
	}
	if err := k.readGround(ctx, s); err != nil {
		return nil, err
	}
	return k, nil
}

// cheapRayLoad is that of the boxes around rays, or more than that as long as the
// budget allows for it: to measure the distances of all places takes longer than to
// check them.
func (e *Engine) cheapRayLoad(q Query, sites []sight.Site, places []orb.Point) load {
	exact := func(l terrain.Lattice) (float64, error) { return e.boxLoad(rayBoxes(q.Reach, sites, places))(l) }
	return func(l terrain.Lattice) (float64, error) {
		most := 0.0
		for i := range sites {
			w, err := floor.Window(&sites[i], l)
			if err != nil {
				return exact(l)
			}
			most = math.Max(most, posts(w))
		}
		if load := e.weigh(most, most, groundB*e.copied(most)); load <= float64(e.budgetPosts()) {
			return load, nil
		}
		return exact(l)
	}
}

// find looks for surfaces on the posts of a stage, and reports whether there
// are all that it takes.
func (k *keptSurfaces) find(ctx context.Context, s *stage) bool {
	if k.findOn(ctx, s) {
		return true
	}
	// Gaps of coarse terrain are found on posts in between, which make the same
	// ground.
	fine := *s
	fine.posts = denser(s.posts)
	return fine.posts.Lattice() != s.posts.Lattice() && k.findOn(ctx, &fine)
}

func (k *keptSurfaces) findOn(ctx context.Context, s *stage) bool {
	shelf := len(k.places) >= worthLoading
	questions := map[int]surfaces.Question{}
	for i := range k.Sites {
		site := &k.Sites[i]
		window, err := floor.Window(site, s.posts.Lattice())
		if err != nil {
			return false
		}
		box := window.Bound()
		if !site.InService || !slices.ContainsFunc(k.places, box.Contains) {
			continue
		}
		question, ok := s.question(sight.Terrain, site, window)
		if !ok || !k.Surfaces.Has(question, shelf) {
			return false
		}
		questions[i] = question
	}
	k.readers, k.spacingArcsec = nil, spacingArcsec(s.posts)
	for i := range k.Sites {
		question, needed := questions[i]
		if !needed {
			continue
		}
		kept, ok := k.Surfaces.Find(question, shelf)
		if !ok || ctx.Err() != nil {
			return false
		}
		k.readers = append(k.readers, newReader(kept, i))
	}
	return len(k.readers) > 0
}

func (k *keptSurfaces) readGround(ctx context.Context, s *stage) (err error) {
	if k.ground, err = k.Walked.elevations(ctx, s.Terrain, k.places); err != nil {
		return err
	}
	k.posts = k.ground
	if s.Factor > 1 {
		k.posts, err = terrain.Elevations(ctx, s.posts, k.places)
	}
	return err
}

// batch is how many places are looked up together: waiting for the memory, for
// one floor after the other, would take longer than all the arithmetic.
const batch = 512

// desk is where a batch is worked on.
type desk struct {
	spots []spot
	// readings of the batch's places, by place.
	readings [][]reading
	// lists is room for lists of radars, which outcomes share.
	lists []int
}

func (k *keptSurfaces) newDesk() *desk {
	n, radars := min(batch, len(k.places)), len(k.readers)
	d, room := &desk{spots: make([]spot, n), readings: make([][]reading, n)}, make([]reading, n*radars)
	for i := range d.readings {
		d.readings[i] = room[i*radars:][:0:radars]
	}
	return d
}

// read fills the desk with what the radars see above places [first, last).
func (k *keptSurfaces) read(d *desk, first, last int) {
	places := k.places[first:last]
	for i := range places {
		d.readings[i] = d.readings[i][:0]
	}
	for j := range k.readers {
		r := &k.readers[j]
		for i, p := range places {
			d.spots[i] = r.find(p)
		}
		for i, p := range places {
			a := above{p, orSeaLevel(k.ground[first+i]), orSeaLevel(k.posts[first+i])}
			if out, ok := r.read(a, &d.spots[i]); ok {
				d.readings[i] = append(d.readings[i], out)
			}
		}
	}
}

// outcome judges place i of the batch.
func (d *desk) outcome(i int, p Point, groundAMSLM float64, minRadars int) Outcome {
	const room = 4096
	if cap(d.lists) < len(d.readings[i]) {
		d.lists = make([]int, 0, max(min(room, len(d.readings)*cap(d.readings[i])), len(d.readings[i])))
	}
	out := outcomeOf(p, groundAMSLM)
	out.judge(d.readings[i], minRadars, d.lists)
	d.lists = out.SeenBy[len(out.SeenBy):]
	out.SeenBy = slices.Clip(out.SeenBy)
	return out
}

// inBatches has all workers do work, on batches of places [first, last).
func (k *keptSurfaces) inBatches(ctx context.Context, work func(d *desk, first, last int)) error {
	if len(k.places) <= batch {
		work(k.newDesk(), 0, len(k.places))
		return ctx.Err()
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(k.workers(), (len(k.places)+batch-1)/batch) {
		group.Go(func() {
			d := k.newDesk()
			for ctx.Err() == nil {
				last := int(next.Add(batch))
				if last-batch >= len(k.places) {
					return
				}
				work(d, last-batch, min(last, len(k.places)))
			}
		})
	}
	group.Wait()
	return ctx.Err()
}

func (k *keptSurfaces) checkPoints(ctx context.Context, q PointQuery) (*CheckResult, error) {
	report(ctx, 0, "points")
	result := &CheckResult{Basis: k.Basis, Outcomes: make([]Outcome, len(q.Points)), SpacingArcsec: k.spacingArcsec}
	err := k.inBatches(ctx, func(d *desk, first, last int) {
		k.read(d, first, last)
		for i := first; i < last; i++ {
			result.Outcomes[i] = d.outcome(i-first, q.Points[i], k.ground[i], q.MinRadars)
		}
	})
	if err != nil {
		return nil, err
	}
	report(ctx, 1, "done")
	return result, nil
}

func (k *keptSurfaces) assess(ctx context.Context, q Query, strips []*airstrip.Airstrip) (*AirstripResult, error) {
	report(ctx, 0, "airstrips")
	result := &AirstripResult{Basis: k.Basis, Exposures: make([]Exposure, len(strips)), SpacingArcsec: k.spacingArcsec}
	err := k.inBatches(ctx, func(d *desk, first, last int) {
		k.read(d, first, last)
		for i := first; i < last; i++ {
			result.Exposures[i] = exposure(q, k.Sites, strips[i], k.ground[i], d.readings[i-first])
		}
	})
	if err != nil {
		return nil, err
	}
	report(ctx, 1, "done")
	return result, nil
}
