package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// topsOfColumns writes the function that finds the reduced height of the highest post
// of each column of so many rows of 16 bits, strideB bytes from row to row; of whole
// sixteens of columns.
func topsOfColumns() {
	m := isa{"AVX2", 8}
	function("topsOfColumnsAVX2", "func(dst *float32, src *int16, strideB, rows, n int, antennaAMSLM, inverseRadius float32)")
	dst, src, n := param("dst").(reg.GPVirtual), param("src").(reg.GPVirtual), param("n").(reg.GPVirtual)
	stride := param("strideB").(reg.GPVirtual)
	r := m.reducer()
	Label("tops")
	rows, at, top := GP64(), GP64(), m.vec()
	Load(Param("rows"), rows)
	MOVQ(src, at)
	VMOVDQU(operand.Mem{Base: at}, top)
	Label("topsDown")
	VPMAXSW(operand.Mem{Base: at}, top, top)
	ADDQ(stride, at)
	DECQ(rows)
	JNZ(operand.LabelRef("topsDown"))
	high := XMM()
	VEXTRACTI128(operand.Imm(1), top, high)
	for i, half := range []reg.Register{top.AsX(), high} {
		z := m.vec()
		VPMOVSXWD(half, z)
		VCVTDQ2PS(z, z)
		VMOVUPS(r.reduced(z), operand.Mem{Base: dst, Disp: i * m.bytes()})
	}
	ADDQ(operand.Imm(32), src)
	ADDQ(operand.Imm(64), dst)
	SUBQ(operand.Imm(16), n)
	JNZ(operand.LabelRef("tops"))
	VZEROUPPER()
	RET()
}

// topsOfRows writes the function that finds that of each row of nine columns; of
// whole eights of rows.
func topsOfRows() {
	m := isa{"AVX2", 8}
	function("topsOfRowsAVX2", "func(dst *float32, src *int16, strideB, n int, antennaAMSLM, inverseRadius float32)")
	dst, src, n := param("dst").(reg.GPVirtual), param("src").(reg.GPVirtual), param("n").(reg.GPVirtual)
	stride := param("strideB").(reg.GPVirtual)
	r := m.reducer()
	Label("topsAcross")
	var rows [8]reg.VecVirtual
	for i := range rows {
		rows[i] = XMM()
		VMOVDQU(operand.Mem{Base: src}, rows[i])
		VPMAXSW(operand.Mem{Base: src, Disp: 2}, rows[i], rows[i])
		ADDQ(stride, src)
	}
	// Of each row four are left, then two, side by side with those of others.
	var fours [4]reg.VecVirtual
	for i := range fours {
		low, high := XMM(), XMM()
		VPUNPCKLQDQ(rows[2*i+1], rows[2*i], low)
		VPUNPCKHQDQ(rows[2*i+1], rows[2*i], high)
		VPMAXSW(high, low, low)
		fours[i] = low
	}
	var twos [2]reg.VecVirtual
	for i := range twos {
		even, odd := XMM(), XMM()
		VSHUFPS(operand.Imm(0x88), fours[2*i+1], fours[2*i], even)
		VSHUFPS(operand.Imm(0xdd), fours[2*i+1], fours[2*i], odd)
		VPMAXSW(odd, even, even)
		twos[i] = even
	}
	all, low, z := m.vec(), m.vec(), m.vec()
	VMOVDQA(twos[0], all.AsX())
	VINSERTI128(operand.Imm(1), twos[1], all, all)
	VPSLLD(operand.Imm(16), all, low)
	VPSRAD(operand.Imm(16), low, low)
	VPSRAD(operand.Imm(16), all, all)
	VPMAXSD(low, all, z)
	VCVTDQ2PS(z, z)
	VMOVUPS(r.reduced(z), operand.Mem{Base: dst})
	ADDQ(operand.Imm(32), dst)
	SUBQ(operand.Imm(8), n)
	JNZ(operand.LabelRef("topsAcross"))
	VZEROUPPER()
	RET()
}
