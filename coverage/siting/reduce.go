package siting

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
)

// instance is a problem without all that is settled: the fixed sites stand, the
// forbidden ones and those that can no longer be built are gone, and elements that
// the same sites see are one. Sites are numbered anew.
type instance struct {
	// origin of each site in Problem.Sites.
	origin []int
	// all are the numbers of the sites.
	all   []int
	cost  []float64
	group []int
	// maxCount, budget and limits are what the fixed sites leave.
	maxCount int
	budget   float64
	limits   []int
	// foes of each site, in a set of sites; nil where there are no conflicts.
	foes []Set
	// worth[k][e] is what the site number k+1 to see element e adds, with what
	// stands. It falls with k.
	worth [][]float64
	// runs of each site are the elements that it sees: the first of a run, the one
	// after its last, the first of the next run, and so on.
	runs [][]int32
	// base is what stands earns, and total what there is to earn.
	base, total float64
	workers     int
	// steps is how many ends of runs there are.
	steps int
	// prefix is scratch of sums.
	prefix []float64
}

// already is how many see an element before anything is built.
func (p *Problem) already(e int) int {
	if p.Already == nil {
		return 0
	}
	return int(p.Already[e])
}

// standing returns how many of those Already there and of the fixed sites see each
// element.
func (p *Problem) standing() []int {
	seen := make([]int, len(p.Weights))
	for e := range seen {
		seen[e] = p.already(e)
	}
	for i := range p.Sites {
		if p.Sites[i].Fixed {
			p.Sites[i].Sees.each(func(e int) { seen[e]++ })
		}
	}
	return seen
}

func (s Set) each(do func(e int)) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			do(i*64 + bits.TrailingZeros64(word))
		}
	}
}

func (s Set) has(e int) bool { return s[e/64]>>(e%64)&1 != 0 }

// earns is what the first count to see an element of weight 1 earn.
func (p *Problem) earns(count int) float64 {
	sum := 0.0
	for _, weight := range p.CountWeights[:min(count, len(p.CountWeights))] {
		sum += weight
	}
	return sum
}

// reduce returns nil if ctx is done before it is.
func reduce(ctx context.Context, p *Problem, workers int) *instance {
	in := &instance{maxCount: p.MaxCount, budget: p.Budget, limits: slices.Clone(p.GroupLimits), workers: workers}
	seen := p.standing()
	earned := make([]float64, len(p.CountWeights)+1)
	for count := range earned {
		earned[count] = p.earns(count)
	}
	all := earned[len(p.CountWeights)]
	for e, weight := range p.Weights {
		in.base += weight * earned[min(seen[e], len(p.CountWeights))]
		in.total += weight * all
	}
	in.total = max(in.total, in.base)
	in.takeSites(p)
	keys, degrees := in.columns(ctx, p)
	if ctx.Err() != nil {
		return nil
	}
	distinct, merged := merge(keys)
	in.weigh(p, seen, degrees, merged)
	if in.takeRuns(ctx, p, distinct); ctx.Err() != nil {
		return nil
	}
	in.tighten()
	in.prefix = make([]float64, in.elements()+1)
	return in
}

func (in *instance) elements() int {
	if len(in.worth) == 0 {
		return 0
	}
	return len(in.worth[0])
}

// takeSites takes those that can still be built.
func (in *instance) takeSites(p *Problem) {
	for i := range p.Sites {
		if s := &p.Sites[i]; s.Fixed {
			in.maxCount--
			in.budget -= s.Cost
			if s.Group >= 0 {
				in.limits[s.Group]--
			}
		}
	}
	// Rounding must not leave a budget below nothing.
	in.budget = max(in.budget, 0)
	barred := make([]bool, len(p.Sites))
	for _, pair := range p.Conflicts {
		barred[pair[0]] = barred[pair[0]] || p.Sites[pair[1]].Fixed
		barred[pair[1]] = barred[pair[1]] || p.Sites[pair[0]].Fixed
	}
	number := make([]int, len(p.Sites))
	for i := range p.Sites {
		s := &p.Sites[i]
		number[i] = -1
		if s.Fixed || s.Forbidden || barred[i] || in.maxCount == 0 || !affords(in.budget, s.Cost) ||
			s.Group >= 0 && in.limits[s.Group] == 0 {
			continue
		}
		number[i] = len(in.origin)
		in.all = append(in.all, number[i])
		in.origin = append(in.origin, i)
		in.cost = append(in.cost, s.Cost)
		in.group = append(in.group, max(s.Group, -1))
	}
	in.takeConflicts(p, number)
}

func (in *instance) takeConflicts(p *Problem, number []int) {
	for _, pair := range p.Conflicts {
		a, b := number[pair[0]], number[pair[1]]
		if a < 0 || b < 0 {
			continue
		}
		if in.foes == nil {
			in.foes = make([]Set, len(in.origin))
			for s := range in.foes {
				in.foes[s] = make(Set, (len(in.origin)+63)/64)
			}
		}
		in.foes[a][b/64] |= 1 << (b % 64)
		in.foes[b][a/64] |= 1 << (a % 64)
	}
}

// column stands for the set of sites that see an element.
type column [2]uint64

// columns returns the column of each element, and how many see it. Columns are
// sums modulo 2 of a random number for each site: that two sets of 500 000 have
// the same by chance has a probability of 10⁻²⁷.
func (in *instance) columns(ctx context.Context, p *Problem) (keys []column, degrees []int32) {
	const chunk = 128 // words: what is written to stays in the cache
	random := rand.New(rand.NewPCG(1, 2))
	ofSite := make([]column, len(in.origin))
	for s := range ofSite {
		ofSite[s] = column{random.Uint64(), random.Uint64()}
	}
	keys, degrees = make([]column, len(p.Weights)), make([]int32, len(p.Weights))
	words := (len(p.Weights) + 63) / 64
	parallel(in.workers, (words+chunk-1)/chunk, func(i int) {
		for s := 0; s < len(in.origin) && ctx.Err() == nil; s++ {
			sees := p.Sites[in.origin[s]].Sees
			for w := i * chunk; w < min(words, (i+1)*chunk); w++ {
				for word := sees[w]; word != 0; word &= word - 1 {
					e := w*64 + bits.TrailingZeros64(word)
					keys[e][0] ^= ofSite[s][0]
					keys[e][1] ^= ofSite[s][1]
					degrees[e]++
				}
			}
		}
	})
	return keys, degrees
}

// merge numbers the distinct columns in their order. It returns the first element
// of each, as a set, and the number of each element's column; -1 where none sees
// it.
func merge(keys []column) (distinct Set, merged []int32) {
	distinct, merged = make(Set, (len(keys)+63)/64), make([]int32, len(keys))
	numbers := make(map[column]int32)
	for e, key := range keys {
		if key == (column{}) {
			merged[e] = -1
			continue
		}
		number, known := numbers[key]
		if !known {
			number = int32(len(numbers))
			numbers[key] = number
			distinct[e/64] |= 1 << (e % 64)
		}
		merged[e] = number
	}
	return distinct, merged
}

// weigh sums the worth of what is one now. No element is worth more than those
// that see it can earn.
func (in *instance) weigh(p *Problem, seen []int, degrees, merged []int32) {
	count, levels := 0, 0
	for e, m := range merged {
		if m >= 0 {
			count = max(count, int(m)+1)
			levels = max(levels, min(len(p.CountWeights)-seen[e], int(degrees[e])))
		}
	}
	in.worth = make([][]float64, max(levels, 1))
	for k := range in.worth {
		in.worth[k] = make([]float64, count)
	}
	for e, m := range merged {
		if m < 0 {
			continue
		}
		for k := range min(len(p.CountWeights)-seen[e], int(degrees[e])) {
			in.worth[k][m] += p.Weights[e] * p.CountWeights[seen[e]+k]
		}
	}
}

// takeRuns takes what each site sees of the distinct elements.
func (in *instance) takeRuns(ctx context.Context, p *Problem, distinct Set) {
	rank := make([]int32, len(distinct)+1)
	for i, word := range distinct {
		rank[i+1] = rank[i] + int32(bits.OnesCount64(word))
	}
	in.runs = make([][]int32, len(in.origin))
	parallel(in.workers, len(in.origin), func(s int) {
		if ctx.Err() != nil {
			return
		}
		var runs []int32
		for i, word := range p.Sites[in.origin[s]].Sees {
			for word &= distinct[i]; word != 0; word &= word - 1 {
				below := distinct[i] & (word&-word - 1)
				e := rank[i] + int32(bits.OnesCount64(below))
				if n := len(runs); n > 0 && runs[n-1] == e {
					runs[n-1]++
				} else {
					runs = append(runs, e, e+1)
				}
			}
		}
		in.runs[s] = slices.Clone(runs)
	})
	for _, runs := range in.runs {
		in.steps += len(runs)
	}
}

// tighten lowers maxCount to what the budget allows, and drops a budget that
// allows all that maxCount does. Where all cost the same, one of them remains.
func (in *instance) tighten() {
	in.maxCount = min(in.maxCount, in.affordable())
	costs := slices.Sorted(slices.Values(in.cost))
	dearest := 0.0
	for _, cost := range costs[len(costs)-in.maxCount:] {
		dearest += cost
	}
	if affords(in.budget, dearest) {
		in.budget = math.Inf(1)
	}
}

// affordable is how many sites the budget allows at most: the cheapest.
func (in *instance) affordable() int {
	count, sum := 0, 0.0
	for _, cost := range slices.Sorted(slices.Values(in.cost)) {
		if sum += cost; !affords(in.budget, sum) {
			break
		}
		count++
	}
	return count
}

// sums sets into[s] to the sum of the values of the elements that s sees, for each
// site that is wanted.
func (in *instance) sums(values []float64, wanted func(s int) bool, into []float64) {
	prefix := in.prefix
	sum := 0.0
	for e, value := range values {
		sum += value
		prefix[e+1] = sum
	}
	workers := in.workers
	if in.steps < 1<<16 {
		workers = 1 // starting goroutines would take longer
	}
	parallel(workers, len(in.runs), func(s int) {
		if wanted != nil && !wanted(s) {
			return
		}
		sum, runs := 0.0, in.runs[s]
		for i := 1; i < len(runs); i += 2 {
			sum += prefix[runs[i]] - prefix[runs[i-1]]
		}
		into[s] = sum
	})
}

// rounding is more than what rounding can do to a bound: to a running sum over all
// elements, for each site of a plan.
func (in *instance) rounding() float64 {
	return in.total * float64(in.elements()+16) * float64(min(in.maxCount, len(in.origin))+4) * 0x1p-52
}

// parallel calls do for 0 to n-1, on so many goroutines.
func parallel(workers, n int, do func(i int)) {
	if workers <= 1 || n <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	const batch = 8
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for first := int(next.Add(batch)) - batch; first < n; first = int(next.Add(batch)) - batch {
				for i := first; i < min(n, first+batch); i++ {
					do(i)
				}
			}
		})
	}
	group.Wait()
}
