package geotiff

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"os"
	"slices"
	"sync/atomic"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// View maps the file where it holds posts as memory does: in Int16 or Float32
// of little-endian order, neither packed nor in tiles, with one value for all
// that are missing in the window, which takes a look at each. Of all else it is
// a view of what Read returns.
func (m *model) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	if part := l.Intersect(m.lattice); l.SameSpacing(m.lattice) && part.Posts() > 0 && m.layout.isPlain() {
		if v, err := m.inPlace(ctx, l, part); v != nil || err != nil {
			return v, err
		}
	}
	return terrain.ReadView(ctx, m, l)
}

// isPlain reports whether the file holds rows as memory does.
func (l *layout) isPlain() bool {
	return l.compression == compressionNone && !l.tiled && l.order == binary.LittleEndian &&
		(l.sample == sampleInt16 || l.sample == sampleFloat32)
}

// inPlace returns a view of the file, which is plain; nil where there can be
// none. part are the posts of l that the model has.
func (m *model) inPlace(ctx context.Context, l, part terrain.Lattice) (*terrain.View, error) {
	runs := m.layout.runs(part.Row0-m.lattice.Row0, part.Rows)
	if len(runs) == 0 {
		return nil, nil
	}
	memory, firstB, err := m.mapRuns(runs)
	if memory == nil {
		return nil, err
	}
	v := terrain.NewView(l, nil, memory)
	for _, r := range runs {
		panel, ok := m.layout.panel(memory.Bytes[r.offsetB-firstB:][:r.rows*m.layout.rowB()], part.Col0-m.lattice.Col0)
		if !ok {
			return nil, v.Close()
		}
		panel.Void = math.MinInt16
		panel.Lattice = part.Sub(0, m.lattice.Row0+r.row-part.Row0, part.Cols, r.rows)
		v.Panels = append(v.Panels, panel)
	}
	if known := m.whole.Load(); known != nil && known.Intersect(part) == part {
		return v, nil
	}
	ok, err := m.layout.void.declare(ctx, v)
	if !ok || err != nil {
		return nil, cmp.Or(err, v.Close())
	}
	if !slices.ContainsFunc(v.Panels, func(p terrain.Panel) bool { return p.HasVoid }) {
		m.whole.Store(&part)
	}
	return v, nil
}

// sum returns the sum of the file's content, and looks for missing posts in
// passing where a view can be of them: in Int16, in one run, where nothing above
// deepM means missing, so that the look costs next to nothing.
func (m *model) sum(ctx context.Context, file source.File) (source.Sum, error) {
	l := m.layout
	if !l.isPlain() || l.sample != sampleInt16 || l.void.markM >= deepM {
		return file.Sum(ctx, nil)
	}
	runs := l.runs(0, l.rows)
	if len(runs) != 1 {
		return file.Sum(ctx, nil)
	}
	firstB := int64(runs[0].offsetB)
	endB := firstB + int64(l.rows*l.rowB())
	var void atomic.Bool
	sum, memory, err := file.SumMapped(ctx, func(offsetB int64, piece []byte) {
		at := func(b int64) int64 { return min(max(b-offsetB, 0), int64(len(piece))) }
		posts, ok := source.Numbers[int16](piece[at(firstB):at(endB)])
		if !void.Load() && (!ok || l.void.lookInt16(posts) > 0) {
			void.Store(true)
		}
	})
	if err != nil {
		return source.Sum{}, err
	}
	m.spare = source.Leave(m, memory)
	if !void.Load() {
		m.whole.Store(&m.lattice)
	}
	return sum, nil
}

// rowB returns the bytes of a row of a file that is plain.
func (l *layout) rowB() int { return l.cols * l.sample.sizeB() }

// run is rows that lie one after the other in the file.
type run struct {
	row, rows int
	offsetB   uint64
}

// runs returns where count rows of a file that is plain lie, from a row on. It
// returns none when the file lacks some of them, and when they are strewn about.
func (l *layout) runs(row, count int) []run {
	const most = 64
	var runs []run
	for end := row + count; row < end; {
		strip, within := row/l.blockRows, row%l.blockRows
		offsetB, countB := l.offsets[strip], l.countsB[strip]
		if countB < uint64(l.sizeB(strip)) || offsetB > l.file.sizeB || countB > l.file.sizeB-offsetB || len(runs) > most {
			return nil
		}
		next := run{row, min(l.rowsOf(strip)-within, end-row), offsetB + uint64(within*l.rowB())}
		if last := len(runs) - 1; last >= 0 && runs[last].offsetB+uint64(runs[last].rows*l.rowB()) == next.offsetB {
			runs[last].rows += next.rows
		} else {
			runs = append(runs, next)
		}
		row += next.rows
	}
	return runs
}

// mapRuns maps the part of the file with all runs, and returns the offset at
// which it begins. There is no mapping where there can be none.
func (m *model) mapRuns(runs []run) (*source.Mapping, uint64, error) {
	h, err := m.open()
	if err != nil {
		return nil, 0, err
	}
	defer h.Close()
	file, ok := h.(*os.File)
	if !ok {
		return nil, 0, nil
	}
	firstB, endB := uint64(math.MaxUint64), uint64(0)
	for _, r := range runs {
		firstB, endB = min(firstB, r.offsetB), max(endB, r.offsetB+uint64(r.rows*m.layout.rowB()))
	}
	const much = 4
	if m.spare != nil && endB-firstB > m.layout.file.sizeB/much {
		if memory := m.spare.Take(); memory != nil {
			return memory, 0, nil
		}
	}
	memory, err := source.Map(file, int64(firstB), int64(endB-firstB), source.Again)
	if err != nil {
		return nil, 0, nil // it can still be read
	}
	return memory, firstB, nil
}

// panel returns the posts of whole rows, from a column on; false where this
// machine cannot take them as they are.
func (l *layout) panel(raw []byte, col int) (p terrain.Panel, ok bool) {
	p.Stride = l.cols
	if l.sample == sampleInt16 {
		all, ok := source.Numbers[int16](raw)
		if ok {
			p.Int16 = all[col:]
		}
		return p, ok
	}
	all, ok := source.Numbers[float32](raw)
	if ok {
		p.Float32 = all[col:]
	}
	return p, ok
}

// What stands for posts without an elevation, in bits.
const (
	voidOfType   = 1 << iota // −32768 in Int16, the usual NaN in Float32
	voidOfFile               // GDAL_NODATA in Int16
	voidOfOthers             // what a panel cannot tell
)

// declare looks at all posts of a view whose panels are of one type, and enters
// in them which value means missing. It is false where a panel cannot tell.
func (v void) declare(ctx context.Context, view *terrain.View) (bool, error) {
	var found atomic.Uint32
	for _, p := range view.Panels {
		const bandRows = 64
		err := source.Bands(ctx, p.Rows, bandRows, func(_ context.Context, first, count int) error {
			return view.Guard(func() error {
				for r := first; r < first+count; r++ {
					found.Or(v.look(p, r))
				}
				return nil
			})
		})
		if err != nil {
			return false, err
		}
	}
	for i := range view.Panels {
		p := &view.Panels[i]
		p.HasVoid = found.Load() > 0
		if found.Load() == voidOfFile {
			p.Void = int16(v.markM)
		}
	}
	return found.Load() <= voidOfFile, nil
}

// look tells which voids are in a row of a panel.
func (v void) look(p terrain.Panel, row int) (found uint32) {
	if p.Int16 != nil {
		return v.lookInt16(p.Int16[row*p.Stride:][:p.Cols])
	}
	for _, z := range p.Float32[row*p.Stride:][:p.Cols] {
		switch {
		case !v.holds(z):
		case math.Float32bits(z) == math.Float32bits(float32(math.NaN())):
			found |= voidOfType
		default:
			found |= voidOfOthers
		}
	}
	return found
}

func (v void) lookInt16(row []int16) (found uint32) {
	const lowest = math.MinInt16
	mark := int16(lowest)
	if v.markM > lowest && v.markM <= math.MaxInt16 && v.markM == float32(int16(v.markM)) {
		mark = int16(v.markM)
	}
	deep := anyDeep(row)
	if deep && slices.Contains(row, lowest) {
		found |= voidOfType
	}
	if mark != lowest && (deep || mark >= deepM) && slices.Contains(row, mark) {
		found |= voidOfFile
	}
	return found
}

// deepM is above most of what stands for unknown, and below nearly all ground.
const deepM = -8192

// tops are the top bits of the four values in a word.
const tops = 0x8000_8000_8000_8000

// anyDeep reports whether a value is below deepM. It looks at sixteen at a time,
// as all of a window are to be looked at.
func anyDeep(row []int16) bool {
	if !anyNegative(row) {
		return false
	}
	found := uint64(0)
	for raw := littleEndian(row); len(raw) >= 32; raw = raw[32:] {
		found |= deepTops(binary.LittleEndian.Uint64(raw)) | deepTops(binary.LittleEndian.Uint64(raw[8:])) |
			deepTops(binary.LittleEndian.Uint64(raw[16:])) | deepTops(binary.LittleEndian.Uint64(raw[24:]))
	}
	return found&tops != 0 || slices.ContainsFunc(row[len(row)&^15:], func(z int16) bool { return z < deepM })
}

// anyNegative takes a third of the time of anyDeep, and is false over most ground.
func anyNegative(row []int16) bool {
	found := uint64(0)
	for raw := littleEndian(row); len(raw) >= 64; raw = raw[64:] {
		found |= binary.LittleEndian.Uint64(raw) | binary.LittleEndian.Uint64(raw[8:]) |
			binary.LittleEndian.Uint64(raw[16:]) | binary.LittleEndian.Uint64(raw[24:]) |
			binary.LittleEndian.Uint64(raw[32:]) | binary.LittleEndian.Uint64(raw[40:]) |
			binary.LittleEndian.Uint64(raw[48:]) | binary.LittleEndian.Uint64(raw[56:])
	}
	return found&tops != 0 || slices.ContainsFunc(row[len(row)&^31:], func(z int16) bool { return z < 0 })
}

// deepTops has the top bit of those values of a word set that are below deepM:
// the top bit is set, and one of the next two is not.
func deepTops(w uint64) uint64 { return w &^ (w << 1 & (w << 2)) }
