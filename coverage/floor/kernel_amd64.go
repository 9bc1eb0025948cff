package floor

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

//go:generate go -C asm run . -out ../kernel_amd64.s -stubs ../kernel_amd64_stubs.go -pkg floor

// assembly is a kernel's functions in assembly, for vectors of so many lanes.
type assembly struct {
	lanes   int
	met     func(from, to, highest, tans *float32, rays int, vStep, slackM float32, wide bool) uint64
	project func(drawing, before, posts, wall *float32, pitch, n int)
	follow  follows
	shed    sheds
	// floors are those above ground, and altitudes.
	floors   [2]floors
	reduce16 func(dst *float32, src *int16, n int, void int32, antennaAMSLM, inverseRadius float32)
	reduce32 func(dst, src *float32, n int, antennaAMSLM, inverseRadius float32)
	highest  func(dst, patch *float32, pitch, rows, n int)
	// altitudes16 and altitudes32 are for ground of 16 and 32 bits.
	altitudes16 func(dst *int16, floors *uint16, ground *int16, n int, void int32)
	altitudes32 func(dst *int16, floors *uint16, ground *float32, n int)
}

// follows are those of rays that cross one column on the way to a line at most, and
// of others.
type follows [2]func(lines, drawings, wall *float32, pitch int, tans *float32, rays int, vStep float32, steps int, mask uint64)

// floors make floors of reduced heights.
type floors func(floors *uint16, heights, ground, parameters *float32, n int, ahead *[2]uintptr)

// sheds are those where the rays around a vector of cells are among two vectors,
// among four, and any number.
type sheds [3]func(line, parameters, tans, ground, heights *float32, n int, ahead *[2]uintptr)

func processorKernels() (all []kernel) {
	x := &cpu.X86
	if x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX2 && x.HasFMA {
		all = append(all, assembly{16, metAVX512, projectAVX512, follows{followAVX512, followTwoAVX512}, sheds{shed32AVX512, shed64AVX512, shedAVX512}, [2]floors{aglAVX512, amslAVX512}, reduce16AVX512, reduce32AVX512, highestAVX512, altitudes16AVX512, altitudes32AVX512}.kernel("AVX-512"))
	}
	if x.HasAVX2 && x.HasFMA {
		all = append(all, assembly{8, metAVX2, projectAVX2, follows{followAVX2, followTwoAVX2}, sheds{shed16AVX2, shed32AVX2, shedAVX2}, [2]floors{aglAVX2, amslAVX2}, reduce16AVX2, reduce32AVX2, highestAVX2, altitudes16AVX2, altitudes32AVX2}.kernel("AVX2"))
	}
	return all
}

func (a assembly) kernel(name string) kernel {
	return kernel{
		name: name,
		met: func(b *block) uint64 {
			return a.met(&b.lines[0].x[0], &b.lines[b.steps].x[0], &b.highest[0], &b.tans[0], b.rays, b.vStep, b.slackM, b.wide())
		},
		follow: func(b *block, mask uint64) {
			b.project(mask, a.projectStep)
			follow := a.follow[0]
			if b.crossesTwo() {
				follow = a.follow[1]
			}
			follow(&b.lines[0].x[0], &b.drawings[0].firstU, &b.wall[0], b.pitch, &b.tans[0], b.rays, b.vStep, b.steps, mask)
		},
		shed: a.shedAll,
		rows: a.rows, columns: reduceColumns,
		highest: func(dst, patch []float32, pitch, rows int) {
			n := (pitch + a.lanes - 1) / a.lanes * a.lanes
			_, _ = dst[n-1], patch[(rows-1)*pitch+n-1]
			a.highest(&dst[0], &patch[0], pitch, rows, n)
		},
		topsOfColumns: quickTopsOfColumns, topsOfRows: quickTopsOfRows,
		turn: turnFloors, altitudes: a.altitudes,
	}
}

func (a assembly) projectStep(d *drawing, before, posts, wall []float32, pitch int) {
	if n := len(posts) - 1; n > 0 {
		_, _ = before[n], wall[ofLine*pitch+n-1]
		a.project(&d.firstU, &before[0], &posts[0], &wall[0], pitch, n)
	}
}

// shedAll sheds whole lanes, the last of them by way of other floors.
func (a assembly) shedAll(c *cells) {
	n := len(c.floors)
	if n == 0 {
		return
	}
	all := (n + lanes - 1) / lanes * lanes
	c.heights = grown(c.heights, all)
	ground, parameters := c.ground[:all], (*float32)(unsafe.Pointer(&c.cellParameters)) //nolint:gosec // all of them are float32
	read := (*[2]uintptr)(unsafe.Pointer(&c.ahead[0]))                                  //nolint:gosec // both are uintptr
	written := (*[2]uintptr)(unsafe.Pointer(&c.ahead[1]))                               //nolint:gosec // both are uintptr
	a.shed[c.crowd(a.lanes)](&c.line.x[0], parameters, &c.tans[0], &ground[0], &c.heights[0], all, read)
	floors := a.floors[0]
	if c.altitudes {
		floors = a.floors[1]
	}
	whole := n / lanes * lanes
	if whole > 0 {
		floors((*uint16)(&c.floors[0]), &c.heights[0], &ground[0], parameters, whole, written)
	}
	if whole < n {
		floors((*uint16)(&c.rest[0]), &c.heights[whole], &ground[whole], parameters, lanes, written)
		copy(c.floors[whole:], c.rest[:])
	}
}

// crowd says which of sheds is for so many cells in a vector: how many pairs of
// vectors hold the rays around them, beyond one, and 2 for more than two.
func (c *cells) crowd(lanes int) int {
	x := &c.line.x
	least := x[1] - 2*abs32(x[2]) - 3*abs32(x[3])
	// The first and the last have one more beside them; a tenth is for rounding.
	rays := float32(lanes-1)*c.halfRays/least + 2.1
	pairs := rays / float32(2*lanes)
	if !(pairs >= 0 && pairs < 2) {
		return 2
	}
	return int(pairs)
}

// inParts does something with n things, so many at a time as there are in a part, or
// several such parts: the last two may overlap. It reports false where there are
// fewer.
func inParts(n, part int, do func(from, n int)) bool {
	if n < part {
		return false
	}
	whole := n / part * part
	do(0, whole)
	if whole < n {
		do(n-part, part)
	}
	return true
}

// rows reduces whole vectors.
func (a assembly) rows(c *cut, r *reducer) {
	if c.columns < a.lanes {
		rows(c, r)
		return
	}
	for i := range c.rows {
		inParts(c.columns, a.lanes, func(column, n int) { a.row(c, r, i, column, n) })
	}
}

// row reduces n heights of row i, from a column on.
func (a assembly) row(c *cut, r *reducer, i, column, n int) {
	from, to := c.first+i*c.panel.Stride+column, c.patch[c.to+i*c.pitch+column:][:n]
	if c.panel.Int16 != nil {
		a.reduce16(&to[0], &c.panel.Int16[from : from+n][0], n, c.void(), r.antennaAMSLM, r.inverseRadius)
	} else {
		a.reduce32(&to[0], &c.panel.Float32[from : from+n][0], n, r.antennaAMSLM, r.inverseRadius)
	}
}

// reduceColumns turns eight columns at once, of eight rows at a time.
func reduceColumns(c *cut, r *reducer) {
	if c.columns != blockSteps || !inParts(c.rows, 8, func(row, n int) { turnRows(c, r, row, n) }) {
		columns(c, r)
	}
}

// turnRows reduces n rows of eight columns, from a row on.
func turnRows(c *cut, r *reducer, row, n int) {
	first, to := c.first+row*c.panel.Stride, c.to+row
	last := first + (n-1)*c.panel.Stride + 7
	_, _ = c.patch[to+n-1], c.patch[to+7*c.pitch+n-1]
	if c.panel.Int16 != nil {
		transpose16(&c.patch[to], 4*c.pitch, &c.panel.Int16[first : last+1][0], 2*c.panel.Stride, n, c.void(), r.antennaAMSLM, r.inverseRadius)
	} else {
		transpose32(&c.patch[to], 4*c.pitch, &c.panel.Float32[first : last+1][0], 4*c.panel.Stride, n, r.antennaAMSLM, r.inverseRadius)
	}
}

// quickTopsOfColumns overlooks sixteen columns at once.
func quickTopsOfColumns(c *cut, r *reducer) {
	overlook := func(column, n int) {
		first := c.first + column
		_, _ = c.patch[column+n-1], c.panel.Int16[first+(c.rows-1)*c.panel.Stride+n-1]
		topsOfColumnsAVX2(&c.patch[column], &c.panel.Int16[first], 2*c.panel.Stride, c.rows, n, r.antennaAMSLM, r.inverseRadius)
	}
	if !inParts(c.columns, 16, overlook) {
		topsOfColumns(c, r)
	}
}

// quickTopsOfRows overlooks eight rows of nine columns at once.
func quickTopsOfRows(c *cut, r *reducer) {
	overlook := func(row, n int) {
		first := c.first + row*c.panel.Stride
		_, _ = c.patch[row+n-1], c.panel.Int16[first+(n-1)*c.panel.Stride+blockSteps]
		topsOfRowsAVX2(&c.patch[row], &c.panel.Int16[first], 2*c.panel.Stride, n, r.antennaAMSLM, r.inverseRadius)
	}
	if c.columns != blockSteps+1 || !inParts(c.rows, 8, overlook) {
		topsOfRows(c, r)
	}
}

func turnFloors(dst []AGL, stride int, src []AGL, pitch, n int) {
	turned := n / 8 * 8
	if turned > 0 {
		_, _ = dst[(turned-1)*stride+7], src[7*pitch+turned-1]
		transposeFloors((*uint16)(&dst[0]), 2*stride, (*uint16)(&src[0]), 2*pitch, turned)
	}
	turn(dst[min(turned*stride, len(dst)):], stride, src[min(turned, len(src)):], pitch, n-turned)
}

func (a assembly) altitudes(dst []int16, floors []AGL, c *cut) {
	n := len(floors) / a.lanes * a.lanes
	switch {
	case n == 0:
	case c.panel.Int16 != nil:
		a.altitudes16(&dst[:n][0], (*uint16)(&floors[0]), &c.panel.Int16[c.first : c.first+n][0], n, c.void())
	default:
		a.altitudes32(&dst[:n][0], (*uint16)(&floors[0]), &c.panel.Float32[c.first : c.first+n][0], n)
	}
	rest := *c
	rest.first += n
	altitudes(dst[n:], floors[n:], &rest)
}
