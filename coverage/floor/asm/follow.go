package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kept is a vector for later, on the stack.
type kept struct {
	m  isa
	at operand.Mem
}

func (m isa) keep(v reg.VecVirtual) kept {
	k := kept{m, AllocLocal(m.bytes())}
	VMOVUPS(v, k.at)
	return k
}

// hold keeps a vector in a register where there are many, else on the stack.
func (m isa) hold(v reg.VecVirtual) operand.Op {
	if m.wide() {
		return v
	}
	return m.keep(v).at
}

func (k kept) get() reg.VecVirtual { return k.m.load(k.at) }

// posts are some of the patch below the rays of a vector: twice as many as
// these.
type posts struct {
	m             isa
	first, second operand.Mem
}

// row returns the posts of a row, from the first below the rays on.
func (m isa) row(first operand.Mem) posts { return posts{m, first, first.Offset(m.bytes())} }

// at returns the posts at whole places.
func (p posts) at(places picker) reg.VecVirtual { return places.of(p.first, p.second) }

// after returns those right of them.
func (p posts) after(places picker) reg.VecVirtual {
	return places.of(p.first.Offset(4), p.second.Offset(4))
}

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
	i := m.load(iota16())
	loop := "project" + m.name
	Label(loop)
	u := m.fma(i, of(inverseX), of(firstU))
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

	VADDPS(splat(float32(m.lanes)), i, i)
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
	v                kept
	x, column, z0, z reg.VecVirtual
	// two says that rays may cross two columns on the way to a line.
	two   bool
	label string
}

// overLand takes the rays of one vector over the steps, one by one.
func (m isa) overLand(pitch, tans reg.GPVirtual, index operand.Mem, count reg.GPVirtual, two bool, label string) {
	r := &rays{isa: m, line: param("lines").(reg.GPVirtual), drawing: param("drawings").(reg.GPVirtual),
		wall: param("wall").(reg.GPVirtual), pitch: pitch, two: two, label: label}
	v := m.fma(m.load(index), m.param("vStep"), m.load(splat(-1)))
	r.v = m.keep(v)
	sigma := m.cubic(r.line, lineSigma, v)
	tan := m.load(operand.Mem{Base: tans})
	r.z = m.mul(tan, sigma)
	start, least, inverse := m.keep(tan), m.keep(r.z), m.keep(m.inverse(sigma))
	r.x = m.cubic(r.line, lineX, v)
	r.column = m.floor(r.x)
	posts, _, first := r.window(r.column)
	r.z0 = r.onWall(m.row(operand.Mem{Base: posts, Index: pitch, Scale: 2}), first, r.x, r.column)

	Label(label)
	ADDQ(operand.Imm(lineB), r.line)
	ADDQ(operand.Imm(drawingB), r.drawing)
	LEAQ(operand.Mem{Base: r.wall, Index: pitch, Scale: 2}, r.wall)
	ADDQ(pitch, r.wall)
	r.step()
	ADDQ(operand.U32(4*maxRays), tans)
	raised := m.compare(least.get(), less, r.z)
	VMOVUPS(m.choose(raised, m.mul(r.z, inverse.get()), start.get()), operand.Mem{Base: tans})
	DECQ(count)
	JNZ(operand.LabelRef(label))
}

// window returns where on the wall, in the rows of the step and in those before,
// columns begin that grow from lane to lane, and the first of them in all lanes.
func (r *rays) window(columns reg.VecVirtual) (posts, before reg.GPVirtual, first reg.VecVirtual) {
	first = r.vec()
	VBROADCASTSS(columns.AsX(), first)
	posts, before = GP64(), GP64()
	LEAQ(operand.Mem{Base: r.wall, Index: column(columns), Scale: 4}, posts)
	MOVQ(posts, before)
	SUBQ(r.pitch, before)
	return posts, before, first
}

// from picks what is so far right of the first column as others are.
func (r *rays) from(first, columns reg.VecVirtual) picker {
	return r.picker(r.integers(r.sub(columns, first)))
}

func (r *rays) of(offset int) reg.VecVirtual {
	return r.broadcast(operand.Mem{Base: r.drawing, Disp: offset})
}

// onWall returns how high terrain stands between the posts of a row.
func (r *rays) onWall(row posts, first, x, columns reg.VecVirtual) reg.VecVirtual {
	at := r.from(first, columns)
	u := r.sub(x, columns)
	bulge := r.copy(u)
	VFNMADD231PS(u, u, bulge)
	return r.fma(bulge, r.of(drawnAcross), r.lerp(row.at(at), row.after(at), u))
}

// place is one on the wall, after a share of the step.
type place struct{ share, z reg.VecVirtual }

// next is where the rays come to: at which place and column of the line, and
// how high the terrain stands there.
type next struct {
	x, column, z reg.VecVirtual
	// twists, shares and line are the rows of the step, before is the line before;
	// all begin at the first column.
	twists, shares, line, before posts
	first                        reg.VecVirtual
}

// step takes the rays to the next line.
func (r *rays) step() {
	n := &next{x: r.cubic(r.line, lineX, r.v.get())}
	n.column = r.floor(n.x)
	wall, before, first := r.window(r.min(r.column, n.column))
	n.first = first
	n.twists, n.shares = r.row(operand.Mem{Base: wall}), r.row(operand.Mem{Base: wall, Index: r.pitch, Scale: 1})
	n.line, n.before = r.row(operand.Mem{Base: wall, Index: r.pitch, Scale: 2}), r.row(operand.Mem{Base: before})
	n.z = r.onWall(n.line, first, n.x, n.column)

	bendBefore, bendAfter := r.hold(r.bend(n, r.column, n.column)), r.hold(r.bend(n, n.column, r.column))
	c := r.max(r.column, n.column)
	edge := r.onColumn(n, c)
	crosses := r.compare(r.column, notEqual, n.column)
	edge.share = r.choose(crosses, edge.share, r.load(splat(1)))
	edge.z = r.choose(crosses, edge.z, n.z)
	begin, end := place{r.zero(), r.copy(r.z0)}, place{r.load(splat(1)), r.copy(n.z)}
	if r.two {
		r.crossTwo(n, c, begin, edge, end)
	}
	VMAXPS(r.max(n.z, edge.z), r.z, r.z)
	r.raise(begin, edge, bendBefore)
	r.raise(edge, end, bendAfter)
	VMOVAPS(n.x, r.x)
	VMOVAPS(n.column, r.column)
	VMOVAPS(n.z, r.z0)
}

// bend returns by how much the way bends, over a whole step, in the cell of one of
// its ends; rays that cross two columns pass another one there.
func (r *rays) bend(n *next, end, other reg.VecVirtual) reg.VecVirtual {
	if r.two {
		end = r.max(end, r.sub(other, splat(1)))
	}
	return r.fma(n.twists.at(r.from(n.first, end)), r.sub(n.x, r.x), r.of(drawnAlong))
}

// onColumn returns where the rays cross a column.
func (r *rays) onColumn(n *next, c reg.VecVirtual) place {
	at := r.from(n.first, c)
	share := r.max(r.min(r.mul(r.sub(r.x, c), n.shares.at(at)), splat(1)), r.zero())
	return place{share, r.lerp(n.before.at(at), n.line.at(at), share)}
}

// crossTwo lets the way begin or end at another column for rays that cross two,
// if there are any.
func (r *rays) crossTwo(n *next, c reg.VecVirtual, begin, edge, end place) {
	two := func() condition {
		return r.compare(r.load(splat(1)), less, r.and(r.sub(r.column, n.column), magnitude()))
	}
	any := r.any(two())
	TESTL(any, any)
	JZ(operand.LabelRef(r.label + "One"))
	other := r.onColumn(n, r.sub(c, splat(1)))
	sooner := r.compare(r.choose(two(), other.share, r.load(splat(2))), less, edge.share)
	VMOVAPS(r.choose(sooner, other.share, begin.share), begin.share)
	VMOVAPS(r.choose(sooner, other.z, begin.z), begin.z)
	later := r.compare(edge.share, less, r.choose(two(), other.share, r.load(splat(-1))))
	VMOVAPS(r.choose(later, other.share, end.share), end.share)
	VMOVAPS(r.choose(later, other.z, end.z), end.z)
	VMAXPS(r.choose(two(), other.z, edge.z), r.z, r.z)
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
func (r *rays) raise(from, to place, bend operand.Op) {
	share := r.sub(to.share, from.share)
	middle := r.sub(r.add(from.share, to.share), splat(1))
	b := r.mul(r.mul(r.mul(share, share), bend), r.fma(middle, r.of(drawnLean), r.load(splat(1))))
	tilt := r.mul(r.sub(to.z, from.z), splat(0.25))
	rises := r.compare(r.and(tilt, magnitude()), less, b)
	both := r.add(b, tilt)
	top := r.add(r.divide(r.mul(both, both), b), from.z)
	VMAXPS(r.choose(rises, top, from.z), r.z, r.z)
}

// magnitude is the mask of all bits but the sign.
func magnitude() operand.Mem { return words("magnitude", 0x7fffffff) }
