package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// reducer holds what heights are reduced with.
type reducer struct {
	m                isa
	antenna, inverse operand.Op
}

func (m isa) reducer() reducer {
	return reducer{m, m.hold(m.param("antennaAMSLM")), m.hold(m.param("inverseRadius"))}
}

// reduced returns (z − h₀)·(1 − r·(1 − r)), r = z/a.
func (r reducer) reduced(z reg.VecVirtual) reg.VecVirtual {
	m := r.m
	w := m.mul(z, r.inverse)
	less := m.sub(m.load(splat(1)), w)
	factor := m.load(splat(1))
	VFNMADD231PS(less, w, factor)
	return m.mul(m.sub(z, r.antenna), factor)
}

// reduce16 writes the function that reduces a row of heights of 16 bits.
func (m isa) reduce16() {
	function("reduce16"+m.name, "func(dst *float32, src *int16, n int, void int32, antennaAMSLM, inverseRadius float32)")
	dst, src, n := param("dst").(reg.GPVirtual), param("src").(reg.GPVirtual), param("n").(reg.GPVirtual)
	void := XMM()
	VMOVD(Load(Param("void"), GP32()), void)
	voids := m.vec()
	VPBROADCASTD(void, voids)
	r := m.reducer()
	Label("row16" + m.name)
	VMOVUPS(r.reduced(m.heights16(operand.Mem{Base: src}, voids)), operand.Mem{Base: dst})
	ADDQ(operand.Imm(uint64(2*m.lanes)), src)
	ADDQ(operand.Imm(uint64(m.bytes())), dst)
	SUBQ(operand.Imm(uint64(m.lanes)), n)
	JNZ(operand.LabelRef("row16" + m.name))
	VZEROUPPER()
	RET()
}

// heights16 returns heights of 16 bits as floats, 0 where they are void.
func (m isa) heights16(at operand.Mem, voids reg.VecVirtual) reg.VecVirtual {
	z := m.vec()
	VPMOVSXWD(at, z)
	if m.wide() {
		zero := m.vec()
		VXORPS(zero, zero, zero)
		k := K()
		VPCMPEQD(voids, z, k)
		VPBLENDMD(zero, z, k, z)
	} else {
		is := m.vec()
		VPCMPEQD(voids, z, is)
		VPANDN(z, is, z)
	}
	f := m.vec()
	VCVTDQ2PS(z, f)
	return f
}

// reduce32 writes the function that reduces a row of heights that are floats,
// and NaN where they are missing.
func (m isa) reduce32() {
	function("reduce32"+m.name, "func(dst, src *float32, n int, antennaAMSLM, inverseRadius float32)")
	dst, src, n := param("dst").(reg.GPVirtual), param("src").(reg.GPVirtual), param("n").(reg.GPVirtual)
	r := m.reducer()
	Label("row32" + m.name)
	z := m.load(operand.Mem{Base: src})
	VMOVUPS(r.reduced(m.known(z)), operand.Mem{Base: dst})
	ADDQ(operand.Imm(uint64(m.bytes())), src)
	ADDQ(operand.Imm(uint64(m.bytes())), dst)
	SUBQ(operand.Imm(uint64(m.lanes)), n)
	JNZ(operand.LabelRef("row32" + m.name))
	VZEROUPPER()
	RET()
}

// known returns z, and 0 where it is NaN.
func (m isa) known(z reg.VecVirtual) reg.VecVirtual {
	zero := m.vec()
	VXORPS(zero, zero, zero)
	const ordered = 7
	return m.choose(m.compare(z, ordered, z), z, zero)
}

// highest writes the function that finds the highest post of each column.
func (m isa) highest() {
	function("highest"+m.name, "func(dst, patch *float32, pitch, rows, n int)")
	dst, patch := param("dst").(reg.GPVirtual), param("patch").(reg.GPVirtual)
	pitch, n := param("pitch").(reg.GPVirtual), param("n").(reg.GPVirtual)
	SHLQ(operand.Imm(2), pitch)
	Label("column" + m.name)
	rows := GP64()
	Load(Param("rows"), rows)
	at := GP64()
	MOVQ(patch, at)
	top := m.load(operand.Mem{Base: at})
	Label("down" + m.name)
	VMAXPS(operand.Mem{Base: at}, top, top)
	ADDQ(pitch, at)
	DECQ(rows)
	JNZ(operand.LabelRef("down" + m.name))
	VMOVUPS(top, operand.Mem{Base: dst})
	ADDQ(operand.Imm(uint64(m.bytes())), patch)
	ADDQ(operand.Imm(uint64(m.bytes())), dst)
	SUBQ(operand.Imm(uint64(m.lanes)), n)
	JNZ(operand.LabelRef("column" + m.name))
	VZEROUPPER()
	RET()
}

// words8 turns eight rows of eight words into columns.
func words8(rows [8]reg.VecVirtual) (columns [8]reg.VecVirtual) {
	unpack := func(low, high func(...operand.Op), a, b reg.VecVirtual) (reg.VecVirtual, reg.VecVirtual) {
		l, h := XMM(), XMM()
		low(b, a, l)
		high(b, a, h)
		return l, h
	}
	wd := [2]func(...operand.Op){func(o ...operand.Op) { VPUNPCKLWD(o[0], o[1], o[2]) }, func(o ...operand.Op) { VPUNPCKHWD(o[0], o[1], o[2]) }}
	dq := [2]func(...operand.Op){func(o ...operand.Op) { VPUNPCKLDQ(o[0], o[1], o[2]) }, func(o ...operand.Op) { VPUNPCKHDQ(o[0], o[1], o[2]) }}
	qdq := [2]func(...operand.Op){func(o ...operand.Op) { VPUNPCKLQDQ(o[0], o[1], o[2]) }, func(o ...operand.Op) { VPUNPCKHQDQ(o[0], o[1], o[2]) }}
	var a, b [8]reg.VecVirtual
	for i := range 4 {
		a[2*i], a[2*i+1] = unpack(wd[0], wd[1], rows[2*i], rows[2*i+1])
	}
	for i := range 2 {
		b[4*i], b[4*i+1] = unpack(dq[0], dq[1], a[4*i], a[4*i+2])
		b[4*i+2], b[4*i+3] = unpack(dq[0], dq[1], a[4*i+1], a[4*i+3])
	}
	for i := range 4 {
		columns[2*i], columns[2*i+1] = unpack(qdq[0], qdq[1], b[i], b[i+4])
	}
	return columns
}

// transpose16 writes the function that reduces eight columns of heights of 16
// bits, strideB bytes from row to row, each to a row of dst, pitchB apart.
func transpose16() {
	m := isa{"AVX2", 8}
	function("transpose16", "func(dst *float32, pitchB int, src *int16, strideB, n int, void int32, antennaAMSLM, inverseRadius float32)")
	dst, src, n := param("dst").(reg.GPVirtual), param("src").(reg.GPVirtual), param("n").(reg.GPVirtual)
	pitch, stride := param("pitchB").(reg.GPVirtual), param("strideB").(reg.GPVirtual)
	void := XMM()
	VMOVD(Load(Param("void"), GP32()), void)
	voids := AllocLocal(32)
	{
		all := m.vec()
		VPBROADCASTD(void, all)
		VMOVUPS(all, voids)
	}
	r := m.reducer()
	Label("block16")
	var rows [8]reg.VecVirtual
	for i := range rows {
		rows[i] = XMM()
		VMOVDQU(operand.Mem{Base: src}, rows[i])
		ADDQ(stride, src)
	}
	to := GP64()
	MOVQ(dst, to)
	for _, c := range words8(rows) {
		z := m.vec()
		VPMOVSXWD(c, z)
		is := m.vec()
		VPCMPEQD(voids, z, is)
		VPANDN(z, is, z)
		f := m.vec()
		VCVTDQ2PS(z, f)
		VMOVUPS(r.reduced(f), operand.Mem{Base: to})
		ADDQ(pitch, to)
	}
	ADDQ(operand.Imm(32), dst)
	SUBQ(operand.Imm(8), n)
	JNZ(operand.LabelRef("block16"))
	VZEROUPPER()
	RET()
}

// transpose32 writes that function for heights that are floats.
func transpose32() {
	m := isa{"AVX2", 8}
	function("transpose32", "func(dst *float32, pitchB int, src *float32, strideB, n int, antennaAMSLM, inverseRadius float32)")
	dst, src, n := param("dst").(reg.GPVirtual), param("src").(reg.GPVirtual), param("n").(reg.GPVirtual)
	pitch, stride := param("pitchB").(reg.GPVirtual), param("strideB").(reg.GPVirtual)
	r := m.reducer()
	Label("block32")
	// Rows i and i+4 in the halves of a register: two squares of four by four
	// at a time.
	for side := range 2 {
		from := GP64()
		MOVQ(src, from)
		var rows [4]reg.VecVirtual
		for i := range rows {
			rows[i] = m.vec()
			VMOVUPS(operand.Mem{Base: from, Disp: 16 * side}, rows[i].AsX())
			ADDQ(stride, from)
		}
		for i := range rows {
			VINSERTF128(operand.Imm(1), operand.Mem{Base: from, Disp: 16 * side}, rows[i], rows[i])
			ADDQ(stride, from)
		}
		var a [4]reg.VecVirtual
		for i := range 2 {
			a[i], a[i+2] = m.vec(), m.vec()
			VUNPCKLPS(rows[2*i+1], rows[2*i], a[i])
			VUNPCKHPS(rows[2*i+1], rows[2*i], a[i+2])
		}
		for i := range 4 {
			z := m.vec()
			if i%2 == 0 {
				VUNPCKLPD(a[i/2*2+1], a[i/2*2], z)
			} else {
				VUNPCKHPD(a[i/2*2+1], a[i/2*2], z)
			}
			to := GP64()
			MOVQ(pitch, to)
			IMUL3Q(operand.Imm(uint64(4*side+i)), pitch, to)
			ADDQ(dst, to)
			VMOVUPS(r.reduced(m.known(z)), operand.Mem{Base: to})
		}
	}
	for range 8 {
		ADDQ(stride, src)
	}
	ADDQ(operand.Imm(32), dst)
	SUBQ(operand.Imm(8), n)
	JNZ(operand.LabelRef("block32"))
	VZEROUPPER()
	RET()
}

// transposeFloors writes the function that turns eight rows of floors, pitchB
// bytes apart, into columns of dst, strideB apart.
func transposeFloors() {
	function("transposeFloors", "func(dst *uint16, strideB int, src *uint16, pitchB, n int)")
	dst, src, n := param("dst").(reg.GPVirtual), param("src").(reg.GPVirtual), param("n").(reg.GPVirtual)
	pitch, stride := param("pitchB").(reg.GPVirtual), param("strideB").(reg.GPVirtual)
	Label("blockFloors")
	from := GP64()
	MOVQ(src, from)
	var rows [8]reg.VecVirtual
	for i := range rows {
		rows[i] = XMM()
		VMOVDQU(operand.Mem{Base: from}, rows[i])
		ADDQ(pitch, from)
	}
	for _, c := range words8(rows) {
		VMOVDQU(c, operand.Mem{Base: dst})
		ADDQ(stride, dst)
	}
	ADDQ(operand.Imm(16), src)
	SUBQ(operand.Imm(8), n)
	JNZ(operand.LabelRef("blockFloors"))
	VZEROUPPER()
	RET()
}

// altitudes writes the function that adds floors to ground of so many bits.
func (m isa) altitudes(bits int) {
	ground := map[int]string{16: "ground *int16, n int, void int32", 32: "ground *float32, n int"}[bits]
	name := map[int]string{16: "altitudes16", 32: "altitudes32"}[bits]
	function(name+m.name, "func(dst *int16, floors *uint16, "+ground+")")
	dst, floors, land := param("dst").(reg.GPVirtual), param("floors").(reg.GPVirtual), param("ground").(reg.GPVirtual)
	n := param("n").(reg.GPVirtual)
	voids := m.vec()
	if bits == 16 {
		void := XMM()
		VMOVD(Load(Param("void"), GP32()), void)
		VPBROADCASTD(void, voids)
	}
	unseen := m.load(words("unseen", 0xffff))
	highest := m.load(words("highestInt16", 0x7fff))
	Label(name + m.name)
	code, root := m.vec(), m.vec()
	VPMOVZXWD(operand.Mem{Base: floors}, code)
	VCVTDQ2PS(code, root)
	VMULPS(splat(1./320), root, root)
	var z reg.VecVirtual
	if bits == 16 {
		z = m.heights16(operand.Mem{Base: land}, voids)
	} else {
		z = m.known(m.load(operand.Mem{Base: land}))
	}
	i := m.vec()
	VCVTPS2DQ(m.fma(root, root, z), i)
	var without condition
	if m.wide() {
		k, high := K(), K()
		VPCMPEQD(unseen, code, k)
		VPCMPGTD(highest, i, high)
		KORW(high, k, k)
		without.k = k
	} else {
		is, high := m.vec(), m.vec()
		VPCMPEQD(unseen, code, is)
		VPCMPGTD(highest, i, high)
		VPOR(high, is, is)
		without.v = is
	}
	m.storeSigned(m.choose(without, m.load(words("lowestInt16", 0xffff8000)), i), operand.Mem{Base: dst})
	ADDQ(operand.Imm(uint64(2*m.lanes)), dst)
	ADDQ(operand.Imm(uint64(2*m.lanes)), floors)
	ADDQ(operand.Imm(uint64(bits/8*m.lanes)), land)
	SUBQ(operand.Imm(uint64(m.lanes)), n)
	JNZ(operand.LabelRef(name + m.name))
	VZEROUPPER()
	RET()
}

// storeSigned stores whole numbers as 16 bits, the lowest for those too low.
func (m isa) storeSigned(i reg.VecVirtual, at operand.Mem) {
	if m.wide() {
		VPMOVSDW(i, at)
		return
	}
	x := XMM()
	VEXTRACTI128(operand.Imm(1), i, x)
	VPACKSSDW(x, i.AsX(), x)
	VMOVDQU(x, at)
}
