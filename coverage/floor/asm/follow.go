package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kept is a vector for later: in a register where there are many, else on the
// stack.
type kept struct {
	m  isa
	v  reg.VecVirtual
	at operand.Mem
}

func (m isa) room() kept {
	if m.wide() {
		return kept{m: m, v: m.vec()}
	}
	return kept{m: m, at: AllocLocal(m.bytes())}
}

func (m isa) keep(v reg.VecVirtual) kept {
	k := m.room()
	k.set(v)
	return k
}

// stow keeps a vector on the stack.
func (m isa) stow(v reg.VecVirtual) kept {
	k := kept{m: m, at: AllocLocal(m.bytes())}
	k.set(v)
	return k
}

func (k kept) set(v reg.VecVirtual) {
	if k.v != nil {
		VMOVAPS(v, k.v)
	} else {
		VMOVUPS(v, k.at)
	}
}

func (k kept) get() reg.VecVirtual {
	if k.v != nil {
		return k.v
	}
	return k.m.load(k.at)
}

// posts are some of the patch below the rays of a vector: twice as many as
// these.
type posts struct {
	m             isa
	first, second operand.Op
}

// row returns the posts of a row, from the first below the rays on.
func (m isa) row(first operand.Mem) posts { return posts{m, first, first.Offset(m.bytes())} }

// around returns the posts left and right of places in columns.
func (p posts) around(columns kept) (left, right reg.VecVirtual) {
	i := columns.get()
	left = p.m.pick(p.first, p.second, i)
	after := p.m.vec()
	VPADDD(ones(), i, after)
	return left, p.m.pick(p.first, p.second, after)
}

// ones are whole ones.
func ones() operand.Mem { return words("ones", 1) }

// at returns the post at whole places.
func (p posts) at(columns kept) reg.VecVirtual { return p.m.pick(p.first, p.second, columns.get()) }

// Of a drawing: see there.
const (
	drawnInverse = 8
	drawnScale   = 16
	drawnSag     = 28
	drawnAdvance = 44
	drawnTwist   = 60
	drawnAcross  = 64
	drawnAlong   = 68
	drawnLean    = 72
	drawingB     = 76
)

const (
	farthestV    = 8
	leastAdvance = 1. / (1 << 20)
)

// project writes the function that draws a step on the wall.
func (m isa) project() {
	function("project"+m.name, "func(drawing, before, posts, wall *float32, pitch, n int)")
	drawing, before, posts := param("drawing"), param("before").(reg.GPVirtual), param("posts").(reg.GPVirtual)
	wall, pitch, n := param("wall").(reg.GPVirtual), param("pitch").(reg.GPVirtual), param("n").(reg.GPVirtual)
	SHLQ(operand.Imm(2), pitch)
	of := func(offset int) reg.VecVirtual { return m.broadcast(operand.Mem{Base: drawing, Disp: offset}) }
	i := m.keep(m.load(iota16()))
	loop := "project" + m.name
	Label(loop)
	u := m.fma(i.get(), of(inverseX), of(firstU))
	v := m.fma(m.mul(u, u), m.fma(u, of(drawnInverse+4), of(drawnInverse)), u)
	v = m.max(m.min(v, splat(farthestV)), splat(-farthestV))
	scale := m.fma(v, m.fma(v, of(drawnScale+8), of(drawnScale+4)), of(drawnScale))
	z := m.load(operand.Mem{Base: posts})
	up := m.mul(m.sub(z, m.cubic(drawing, drawnSag, v)), scale)
	VMOVUPS(up, operand.Mem{Base: wall, Index: pitch, Scale: 2})

	rise := m.sub(m.load(operand.Mem{Base: posts, Disp: 4}), z)
	riseBefore := m.sub(m.load(operand.Mem{Base: before, Disp: 4}), operand.Mem{Base: before})
	VMOVUPS(m.mul(m.sub(rise, riseBefore), of(drawnTwist)), operand.Mem{Base: wall})

	advance := m.cubic(drawing, drawnAdvance, v)
	least := m.load(splat(leastAdvance))
	moves := m.compare(least, lessEqual, m.and(advance, magnitude()))
	share := m.choose(moves, m.mul(m.inverse(advance), splat(-1)), m.zero())
	VMOVUPS(share, operand.Mem{Base: wall, Index: pitch, Scale: 1})

	i.set(m.add(i.get(), splat(float32(m.lanes))))
	for _, p := range []reg.GPVirtual{before, posts, wall} {
		ADDQ(operand.Imm(uint64(m.bytes())), p)
	}
	SUBQ(operand.Imm(uint64(m.lanes)), n)
	JNZ(operand.LabelRef(loop))
	VZEROUPPER()
	RET()
}

func (m isa) zero() reg.VecVirtual {
	v := m.vec()
	VXORPS(v, v, v)
	return v
}

// rays are those of one vector on their way.
type rays struct {
	isa
	// line, drawing and wall are those of the step; the line of the step before
	// is the row of the wall before.
	line, drawing, wall, pitch reg.GPVirtual
	// v is the place in the fan; x, column and z0 are where the rays cross the
	// line before, and how high the terrain stands there; z is how high they
	// must pass.
	v, x, column, z0, z kept
	label               string
}

// overLand takes the rays of one vector over the steps, one by one.
func (m isa) overLand(pitch, tans reg.GPVirtual, index operand.Mem, count reg.GPVirtual, label string) {
	r := &rays{isa: m, line: param("lines").(reg.GPVirtual), drawing: param("drawings").(reg.GPVirtual),
		wall: param("wall").(reg.GPVirtual), pitch: pitch, label: label}
	r.v = m.stow(m.fma(m.load(index), m.param("vStep"), m.load(splat(-1))))
	sigma := m.keep(m.cubic(r.line, lineSigma, r.v.get()))
	start := m.stow(m.load(operand.Mem{Base: tans}))
	least := m.stow(m.mul(start.get(), sigma.get()))
	inverse := m.stow(m.inverse(sigma.get()))
	r.z = m.keep(m.copy(least.get()))
	r.x = m.keep(m.cubic(r.line, lineX, r.v.get()))
	r.column = m.keep(m.floor(r.x.get()))
	posts, _, firsts := r.window(r.column.get())
	r.z0 = m.keep(r.onWall(m.row(operand.Mem{Base: posts, Index: pitch, Scale: 2}), firsts, r.x, r.column))

	Label(label)
	ADDQ(operand.Imm(lineB), r.line)
	ADDQ(operand.Imm(drawingB), r.drawing)
	LEAQ(operand.Mem{Base: r.wall, Index: pitch, Scale: 2}, r.wall)
	ADDQ(pitch, r.wall)
	r.step()
	ADDQ(operand.U32(4*maxRays), tans)
	raised := m.compare(least.get(), less, r.z.get())
	VMOVUPS(m.choose(raised, m.mul(r.z.get(), inverse.get()), start.get()), operand.Mem{Base: tans})
	DECQ(count)
	JNZ(operand.LabelRef(label))
}

// window returns where on the wall, in the rows of the step and in those before,
// columns begin that grow from lane to lane, and the first of them in all lanes.
func (r *rays) window(columns reg.VecVirtual) (posts, before reg.GPVirtual, firsts kept) {
	first := r.vec()
	VBROADCASTSS(columns.AsX(), first)
	posts, before = GP64(), GP64()
	LEAQ(operand.Mem{Base: r.wall, Index: column(columns), Scale: 4}, posts)
	MOVQ(posts, before)
	SUBQ(r.pitch, before)
	return posts, before, r.keep(first)
}

// from returns how far right of the first columns others are.
func (r *rays) from(firsts kept, columns reg.VecVirtual) kept {
	return r.keep(r.integers(r.sub(columns, firsts.get())))
}

func (r *rays) of(offset int) reg.VecVirtual {
	return r.broadcast(operand.Mem{Base: r.drawing, Disp: offset})
}

// onWall returns how high terrain stands between the posts of a row.
func (r *rays) onWall(row posts, firsts, x, columns kept) reg.VecVirtual {
	left, right := row.around(r.from(firsts, columns.get()))
	u := r.keep(r.sub(x.get(), columns.get()))
	z := r.lerp(left, right, u.get())
	bulge := r.copy(u.get())
	VFNMADD231PS(u.get(), u.get(), bulge)
	return r.fma(bulge, r.of(drawnAcross), z)
}

// place is one on the wall, after a share of the step.
type place struct{ share, z kept }

// next is where the rays come to: at which place and column of the line, and
// how high the terrain stands there.
type next struct {
	x, column, z kept
	// twists, shares and line are the rows of the step, before is the line before;
	// all begin at the columns in firsts.
	twists, shares, line, before posts
	firsts                       kept
}

// step takes the rays to the next line.
func (r *rays) step() {
	n := &next{x: r.keep(r.cubic(r.line, lineX, r.v.get()))}
	n.column = r.keep(r.floor(n.x.get()))
	wall, before, firsts := r.window(r.min(r.column.get(), n.column.get()))
	n.twists, n.shares = r.row(operand.Mem{Base: wall}), r.row(operand.Mem{Base: wall, Index: r.pitch, Scale: 1})
	n.line, n.before = r.row(operand.Mem{Base: wall, Index: r.pitch, Scale: 2}), r.row(operand.Mem{Base: before})
	n.firsts = firsts
	n.z = r.keep(r.onWall(n.line, firsts, n.x, n.column))

	one := func() reg.VecVirtual { return r.load(splat(1)) }
	c := r.keep(r.max(r.column.get(), n.column.get()))
	edge := r.onColumn(n, c)
	crosses := func() condition { return r.compare(r.column.get(), notEqual, n.column.get()) }
	edge.share = r.keep(r.choose(crosses(), edge.share.get(), one()))
	edge.z = r.keep(r.choose(crosses(), edge.z.get(), n.z.get()))
	begin := place{r.keep(r.zero()), r.keep(r.copy(r.z0.get()))}
	end := place{r.keep(one()), r.keep(r.copy(n.z.get()))}
	r.crossTwo(n, r.keep(r.sub(c.get(), one())), begin, edge, end)

	r.z.set(r.max(r.max(r.z.get(), n.z.get()), edge.z.get()))
	dx := r.keep(r.sub(n.x.get(), r.x.get()))
	bend := func(column, other kept) reg.VecVirtual {
		cell := r.from(n.firsts, r.max(column.get(), r.sub(other.get(), one())))
		return r.fma(n.twists.at(cell), dx.get(), r.of(drawnAlong))
	}
	r.raise(begin, edge, bend(r.column, n.column))
	r.raise(edge, end, bend(n.column, r.column))
	r.x.set(n.x.get())
	r.column.set(n.column.get())
	r.z0.set(n.z.get())
}

// onColumn returns where the rays cross a column.
func (r *rays) onColumn(n *next, c kept) (to place) {
	i := r.from(n.firsts, c.get())
	share := r.mul(r.sub(r.x.get(), c.get()), n.shares.at(i))
	to.share = r.keep(r.max(r.min(share, splat(1)), r.zero()))
	from := n.before.at(i)
	to.z = r.keep(r.lerp(from, n.line.at(i), to.share.get()))
	return to
}

// crossTwo lets the way begin or end at another column for rays that cross two,
// if there are any.
func (r *rays) crossTwo(n *next, c kept, begin, edge, end place) {
	two := func() condition {
		return r.compare(r.load(splat(1)), less, r.and(r.sub(r.column.get(), n.column.get()), magnitude()))
	}
	any := r.any(two())
	TESTL(any, any)
	JZ(operand.LabelRef(r.label + "One"))
	other := r.onColumn(n, c)
	sooner := func() condition {
		return r.compare(r.choose(two(), other.share.get(), r.load(splat(2))), less, edge.share.get())
	}
	later := func() condition {
		return r.compare(edge.share.get(), less, r.choose(two(), other.share.get(), r.load(splat(-1))))
	}
	begin.share.set(r.choose(sooner(), other.share.get(), begin.share.get()))
	begin.z.set(r.choose(sooner(), other.z.get(), begin.z.get()))
	end.share.set(r.choose(later(), other.share.get(), end.share.get()))
	end.z.set(r.choose(later(), other.z.get(), end.z.get()))
	r.z.set(r.max(r.z.get(), r.choose(two(), other.z.get(), edge.z.get())))
	Label(r.label + "One")
}

// any returns whether a condition holds in any lane.
func (m isa) any(c condition) reg.GPVirtual {
	any := GP32()
	if m.wide() {
		KMOVW(c.k, any)
	} else {
		VMOVMSKPS(c.v, any)
	}
	return any
}

// raise raises the rays over the parabola between two places, which would bend
// by so much over a whole step.
func (r *rays) raise(from, to place, bend reg.VecVirtual) {
	share := r.sub(to.share.get(), from.share.get())
	b := r.keep(r.mul(bend, r.mul(share, share)))
	middle := r.sub(r.add(from.share.get(), to.share.get()), splat(1))
	b.set(r.mul(b.get(), r.fma(middle, r.of(drawnLean), r.load(splat(1)))))
	tilt := r.keep(r.mul(r.sub(to.z.get(), from.z.get()), splat(0.25)))
	rises := r.compare(r.and(tilt.get(), magnitude()), less, b.get())
	both := r.add(b.get(), tilt.get())
	top := r.fma(r.mul(both, both), r.inverse(b.get()), from.z.get())
	r.z.set(r.max(r.z.get(), r.choose(rises, top, from.z.get())))
}

// magnitude is the mask of all bits but the sign.
func magnitude() operand.Mem { return words("magnitude", 0x7fffffff) }
