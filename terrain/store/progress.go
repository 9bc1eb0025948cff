package store

// progress tells how far an import is, by the posts that are finished.
type progress struct {
	tell         func(share float64, doing string)
	total, posts float64
}

// An overview's posts are fewer, but the base is read for each of its levels.
// Reading it takes about a tenth of the time that reading sources does.
const overviewCost = 0.1

// expect sets what all of the work is.
func (p *progress) expect(base []task, levels int) {
	for _, t := range base {
		p.total += float64(t.want.Cols * t.want.Rows)
	}
	p.total *= 1 + overviewCost*float64(levels-1)
}

// done counts a tile that has been made, of a level with the given factor.
func (p *progress) done(t task, level Level) {
	posts := float64(t.want.Cols * t.want.Rows)
	if level.Factor > 1 {
		posts *= overviewCost * float64(level.Factor*level.Factor)
	}
	p.posts += posts
	if p.tell != nil && p.total > 0 {
		p.tell(min(1, p.posts/p.total), "terrain tile "+level.Name+"/"+t.want.Square.String())
	}
}
