package planning

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/siting"
)

// search is the work on one plan.
type search struct {
	*Planner
	*PlanQuery
	*watcher
	// candidates are those that may be built, by site of the problem.
	candidates []int
	considered Considered
	// resolutionArcsec is that of the computation, and coarseArcsec that of
	// screening, 0 for none.
	resolutionArcsec, coarseArcsec float64
	demand                         *demand
	// seen is what radars see, by their IDs, as far as they were swept.
	seen    map[string]siting.Set
	problem *siting.Problem
	// enough are, by step, the elements that it brings to enough radars.
	enough [][]int32
}

// screenedShare is how good a plan, by what candidates see on coarser terrain,
// must be at least for its sites to be searched in full: for each time that posts
// are coarser, a 400th less than the best. Averaging adds to what candidates see,
// but much the same to all of them: over Peru, with 190 candidates, for 1, 4 and 11
// radars and several altitudes, the best plan on posts 15″ apart was at the worst
// 100 %, 99.9 %, 99.5 % and 96 % of the best on posts 2, 4, 8 and 20 times as
// coarse.
func screenedShare(times float64) float64 { return max(0, 1-times/400) }

// prepare decides on the resolution, and takes the demand.
func (s *search) prepare(ctx context.Context) (err error) {
	s.enter(Screening, "demand")
	if s.resolutionArcsec, s.coarseArcsec, err = s.resolutions(ctx); err != nil {
		if ctx.Err() == nil {
			return err
		}
		s.resolutionArcsec = s.ResolutionArcsec
	}
	posts, err := s.Engine.Posts(s.resolutionArcsec)
	if err != nil {
		return err
	}
	s.resolutionArcsec = 3600 / posts.Lattice().PerDegLat
	if s.demand, err = newDemand(ctx, posts, s.PlanQuery); err != nil {
		return err
	}
	s.considered.Demand = len(s.demand.targets)
	// Spacings are whole numbers of posts: what rounding adds to them is not said.
	s.considered.DemandSpacingArcsec = math.Round(3600/s.demand.airspace.PerDegLat*1e6) / 1e6
	return nil
}

// resolutions returns that of the computation, and that of screening if the
// budget does not allow for all candidates on it. Where the query leaves it open,
// the first is what FindGaps would choose for as many radars as may be built.
func (s *search) resolutions(ctx context.Context) (fineArcsec, coarseArcsec float64, err error) {
	q := s.Query
	q.Radars = append(s.standing(), s.radars()...)
	fineArcsec = s.ResolutionArcsec
	if fineArcsec == 0 {
		allowed, err := s.Engine.FitEach(ctx, q, false)
		if err != nil {
			return 0, 0, err
		}
		planned := coverage.GapQuery{Query: s.Query, Airspace: s.Airspace, Altitudes: s.altitudes()}
		planned.Radars = slices.Concat(s.Radars, s.largest())
		if fineArcsec, err = s.Engine.FitGaps(ctx, planned); err != nil {
			return 0, 0, err
		}
		fineArcsec = max(fineArcsec, allowed)
	}
	if s.WithoutScreening {
		return fineArcsec, 0, nil
	}
	coarseArcsec, err = s.Engine.FitEach(ctx, q, true)
	if coarseArcsec <= fineArcsec {
		coarseArcsec = 0
	}
	return fineArcsec, coarseArcsec, err
}

// radars are those of the candidates.
func (s *search) radars() (all []radar.Radar) {
	for _, i := range s.candidates {
		all = append(all, s.Candidates[i].Radar)
	}
	return all
}

// largest are as many candidates as may be built, of the longest range.
func (s *search) largest() []radar.Radar {
	all := s.radars()
	slices.SortStableFunc(all, func(a, b radar.Radar) int { return cmp.Compare(b.RangeM, a.RangeM) })
	cheapest := s.BudgetUSD
	for _, i := range s.candidates {
		cheapest = min(cheapest, s.Candidates[i].CostUSD)
	}
	most := float64(len(all))
	if s.MaxCount > 0 {
		most = min(most, float64(s.MaxCount))
	}
	// Without a bound, the quotient is infinite or no number.
	if affordable := s.BudgetUSD / cheapest; affordable < most {
		most = affordable
	}
	return all[:int(most)]
}

func (s *search) altitudes() (all []altitude.Altitude) {
	for _, a := range s.Objective.Altitudes {
		all = append(all, a.Altitude)
	}
	return all
}

// solve searches for as long as it may.
func (s *search) solve(ctx context.Context) (*solution, error) {
	limited := ctx
	if s.TimeLimit > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, s.TimeLimit)
		defer cancel()
	}
	if err := s.sweepAll(limited); err != nil {
		if limited.Err() == nil {
			return nil, err
		}
		return s.cutShort(ctx)
	}
	s.enter(Searching, "searching")
	options := s.options()
	found := &solution{Plan: siting.Solve(limited, s.problem, options)}
	options.Found = nil
	s.done(0.7, "fewer radars")
	found.curve = siting.Curve(limited, s.problem, options, found.Plan)
	switch found.Plan.Ending {
	case siting.Proven:
		found.ending = Proven
	case siting.Exhausted:
		found.ending = Exhausted
	default:
		found.ending = TimeLimit
	}
	return found, nil
}

func (s *search) options() siting.Options {
	return siting.Options{
		Seed: s.Seed, Gap: s.Gap, Workers: cmp.Or(s.Engine.Workers, runtime.GOMAXPROCS(0)), Found: s.found,
	}
}

// grace is how long a plan may be searched for when the time for sweeps is over:
// well within the second in which a cancelled plan ends.
const grace = 300 * time.Millisecond

// cutShort returns a solution when time is up before all candidates are swept: of
// those that are, on whichever terrain. While ctx is not done, what it builds is
// then swept at full resolution.
func (s *search) cutShort(ctx context.Context) (*solution, error) {
	brief, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	options := s.options()
	options.Found = nil
	p := siting.Solve(brief, s.problem, options)
	p.UpperBound = s.demand.possibleKM2(s.problem.CountWeights)
	if ctx.Err() == nil {
		chosen := make([]int, len(p.Sites))
		for step, site := range p.Sites {
			chosen[step], p.Sites[step] = s.candidates[site], step
		}
		s.candidates = chosen
		s.enter(Sweeping, "candidates of the plan")
		if err := s.sweep(ctx, s.resolutionArcsec, "candidates of the plan"); err != nil && ctx.Err() == nil {
			return nil, err
		}
	}
	return &solution{Plan: p, ending: TimeLimit}, nil
}

// sweepAll finds out what candidates see, those that are not screened out.
func (s *search) sweepAll(ctx context.Context) error {
	if s.coarseArcsec > 0 {
		if err := s.sweep(ctx, s.coarseArcsec, "candidates on coarser terrain"); err != nil {
			return err
		}
		options := s.options()
		options.Found = nil
		var kept []int
		for _, site := range siting.Screen(ctx, s.problem, options, screenedShare(s.coarseArcsec/s.resolutionArcsec)) {
			kept = append(kept, s.candidates[site])
		}
		s.considered.ScreenedOut = len(s.candidates) - len(kept)
		s.considered.ScreeningSpacingArcsec = s.coarseArcsec
		s.candidates = kept
	}
	s.enter(Sweeping, "candidates")
	if err := s.sweep(ctx, s.resolutionArcsec, "candidates"); err != nil {
		return err
	}
	s.considered.Searched = len(s.candidates)
	return nil
}

// sweep poses the problem, with what radars see on terrain of a resolution. If it
// fails, those that it did not come to see what they did on coarser terrain, and
// else nothing.
func (s *search) sweep(ctx context.Context, resolutionArcsec float64, doing string) error {
	q, sites := s.Query, len(s.candidates)
	standing := s.standing()
	q.Radars, q.ResolutionArcsec = slices.Concat(standing, s.radars()), resolutionArcsec
	var mu sync.Mutex
	// Before the first is swept, there may be something to wait for.
	waiting := coverage.WithProgress(ctx, func(_ float64, doing string) {
		mu.Lock()
		defer mu.Unlock()
		if s.now.Swept == 0 {
			s.done(0, doing)
		}
	})
	_, err := s.Engine.EachSeen(waiting, q, s.demand.targets, func(i int, seen []uint64) error {
		mu.Lock()
		defer mu.Unlock()
		s.seen[q.Radars[i].ID] = seen
		if i >= len(standing) {
			s.now.Swept++
			s.done(float64(s.now.Swept)/float64(sites), fmt.Sprintf("%d of %d %s", s.now.Swept, sites, doing))
		}
		return nil
	})
	s.pose(standing, q.Radars[len(standing):])
	return err
}

// pose poses the problem, with what radars are known to see.
func (s *search) pose(standing, candidates []radar.Radar) {
	p := s.newProblem(s.candidates)
	s.problem = p
	p.Weights, p.Already = s.demand.weightsKM2, make([]uint8, len(s.demand.targets))
	for _, r := range standing {
		addTo(p.Already, s.seen[r.ID])
	}
	nothing := make(siting.Set, (len(s.demand.targets)+63)/64)
	for i, r := range candidates {
		p.Sites[i].Sees = nothing
		if seen, swept := s.seen[r.ID]; swept {
			p.Sites[i].Sees = seen
		}
	}
}

// addTo counts one more radar where elements are seen.
func addTo(counts []uint8, seen siting.Set) {
	for word, set := range seen {
		for ; set != 0; set &= set - 1 {
			count(&counts[word*64+bits.TrailingZeros64(set)])
		}
	}
}
