package planning

import (
	"context"
	"math/bits"
	"slices"
	"sync"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/radar"
)

// SuggestSites finds the gaps of a query, and for each the candidate that would
// close most of it; of several, the first. A gap is looked at in up to
// samplesPerGap of its cells, evenly along its rows, so that what is closed of a
// large one is known within a percent of it, and of a small one cell by cell.
//
// Where the query leaves the resolution open, candidates may be swept on coarser
// posts than the gaps are found on; notes say so.
func (p *Planner) SuggestSites(ctx context.Context, q coverage.GapQuery, candidates []radar.Radar) (*SuggestResult, error) {
	asked := q.Cells
	q.Cells = true
	const finding = 0.3
	gaps, err := p.Engine.FindGaps(reporting(ctx, 0, finding), q)
	if err != nil {
		return nil, err
	}
	result := &SuggestResult{GapResult: gaps}
	s := newSamples(q.Altitudes, gaps)
	if !asked {
		dropCells(gaps)
	}
	if err := p.keepClosable(reporting(ctx, finding, finding), q, s); err != nil {
		return nil, err
	}
	q.Radars = candidates
	basis, err := p.Engine.EachSeen(reporting(ctx, finding, 1), q.Query, s.targets, func(candidate int, seen []uint64) error {
		s.judge(candidate, seen)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, w := range basis.Warnings {
		if !slices.Contains(gaps.Warnings, w) {
			result.Notes = append(result.Notes, w)
		}
	}
	for i := range s.gaps {
		if best := s.gaps[i].best; best.ClosedM2 > 0 {
			result.Suggestions = append(result.Suggestions, best)
		}
	}
	coverage.ProgressOf(ctx)(1, "done")
	return result, nil
}

func dropCells(r *coverage.GapResult) {
	for _, bands := range [][]gap.Band{r.Bands, r.Strictest} {
		for b := range bands {
			for g := range bands[b].Gaps {
				bands[b].Gaps[g].Cells = nil
			}
		}
	}
}

// keepClosable finds out of which samples one radar more would make covered ones.
func (p *Planner) keepClosable(ctx context.Context, q coverage.GapQuery, s *samples) error {
	if q.MinRadars == 1 {
		return nil
	}
	q.Radars = slices.DeleteFunc(slices.Clone(q.Radars), func(r radar.Radar) bool { return !r.InService })
	counts := make([]int, len(s.targets))
	var mu sync.Mutex
	_, err := p.Engine.EachSeen(ctx, q.Query, s.targets, func(_ int, seen []uint64) error {
		mu.Lock()
		defer mu.Unlock()
		each(seen, func(point int) { counts[point]++ })
		return nil
	})
	s.closable = make([]uint64, (len(counts)+63)/64)
	for point, count := range counts {
		if count >= q.MinRadars-1 {
			s.closable[point/64] |= 1 << (point % 64)
		}
	}
	return err
}

// each calls use for the bits of a set.
func each(set []uint64, use func(i int)) {
	for k, word := range set {
		for ; word != 0; word &= word - 1 {
			use(64*k + bits.TrailingZeros64(word))
		}
	}
}
