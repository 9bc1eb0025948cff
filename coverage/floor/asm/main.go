// Command asm writes the inner loops of package floor for processors with AVX2
// or AVX-512:
//
//	go run . -out ../kernel_amd64.s -stubs ../kernel_amd64_stubs.go -pkg floor
//
// What they compute, ../kernel.go says.
package main

import (
	"bytes"
	"flag"
	"log"
	"math"
	"os"
	"regexp"
	"slices"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Of a line: where its cubics begin, and how far it is to the next.
const (
	lineX     = 0
	lineSigma = 16
	lineSag   = 32
	lineB     = 48
)

// group is how many rays a bit of a mask stands for, and how many cells are shed at
// once; maxRays is how far the rows of tangents are apart.
const (
	group   = 16
	maxRays = 1024
)

func main() {
	ConstraintExpr("amd64")
	for _, m := range []isa{{"AVX2", 8}, {"AVX512", 16}} {
		m.met()
		m.project()
		m.follow(false)
		m.follow(true)
		m.shed(0)
		m.shed(2 * m.lanes)
		m.shed(4 * m.lanes)
		m.floors(false)
		m.floors(true)
		m.reduce16()
		m.reduce32()
		m.highest()
		m.altitudes(16)
		m.altitudes(32)
	}
	transpose16()
	transpose32()
	transposeFloors()
	topsOfColumns()
	topsOfRows()
	Generate()
	if err := prune(flag.Lookup("out").Value.String()); err != nil {
		log.Fatal(err)
	}
}

var move = regexp.MustCompile(`(?m)^\tVMOVAPS +(\w+), (\w+)\n`)

// prune takes moves of a register to itself, which virtual registers become, out
// of a file.
func prune(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	pruned := move.ReplaceAllFunc(text, func(line []byte) []byte {
		if of := move.FindSubmatch(line); bytes.Equal(of[1], of[2]) {
			return nil
		}
		return line
	})
	return os.WriteFile(path, pruned, 0o644)
}

// isa is a set of instructions on so many floats at once.
type isa struct {
	name  string
	lanes int
}

func (m isa) wide() bool { return m.lanes == 16 }
func (m isa) bytes() int { return 4 * m.lanes }

func (m isa) vec() reg.VecVirtual {
	if m.wide() {
		return ZMM()
	}
	return YMM()
}

// constants are shared by all functions, for the widest registers.
var constants = map[uint32]operand.Mem{}

// splat returns memory that holds a float in each lane.
func splat(f float32) operand.Mem {
	bits := math.Float32bits(f)
	if _, ok := constants[bits]; !ok {
		mem := GLOBL("splat"+hex(bits), 8|16) // RODATA|NOPTR
		for i := range 16 {
			DATA(4*i, operand.U32(bits))
		}
		constants[bits] = mem
	}
	return constants[bits]
}

func hex(v uint32) string {
	const digits = "0123456789abcdef"
	s := ""
	for i := 28; i >= 0; i -= 4 {
		s += string(digits[v>>i&15])
	}
	return s
}

var tables = map[string]operand.Mem{}

// table returns memory that holds the words.
func table(name string, words ...uint32) operand.Mem {
	if _, ok := tables[name]; !ok {
		mem := GLOBL(name, 8|16)
		for i, w := range words {
			DATA(4*i, operand.U32(w))
		}
		tables[name] = mem
	}
	return tables[name]
}

// words returns memory that holds a whole number in each lane.
func words(name string, v uint32) operand.Mem {
	all := make([]uint32, 16)
	for i := range all {
		all[i] = v
	}
	return table(name, all...)
}

// iota are the floats 0, 1, 2 and so on.
func iota16() operand.Mem {
	words := make([]uint32, 16)
	for i := range words {
		words[i] = math.Float32bits(float32(i))
	}
	return table("iota", words...)
}

func (m isa) load(mem operand.Op) reg.VecVirtual {
	v := m.vec()
	VMOVUPS(mem, v)
	return v
}

func (m isa) broadcast(mem operand.Op) reg.VecVirtual {
	v := m.vec()
	VBROADCASTSS(mem, v)
	return v
}

func (m isa) copy(a reg.VecVirtual) reg.VecVirtual {
	v := m.vec()
	VMOVAPS(a, v)
	return v
}

func (m isa) add(a, b operand.Op) reg.VecVirtual { v := m.vec(); VADDPS(b, a, v); return v }
func (m isa) mul(a, b operand.Op) reg.VecVirtual { v := m.vec(); VMULPS(b, a, v); return v }
func (m isa) sub(a, b operand.Op) reg.VecVirtual { v := m.vec(); VSUBPS(b, a, v); return v }
func (m isa) max(a, b operand.Op) reg.VecVirtual { v := m.vec(); VMAXPS(b, a, v); return v }
func (m isa) min(a, b operand.Op) reg.VecVirtual { v := m.vec(); VMINPS(b, a, v); return v }

// fma returns a·b + c.
func (m isa) fma(a, b operand.Op, c reg.VecVirtual) reg.VecVirtual {
	v := m.copy(c)
	VFMADD231PS(b, a, v)
	return v
}

// lerp returns a + (b − a)·t.
func (m isa) lerp(a, b, t reg.VecVirtual) reg.VecVirtual { return m.fma(m.sub(b, a), t, a) }

// inverse returns 1/b: an estimate, and a step of Newton's.
func (m isa) inverse(b reg.VecVirtual) reg.VecVirtual {
	if !m.wide() {
		one := m.load(splat(1))
		v := m.vec()
		VDIVPS(b, one, v)
		return v
	}
	r, e := m.vec(), m.vec()
	VRCP14PS(b, r)
	VMOVAPS(r, e)
	VFNMADD213PS(splat(2), b, e) // 2 − b·r
	return m.mul(r, e)
}

// divide returns a/b, b as exact as inverse knows it.
func (m isa) divide(a, b reg.VecVirtual) reg.VecVirtual {
	if m.wide() {
		return m.mul(a, m.inverse(b))
	}
	v := m.vec()
	VDIVPS(b, a, v)
	return v
}

// floor rounds down.
func (m isa) floor(a reg.VecVirtual) reg.VecVirtual {
	v := m.vec()
	if m.wide() {
		VRNDSCALEPS(operand.Imm(9), a, v)
	} else {
		VROUNDPS(operand.Imm(9), a, v)
	}
	return v
}

func (m isa) integers(a reg.VecVirtual) reg.VecVirtual {
	v := m.vec()
	VCVTTPS2DQ(a, v)
	return v
}

// pick returns, lane by lane, the i-th of what first and second hold together.
func (m isa) pick(first, second operand.Op, i reg.VecVirtual) reg.VecVirtual {
	return m.picker(i).of(first, second)
}

// picker picks one and the same place, lane by lane, of several pairs of vectors.
type picker struct {
	m isa
	// i is the place; the sign of which tells the vector, of narrow ones.
	i, which reg.VecVirtual
}

func (m isa) picker(i reg.VecVirtual) picker {
	p := picker{m: m, i: i}
	if !m.wide() {
		p.which = m.vec()
		VPSLLD(operand.Imm(28), i, p.which)
	}
	return p
}

func (p picker) of(first, second operand.Op) reg.VecVirtual {
	m := p.m
	if m.wide() {
		v := m.copy(p.i)
		VPERMI2PS(second, m.load(first), v)
		return v
	}
	// Only the last bits count.
	v, w := m.vec(), m.vec()
	VPERMPS(first, p.i, v)
	VPERMPS(second, p.i, w)
	VBLENDVPS(p.which, w, v, v)
	return v
}

// cubic returns that of v whose coefficients lie at mem.
func (m isa) cubic(line reg.Register, offset int, v reg.VecVirtual) reg.VecVirtual {
	at := func(i int) operand.Mem { return operand.Mem{Base: line, Disp: offset + 4*i} }
	out := m.broadcast(at(3))
	for i := 2; i >= 0; i-- {
		if m.wide() {
			VFMADD213PS_BCST(at(i), v, out)
		} else {
			VFMADD213PS(m.broadcast(at(i)), v, out)
		}
	}
	return out
}

// scalar is a float in memory that all lanes share.
type scalar struct {
	m  isa
	at operand.Mem
}

// get returns it in all lanes.
func (s scalar) get() operand.Op {
	if s.m.wide() {
		return s.m.broadcast(s.at)
	}
	return s.at
}

// scalars returns those at so many bytes from base: where they are, or for narrow
// registers, which have no instructions for that, from a copy of them for each lane.
func (m isa) scalars(base reg.Register, offsets ...int) (at func(offset int) scalar) {
	if m.wide() {
		return func(offset int) scalar { return scalar{m, operand.Mem{Base: base, Disp: offset}} }
	}
	to := GP64()
	LEAQ(AllocLocal((len(offsets)+1)*m.bytes()), to)
	ADDQ(operand.Imm(uint64(m.bytes()-1)), to)
	ANDQ(operand.I8(-m.bytes()), to)
	for i, offset := range offsets {
		VMOVAPS(m.broadcast(operand.Mem{Base: base, Disp: offset}), operand.Mem{Base: to, Disp: i * m.bytes()})
	}
	return func(offset int) scalar {
		return scalar{m, operand.Mem{Base: to, Disp: slices.Index(offsets, offset) * m.bytes()}}
	}
}

// cubicAt returns the coefficients of a cubic, that of the highest power first.
func (m isa) cubicAt(base reg.Register, offset int) []scalar {
	at := m.scalars(base, offset, offset+4, offset+8, offset+12)
	return []scalar{at(offset + 12), at(offset + 8), at(offset + 4), at(offset)}
}

// horner returns the polynomial in x of the coefficients, that of the highest power
// first.
func (m isa) horner(x reg.VecVirtual, coefficients ...scalar) reg.VecVirtual {
	out := m.load(coefficients[0].get())
	for _, c := range coefficients[1:] {
		if m.wide() {
			VFMADD213PS_BCST(c.at, x, out)
		} else {
			VFMADD213PS(c.at, x, out)
		}
	}
	return out
}

// condition is a mask of lanes.
type condition struct {
	k reg.Register
	v reg.VecVirtual
}

// Predicates of comparisons, which are false for NaN.
const (
	less      = 17
	lessEqual = 18
	notEqual  = 12
)

// compare returns where a and b are in the relation.
func (m isa) compare(a reg.VecVirtual, predicate uint64, b operand.Op) condition {
	if m.wide() {
		k := K()
		VCMPPS(operand.Imm(predicate), b, a, k)
		return condition{k: k}
	}
	v := m.vec()
	VCMPPS(operand.Imm(predicate), b, a, v)
	return condition{v: v}
}

// choose returns yes where the condition holds, else no.
func (m isa) choose(c condition, yes, no reg.VecVirtual) reg.VecVirtual {
	v := m.vec()
	if m.wide() {
		VBLENDMPS(yes, no, c.k, v)
	} else {
		VBLENDVPS(c.v, yes, no, v)
	}
	return v
}

func param(name string) reg.Register { return Load(Param(name), GP64()) }

func (m isa) param(name string) reg.VecVirtual {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return m.broadcast(p.Addr)
}

// column returns the whole number in the first lane of a, which is a float.
func column(a reg.VecVirtual) reg.GPVirtual {
	c := GP64()
	VCVTTSS2SIQ(a.AsX(), c)
	return c
}

// met writes the function that finds the lanes of which rays meet terrain.
func (m isa) met() {
	function("met"+m.name, "func(from, to, highest, tans *float32, rays int, vStep, slackM float32, wide bool) uint64")
	from, to, highest, tans, rays := param("from"), param("to"), param("highest"), param("tans"), param("rays").(reg.GPVirtual)
	vStep, slack := m.param("vStep"), m.param("slackM")
	i := m.load(iota16())
	wide := Load(Param("wide"), GP8())
	x0, sigma0, sag0 := m.cubicAt(from, lineX), m.cubicAt(from, lineSigma), m.cubicAt(from, lineSag)
	x1, sigma1, sag1 := m.cubicAt(to, lineX), m.cubicAt(to, lineSigma), m.cubicAt(to, lineSag)
	mask, bit := GP64(), GP64()
	XORQ(mask, mask)
	MOVQ(operand.U32(1), bit)
	Label("group" + m.name)
	for range group / m.lanes {
		v := m.fma(i, vStep, m.load(splat(-1)))
		x := m.min(m.horner(v, x0...), m.horner(v, x1...))
		at := operand.Mem{Base: highest, Index: column(x), Scale: 4}
		// The columns that these lanes cross, and some more: see the margins of
		// patches.
		tops := m.vec()
		VMOVUPS(at, tops)
		for n := m.lanes; n < 16; n += m.lanes {
			VMAXPS(at.Offset(4*n), tops, tops)
		}
		few := "few" + m.name + string(rune('0'+unique()))
		TESTB(wide, wide)
		JZ(operand.LabelRef(few))
		for n := 16; n < 32; n += m.lanes {
			VMAXPS(at.Offset(4*n), tops, tops)
		}
		Label(few)
		top := m.add(m.largest(tops), slack)
		tan := m.load(operand.Mem{Base: tans})
		hit := m.compare(m.fma(tan, m.horner(v, sigma0...), m.horner(v, sag0...)), lessEqual, top)
		hit2 := m.compare(m.fma(tan, m.horner(v, sigma1...), m.horner(v, sag1...)), lessEqual, top)
		m.include(hit, hit2)
		any := m.any(hit)
		none := "none" + m.name + string(rune('0'+unique()))
		TESTL(any, any)
		JZ(operand.LabelRef(none))
		ORQ(bit, mask)
		Label(none)
		VADDPS(splat(float32(m.lanes)), i, i)
		ADDQ(operand.Imm(uint64(m.bytes())), tans)
	}
	SHLQ(operand.Imm(1), bit)
	SUBQ(operand.Imm(group), rays)
	JNZ(operand.LabelRef("group" + m.name))
	Store(mask, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

var labels = 0

func unique() int { labels++; return labels }

// largest returns the largest lane, in all lanes.
func (m isa) largest(a reg.VecVirtual) reg.VecVirtual {
	y := YMM()
	if m.wide() {
		VEXTRACTF64X4(operand.Imm(1), a, y)
		VMAXPS(a.AsY(), y, y)
	} else {
		VMOVAPS(a, y)
	}
	x := XMM()
	VEXTRACTF128(operand.Imm(1), y, x)
	VMAXPS(y.AsX(), x, x)
	s := XMM()
	VPERMILPS(operand.Imm(0x4e), x, s)
	VMAXPS(s, x, x)
	VPERMILPS(operand.Imm(0xb1), x, s)
	VMAXPS(s, x, x)
	v := m.vec()
	VBROADCASTSS(x, v)
	return v
}

// follow writes the function that takes lanes of rays over terrain, which may cross
// two columns on the way to a line.
func (m isa) follow(two bool) {
	name := "follow" + m.name
	if two {
		name = "followTwo" + m.name
	}
	function(name, "func(lines, drawings, wall *float32, pitch int, tans *float32, rays int, vStep float32, steps int, mask uint64)")
	pitch, rays := param("pitch").(reg.GPVirtual), param("rays").(reg.GPVirtual)
	SHLQ(operand.Imm(2), pitch)
	mask, tans := param("mask").(reg.GPVirtual), param("tans").(reg.GPVirtual)
	place := GP64()
	XORQ(place, place)
	index := AllocLocal(m.bytes())
	start := m.load(iota16())
	VMOVUPS(start, index)
	lane, left, next, rows, spread := "lane"+name, "left"+name, "next"+name, "rows"+name, "spread"+name

	Label(lane)
	count := GP64()
	Load(Param("steps"), count)
	row := GP64()
	MOVQ(tans, row)
	// Of narrow registers several make up the rays of a bit.
	bit := GP64()
	MOVQ(place, bit)
	SHRQ(operand.Imm(4), bit)
	BTQ(bit, mask)
	JCC(operand.LabelRef(left))

	m.overLand(pitch, row, index, count, two, rows)
	JMP(operand.LabelRef(next))

	Label(left)
	tan := m.load(operand.Mem{Base: row})
	Label(spread)
	ADDQ(operand.U32(4*maxRays), row)
	VMOVUPS(tan, operand.Mem{Base: row})
	DECQ(count)
	JNZ(operand.LabelRef(spread))

	Label(next)
	ADDQ(operand.Imm(uint64(m.bytes())), tans)
	ADDQ(operand.Imm(uint64(m.lanes)), place)
	i := m.add(m.load(index), splat(float32(m.lanes)))
	VMOVUPS(i, index)
	CMPQ(place, rays)
	JLT(operand.LabelRef(lane))
	VZEROUPPER()
	RET()
}

// function begins one, whose arguments do not outlive it.
func function(name, signature string) {
	TEXT(name, 0, signature)
	Pragma("noescape")
}
