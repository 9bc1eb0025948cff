package store

// progress tells how far an import is: first with the tiles of the base, then
// with those of the overviews.
type progress struct {
	tell func(share float64, doing string)
	// The share before the tasks in work, that after them, and their weights.
	from, to, total, made float64
}

// baseShare is the part of the time that the base takes when all is new: its
// sources are to be unpacked, and most of what is to be written is the base.
const baseShare = 0.8

// expect says which tasks come next, and the share that they reach at their
// end.
func (p *progress) expect(tasks []task, to float64) {
	if len(tasks) == 0 {
		return
	}
	p.from, p.to, p.total, p.made = p.to, to, 0, 0
	for _, t := range tasks {
		p.total += t.weight()
	}
}

func (t task) weight() float64 { return float64(t.want.Cols * t.want.Rows) }

// done counts a tile of a level that has been made.
func (p *progress) done(t task, level string) {
	p.made += t.weight()
	if p.tell != nil {
		p.tell(p.from+(p.to-p.from)*p.made/p.total, "terrain tile "+level+"/"+t.want.Square.String())
	}
}
