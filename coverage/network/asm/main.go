// Command asm writes the inner loops of package network for processors with
// AVX2:
//
//	go run . -out ../vector_amd64.s -stubs ../vector_amd64_stubs.go -pkg network
//
// What they compute, ../vector.go says.
package main

import (
	"fmt"
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
	upTo()
	allows()
	widen()
	overRay()
	overBulge()
	lowerRay()
	horizonsOver()
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

// upTo returns which of 64 floors are no higher than highest.
func upTo() {
	function("upToAVX2", "func(floors *uint16, highest uint32) uint64")
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

// allows returns which of 64 floors are over their ground no higher than a height,
// as exactly as floor.AGL.M has them.
func allows() {
	function("allowsAVX2", "func(floors *uint16, ground *float32, height float64) uint64")
	floors, ground := gp("floors"), gp("ground")
	scale, unseen, height := YMM(), YMM(), YMM()
	at, err := Param("height").Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSD(at.Addr, height)
	VBROADCASTSD(double("scale", 320), scale)
	VBROADCASTSD(double("unseen", math.MaxUint16), unseen)
	word, count := GP64(), GP64()
	XORQ(word, word)
	MOVQ(operand.U32(16), count)
	Label("allows")
	wide, f, above, seen, bits := XMM(), YMM(), YMM(), YMM(), GP64()
	VPMOVZXWD(operand.Mem{Base: floors}, wide)
	VCVTDQ2PD(wide, f)
	const less, notMore = 17, 18
	VCMPPD(operand.Imm(less), unseen, f, seen)
	VDIVPD(scale, f, f)
	VMULPD(f, f, f)
	VCVTPS2PD(operand.Mem{Base: ground}, above)
	VSUBPD(above, height, above)
	VCMPPD(operand.Imm(notMore), above, f, f)
	VANDPD(seen, f, f)
	VMOVMSKPD(f, bits.As32())
	SHRQ(operand.Imm(4), word)
	SHLQ(operand.Imm(60), bits)
	ORQ(bits, word)
	ADDQ(operand.Imm(8), floors)
	ADDQ(operand.Imm(16), ground)
	DECQ(count)
	JNZ(operand.LabelRef("allows"))
	VZEROUPPER()
	Store(word, ReturnIndex(0))
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

// cells is what the comparisons of 64 heights have in common.
type cells struct {
	ground, with reg.Register
	// place is that of eight cells among the steps, and each of them has its own
	// distanceM, height and surface to go by.
	place reg.VecVirtual
	words [2]reg.GPVirtual
}

// param returns one of the floats that a test has, for each of eight cells.
func (c *cells) param(index int) reg.VecVirtual {
	v := YMM()
	VBROADCASTSS(operand.Mem{Base: c.with, Disp: 4 * index}, v)
	return v
}

// The parameters of steps, and what comes next in each test.
const (
	first = iota
	from
	by
	bend
	follow
	height
)

// begin begins a comparison, and the loop over eight times eight cells.
func begin(name string) (c *cells, count reg.GPVirtual) {
	function(name+"AVX2", "func(ground, with *float32) (above, below uint64)")
	c = &cells{ground: gp("ground"), with: gp("with")}
	c.place = c.param(first)
	VADDPS(floats(name+"Iota", 0, 1, 2, 3, 4, 5, 6, 7), c.place, c.place)
	for i := range c.words {
		c.words[i] = GP64()
		XORQ(c.words[i], c.words[i])
	}
	count = GP64()
	MOVQ(operand.U32(8), count)
	Label(name)
	return c, count
}

// end ends the loop and the comparison.
func (c *cells) end(name string, count reg.GPVirtual) {
	VADDPS(all(8), c.place, c.place)
	ADDQ(operand.Imm(32), c.ground)
	DECQ(count)
	JNZ(operand.LabelRef(name))
	VZEROUPPER()
	Store(c.words[0], ReturnIndex(0))
	Store(c.words[1], ReturnIndex(1))
	RET()
}

// distance returns the distances over ground of the eight cells.
func (c *cells) distance() reg.VecVirtual {
	d := c.distance2()
	VSQRTPS(d, d)
	return d
}

// distance2 returns their squares.
func (c *cells) distance2() reg.VecVirtual {
	u, d := YMM(), c.param(bend)
	VMULPS(c.place, c.place, u)
	VFMADD213PS(c.param(by), u, d)
	VFMADD213PS(c.param(from), u, d)
	VMAXPS(all(1), d, d)
	return d
}

// note adds the comparison of left and right to a word.
func (c *cells) note(word, how int, left, right reg.VecVirtual) {
	is, bits := YMM(), GP64()
	VCMPPS(operand.Imm(uint64(how)), right, left, is)
	VMOVMSKPS(is, bits.As32())
	SHRQ(operand.Imm(8), c.words[word])
	SHLQ(operand.Imm(56), bits)
	ORQ(bits, c.words[word])
}

// How the words are compared: false for what is no number.
const notLess, less = 29, 17

// compare notes where a height, less or more slack, is above base·climb/(1 − climb).
func (c *cells) compare(word int, height, slack, climb, base reg.VecVirtual) {
	h, left := YMM(), load(1)
	if word == 0 {
		VSUBPS(slack, height, h)
	} else {
		VADDPS(slack, height, h)
	}
	VSUBPS(climb, left, left)
	VMULPS(h, left, left)
	VMULPS(climb, base, base)
	c.note(word, []int{notLess, less}[word], left, base)
}

// versine turns ψ² into 1 − cos ψ.
func versine(psi2 reg.VecVirtual) reg.VecVirtual {
	v := load(1. / 720)
	VFNMADD213PS(all(1./24), psi2, v)
	VFNMADD213PS(all(0.5), psi2, v)
	VMULPS(psi2, v, v)
	return v
}

// sine returns sin ψ.
func sine(psi, psi2 reg.VecVirtual) reg.VecVirtual {
	sin := load(1. / 120)
	VFNMADD213PS(all(1./6), psi2, sin)
	VFNMADD213PS(all(1), psi2, sin)
	VMULPS(psi, sin, sin)
	return sin
}

// overRay compares 64 heights with a ray.
func overRay() {
	const tan, slack, near, far = height + 1, height + 2, height + 3, height + 5
	c, count := begin("overRay")
	d, h := c.distance(), YMM()
	VMOVUPS(operand.Mem{Base: c.ground}, h)
	VFMADD132PS(c.param(follow), c.param(height), h)
	for word, earth := range []int{near, far} {
		psi, psi2 := c.param(earth), YMM()
		VMULPS(d, psi, psi)
		VMULPS(psi, psi, psi2)
		climb := versine(psi2)
		VFMADD231PS(c.param(tan), sine(psi, psi2), climb)
		c.compare(word, h, c.param(slack), climb, c.param(earth+1))
	}
	c.end("overRay", count)
}

// overBulge compares 64 heights with the horizon of a smooth earth.
func overBulge() {
	const surface, mast, slack, near, far = height + 1, height + 2, height + 3, height + 4, height + 9
	const curvature, radians, dip, dipMore, radius = 0, 1, 2, 3, 4
	c, count := begin("overBulge")
	d, h, s, down, root := c.distance(), YMM(), c.param(surface), c.param(surface), YMM()
	VMOVUPS(operand.Mem{Base: c.ground}, h)
	VMINPS(h, s, s)
	VFMADD132PS(c.param(follow), c.param(height), h)
	VSUBPS(s, h, h)
	VSUBPS(s, down, down)
	VADDPS(c.param(mast), down, down)
	VSQRTPS(down, root)
	for word, earth := range []int{near, far} {
		angle, beyond, zero, behind, base := c.param(earth+dipMore), c.param(earth+curvature), YMM(), YMM(), c.param(earth+radius)
		VFMADD213PS(c.param(earth+dip), down, angle)
		if word == 0 {
			VFMADD213PS(c.param(earth+radians), d, beyond)
		} else {
			VFMSUB213PS(c.param(earth+radians), d, beyond)
		}
		VFNMADD231PS(root, angle, beyond)
		VXORPS(zero, zero, zero)
		VMAXPS(zero, beyond, beyond)
		slackM := c.param(slack)
		if word == 0 {
			const more = 30
			VCMPPS(operand.Imm(more), zero, beyond, behind)
			VANDPS(behind, slackM, slackM)
		}
		VMULPS(beyond, beyond, beyond)
		VADDPS(s, base, base)
		c.compare(word, h, slackM, versine(beyond), base)
	}
	c.end("overBulge", count)
}

// lowerRay lowers n heights, a multiple of 8, to those of a ray.
func lowerRay() {
	const meridian2, across, more, antenna, tan = bend + 1, bend + 2, bend + 3, bend + 4, bend + 5
	function("lowerRayAVX2", "func(heights, with *float32, n int)")
	heights, n := gp("heights"), gp("n")
	c := &cells{with: gp("with")}
	c.place = c.param(first)
	VADDPS(floats("lowerRayIota", 0, 1, 2, 3, 4, 5, 6, 7), c.place, c.place)
	Label("lowerRay")
	d2, share, curvature, level := c.distance2(), c.param(meridian2), c.param(across), load(1)
	VDIVPS(d2, share, share)
	VMINPS(level, share, share)
	VFMADD231PS(c.param(more), share, curvature)
	psi, psi2 := YMM(), YMM()
	VSQRTPS(d2, psi)
	VMULPS(curvature, psi, psi)
	VMULPS(psi, psi, psi2)
	climb, antennaM, h := versine(psi2), c.param(antenna), YMM()
	VFMADD231PS(c.param(tan), sine(psi, psi2), climb)
	VSUBPS(climb, level, level)
	VMAXPS(all(1e-3), level, level)
	VMULPS(curvature, level, level)
	VMOVUPS(all(1), h)
	VFMADD231PS(antennaM, curvature, h)
	VMULPS(climb, h, h)
	VDIVPS(level, h, h)
	VADDPS(antennaM, h, h)
	VMINPS(operand.Mem{Base: heights}, h, h)
	VMOVUPS(h, operand.Mem{Base: heights})
	VADDPS(all(8), c.place, c.place)
	ADDQ(operand.Imm(32), heights)
	SUBQ(operand.Imm(8), n)
	JNZ(operand.LabelRef("lowerRay"))
	VZEROUPPER()
	RET()
}

// horizonsOver turns n heights, a multiple of 16, into floors over their ground.
func horizonsOver() {
	function("horizonsOverAVX2", "func(dst *uint16, heights, ground *float32, n int)")
	dst, heights, ground, n := gp("dst"), gp("heights"), gp("ground"), gp("n")
	zero, scale, half, most, infinite, packed := YMM(), load(320), load(0.5), load(math.MaxUint16-1), load(math.MaxFloat32), YMM()
	VXORPS(zero, zero, zero)
	Label("horizonsOver")
	var floors [2]reg.VecVirtual
	for i := range floors {
		h, f, none := YMM(), YMM(), YMM()
		VMOVUPS(operand.Mem{Base: heights, Disp: 32 * i}, h)
		VSUBPS(operand.Mem{Base: ground, Disp: 32 * i}, h, f)
		VMAXPS(zero, f, f)
		VSQRTPS(f, f)
		VMULPS(scale, f, f)
		VADDPS(half, f, f)
		VMINPS(most, f, f)
		VCVTTPS2DQ(f, f)
		// Where there is none, all bits are set.
		VCMPPS(operand.Imm(notLess), infinite, h, none)
		VPSRLD(operand.Imm(16), none, none)
		VPOR(none, f, f)
		floors[i] = f
	}
	VPACKUSDW(floors[1], floors[0], packed)
	VPERMQ(operand.Imm(0xd8), packed, packed)
	VMOVDQU(packed, operand.Mem{Base: dst})
	ADDQ(operand.Imm(32), dst)
	ADDQ(operand.U32(64), heights)
	ADDQ(operand.U32(64), ground)
	SUBQ(operand.Imm(16), n)
	JNZ(operand.LabelRef("horizonsOver"))
	VZEROUPPER()
	RET()
}

// all returns memory that holds a float for each of eight cells, and load
// a register.
func all(f float32) operand.Mem {
	mem, ok := constants[f]
	if !ok {
		mem = floats(fmt.Sprintf("all%d", len(constants)), f, f, f, f, f, f, f, f)
		constants[f] = mem
	}
	return mem
}

func load(f float32) reg.VecVirtual {
	v := YMM()
	VMOVUPS(all(f), v)
	return v
}

var constants = map[float32]operand.Mem{}

// double returns memory that holds one.
func double(name string, f float64) operand.Mem {
	mem := GLOBL(name, 8|16) // RODATA|NOPTR
	DATA(0, operand.U64(math.Float64bits(f)))
	return mem
}

// floats returns memory that holds them.
func floats(name string, all ...float32) operand.Mem {
	mem := GLOBL(name, 8|16) // RODATA|NOPTR
	for i, f := range all {
		DATA(4*i, operand.U32(math.Float32bits(f)))
	}
	return mem
}
