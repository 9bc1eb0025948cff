package floor

// rim says which posts are in range.
type rim struct {
	// rows and columns hold, for each row the columns in range, and for each
	// column the rows.
	rows, columns []span
}

// span is what lies from the first to before the last.
type span struct{ from, to int }

func (s span) cut(t span) span { return span{max(s.from, t.from), min(s.to, t.to)} }

func newRim(f *frame, rangeM float64) *rim {
	rows, cols := f.north.count, f.east.count
	return &rim{
		rows:    spans(rows, cols, f.row, f.col, func(r, c int) bool { return f.distance(r, c) <= rangeM }),
		columns: spans(cols, rows, f.col, f.row, func(c, r int) bool { return f.distance(r, c) <= rangeM }),
	}
}

// spans returns what is in of each line of n places. Both ends of a line are
// near those of the next.
func spans(lines, n int, line, place float64, in func(line, place int) bool) []span {
	all := make([]span, lines)
	middle := min(max(int(place+0.5), 0), n-1)
	first := min(max(int(line+0.5), 0), lines-1)
	walk := func(from, direction int) {
		s := span{middle, middle + 1}
		for i := from; i >= 0 && i < lines && in(i, middle); i += direction {
			s.from = end(s.from, middle, -1, -1, func(p int) bool { return in(i, p) })
			s.to = end(s.to-1, middle, 1, n, func(p int) bool { return in(i, p) }) + 1
			all[i] = s
		}
	}
	walk(first, 1)
	walk(first-1, -1)
	return all
}

// end returns the last place that is in, from a guess on, between middle, which
// is in, and limit, to which direction leads.
func end(guess, middle, direction, limit int, in func(int) bool) int {
	// Steps double, as at the first and last lines ends are far from each other.
	if in(guess) {
		out, step := guess+direction, 1
		for out != limit && in(out) {
			guess, step = out, 2*step
			out = nearest(out+direction*step, limit, direction)
		}
		return between(guess, out, in)
	}
	out, step := guess, 1
	for guess = nearest(guess-direction, middle, -direction); !in(guess); {
		out, step = guess, 2*step
		guess = nearest(guess-direction*step, middle, -direction)
	}
	return between(guess, out, in)
}

// nearest returns p, but does not pass limit.
func nearest(p, limit, direction int) int {
	if (p-limit)*direction > 0 {
		return limit
	}
	return p
}

// between returns the last place that is in, from one that is towards one that
// is out.
func between(in, out int, holds func(int) bool) int {
	for in-out > 1 || out-in > 1 {
		if c := (in + out) / 2; holds(c) {
			in = c
		} else {
			out = c
		}
	}
	return in
}
