// Package coverage answers what radars see of an airspace, and what they do
// not.
//
// An Engine stands on one elevation model. Its methods take radars whose
// limits are resolved, and places or an airspace, and return plain values. It
// does no I/O of its own, apart from reading the model, and knows nothing of
// how it is called. The work is done in the packages below:
//
//	earth     the ellipsoid, the effective earth, and rays over it
//	radar     what a radar is
//	sight     one radar looking at one place: slow, obvious, exact
//	ray       the same, fast
//	floor     one radar's floor above every post in range: fast
//	surfaces  what was computed, for those who ask again
//	network   many radars over one airspace
//	gap       what they leave uncovered
package coverage

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// DefaultMaxPosts is how many posts one request may ask for, of the airspace
// and of any one radar: Peru at 3 arc-seconds, at some 20 bytes a post.
const DefaultMaxPosts = 400_000_000

// Engine computes coverage over one elevation model. It is safe for
// concurrent use.
type Engine struct {
	// Terrain is the ground.
	Terrain terrain.Model
	// Workers is how many goroutines one request may keep busy; 0 means one
	// a processor. The answer does not depend on it.
	Workers int
	// MaxPosts bounds the posts of the airspace, and those in range of one
	// radar; 0 means DefaultMaxPosts.
	MaxPosts int
	// BudgetPosts is how many posts a request that leaves the resolution open
	// may work through before terrain is averaged; 0 means
	// DefaultBudgetPosts.
	BudgetPosts int
	// MemoryB is how many bytes of memory one request for gaps or floors may
	// take; 0 means DefaultMemoryB. Beyond it, gaps are found part by part, and
	// what needs more still on coarser posts or not at all.
	MemoryB int64
	// Surfaces keeps what the engine computes of each radar; nil for nothing.
	// Engines may share it.
	Surfaces *surfaces.Cache
	// Executor does what is worth sending elsewhere; nil for the engine itself.
	Executor Executor
	// Placed remembers where radars stand; nil for nothing. Engines over the same
	// terrain may share it.
	Placed *Placed
	// Walked keeps the terrain that rays went over; nil for nothing. Engines over
	// the same terrain may share it.
	Walked *Walked
	// Swept is told the posts in range of each floor that is computed, as opposed
	// to kept; nil for nobody.
	Swept *atomic.Int64
}

// Query says which radars look, and how coverage is computed.
type Query struct {
	// Radars are the network, valid and with distinct IDs.
	Radars []radar.Radar
	// Reach is what keeps a radar from seeing.
	Reach sight.Reach
	// K is the effective earth factor where a radar names none; positive.
	K float64
	// MinRadars is how many radars must see a place for it to be covered; at
	// least 1.
	MinRadars int
	// ResolutionArcsec is the distance between the posts of the computation,
	// in arc-seconds of latitude: the terrain's own or a multiple. 0 means the
	// finest that the engine's budget allows.
	ResolutionArcsec float64
	// StrictTerrain refuses to answer where terrain is missing in range.
	StrictTerrain bool
}

// Basis is what every answer stands on.
type Basis struct {
	// Sites are the radars with their antennas, in the order of the query.
	Sites []sight.Site
	// Warnings in a stable order.
	Warnings []Warning
}

func (e *Engine) workers() int {
	if e.Workers > 0 {
		return e.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// basis puts the radars on their ground.
func (e *Engine) basis(ctx context.Context, q Query) (Basis, error) {
	report(ctx, 0, "ground under the radars")
	b := Basis{Warnings: TerrainWarnings(e.Terrain.Info(), q.Reach)}
	if q.MinRadars < 1 || !(q.K > 0) {
		return b, fmt.Errorf("a query asks for at least 1 radar and a positive k, not for %d and %v", q.MinRadars, q.K)
	}
	footings, err := e.footings(ctx, q.Radars)
	if err != nil {
		return b, err
	}
	b.Sites = make([]sight.Site, 0, len(q.Radars))
	for i, r := range q.Radars {
		site := sight.NewSite(r, footings[i].groundAMSLM, q.K).WithBound(footings[i].bound)
		if site.GroundMissing {
			if q.StrictTerrain && q.Reach != sight.Disc {
				return b, &MissingTerrainError{RadarID: r.ID, Share: 1, Where: "under its antenna"}
			}
			b.warn("terrain.missing_site", r.ID, "the terrain under radar %s is missing: its antenna is taken to stand at sea level", r.ID)
		}
		b.Sites = append(b.Sites, site)
	}
	return b, nil
}

// limit refuses a lattice of too many posts.
func (e *Engine) limit(l terrain.Lattice, what, remedy string) error {
	if allowed := e.maxPosts(); posts(l) > float64(allowed) {
		return &LimitError{What: what, Have: l.Posts(), Allowed: allowed, Remedy: remedy}
	}
	return nil
}

func (e *Engine) maxPosts() int    { return cmp.Or(e.MaxPosts, DefaultMaxPosts) }
func (e *Engine) budgetPosts() int { return cmp.Or(e.BudgetPosts, DefaultBudgetPosts) }

// posts counts those of a lattice, which may be too many for an int.
func posts(l terrain.Lattice) float64 { return float64(l.Cols) * float64(l.Rows) }
