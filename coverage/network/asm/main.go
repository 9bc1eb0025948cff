// Command asm writes the inner loops of package network for processors with
// AVX2:
//
//	go run . -out ../vector_amd64.s -stubs ../vector_amd64_stubs.go -pkg network
//
// What they compute, ../vector.go says.
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	lower()
	floorEnds()
	groundEnds()
	allows()
	widen()
	over()
	Generate()
}

func function(name, signature string) {
	TEXT(name, NOSPLIT, signature)
	Pragma("noescape")
}

func gp(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

// lower keeps the smaller floor of each pair, of n, a multiple of 16.
func lower() {
	function("lowerAVX2", "func(dst, src *uint16, n int)")
	dst, src, n := gp("dst"), gp("src"), gp("n")
	Label("lower")
	v := YMM()
	VMOVDQU(operand.Mem{Base: src}, v)
	VPMINUW(operand.Mem{Base: dst}, v, v)
	VMOVDQU(v, operand.Mem{Base: dst})
	ADDQ(operand.Imm(32), dst)
	ADDQ(operand.Imm(32), src)
	SUBQ(operand.Imm(16), n)
	JNZ(operand.LabelRef("lower"))
	VZEROUPPER()
	RET()
}

// floorEnds finds the lowest and the highest of each 64 floors.
func floorEnds() {
	function("floorEndsAVX2", "func(ends, floors *uint16, blocks int)")
	ends, floors, n := gp("ends"), gp("floors"), gp("blocks")
	ones := YMM()
	VPCMPEQW(ones, ones, ones)
	Label("floorEnds")
	var part [4]reg.VecVirtual
	for i := range part {
		part[i] = YMM()
		VMOVDQU(operand.Mem{Base: floors, Disp: 32 * i}, part[i])
	}
	low, high := YMM(), YMM()
	VPMINUW(part[0], part[1], low)
	VPMAXUW(part[0], part[1], high)
	for _, p := range part[2:] {
		VPMINUW(p, low, low)
		VPMAXUW(p, high, high)
	}
	// The highest is what is lowest the other way round.
	VPXOR(ones, high, high)
	for i, v := range []reg.VecVirtual{low, high} {
		half := XMM()
		VEXTRACTI128(operand.Imm(1), v, half)
		VPMINUW(half, v.AsX(), half)
		VPHMINPOSUW(half, half)
		if i == 1 {
			VPXOR(ones.AsX(), half, half)
		}
		VPEXTRW(operand.Imm(0), half, operand.Mem{Base: ends, Disp: 2 * i})
	}
	ADDQ(operand.U32(128), floors)
	ADDQ(operand.Imm(4), ends)
	DECQ(n)
	JNZ(operand.LabelRef("floorEnds"))
	VZEROUPPER()
	RET()
}

// groundEnds finds the lowest and the highest of each 64 heights.
func groundEnds() {
	function("groundEndsAVX2", "func(ends, ground *float32, blocks int)")
	ends, ground, n := gp("ends"), gp("ground"), gp("blocks")
	Label("groundEnds")
	low, high := YMM(), YMM()
	VMOVUPS(operand.Mem{Base: ground}, low)
	VMOVAPS(low, high)
	for i := 1; i < 8; i++ {
		v := YMM()
		VMOVUPS(operand.Mem{Base: ground, Disp: 32 * i}, v)
		VMINPS(v, low, low)
		VMAXPS(v, high, high)
	}
	fold := func(v reg.VecVirtual, least func(...operand.Op), at operand.Mem) {
		half, other := XMM(), XMM()
		VEXTRACTF128(operand.Imm(1), v, half)
		least(half, v.AsX(), half)
		VMOVHLPS(half, half, other)
		least(other, half, half)
		VMOVSHDUP(half, other)
		least(other, half, half)
		VMOVSS(half, at)
	}
	fold(low, VMINPS, operand.Mem{Base: ends})
	fold(high, VMAXPS, operand.Mem{Base: ends, Disp: 4})
	ADDQ(operand.U32(256), ground)
	ADDQ(operand.Imm(8), ends)
	DECQ(n)
	JNZ(operand.LabelRef("groundEnds"))
	VZEROUPPER()
	RET()
}

// allows returns which of 64 floors are no higher than highest.
func allows() {
	function("allowsAVX2", "func(floors *uint16, highest uint32) uint64")
	floors := gp("floors")
	x, limit := XMM(), YMM()
	VMOVD(Load(Param("highest"), GP32()), x)
	VPBROADCASTW(x, limit)
	var is [4]reg.VecVirtual
	for i := range is {
		v := YMM()
		VMOVDQU(operand.Mem{Base: floors, Disp: 32 * i}, v)
		is[i] = YMM()
		VPMINUW(limit, v, is[i])
		VPCMPEQW(v, is[i], is[i])
	}
	var words [2]reg.GPVirtual
	for i := range words {
		packed := YMM()
		VPACKSSWB(is[2*i+1], is[2*i], packed)
		VPERMQ(operand.Imm(0xd8), packed, packed)
		word := GP32()
		VPMOVMSKB(packed, word)
		words[i] = word
	}
	SHLQ(operand.Imm(32), words[1].As64())
	ORQ(words[0].As64(), words[1].As64())
	VZEROUPPER()
	Store(words[1].As64(), ReturnIndex(0))
	RET()
}

// widen writes n heights of 16 bits, a multiple of 16, as floats, 0 where they
// are void, and returns whether any was.
func widen() {
	function("widenAVX2", "func(dst *float32, src *int16, n int, void int32) uint64")
	dst, src, n := gp("dst"), gp("src"), gp("n")
	x, voids, found := XMM(), YMM(), YMM()
	VMOVD(Load(Param("void"), GP32()), x)
	VPBROADCASTD(x, voids)
	VPXOR(found, found, found)
	Label("widen")
	for i := range 2 {
		z, is := YMM(), YMM()
		VPMOVSXWD(operand.Mem{Base: src, Disp: 16 * i}, z)
		VPCMPEQD(voids, z, is)
		VPOR(is, found, found)
		VPANDN(z, is, z)
		VCVTDQ2PS(z, z)
		VMOVUPS(z, operand.Mem{Base: dst, Disp: 32 * i})
	}
	ADDQ(operand.Imm(64), dst)
	ADDQ(operand.Imm(32), src)
	SUBQ(operand.Imm(16), n)
	JNZ(operand.LabelRef("widen"))
	some := GP32()
	VPMOVMSKB(found, some)
	VZEROUPPER()
	Store(some.As64(), ReturnIndex(0))
	RET()
}

// over returns over which of 64 cells a height is at least a parabola: for each,
// whether ground·follow + height ≥ first + i·(step + i·bend), and in a second
// word where it is less.
func over() {
	function("overAVX2", "func(ground *float32, follow, height, first, step, bend float32) (above, below uint64)")
	ground := gp("ground")
	param := func(name string) reg.VecVirtual {
		at, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		v := YMM()
		VBROADCASTSS(at.Addr, v)
		return v
	}
	follow, height, first, step, bend := param("follow"), param("height"), param("first"), param("step"), param("bend")
	i, eight := YMM(), YMM()
	VMOVUPS(floats("iota", 0, 1, 2, 3, 4, 5, 6, 7), i)
	VMOVUPS(floats("eight", 8, 8, 8, 8, 8, 8, 8, 8), eight)
	above, below := GP64(), GP64()
	XORQ(above, above)
	XORQ(below, below)
	for k := range 8 {
		z, c := YMM(), YMM()
		VMOVUPS(operand.Mem{Base: ground, Disp: 32 * k}, z)
		VFMADD213PS(height, follow, z)
		VMOVAPS(bend, c)
		VFMADD213PS(step, i, c)
		VFMADD213PS(first, i, c)
		for which, word := range []reg.GPVirtual{above, below} {
			is, bits := YMM(), GP32()
			const notLess, less = 29, 17 // false for what is no number
			VCMPPS(operand.Imm([]uint64{notLess, less}[which]), c, z, is)
			VMOVMSKPS(is, bits)
			if k > 0 {
				SHLQ(operand.Imm(uint64(8*k)), bits.As64())
			}
			ORQ(bits.As64(), word)
		}
		VADDPS(eight, i, i)
	}
	VZEROUPPER()
	Store(above, ReturnIndex(0))
	Store(below, ReturnIndex(1))
	RET()
}

// floats returns memory that holds them.
func floats(name string, all ...float32) operand.Mem {
	mem := GLOBL(name, 8|16) // RODATA|NOPTR
	for i, f := range all {
		DATA(4*i, operand.U32(math.Float32bits(f)))
	}
	return mem
}
