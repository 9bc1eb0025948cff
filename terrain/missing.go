package terrain

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// run is a row of missing posts, side by side: columns col0 to col1.
type run struct{ row, col0, col1 int }

// region is a connected set of missing posts and the box that it fits into.
type region struct {
	col0, row0, col1, row1 int
	runs                   []run // from the north, then from the west
}

func (r region) small() bool {
	return r.col1-r.col0 < SmallVoidPosts && r.row1-r.row0 < SmallVoidPosts
}

func (r region) touchesRim(l Lattice) bool {
	return r.col0 == l.Col0 || r.row0 == l.Row0 || r.col1 == l.Col0+l.Cols-1 || r.row1 == l.Row0+l.Rows-1
}

// has reports whether the region holds the first post of other.
func (r region) has(other run) bool {
	return slices.ContainsFunc(r.runs, func(own run) bool {
		return own.row == other.row && own.col0 <= other.col0 && other.col0 <= own.col1
	})
}

func (r region) posts() []post {
	var all []post
	for _, own := range r.runs {
		for c := own.col0; c <= own.col1; c++ {
			all = append(all, post{c, own.row})
		}
	}
	return all
}

// findMissing returns the connected regions of missing posts in g, ordered by
// their first posts. Neighbours across a corner are connected.
func findMissing(g *Grid) []region {
	runs := missingRuns(g)
	above := 0 // the first run that can touch the next one from above
	groups := newGroups(len(runs))
	for i, r := range runs {
		for above < i && (runs[above].row < r.row-1 || runs[above].row == r.row-1 && runs[above].col1 < r.col0-1) {
			above++
		}
		for k := above; k < i && runs[k].row == r.row-1 && runs[k].col0 <= r.col1+1; k++ {
			groups.join(i, k)
		}
	}
	return groups.regions(runs)
}

// missingRuns looks at the rows side by side.
func missingRuns(g *Grid) []run {
	const bandRows = 64
	bands := make([][]run, (g.Rows+bandRows-1)/bandRows)
	var group sync.WaitGroup
	next := make(chan int, len(bands))
	for i := range bands {
		next <- i
	}
	close(next)
	for range min(runtime.GOMAXPROCS(0), len(bands)) {
		group.Go(func() {
			for i := range next {
				for r := i * bandRows; r < min(g.Rows, (i+1)*bandRows); r++ {
					bands[i] = appendRuns(bands[i], g, r)
				}
			}
		})
	}
	group.Wait()
	return slices.Concat(bands...)
}

func appendRuns(runs []run, g *Grid, row int) []run {
	rowM := g.RowM(row)
	for c := 0; c < len(rowM); c++ {
		if rowM[c] == rowM[c] {
			continue
		}
		first := c
		for c+1 < len(rowM) && rowM[c+1] != rowM[c+1] {
			c++
		}
		runs = append(runs, run{g.Row0 + row, g.Col0 + first, g.Col0 + c})
	}
	return runs
}

// groups is a forest of runs that are known to be connected; the root of each
// tree is its first run.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) root(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(i, k int) {
	i, k = g.root(i), g.root(k)
	g[max(i, k)] = min(i, k)
}

func (g groups) regions(runs []run) []region {
	byRoot := map[int]*region{}
	for i, r := range runs {
		root := g.root(i)
		into := byRoot[root]
		if into == nil {
			into = &region{r.col0, r.row, r.col1, r.row, nil}
			byRoot[root] = into
		}
		into.col0, into.col1, into.row1 = min(into.col0, r.col0), max(into.col1, r.col1), r.row
		into.runs = append(into.runs, r)
	}
	all := make([]region, 0, len(byRoot))
	for _, r := range byRoot {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b region) int {
		return cmp.Or(cmp.Compare(a.runs[0].row, b.runs[0].row), cmp.Compare(a.runs[0].col0, b.runs[0].col0))
	})
	return all
}
