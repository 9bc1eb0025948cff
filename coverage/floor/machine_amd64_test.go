package floor

import (
	"encoding/binary"
	"math"
	"testing"
	"unsafe"
)

// machine is what a program runs on.
type machine struct {
	r                 [16]uint64
	v                 [32][16]uint32
	k                 [8]uint16
	zero, less, carry bool
	arguments, stack  []byte
}

func (m *machine) address(a argument) uintptr {
	at := uintptr(a.n)
	switch a.base {
	case 'f':
		at += uintptr(unsafe.Pointer(&m.arguments[0]))
	case 's':
		at += uintptr(unsafe.Pointer(&m.stack[0]))
	case 'd':
		at += uintptr(unsafe.Pointer(a.data))
	default:
		at += uintptr(m.r[a.baseN])
	}
	if a.index == 'r' {
		at += uintptr(m.r[a.indexN]) * uintptr(a.scale)
	}
	return at
}

// bytesAt returns what lies at an address.
func bytesAt(at uintptr, n int) []byte { return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), n) }

func (m *machine) vector(a argument, lanes int) (v [16]uint32) {
	if a.kind == 'v' {
		copy(v[:lanes], m.v[a.n][:])
		return v
	}
	if a.broadcasted {
		x := binary.LittleEndian.Uint32(bytesAt(m.address(a), 4))
		for i := range lanes {
			v[i] = x
		}
		return v
	}
	b := bytesAt(m.address(a), 4*lanes)
	for i := range lanes {
		v[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return v
}

func (m *machine) setVector(a argument, v [16]uint32, lanes int) {
	if a.kind == 'v' {
		m.v[a.n] = [16]uint32{}
		copy(m.v[a.n][:lanes], v[:])
		return
	}
	b := bytesAt(m.address(a), 4*lanes)
	for i := range lanes {
		binary.LittleEndian.PutUint32(b[4*i:], v[i])
	}
}

func (m *machine) number(a argument, size int) uint64 {
	switch a.kind {
	case 'i':
		return uint64(int64(a.n))
	case 'r':
		if size == 8 {
			return m.r[a.n]
		}
		return m.r[a.n] & (1<<(8*size) - 1)
	}
	var b [8]byte
	copy(b[:], bytesAt(m.address(a), size))
	return binary.LittleEndian.Uint64(b[:])
}

func (m *machine) setNumber(a argument, x uint64) {
	if a.kind == 'r' {
		m.r[a.n] = x
		return
	}
	binary.LittleEndian.PutUint64(bytesAt(m.address(a), 8), x)
}

func f32(x uint32) float32 { return math.Float32frombits(x) }
func u32(x float32) uint32 { return math.Float32bits(x) }

func fma32(a, b, c float32) float32 {
	return float32(math.FMA(float64(a), float64(b), float64(c)))
}

var onLanes = map[string]func(a, b uint32) uint32{
	"VADDPS": func(a, b uint32) uint32 { return u32(f32(a) + f32(b)) },
	"VSUBPS": func(a, b uint32) uint32 { return u32(f32(a) - f32(b)) },
	"VMULPS": func(a, b uint32) uint32 { return u32(f32(a) * f32(b)) },
	"VMAXPS": func(a, b uint32) uint32 {
		if f32(a) > f32(b) {
			return a
		}
		return b
	},
	"VMINPS": func(a, b uint32) uint32 {
		if f32(a) < f32(b) {
			return a
		}
		return b
	},
	"VANDPS": func(a, b uint32) uint32 { return a & b },
	"VXORPS": func(a, b uint32) uint32 { return a ^ b },
	"VPXORQ": func(a, b uint32) uint32 { return a ^ b },
	"VPSUBD": func(a, b uint32) uint32 { return a - b },
}

func toInt(x float64) uint32 {
	if !(x >= math.MinInt32 && x <= math.MaxInt32) {
		return 1 << 31
	}
	return uint32(int32(x))
}

var onLane = map[string]func(a uint32) uint32{
	"VCVTTPS2DQ":  func(a uint32) uint32 { return toInt(math.Trunc(float64(f32(a)))) },
	"VCVTPS2DQ":   func(a uint32) uint32 { return toInt(math.RoundToEven(float64(f32(a)))) },
	"VCVTDQ2PS":   func(a uint32) uint32 { return u32(float32(int32(a))) },
	"VRNDSCALEPS": func(a uint32) uint32 { return u32(float32(math.Floor(float64(f32(a))))) },
	"VRCP14PS":    func(a uint32) uint32 { return u32(float32(1/float64(f32(a)))) &^ 0x3ff },
	"VRSQRT14PS":  func(a uint32) uint32 { return u32(float32(1/math.Sqrt(float64(f32(a))))) &^ 0x3ff },
}

var fused = map[string]func(first, second, dst float32) float32{
	"VFMADD231PS":  func(c, b, d float32) float32 { return fma32(b, c, d) },
	"VFMADD213PS":  func(c, b, d float32) float32 { return fma32(b, d, c) },
	"VFNMADD231PS": func(c, b, d float32) float32 { return fma32(-b, c, d) },
	"VFNMADD213PS": func(c, b, d float32) float32 { return fma32(-b, d, c) },
}

func compares(predicate int, a, b float32) bool {
	switch predicate {
	case 17:
		return a < b
	case 18:
		return a <= b
	case 12:
		return a < b || a > b
	case 7:
		return a == a && b == b
	}
	panic(predicate)
}

func mask16(lanes int, holds func(i int) bool) (k uint16) {
	for i := range lanes {
		if holds(i) {
			k |= 1 << i
		}
	}
	return k
}

func clip(x, low, high int32) uint16 { return uint16(min(max(x, low), high)) }

// run runs a function with its arguments as they lie in memory.
func (p *program) run(t *testing.T, name string, arguments []byte) {
	m := &machine{arguments: arguments, stack: make([]byte, 4096)}
	code := p.functions[name]
	if code == nil {
		t.Fatal("no function ", name)
	}
	for at := 0; ; at++ {
		i := &code[at]
		switch {
		case i.name == "RET":
			return
		case i.name[0] == 'J':
			if m.jumps(i.name) {
				at = i.to - 1
			}
		case !m.move(i) && !m.count(i) && !m.lane(i) && !m.special(i):
			t.Fatalf("%s: no such instruction: %s", name, i.name)
		}
	}
}

// jumps reports whether a jump is made.
func (m *machine) jumps(name string) bool {
	switch name {
	case "JMP":
		return true
	case "JZ":
		return m.zero
	case "JNZ":
		return !m.zero
	case "JLT":
		return m.less
	case "JCC":
		return !m.carry
	}
	panic(name)
}

// lane runs what does the same in all lanes.
func (m *machine) lane(i *instruction) bool {
	dst := i.args[len(i.args)-1]
	a := i.args[0]
	if f, ok := onLanes[i.name]; ok {
		x, y := m.vector(i.args[1], dst.lanes), m.vector(a, dst.lanes)
		for j := range dst.lanes {
			x[j] = f(x[j], y[j])
		}
		m.setVector(dst, x, dst.lanes)
		return true
	}
	if f, ok := onLane[i.name]; ok {
		if a.kind == 'i' {
			a = i.args[1]
		}
		x := m.vector(a, dst.lanes)
		for j := range dst.lanes {
			x[j] = f(x[j])
		}
		m.setVector(dst, x, dst.lanes)
		return true
	}
	if f, ok := fused[i.name]; ok {
		c, b, d := m.vector(a, dst.lanes), m.vector(i.args[1], dst.lanes), m.vector(dst, dst.lanes)
		for j := range dst.lanes {
			d[j] = u32(f(f32(c[j]), f32(b[j]), f32(d[j])))
		}
		m.setVector(dst, d, dst.lanes)
		return true
	}
	return false
}

// move runs what moves things.
func (m *machine) move(i *instruction) bool {
	if len(i.args) == 0 {
		return i.name == "VZEROUPPER"
	}
	a, dst := i.args[0], i.args[len(i.args)-1]
	switch i.name {
	case "PREFETCHT1":
	case "VMOVUPS", "VMOVAPS":
		lanes := max(a.lanes, dst.lanes)
		m.setVector(dst, m.vector(a, lanes), lanes)
	case "VBROADCASTSS", "VPBROADCASTD":
		x := m.vector(a, 1)
		for j := range x {
			x[j] = x[0]
		}
		m.setVector(dst, x, dst.lanes)
	case "VMOVD":
		if a.kind == 'v' {
			m.r[dst.n] = uint64(m.v[a.n][0])
		} else {
			m.setVector(dst, [16]uint32{uint32(m.r[a.n])}, 16)
		}
	case "VCVTTSS2SIQ":
		m.r[dst.n] = uint64(int64(f32(m.vector(a, 1)[0])))
	case "VEXTRACTF64X4", "VEXTRACTI64X4", "VEXTRACTF128":
		x := m.v[i.args[1].n]
		var half [16]uint32
		copy(half[:], x[dst.lanes:2*dst.lanes])
		m.setVector(dst, half, dst.lanes)
	case "MOVQ":
		m.setNumber(dst, m.number(a, 8))
	case "MOVL":
		m.setNumber(dst, m.number(a, 4))
	case "MOVB":
		m.setNumber(dst, m.number(a, 1))
	case "LEAQ":
		m.r[dst.n] = uint64(m.address(a))
	case "KMOVW":
		m.r[dst.n] = uint64(m.k[a.n])
	default:
		return false
	}
	return true
}

// count runs what counts in registers.
func (m *machine) count(i *instruction) bool {
	a, dst := i.args[0], i.args[len(i.args)-1]
	flags := func(x uint64) { m.zero = x == 0; m.setNumber(dst, x) }
	switch i.name {
	case "ADDQ":
		flags(m.number(dst, 8) + m.number(a, 8))
	case "SUBQ":
		flags(m.number(dst, 8) - m.number(a, 8))
	case "DECQ":
		flags(m.number(dst, 8) - 1)
	case "XORQ":
		flags(m.number(dst, 8) ^ m.number(a, 8))
	case "ORQ":
		flags(m.number(dst, 8) | m.number(a, 8))
	case "SHLQ":
		flags(m.number(dst, 8) << m.number(a, 8))
	case "SHRQ":
		flags(m.number(dst, 8) >> m.number(a, 8))
	case "CMPQ":
		x, y := int64(m.number(a, 8)), int64(m.number(dst, 8))
		m.zero, m.less = x == y, x < y
	case "TESTL":
		m.zero = uint32(m.number(a, 8)&m.number(dst, 8)) == 0
	case "TESTB":
		m.zero = uint8(m.number(a, 8)&m.number(dst, 8)) == 0
	case "BTQ":
		m.carry = m.number(dst, 8)>>(m.number(a, 8)&63)&1 != 0
	default:
		return false
	}
	return true
}

// special runs the rest: comparisons, choices and permutations.
func (m *machine) special(i *instruction) bool {
	a, dst := i.args[0], i.args[len(i.args)-1]
	switch i.name {
	case "VCMPPS":
		x, y := m.vector(i.args[2], 16), m.vector(i.args[1], 16)
		m.k[dst.n] = mask16(16, func(j int) bool { return compares(a.n, f32(x[j]), f32(y[j])) })
	case "VPCMPEQD":
		x, y := m.vector(i.args[1], 16), m.vector(a, 16)
		m.k[dst.n] = mask16(16, func(j int) bool { return x[j] == y[j] })
	case "VPCMPGTD":
		x, y := m.vector(i.args[1], 16), m.vector(a, 16)
		m.k[dst.n] = mask16(16, func(j int) bool { return int32(x[j]) > int32(y[j]) })
	case "VPTESTMD":
		x, y := m.vector(i.args[1], 16), m.vector(a, 16)
		m.k[dst.n] = mask16(16, func(j int) bool { return x[j]&y[j] != 0 })
	case "KORW":
		m.k[dst.n] = m.k[a.n] | m.k[i.args[1].n]
	case "KANDW":
		m.k[dst.n] = m.k[a.n] & m.k[i.args[1].n]
	case "KXNORB":
		m.k[dst.n] = ^(m.k[a.n] ^ m.k[i.args[1].n]) & 0xff
	case "VBLENDMPS", "VPBLENDMD":
		yes, no, k := m.vector(a, 16), m.vector(i.args[1], 16), m.k[i.args[2].n]
		for j := range no {
			if k>>j&1 != 0 {
				no[j] = yes[j]
			}
		}
		m.setVector(dst, no, 16)
	case "VPERMI2PS":
		tables, index := [2][16]uint32{m.vector(i.args[1], 16), m.vector(a, 16)}, m.vector(dst, 16)
		for j, n := range index {
			index[j] = tables[n>>4&1][n&15]
		}
		m.setVector(dst, index, 16)
	case "VPERMILPS":
		x, y := m.vector(i.args[1], dst.lanes), [16]uint32{}
		for j := range dst.lanes {
			y[j] = x[j&^3+a.n>>(2*(j&3))&3]
		}
		m.setVector(dst, y, dst.lanes)
	case "VPMOVSXWD", "VPMOVZXWD":
		b, x := bytesAt(m.address(a), 32), [16]uint32{}
		for j := range x {
			word := binary.LittleEndian.Uint16(b[2*j:])
			if x[j] = uint32(word); i.name == "VPMOVSXWD" {
				x[j] = uint32(int32(int16(word)))
			}
		}
		m.setVector(dst, x, 16)
	case "VPMOVSDW", "VPMOVUSDW":
		b := bytesAt(m.address(dst), 32)
		for j, x := range m.v[a.n] {
			word := clip(int32(x), math.MinInt16, math.MaxInt16)
			if i.name == "VPMOVUSDW" {
				word = uint16(min(x, math.MaxUint16))
			}
			binary.LittleEndian.PutUint16(b[2*j:], word)
		}
	case "VGATHERDPD":
		x, index := [16]uint32{}, m.v[a.indexN]
		for j := range 8 {
			b := bytesAt(m.address(a)+uintptr(int64(int32(index[j]))*int64(a.scale)), 8)
			x[2*j], x[2*j+1] = binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		}
		m.setVector(dst, x, 16)
	default:
		return false
	}
	return true
}
