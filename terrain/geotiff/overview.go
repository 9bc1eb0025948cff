package geotiff

import (
	"iter"
	"slices"
	"sync"
	"sync/atomic"
)

// overview is a raster on fewer posts, for programs that show all of it at
// once. Each of its pixels has the value of the raster's post in which the
// middle of the pixel lies, as GDAL takes it when it is told to take the
// nearest: a mean would be a floor that is nowhere, and would have to guess
// where some of the posts are missing.
type overview[T value] struct {
	*packed
	// fromRow and fromCol are the raster's row and column of each of its own.
	fromRow, fromCol []int
	bands            []gathering[T]
	// idle holds the posts of bands that are packed.
	idle sync.Pool
}

// gathering is a band of tiles whose rows come out of several bands of the
// raster, in any order.
type gathering[T value] struct {
	begin sync.Once
	// lacking is how many rows have not come yet.
	lacking atomic.Int64
	posts   *[]T
}

// newOverviews returns the overviews of a raster: each of half the columns and
// rows of the one before, down to one that fits a tile.
func newOverviews[T value](cols, rows int) []*overview[T] {
	var all []*overview[T]
	for c, r := cols, rows; max(c, r) > writtenTile; {
		c, r = (c+1)/2, (r+1)/2
		o := &overview[T]{packed: newPacked(c, r), fromRow: middles(rows, r), fromCol: middles(cols, c)}
		o.idle.New = func() any { posts := make([]T, min(writtenTile, r)*c); return &posts }
		o.bands = make([]gathering[T], tilesIn(r))
		for i := range o.bands {
			o.bands[i].lacking.Store(int64(min(writtenTile, r-i*writtenTile)))
		}
		all = append(all, o)
	}
	return all
}

// middles returns which of n equal parts of a line holds the middle of each of
// m equal parts; where two meet there, the latter.
func middles(n, m int) []int {
	at := make([]int, m)
	for i := range at {
		at[i] = (2*i + 1) * n / (2 * m)
	}
	return at
}

// take takes what the overview needs of a band of the raster, which begins at
// row first and is cols wide. It yields the bands of the overview that this
// completes, by index.
func (o *overview[T]) take(first int, band []T, cols int) iter.Seq2[int, []T] {
	return func(yield func(int, []T) bool) {
		r, _ := slices.BinarySearch(o.fromRow, first)
		for ; r < o.rows && o.fromRow[r] < first+len(band)/cols; r++ {
			index := r / writtenTile
			g := &o.bands[index]
			g.begin.Do(func() { g.posts = o.idle.Get().(*[]T) })
			dst, src := (*g.posts)[r%writtenTile*o.cols:][:o.cols], band[(o.fromRow[r]-first)*cols:]
			for i, c := range o.fromCol {
				dst[i] = src[c]
			}
			if g.lacking.Add(-1) > 0 {
				continue
			}
			height := min(writtenTile, o.rows-index*writtenTile)
			if !yield(index, (*g.posts)[:height*o.cols]) {
				return
			}
			o.idle.Put(g.posts)
			g.posts = nil
		}
	}
}
