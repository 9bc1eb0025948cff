package terrain

import (
	"cmp"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
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
	// Without an error, as rows in memory have none.
	runs, _ := missingRuns(g.Rows, func(first, count int) (runs []run, _ error) {
		for r := first; r < first+count; r++ {
			runs = appendRuns(runs, g.Lattice, r, g.RowM(r))
		}
		return runs, nil
	})
	return regionsOf(runs)
}

// findMissingIn is findMissing for a view. It fails as Guard does.
func findMissingIn(v *View) ([]region, error) {
	runs, err := missingRuns(v.Rows, func(first, count int) (runs []run, _ error) {
		rowM := make([]float32, v.Cols)
		err := v.Guard(func() error {
			for r := first; r < first+count; r++ {
				v.CopyTo(rowM, v.Sub(0, r, v.Cols, 1))
				runs = appendRuns(runs, v.Lattice, r, rowM)
			}
			return nil
		})
		return runs, err
	})
	return regionsOf(runs), err
}

// missingRuns looks at bands of rows side by side: scan returns the runs of
// count rows.
func missingRuns(rows int, scan func(first, count int) ([]run, error)) ([]run, error) {
	const bandRows = 64
	bands := make([][]run, (rows+bandRows-1)/bandRows)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range bands {
		group.Go(func() (err error) {
			bands[i], err = scan(i*bandRows, min(bandRows, rows-i*bandRows))
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(bands...), err
}

// appendRuns adds the runs of row of l, which has rowM.
func appendRuns(runs []run, l Lattice, row int, rowM []float32) []run {
	for c := 0; c < len(rowM); c++ {
		if rowM[c] == rowM[c] {
			continue
		}
		first := c
		for c+1 < len(rowM) && rowM[c+1] != rowM[c+1] {
			c++
		}
		runs = append(runs, run{l.Row0 + row, l.Col0 + first, l.Col0 + c})
	}
	return runs
}

// regionsOf connects runs, which are in order.
func regionsOf(runs []run) []region {
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
