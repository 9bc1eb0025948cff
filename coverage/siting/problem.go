// Package siting chooses, of many candidate sites, those that together see most:
// the maximal covering location problem (Church & ReVelle 1974), with costs, groups
// and conflicts. It knows nothing of radars: what each site sees is a set of elements
// of demand, and each element has a weight.
//
// Every plan comes with an upper bound that no plan exceeds, so that it is known
// how far it can be from the best possible.
//
// How it goes, and where to read on:
//
//   - reduce.go: what is settled goes. Elements that the same sites see become one,
//     and what a site sees is kept as runs of elements, so that the sum of anything
//     over what it sees is a difference of running sums for each run. All that
//     follows is made of such sums.
//   - greedy.go: the site that adds most, again and again. What a site adds can only
//     fall as others are built (the objective is submodular), so that few must be
//     looked at again (Minoux 1978).
//   - exchange.go: one built site for others, as long as that earns more; then from a
//     plan changed by chance (iterated local search).
//   - bound.go: the Lagrangian relaxation. Being seen gets a price, each site is paid
//     the prices of what it sees, and selection.go picks those that are paid most,
//     within the count, the groups and the budget. At any prices that bounds every
//     plan; good prices are found by averaged subgradients (Held & Karp 1971; the
//     volume algorithm of Barahona & Anbil 2000), and lead to plans as well.
//   - tree.go: branch and bound, the best bound first. It ends with a proof, with its
//     effort, or with the context.
//   - curve.go and screen.go: what fewer sites could achieve, and which sites cannot
//     be in a good plan.
package siting

// Set is a set of elements of demand: element e is bit e%64 of word e/64.
type Set []uint64

// Problem is what sites are chosen for. What is built is at most MaxCount sites,
// at a cost of at most Budget, at most GroupLimits[g] of each group g, never both
// sites of a conflict, all that are fixed and none that is forbidden.
//
// A plan earns, of each element, its weight times the sum of the first c of
// CountWeights, where c is how many sites of the plan and of those Already there
// see it.
type Problem struct {
	// Weights of the elements; none is negative.
	Weights []float64
	// CountWeights are what the first to see an element earns, the second, and so
	// on; at least one, none negative, none larger than the one before.
	CountWeights []float64
	// Already is how many see each element before anything is built; nil for none.
	Already []uint8
	// Sites to choose from.
	Sites []Site
	// MaxCount is how many may be built; len(Sites) for as many as one likes.
	MaxCount int
	// Budget is what they may cost together; +Inf for no bound.
	Budget float64
	// GroupLimits is how many of each group may be built.
	GroupLimits []int
	// Conflicts are pairs of sites, of which no two can be built.
	Conflicts [][2]int
}

// Site is a candidate.
type Site struct {
	// Sees are the elements that it sees.
	Sees Set
	// Cost is positive, in the unit of the budget.
	Cost float64
	// Group is an index of GroupLimits; negative for none.
	Group int
	// Fixed sites are in every plan, and forbidden ones in none.
	Fixed, Forbidden bool
}

// Plan is a choice of sites.
type Plan struct {
	// Sites are indices in Problem.Sites: the fixed ones, then each time the one
	// that adds most to those before it.
	Sites []int
	// Added is what each of them adds to the objective.
	Added []float64
	// Objective is what the plan earns, with what is there already, and UpperBound
	// what no plan exceeds.
	Objective, UpperBound float64
	// Ending is why the search ended.
	Ending Ending
}

// Ending is why a search ended.
type Ending int

const (
	// Proven plans are within Options.Gap of the upper bound.
	Proven Ending = iota
	// Exhausted searches have spent their effort.
	Exhausted
	// Stopped searches were ended by their context.
	Stopped
)

// Point of a curve: the best plan that was found for a number of sites.
type Point struct {
	// Count of sites, the fixed ones included, and their cost.
	Count int
	Cost  float64
	// Objective and UpperBound are as in Plan.
	Objective, UpperBound float64
}

// Options say how a search goes.
type Options struct {
	// Seed of the random numbers. The same problem with the same seed has the same
	// plan, whatever the number of workers, unless the context ends the search.
	Seed int64
	// Gap is the share of the upper bound by which a plan may fall short of it to
	// count as proven; 0 for the best possible, up to rounding.
	Gap float64
	// Workers is how many goroutines the search keeps busy; at least 1.
	Workers int
	// Effort bounds the search where proof is far: a number of nodes of the search
	// tree; 0 for as many as take two cores about half a minute, by the size of the
	// problem.
	Effort int
	// Found is told of better plans and bounds, from one goroutine at a time; nil
	// for nobody.
	Found func(objective, upperBound float64)
}
