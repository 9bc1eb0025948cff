package main

import (
	"math"
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Of the parameters of shed: see cellParameters.
const (
	firstU = 4 * iota
	inverseX
	inverse0
	inverse1
	before
	halfRays
	lastRay
	isLimited
	bow0
	bow1
	inverseRadius
	stretch
	unit0
	unit1
	unit2
	antennaAMSLM
	topTan
	topM
	rangeM
	rangeM2
	stretch2
	rimSigma
)

// unseen is the reduced height of cells that are not: more than any code holds.
const unseen = 1e12

// shed writes the function that gives cells the reduced heights of their floors, a
// whole number of groups of them. The cells of a vector lie between so many rays; 0
// for any number.
func (m isa) shed(rays int) {
	name := "shed" + m.name
	if rays > 0 {
		name = "shed" + strconv.Itoa(rays) + m.name
	}
	function(name, "func(line, parameters, tans, ground, heights *float32, n int, ahead *[2]uintptr)")
	line, parameters := param("line"), param("parameters")
	tans, ground, heights := param("tans").(reg.GPVirtual), param("ground").(reg.GPVirtual), param("heights").(reg.GPVirtual)
	n := param("n").(reg.GPVirtual)
	soon := wanted()
	of := func(offset int) operand.Mem { return operand.Mem{Base: parameters, Disp: offset} }
	all := m.scalars(parameters, firstU, inverseX, inverse0, inverse1, halfRays, lastRay, topTan, topM)
	sigmaAt, sagAt := m.cubicAt(line, lineSigma), m.cubicAt(line, lineSag)
	limited := GP32()
	MOVL(of(isLimited), limited)
	index, zero := m.add(m.broadcast(of(before)), iota16()), m.zero()
	loop := "cells" + name

	Label(loop)
	soon.ask()
	for part := range group / m.lanes {
		inside := loop + "Inside" + strconv.Itoa(part)
		u := m.horner(index, all(inverseX), all(firstU))
		v := m.fma(m.mul(u, u), m.horner(u, all(inverse1), all(inverse0)), u)
		// Beyond the last cell the series may lead anywhere.
		ray := m.max(m.min(m.horner(v, all(halfRays), all(halfRays)), all(lastRay).get()), zero)
		whole := m.integers(ray)
		below := m.vec()
		VCVTDQ2PS(whole, below)
		between := m.sub(ray, below)
		var left, right reg.VecVirtual
		if rays > 0 {
			left, right = m.neighboursAmong(rays/m.lanes, tans, whole)
		} else {
			left, right = m.neighbours(tans, whole)
		}
		z := m.sub(right, left)
		VFMADD213PS(left, between, z)
		sigma := m.horner(v, sigmaAt...)
		sag := m.horner(v, sagAt...)
		VFMADD213PS(sag, sigma, z)
		VMAXPS(operand.Mem{Base: ground, Disp: part * m.bytes()}, z, z)
		TESTL(limited, limited)
		JZ(operand.LabelRef(inside))

		over := m.compare(m.min(m.fma(sigma, all(topTan).get(), sag), all(topM).get()), less, z)
		rim := m.compare(m.broadcast(of(rimSigma)), less, sigma)
		any := m.any(rim)
		TESTL(any, any)
		JZ(operand.LabelRef(name + "Near" + strconv.Itoa(part)))
		m.include(over, m.far(of, z, v, sigma, sag))
		Label(name + "Near" + strconv.Itoa(part))
		VMOVAPS(m.choose(over, m.load(splat(unseen)), z), z)
		Label(inside)
		VMOVUPS(z, operand.Mem{Base: heights, Disp: part * m.bytes()})
		VADDPS(splat(float32(m.lanes)), index, index)
	}
	ADDQ(operand.Imm(4*group), ground)
	ADDQ(operand.Imm(4*group), heights)
	SUBQ(operand.Imm(group), n)
	JNZ(operand.LabelRef(loop))
	VZEROUPPER()
	RET()
}

// soon is a stream of memory that will be wanted soon.
type soon struct{ at, stride reg.GPVirtual }

// wanted returns that of the parameter ahead.
func wanted() soon {
	ahead := param("ahead")
	s := soon{GP64(), GP64()}
	MOVQ(operand.Mem{Base: ahead}, s.at)
	MOVQ(operand.Mem{Base: ahead, Disp: 8}, s.stride)
	return s
}

// ask asks for the next of it.
func (s soon) ask() {
	PREFETCHT1(operand.Mem{Base: s.at})
	ADDQ(s.stride, s.at)
}

// floors writes the function that turns reduced heights into floors above ground, or
// into altitudes, a whole number of groups of them.
func (m isa) floors(altitudes bool) {
	name := "agl" + m.name
	if altitudes {
		name = "amsl" + m.name
	}
	function(name, "func(floors *uint16, heights, ground, parameters *float32, n int, ahead *[2]uintptr)")
	floors, heights, ground := param("floors").(reg.GPVirtual), param("heights").(reg.GPVirtual), param("ground").(reg.GPVirtual)
	parameters, n, soon := param("parameters"), param("n").(reg.GPVirtual), wanted()
	of := func(offset int) reg.VecVirtual { return m.broadcast(operand.Mem{Base: parameters, Disp: offset}) }
	units, antenna := [3]reg.VecVirtual{of(unit0), of(unit1), of(unit2)}, of(antennaAMSLM)
	factor := func(z reg.VecVirtual) reg.VecVirtual { return m.fma(z, m.fma(z, units[2], units[1]), units[0]) }
	loop := "floors" + name

	Label(loop)
	soon.ask()
	for part := range group / m.lanes {
		z, to := m.load(operand.Mem{Base: heights, Disp: part * m.bytes()}), operand.Mem{Base: floors, Disp: 2 * part * m.lanes}
		if altitudes {
			i := m.vec()
			VCVTPS2DQ(m.fma(z, factor(z), antenna), i)
			m.storeSigned(i, to)
			continue
		}
		land := m.load(operand.Mem{Base: ground, Disp: part * m.bytes()})
		m.store(m.root(m.mul(m.sub(z, land), factor(m.add(z, land)))), to)
	}
	ADDQ(operand.Imm(4*group), heights)
	ADDQ(operand.Imm(4*group), ground)
	ADDQ(operand.Imm(2*group), floors)
	SUBQ(operand.Imm(group), n)
	JNZ(operand.LabelRef(loop))
	VZEROUPPER()
	RET()
}

// far returns where the slant range is too long.
func (m isa) far(of func(int) operand.Mem, z, v, sigma, sag reg.VecVirtual) condition {
	over := m.unreduced(z, of(inverseRadius))
	up := m.mul(m.mul(z, over), m.broadcast(of(stretch)))
	v2 := m.mul(v, v)
	share := m.fma(v, m.broadcast(of(bow1)), m.broadcast(of(bow0)))
	share = m.mul(m.mul(share, m.sub(v2, splat(1))), m.sub(v2, splat(1./9)))
	exact := m.fma(share, sigma, sigma)
	chord2 := m.fma(exact, exact, m.mul(sag, sag))
	far2 := m.fma(up, up, m.mul(m.mul(chord2, m.broadcast(of(stretch2))), over))
	far := m.compare(m.broadcast(of(rangeM2)), less, far2)
	beyond := m.sub(m.mul(exact, m.broadcast(of(stretch))), m.broadcast(of(rangeM)))
	climbing := m.compare(m.zero(), less, m.max(beyond, m.fma(sag, m.broadcast(of(stretch)), up)))
	return m.both(far, climbing)
}

// unreduced returns 1 + w·(1 + w), w = z/a.
func (m isa) unreduced(z reg.VecVirtual, inverseRadius operand.Mem) reg.VecVirtual {
	w := m.mul(z, m.broadcast(inverseRadius))
	return m.fma(w, m.add(w, splat(1)), m.load(splat(1)))
}

// root returns the square root of a, which is not negative: an estimate, and a
// step of Newton's.
func (m isa) root(a reg.VecVirtual) reg.VecVirtual {
	root := m.vec()
	if !m.wide() {
		VSQRTPS(a, root)
		return root
	}
	inverse := m.vec()
	// Of 0, that is not finite.
	VRSQRT14PS(m.max(a, splat(1e-12)), inverse)
	root = m.mul(a, inverse)
	off := m.copy(a)
	VFNMADD231PS(root, root, off)
	return m.fma(off, m.mul(inverse, splat(0.5)), root)
}

// neighboursAmong returns of[i] and of[i+1], for i that grow from lane to lane:
// all of them among two or four vectors from the first on.
func (m isa) neighboursAmong(vectors int, of reg.GPVirtual, i reg.VecVirtual) (left, right reg.VecVirtual) {
	first := GP32()
	VMOVD(i.AsX(), first)
	at := operand.Mem{Base: of, Index: first.As64(), Scale: 4}
	from := m.vec()
	VPBROADCASTD(i.AsX(), from)
	VPSUBD(from, i, from)
	picker := m.picker(from)
	pick := func(at operand.Mem) reg.VecVirtual {
		low := picker.of(at, at.Offset(m.bytes()))
		if vectors == 2 {
			return low
		}
		high := picker.of(at.Offset(2*m.bytes()), at.Offset(3*m.bytes()))
		return m.choose(m.beyondTwo(from), high, low)
	}
	return pick(at), pick(at.Offset(4))
}

// beyondTwo returns where whole numbers are as large as two vectors are long.
func (m isa) beyondTwo(i reg.VecVirtual) condition {
	if m.wide() {
		beyond := K()
		VPTESTMD(words("thirtyTwo", 32), i, beyond)
		return condition{k: beyond}
	}
	beyond := m.vec()
	VPSLLD(operand.Imm(27), i, beyond)
	return condition{v: beyond}
}

// neighbours returns of[i] and of[i+1].
func (m isa) neighbours(of reg.GPVirtual, i reg.VecVirtual) (left, right reg.VecVirtual) {
	if !m.wide() {
		gather := func(disp int) reg.VecVirtual {
			all, v := m.vec(), m.vec()
			VPCMPEQD(all, all, all)
			VXORPS(v, v, v)
			VGATHERDPS(all, operand.Mem{Base: of, Index: i, Scale: 4, Disp: disp}, v)
			return v
		}
		return gather(0), gather(4)
	}
	// Both at once, as one double.
	gather := func(i reg.VecVirtual) reg.VecVirtual {
		all, v := K(), m.vec()
		KXNORB(all, all, all)
		VPXORQ(v, v, v)
		VGATHERDPD(operand.Mem{Base: of, Index: i, Scale: 4}, all, v)
		return v
	}
	high := YMM()
	VEXTRACTI64X4(operand.Imm(1), i, high)
	a, b := gather(i.AsY().(reg.VecVirtual)), gather(high)
	part := func(name string, odd uint32) reg.VecVirtual {
		words := make([]uint32, 16)
		for j := range words {
			words[j] = uint32(2*j) + odd
		}
		v := m.load(table(name, words...))
		VPERMI2PS(b, a, v)
		return v
	}
	return part("even", 0), part("odd", 1)
}

func (m isa) both(a, b condition) condition {
	if m.wide() {
		k := K()
		KANDW(a.k, b.k, k)
		return condition{k: k}
	}
	return condition{v: m.and(a.v, b.v)}
}

// include makes a hold where b does as well.
func (m isa) include(a, b condition) {
	if m.wide() {
		KORW(b.k, a.k, a.k)
	} else {
		VORPS(b.v, a.v, a.v)
	}
}

func (m isa) and(a, b operand.Op) reg.VecVirtual { v := m.vec(); VANDPS(b, a, v); return v }

// store stores floats as 16 bits, all of them ones where they are larger.
func (m isa) store(code reg.VecVirtual, at operand.Mem) {
	i := m.vec()
	VCVTPS2DQ(m.min(code, splat(math.MaxUint16)), i)
	if m.wide() {
		VPMOVUSDW(i, at)
		return
	}
	x := XMM()
	VEXTRACTI128(operand.Imm(1), i, x)
	VPACKUSDW(x, i.AsX(), x)
	VMOVDQU(x, at)
}
