package floor

import (
	"unsafe"

	"github.com/canopyradar/canopy/terrain"
)

// stream is places in memory that will be wanted soon, of which quick kernels
// ask for one with every so many cells as there are lanes. They need not exist.
type stream struct{ at, strideB uintptr }

// matrix says where posts lie in memory, or what is above them.
type matrix struct {
	first       uintptr
	rowB, postB int
}

// matrixOf returns that of values whose first belongs to a row and a column.
func matrixOf[T any](values []T, stride, row, col int) matrix {
	size := int(unsafe.Sizeof(values[0]))
	m := matrix{uintptr(unsafe.Pointer(&values[0])), stride * size, size} //nolint:gosec // only an address
	m.first = m.at(-row, -col)
	return m
}

func (m matrix) at(row, col int) uintptr { return m.first + uintptr(row*m.rowB+col*m.postB) }

// panelMatrix returns that of a panel, by rows and columns of the surface.
func (s *Surface) panelMatrix(p *terrain.Panel) matrix {
	row, col := p.Row0-s.Row0, p.Col0-s.Col0
	if p.Int16 != nil {
		return matrixOf(p.Int16, p.Stride, row, col)
	}
	return matrixOf(p.Float32, p.Stride, row, col)
}

// ahead returns where the next block looks for what this one finds at step k,
// from one post across on: at the step of that number, if steps are rows. Lines
// of the cache hold some columns; of the next of them it is those of some rows at
// every step, and of other rows at the next one.
func (q *quadrant) ahead(m matrix, k, from int) stream {
	const cacheLineB = 64
	row, col := q.post(k, from)
	if q.rowSteps {
		return stream{m.at(row+blockSteps*q.direction, col), uintptr(lanes * m.postB)}
	}
	return stream{m.at(row+(k-row)&(lanes-1), col+cacheLineB/m.postB*q.direction), uintptr(lanes * m.rowB)}
}
