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

func (k kept) set(v reg.VecVirtual) {
	if k.m.wide() {
		VMOVAPS(v, k.v)
	} else {
		VMOVUPS(v, k.at)
	}
}

func (k kept) get() reg.VecVirtual {
	if k.m.wide() {
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

// higher returns the higher ones of both rows.
func (p posts) higher(q posts) posts {
	return posts{p.m, p.m.max(p.m.load(p.first), q.first), p.m.max(p.m.load(p.second), q.second)}
}

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

// overLand takes the rays of one vector over the steps, one by one.
func (m isa) overLand(pitch, tans reg.GPVirtual, index operand.Mem, count reg.GPVirtual, label string) {
	line, patch := param("lines").(reg.GPVirtual), param("patch").(reg.GPVirtual)
	v := m.keep(m.fma(m.load(index), m.param("vStep"), m.load(splat(-1))))
	tan := m.keep(m.load(operand.Mem{Base: tans}))
	x0, sigma0, sag0 := m.room(), m.room(), m.room()
	x0.set(m.cubic(line, lineX, v.get()))
	sigma0.set(m.cubic(line, lineSigma, v.get()))
	sag0.set(m.cubic(line, lineSag, v.get()))

	Label(label)
	ADDQ(operand.Imm(lineB), line)
	m.step(line, patch, pitch, v, tan, x0, sigma0, sag0, label+"Over")
	ADDQ(pitch, patch)
	ADDQ(operand.U32(4*maxRays), tans)
	VMOVUPS(tan.get(), operand.Mem{Base: tans})
	DECQ(count)
	JNZ(operand.LabelRef(label))
}

// columns returns the columns left of a, and the first of all columns left of
// a or b, as a number and in all lanes. Both grow from lane to lane.
func (m isa) columns(a, b reg.VecVirtual) (of reg.VecVirtual, first reg.GPVirtual, firsts reg.VecVirtual) {
	least := m.floor(m.min(a, b))
	firsts = m.vec()
	VBROADCASTSS(least.AsX(), firsts)
	return m.floor(a), column(least), firsts
}

// step takes the rays from one line to the next. Where the terrain is below all
// of them, there is nothing to look at.
func (m isa) step(line, patch, pitch reg.GPVirtual, v, tan, x0, sigma0, sag0 kept, over string) {
	x1 := m.keep(m.cubic(line, lineX, v.get()))
	left, base, first := m.columns(x0.get(), x1.get())
	firsts := m.keep(first)
	c0 := m.keep(left)
	c1 := m.keep(m.floor(x1.get()))
	i0 := m.keep(m.integers(m.sub(c0.get(), firsts.get())))
	i1 := m.keep(m.integers(m.sub(c1.get(), firsts.get())))
	before := m.row(operand.Mem{Base: patch, Index: base, Scale: 4})
	ahead := GP64()
	LEAQ(operand.Mem{Base: patch, Index: pitch, Scale: 1}, ahead)
	after := m.row(operand.Mem{Base: ahead, Index: base, Scale: 4})
	sigma1 := m.keep(m.cubic(line, lineSigma, v.get()))
	sag1 := m.keep(m.cubic(line, lineSag, v.get()))

	both := before.higher(after)
	p, q := both.around(i0)
	top := m.max(p, q)
	p, q = both.around(i1)
	top = m.keep(m.max(m.max(top, p), q)).get()
	lowest := m.fma(tan.get(), sigma0.get(), sag0.get())
	lowest = m.min(lowest, m.fma(tan.get(), sigma1.get(), sag1.get()))
	hit := m.compare(m.sub(lowest, m.param("slackM")), lessEqual, top)
	any := GP32()
	if m.wide() {
		KMOVW(hit.k, any)
	} else {
		VMOVMSKPS(hit.v, any)
	}
	TESTL(any, any)
	JZ(operand.LabelRef(over))

	dx := m.keep(m.sub(x1.get(), x0.get()))
	dSigma := m.keep(m.sub(sigma1.get(), sigma0.get()))
	dSag := m.keep(m.sub(sag1.get(), sag0.get()))
	at := func(share, z reg.VecVirtual) reg.VecVirtual {
		s := m.keep(share)
		up := m.keep(m.sub(z, m.fma(dSag.get(), s.get(), sag0.get())))
		sigma := m.fma(dSigma.get(), s.get(), sigma0.get())
		return m.div(up.get(), sigma)
	}

	// Where the rays meet the lines.
	l, r := before.around(i0)
	z := m.lerp(l, r, m.sub(x0.get(), c0.get()))
	tan0 := m.keep(m.div(m.sub(z, sag0.get()), sigma0.get()))
	l, r = after.around(i1)
	z = m.lerp(l, r, m.sub(x1.get(), c1.get()))
	tan1 := m.keep(m.div(m.sub(z, sag1.get()), sigma1.get()))

	// Where they cross a column of posts: its post before, and after. Of two
	// columns it is the right one, and the pieces lie left and right of it.
	c := m.max(c0.get(), c1.get())
	edge := m.keep(m.div(m.sub(c, x0.get()), dx.get()))
	cA := m.keep(m.max(c0.get(), m.sub(c1.get(), m.load(splat(1)))))
	cB := m.keep(m.max(c1.get(), m.sub(c0.get(), m.load(splat(1)))))
	iA := m.keep(m.integers(m.sub(cA.get(), firsts.get())))
	iB := m.keep(m.integers(m.sub(cB.get(), firsts.get())))
	p0, p1 := before.around(iA)
	right := m.compare(c0.get(), less, c1.get())
	zBefore := m.keep(m.choose(right, p1, p0))
	q0, q1 := after.around(iB)
	right = m.compare(c0.get(), less, c1.get())
	zAfter := m.choose(right, q0, q1)
	tanEdge := m.keep(at(edge.get(), m.lerp(zBefore.get(), zAfter, edge.get())))

	// Rays that cross none have one piece, which both of these then are.
	crosses := m.compare(c0.get(), notEqual, c1.get())
	end := m.keep(m.choose(crosses, tanEdge.get(), tan1.get()))
	crosses = m.compare(c0.get(), notEqual, c1.get())
	begin := m.keep(m.choose(crosses, tanEdge.get(), tan0.get()))
	crosses = m.compare(c0.get(), notEqual, c1.get())
	to := m.choose(crosses, edge.get(), m.load(splat(1)))
	shareA := m.keep(m.mul(to, splat(0.5)))
	zero := m.vec()
	VXORPS(zero, zero, zero)
	crosses = m.compare(c0.get(), notEqual, c1.get())
	from := m.choose(crosses, edge.get(), zero)
	shareB := m.keep(m.fma(from, splat(0.5), m.load(splat(0.5))))

	tan.set(m.max(m.max(tan.get(), tan1.get()), end.get()))
	middle := func(share, columns, i kept) reg.VecVirtual {
		u := m.keep(m.sub(m.fma(dx.get(), share.get(), x0.get()), columns.get()))
		l, r := before.around(i)
		z0 := m.keep(m.lerp(l, r, u.get()))
		l, r = after.around(i)
		z1 := m.lerp(l, r, u.get())
		return at(share.get(), m.lerp(z0.get(), z1, share.get()))
	}
	m.raise(tan, tan0, middle(shareA, cA, iA), end)
	m.raise(tan, begin, middle(shareB, cB, iB), tan1)

	Label(over)
	x0.set(x1.get())
	sigma0.set(sigma1.get())
	sag0.set(sag1.get())
}

// raise raises tan to the top of the parabola through three tangents.
func (m isa) raise(tan, first kept, middle reg.VecVirtual, last kept) {
	k := m.keep(middle)
	sum := m.add(first.get(), last.get())
	bend := m.vec()
	VMOVAPS(sum, bend)
	VFNMADD132PS(splat(0.5), k.get(), bend) // middle − (first + last)/2
	tilt := m.mul(m.sub(last.get(), first.get()), splat(0.25))
	slope := m.vec()
	VANDPS(magnitude(), tilt, slope)
	bends := m.compare(slope, less, bend)
	extra := m.mul(m.mul(tilt, tilt), m.inverse(bend))
	zero := m.vec()
	VXORPS(zero, zero, zero)
	top := m.add(k.get(), m.choose(bends, extra, zero))
	tan.set(m.max(tan.get(), top))
}

// magnitude is the mask of all bits but the sign.
func magnitude() operand.Mem { return words("magnitude", 0x7fffffff) }
