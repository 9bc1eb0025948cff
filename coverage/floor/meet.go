package floor

// meet finds out where rays meet the terrain of a block from step k on, and fills
// the patch with it, at least there: a bit for each lane, as met.
func (t *task) meet(k int) (mask uint64) {
	b := &t.block
	if t.overlook(k) {
		mask = t.quick().met(b)
		t.held = b.columns(mask)
		t.held.to = min(t.held.to+1, t.cols) // What lies right of a column is part of its cells.
		t.previous = t.previous[:0]
		t.load(b.patch, t.land.screen, k-1, 1)
		t.load(b.patch[b.pitch:], t.land.screen, k, b.steps)
		return mask
	}
	t.held = span{0, t.cols}
	t.carry(k)
	t.load(b.patch[b.pitch:], t.land.screen, k, b.steps)
	t.previous = append(t.previous[:0], b.patch[b.steps*b.pitch:][:t.cols]...)
	t.previous0 = t.col0
	return t.met()
}

// overlook finds the highest posts of a block from step k on off the posts as they
// are stored, and reports whether it can. No others are needed but where they hide
// something: altitudes tell nothing of the ground.
func (t *task) overlook(k int) bool {
	if !t.cells.altitudes || t.land.ground != t.land.screen {
		return false
	}
	window := t.q.window(t.s.Lattice, k-1, t.block.steps+1, t.col0, t.cols)
	p := panelOf(t.land.screen, window)
	if p == nil || p.Int16 == nil || p.HasVoid {
		return false
	}
	t.reads = t.s.panelMatrix(p)
	b, c := &t.block, &t.cut
	b.highest = grown(b.highest, b.pitch+padding)
	*c = cutOf(p, window)
	c.patch = b.highest
	if t.q.rowSteps {
		t.kernel.topsOfColumns(c, &t.reducer)
	} else {
		t.kernel.topsOfRows(c, &t.reducer)
	}
	return true
}

// met finds out where rays meet the terrain of the patch.
func (t *task) met() (mask uint64) {
	b, k := &t.block, t.quick()
	b.highest = grown(b.highest, b.pitch+padding)
	k.highest(b.highest, b.patch, b.pitch, b.steps+1)
	return k.met(b)
}

// topsOfColumns finds the reduced height of the highest post of each column of a cut
// of 16 bits without missing posts.
func topsOfColumns(c *cut, r *reducer) {
	for j := range c.columns {
		top := c.height(0, j)
		for i := 1; i < c.rows; i++ {
			top = max(top, c.height(i, j))
		}
		c.patch[j] = r.reduced(top)
	}
}

// topsOfRows finds that of each row.
func topsOfRows(c *cut, r *reducer) {
	for i := range c.rows {
		top := c.height(i, 0)
		for j := 1; j < c.columns; j++ {
			top = max(top, c.height(i, j))
		}
		c.patch[i] = r.reduced(top)
	}
}
