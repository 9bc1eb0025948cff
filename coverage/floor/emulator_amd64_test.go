package floor

import (
	"encoding/binary"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"github.com/canopyradar/canopy/terrain/terraintest"
)

// program is the AVX-512 functions of kernel_amd64.s, to be run one instruction
// after the other on processors that have none of them.
type program struct {
	functions map[string][]instruction
	data      map[string]*[64]byte
}

type instruction struct {
	name string
	args []argument
	// to is where a jump leads.
	to int
}

// argument is a register, a number, or a place in memory.
type argument struct {
	kind  byte // of 'v', 'k', 'r', 'i', 'm'
	lanes int  // of vectors
	n     int  // of the register, or the number
	// Memory lies at base + index·scale + n; index is a vector's lanes in gathers.
	base        byte // of 'r', 'f' for the arguments, 's' for the stack, 'd' for data
	baseN       int
	index       byte
	indexN      int
	scale       int
	data        *[64]byte
	broadcasted bool
}

var generalRegisters = []string{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"}

var (
	dataLine  = regexp.MustCompile(`^DATA (\w+)<>\+(\d+)\(SB\)/4, \$0x([0-9a-f]+)$`)
	textLine  = regexp.MustCompile(`^TEXT ·(\w+)\(SB\)`)
	labelLine = regexp.MustCompile(`^(\w+):$`)
	memory    = regexp.MustCompile(`^(?:(\w+)(<>)?)?([+-]?\d+)?\((\w+)\)(?:\((\w+)\*(\d)\))?$`)
)

func readProgram(t *testing.T) *program {
	t.Helper()
	text, err := os.ReadFile("kernel_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	p := &program{map[string][]instruction{}, map[string]*[64]byte{}}
	lines := strings.Split(string(text), "\n")
	for _, line := range lines {
		if m := dataLine.FindStringSubmatch(line); m != nil {
			if p.data[m[1]] == nil {
				p.data[m[1]] = new([64]byte)
			}
			at, _ := strconv.Atoi(m[2])
			value, _ := strconv.ParseUint(m[3], 16, 32)
			binary.LittleEndian.PutUint32(p.data[m[1]][at:], uint32(value))
		}
	}
	name, labels := "", map[string]int{}
	jumps := map[string]map[int]string{}
	for _, line := range lines {
		if m := textLine.FindStringSubmatch(line); m != nil {
			name = m[1]
			continue
		}
		if m := labelLine.FindStringSubmatch(line); m != nil {
			labels[m[1]] = len(p.functions[name])
		}
		if !strings.HasSuffix(name, "AVX512") || !strings.HasPrefix(line, "\t") {
			continue
		}
		fields := strings.SplitN(strings.TrimSpace(line), " ", 2)
		i := instruction{name: fields[0]}
		if len(fields) > 1 {
			for arg := range strings.SplitSeq(fields[1], ",") {
				arg = strings.TrimSpace(arg)
				if i.name[0] == 'J' {
					if jumps[name] == nil {
						jumps[name] = map[int]string{}
					}
					jumps[name][len(p.functions[name])] = arg
					continue
				}
				i.args = append(i.args, p.argument(t, arg))
			}
		}
		i.name, _ = strings.CutSuffix(i.name, ".BCST")
		for j := range i.args {
			i.args[j].broadcasted = strings.HasSuffix(fields[0], ".BCST")
		}
		p.functions[name] = append(p.functions[name], i)
	}
	for name, all := range jumps {
		for at, label := range all {
			p.functions[name][at].to = labels[label]
		}
	}
	return p
}

func (p *program) argument(t *testing.T, text string) argument {
	t.Helper()
	number := func(s string) int {
		n, err := strconv.ParseInt(s, 0, 64)
		if err != nil && s != "" {
			t.Fatal(err)
		}
		return int(n)
	}
	if text[0] == '$' {
		return argument{kind: 'i', n: number(text[1:])}
	}
	if r := slices.Index(generalRegisters, text); r >= 0 {
		return argument{kind: 'r', n: r}
	}
	if lanes, ok := map[byte]int{'X': 4, 'Y': 8, 'Z': 16}[text[0]]; ok && !strings.Contains(text, "(") {
		return argument{kind: 'v', lanes: lanes, n: number(text[1:])}
	}
	if text[0] == 'K' {
		return argument{kind: 'k', n: number(text[1:])}
	}
	m := memory.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no operand: %q", text)
	}
	a := argument{kind: 'm', n: number(m[3])}
	switch m[4] {
	case "FP":
		a.base = 'f'
	case "SB":
		a.base, a.data = 'd', p.data[m[1]]
		if a.data == nil {
			t.Fatalf("no data: %q", text)
		}
	case "SP":
		a.base = 's'
	default:
		if m[1] != "" {
			a.n = number(m[1])
		}
		a.base, a.baseN = 'r', slices.Index(generalRegisters, m[4])
	}
	if a.base == 's' && m[1] != "" {
		a.n = number(m[1])
	}
	if m[5] != "" {
		a.scale = number(m[6])
		if r := slices.Index(generalRegisters, m[5]); r >= 0 {
			a.index, a.indexN = 'r', r
		} else {
			a.index, a.indexN = 'v', number(m[5][1:])
		}
	}
	return a
}

// bound returns a function of the program that is called as the one in assembly is.
func bound[F any](t *testing.T, p *program, name string) F {
	of := reflect.TypeFor[F]()
	return reflect.MakeFunc(of, func(args []reflect.Value) (results []reflect.Value) {
		arguments, at := make([]byte, 256), 0
		for _, arg := range args {
			size := int(arg.Type().Size())
			at = (at + size - 1) / size * size
			reflect.NewAt(arg.Type(), unsafe.Pointer(&arguments[at])).Elem().Set(arg)
			at += size
		}
		p.run(t, name, arguments)
		at = (at + 7) / 8 * 8
		for out := range of.Outs() {
			results = append(results, reflect.NewAt(out, unsafe.Pointer(&arguments[at])).Elem())
		}
		runtime.KeepAlive(args)
		return results
	}).Interface().(F)
}

// emulated returns the kernel of a name, run one instruction after the other, if there
// is one.
func emulated(t *testing.T, name string) (k kernel, ok bool) {
	if name != "AVX-512" || terraintest.RaceDetector {
		return kernel{}, false
	}
	p := readProgram(t)
	type follower = func(lines, drawings, wall *float32, pitch int, tans *float32, rays int, vStep float32, steps int, mask uint64)
	type shedder = func(line, parameters, tans, ground, heights *float32, n int, ahead *[2]uintptr)
	return assembly{
		lanes:       16,
		met:         bound[func(from, to, highest, tans *float32, rays int, vStep, slackM float32, wide bool) uint64](t, p, "metAVX512"),
		project:     bound[func(drawing, before, posts, wall *float32, pitch, n int)](t, p, "projectAVX512"),
		follow:      follows{bound[follower](t, p, "followAVX512"), bound[follower](t, p, "followTwoAVX512")},
		shed:        sheds{bound[shedder](t, p, "shed32AVX512"), bound[shedder](t, p, "shed64AVX512"), bound[shedder](t, p, "shedAVX512")},
		floors:      [2]floors{bound[floors](t, p, "aglAVX512"), bound[floors](t, p, "amslAVX512")},
		reduce16:    bound[func(dst *float32, src *int16, n int, void int32, antennaAMSLM, inverseRadius float32)](t, p, "reduce16AVX512"),
		reduce32:    bound[func(dst, src *float32, n int, antennaAMSLM, inverseRadius float32)](t, p, "reduce32AVX512"),
		highest:     bound[func(dst, patch *float32, pitch, rows, n int)](t, p, "highestAVX512"),
		altitudes16: bound[func(dst *int16, floors *uint16, ground *int16, n int, void int32)](t, p, "altitudes16AVX512"),
		altitudes32: bound[func(dst *int16, floors *uint16, ground *float32, n int)](t, p, "altitudes32AVX512"),
	}.kernel(name), true
}
