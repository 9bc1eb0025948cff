package terrain

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// SmallVoidPosts is the side of the largest box of posts, in either direction,
// that a small void fits into. At 3 arc-seconds it is 1.5 km, which the slopes
// around still tell the ground of; a valley or a crest can hide in more.
const SmallVoidPosts = 16

// FillVoids returns m with its small voids filled. A void is a connected set of
// missing posts, neighbours across a corner included. It is small when it fits
// into a box of SmallVoidPosts and known posts enclose it. It is filled with
// the surface on which each post is the mean of the four next to it, which
// continues planes as planes and makes no peak or pit of its own. Larger voids
// stay missing, and so do those that are open to the edge of m.
//
// A filled post is the same in every window; windows count theirs in
// Grid.Filled. Where nothing is missing, the cost is that of looking.
//
// The identity gains "+filled" whether or not m has voids, as only reading all
// of it could tell.
func FillVoids(m Model) Model { return &voidless{source: m} }

type voidless struct{ source Model }

func (m *voidless) Lattice() Lattice { return m.source.Lattice() }

func (m *voidless) Info() Info {
	info := m.source.Info()
	info.Identity += "+filled"
	return info
}

func (m *voidless) Read(ctx context.Context, l Lattice) (*Grid, error) {
	g, err := m.source.Read(ctx, l)
	if err != nil {
		return nil, err
	}
	return g, m.fill(ctx, g)
}

// fill fills the small voids of g, a window of the source.
func (m *voidless) fill(ctx context.Context, g *Grid) error {
	voids, err := smallVoids(ctx, m.source, g)
	for _, v := range voids {
		g.Filled += v.fill(g)
	}
	return err
}

// View returns the source's view where no small void is in it.
func (m *voidless) View(ctx context.Context, l Lattice) (*View, error) {
	v, err := ViewOf(ctx, m.source, l)
	if err != nil {
		return nil, err
	}
	if v.own != nil {
		err := m.fill(ctx, v.own)
		v.Filled = v.own.Filled
		return v, err
	}
	small, err := hasSmallVoid(ctx, m.source, v)
	if !small && err == nil {
		return v, nil
	}
	if err := cmp.Or(err, v.Close()); err != nil {
		return nil, err
	}
	return ReadView(ctx, m, l)
}

// hasSmallVoid reports whether a view of m has a post of a small void. Those
// beyond m are in none, as voids that are open to the edge are not small.
func hasSmallVoid(ctx context.Context, m Model, v *View) (bool, error) {
	if v.count(v.Lattice) == v.Intersect(m.Lattice()).Posts() && !slices.ContainsFunc(v.Panels, func(p Panel) bool { return p.HasVoid }) {
		return false, nil
	}
	regions, err := findMissingIn(v)
	if err != nil {
		return false, err
	}
	for _, r := range regions {
		if !r.small() {
			continue
		}
		if !r.touchesRim(v.Lattice) {
			return true, nil
		}
		if whole, _, err := beyondRim(ctx, m, v.Lattice, r); err != nil || len(whole.runs) > 0 {
			return true, err
		}
	}
	return false, ctx.Err()
}

// VoidCount counts the voids of a window.
type VoidCount struct {
	// Small voids are those that FillVoids fills; only the window that has
	// the first post of one, row by row from the north-west, counts it.
	Small int64
	// PostsFilled are the posts of small voids, PostsMissing all others
	// without an elevation.
	PostsFilled, PostsMissing int64
}

// CountVoids counts the voids of m in the window l. It fails as m's Read does.
func CountVoids(ctx context.Context, m Model, l Lattice) (VoidCount, error) {
	g, err := m.Read(ctx, l)
	if err != nil {
		return VoidCount{}, err
	}
	voids, err := smallVoids(ctx, m, g)
	var n VoidCount
	for _, v := range voids {
		if v.posts[0].in(l) {
			n.Small++
		}
		n.PostsFilled += int64(v.fill(g))
	}
	n.PostsMissing = int64(g.Missing())
	return n, err
}

// post is numbered as in Lattice: from −180 and from 90.
type post struct{ col, row int }

func (p post) in(l Lattice) bool {
	return p.col >= l.Col0 && p.col < l.Col0+l.Cols && p.row >= l.Row0 && p.row < l.Row0+l.Rows
}

// void is a small void with what fills it.
type void struct {
	posts []post // row by row
	fillM []float64
}

// fill writes the part of the void that g holds, and counts its posts.
func (v void) fill(g *Grid) int {
	n := 0
	for i, p := range v.posts {
		if p.in(g.Lattice) {
			g.RowM(p.row - g.Row0)[p.col-g.Col0] = float32(v.fillM[i])
			n++
		}
	}
	return n
}

// smallVoids returns the small voids that have posts in g, a window of m.
func smallVoids(ctx context.Context, m Model, g *Grid) ([]void, error) {
	regions := slices.DeleteFunc(findMissing(g), func(r region) bool { return !r.small() })
	voids := make([]void, len(regions))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	const chunk = 64
	for first := 0; first < len(regions); first += chunk {
		group.Go(func() (err error) {
			for i := first; i < min(len(regions), first+chunk) && err == nil; i++ {
				voids[i], err = complete(ctx, m, g, regions[i])
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	// Those that turned out to be large have no posts. A bend of a void beyond
	// the window makes it look like two.
	seen := map[post]bool{}
	return slices.DeleteFunc(voids, func(v void) bool {
		if len(v.posts) == 0 || seen[v.posts[0]] {
			return true
		}
		seen[v.posts[0]] = true
		return false
	}), nil
}

// complete returns the void that missing is a part of, without posts if it is
// large.
func complete(ctx context.Context, m Model, g *Grid, missing region) (void, error) {
	if !missing.touchesRim(g.Lattice) {
		return missing.solve(g), nil
	}
	whole, around, err := beyondRim(ctx, m, g.Lattice, missing)
	if err != nil || len(whole.runs) == 0 {
		return void{}, err
	}
	return whole.solve(around), nil
}

// beyondRim returns the region that missing, which touches the rim of the window
// l, is a part of, and the posts around it; the region is without runs if it is
// large. Beyond the edge of m posts are missing, which makes a region that is
// open to it large.
func beyondRim(ctx context.Context, m Model, l Lattice, missing region) (region, *Grid, error) {
	const margin = SmallVoidPosts + 1
	around, err := m.Read(ctx, l.Sub(missing.col0-l.Col0-margin, missing.row0-l.Row0-margin,
		missing.col1-missing.col0+1+2*margin, missing.row1-missing.row0+1+2*margin))
	if err != nil {
		return region{}, nil, err
	}
	regions := findMissing(around)
	i := slices.IndexFunc(regions, func(r region) bool { return r.has(missing.runs[0]) })
	if i < 0 || !regions[i].small() {
		return region{}, nil, nil
	}
	return regions[i], around, nil
}

// solve finds the surface that fills the region, which lies inside of g. For
// each post, four times its elevation less those of its missing neighbours is
// the sum of the known ones.
func (r region) solve(g *Grid) void {
	v := void{posts: r.posts()}
	index, width := r.index(v.posts)
	a := newBand(len(v.posts), width)
	v.fillM = make([]float64, len(v.posts))
	for i, p := range v.posts {
		*a.at(i, i) = 4
		for _, q := range [...]post{{p.col, p.row - 1}, {p.col - 1, p.row}, {p.col + 1, p.row}, {p.col, p.row + 1}} {
			j := *index.at(r, q)
			switch {
			case j < 0:
				v.fillM[i] += float64(g.RowM(q.row - g.Row0)[q.col-g.Col0])
			case j < i:
				*a.at(i, j) = -1
			}
		}
	}
	a.solve(v.fillM)
	return v
}

// voidIndex numbers the posts of a small void; those around it have −1.
type voidIndex [(SmallVoidPosts + 2) * (SmallVoidPosts + 2)]int

func (x *voidIndex) at(r region, p post) *int {
	return &x[(p.row-r.row0+1)*(SmallVoidPosts+2)+p.col-r.col0+1]
}

// index numbers the posts, and returns the largest difference between the
// numbers of two neighbours.
func (r region) index(posts []post) (index voidIndex, width int) {
	for i := range index {
		index[i] = -1
	}
	width = 1
	for i, p := range posts {
		*index.at(r, p) = i
		if above := *index.at(r, post{p.col, p.row - 1}); above >= 0 {
			width = max(width, i-above)
		}
	}
	return index, width
}

// band is the lower half of a symmetric, positive definite matrix that is zero
// more than width places off its diagonal.
type band struct {
	width    int
	elements []float64
}

func newBand(n, width int) band { return band{width, make([]float64, n*(width+1))} }

// at returns the element of row i and column j, i−width ≤ j ≤ i.
func (b band) at(i, j int) *float64 { return &b.elements[i*(b.width+1)+i-j] }

// solve replaces the right-hand side x by the solution, and b by its Cholesky
// factor.
func (b band) solve(x []float64) {
	for i := range x {
		first := max(0, i-b.width)
		for j := first; j <= i; j++ {
			sum := *b.at(i, j)
			for k := max(first, j-b.width); k < j; k++ {
				sum -= *b.at(i, k) * *b.at(j, k)
			}
			if j < i {
				*b.at(i, j) = sum / *b.at(j, j)
			} else {
				*b.at(i, i) = math.Sqrt(sum)
			}
		}
		for k := first; k < i; k++ {
			x[i] -= *b.at(i, k) * x[k]
		}
		x[i] /= *b.at(i, i)
	}
	for i := len(x) - 1; i >= 0; i-- {
		x[i] /= *b.at(i, i)
		for k := max(0, i-b.width); k < i; k++ {
			x[k] -= *b.at(i, k) * x[i]
		}
	}
}
