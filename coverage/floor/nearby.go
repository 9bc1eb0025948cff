package floor

import (
	"math"
	"sync"

	"github.com/canopyradar/canopy/terrain"
)

// nearby is the terrain around the antenna as the rays of a quadrant cross it:
// rows of posts across, on lines that need not be those of steps.
type nearby struct {
	q    *quadrant
	near *terrain.Grid
	// antennaAMSLM is taken off heights before they are rounded.
	antennaAMSLM float64
	// Place x across the surface is zero + x·stretch across here, step x along
	// alongZero + x·alongStretch along.
	zero, stretch, alongZero, alongStretch float64

	// rows are made once for all fans, by along.
	mu   sync.Mutex
	rows map[float64][]float32
}

func newNearby(s *Surface, q *quadrant, near *terrain.Grid) *nearby {
	n := &nearby{q: q, near: near, antennaAMSLM: s.Site.AntennaAMSLM(), rows: map[float64][]float32{}}
	row, col := near.Row(s.latAt(0)), near.Col(s.lonAt(0))
	rows, cols := near.PerDegLat/s.PerDegLat, near.PerDegLon/s.PerDegLon
	if q.rowSteps {
		n.zero, n.stretch, n.alongZero, n.alongStretch = col, cols, row, rows
	} else {
		n.zero, n.stretch, n.alongZero, n.alongStretch = row, rows, col, cols
	}
	return n
}

func (n *nearby) across(x float64) float64 { return n.zero + x*n.stretch }

// row fills dst with the heights above the antenna of the posts from the one
// numbered left on, on the line that stands along posts from the radar; of the
// sea where they are missing.
func (n *nearby) row(dst []float32, along float64, left int) {
	all := n.rowAt(along)
	sea := float32(-n.antennaAMSLM)
	for i := range dst {
		dst[i] = sea
		if j := left + i; j >= 0 && j < len(all) {
			dst[i] = all[j]
		}
	}
}

func (n *nearby) rowAt(along float64) []float32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	if all := n.rows[along]; all != nil {
		return all
	}
	step := n.alongZero + n.alongStretch*(n.q.origin+float64(n.q.direction)*along)
	all := make([]float32, n.near.Cols)
	if !n.q.rowSteps {
		all = make([]float32, n.near.Rows)
	}
	for i := range all {
		row, col := step, float64(i)
		if !n.q.rowSteps {
			row, col = col, row
		}
		z := n.near.AtPost(col, row)
		if math.IsNaN(z) {
			z = 0
		}
		all[i] = float32(z - n.antennaAMSLM)
	}
	n.rows[along] = all
	return all
}
