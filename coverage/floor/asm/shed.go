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
	halfRays
	lastRay
	nearRim
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

// shed writes the function that gives cells their floors, a whole number of
// vectors of them: as altitudes, or above ground. The cells of a vector lie
// between so many rays; 0 for any number.
func (m isa) shed(rays int, altitudes bool) {
	name := "shed"
	if altitudes {
		name += "Altitudes"
	}
	if rays > 0 {
		name += strconv.Itoa(rays)
	}
	name += m.name
	function(name, "func(line, parameters, tans, ground *float32, floors *uint16, n int, ahead *[4]uintptr)")
	line, parameters := param("line"), param("parameters")
	tans, ground, floors := param("tans").(reg.GPVirtual), param("ground").(reg.GPVirtual), param("floors").(reg.GPVirtual)
	n := param("n").(reg.GPVirtual)
	ahead := param("ahead")
	read, written := GP64(), GP64()
	MOVQ(operand.Mem{Base: ahead}, read)
	MOVQ(operand.Mem{Base: ahead, Disp: 16}, written)
	of := func(offset int) operand.Mem { return operand.Mem{Base: parameters, Disp: offset} }
	atRim := GP32()
	MOVL(of(nearRim), atRim)
	index := m.load(iota16())
	loop := "cells" + name

	Label(loop)
	PREFETCHT1(operand.Mem{Base: read})
	PREFETCHT1(operand.Mem{Base: written})
	ADDQ(operand.Mem{Base: ahead, Disp: 8}, read)
	ADDQ(operand.Mem{Base: ahead, Disp: 24}, written)
	u := m.fma(index, m.broadcast(of(inverseX)), m.broadcast(of(firstU)))
	series := m.fma(u, m.broadcast(of(inverse1)), m.broadcast(of(inverse0)))
	v := m.fma(m.mul(u, u), series, u)
	half := m.broadcast(of(halfRays))
	// Beyond the last cell the series may lead anywhere.
	ray := m.max(m.min(m.fma(v, half, half), m.broadcast(of(lastRay))), m.zero())
	whole := m.integers(ray)
	before := m.vec()
	VCVTDQ2PS(whole, before)
	between := m.sub(ray, before)
	var left, right reg.VecVirtual
	if rays > 0 {
		left, right = m.neighboursAmong(rays/m.lanes, tans, whole)
	} else {
		left, right = m.neighbours(tans, whole)
	}
	tan := m.lerp(left, right, between)
	sigma := m.cubic(line, lineSigma, v)
	sag := m.cubic(line, lineSag, v)
	land := m.load(operand.Mem{Base: ground})
	z := m.max(m.fma(tan, sigma, sag), land)

	top := m.min(m.fma(m.broadcast(of(topTan)), sigma, sag), m.broadcast(of(topM)))
	unseen := m.compare(top, less, z)
	TESTL(atRim, atRim)
	JZ(operand.LabelRef(loop + "Inside"))
	rim := m.compare(m.broadcast(of(rimSigma)), less, sigma)
	any := m.any(rim)
	TESTL(any, any)
	JZ(operand.LabelRef(loop + "Inside"))
	over := m.unreduced(z, of(inverseRadius))
	up := m.mul(m.mul(z, over), m.broadcast(of(stretch)))
	v2 := m.mul(v, v)
	share := m.fma(v, m.broadcast(of(bow1)), m.broadcast(of(bow0)))
	share = m.mul(m.mul(share, m.sub(v2, m.load(splat(1)))), m.sub(v2, m.load(splat(1./9))))
	exact := m.fma(share, sigma, sigma)
	chord2 := m.fma(exact, exact, m.mul(sag, sag))
	far2 := m.fma(up, up, m.mul(m.mul(chord2, m.broadcast(of(stretch2))), over))
	far := m.compare(m.broadcast(of(rangeM2)), less, far2)
	zero := m.zero()
	beyond := m.sub(m.mul(exact, m.broadcast(of(stretch))), m.broadcast(of(rangeM)))
	climbing := m.compare(zero, less, m.max(beyond, m.fma(sag, m.broadcast(of(stretch)), up)))
	m.include(unseen, m.both(far, climbing))
	Label(loop + "Inside")

	units := func(z reg.VecVirtual) reg.VecVirtual {
		factor := m.fma(z, m.broadcast(of(unit2)), m.broadcast(of(unit1)))
		return m.fma(z, factor, m.broadcast(of(unit0)))
	}
	if altitudes {
		i := m.vec()
		VCVTPS2DQ(m.fma(z, units(z), m.broadcast(of(antennaAMSLM))), i)
		m.storeAltitudes(i, unseen, operand.Mem{Base: floors})
	} else {
		square := m.mul(m.sub(z, land), units(m.add(z, land)))
		m.store(m.root(square), unseen, operand.Mem{Base: floors})
	}

	VADDPS(splat(float32(m.lanes)), index, index)
	ADDQ(operand.Imm(uint64(m.bytes())), ground)
	ADDQ(operand.Imm(uint64(2*m.lanes)), floors)
	SUBQ(operand.Imm(uint64(m.lanes)), n)
	JNZ(operand.LabelRef(loop))
	VZEROUPPER()
	RET()
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

// store stores floats as 16 bits, all of them ones where unseen.
func (m isa) store(code reg.VecVirtual, unseen condition, at operand.Mem) {
	none := m.load(words("unseen", math.MaxUint16))
	i := m.vec()
	if m.wide() {
		VCVTPS2UDQ(code, i)
		v := m.vec()
		VPBLENDMD(none, i, unseen.k, v)
		VPMOVUSDW(v, at)
		return
	}
	VCVTPS2DQ(code, i)
	v := m.vec()
	VBLENDVPS(unseen.v, none, i, v)
	x := XMM()
	VEXTRACTI128(operand.Imm(1), v, x)
	VPACKUSDW(x, v.AsX(), x)
	VMOVDQU(x, at)
}
