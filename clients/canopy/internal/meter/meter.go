// Package meter shows on a terminal that work is going on, and how far it is.
package meter

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Meter is one line on a terminal that is wiped when the work is done. The
// zero value shows nothing. It is safe for concurrent use, as the work may
// report from anywhere, and even after Stop.
type Meter struct {
	w       io.Writer
	mu      sync.Mutex
	bar     *progressbar.ProgressBar
	stopped bool
	// drawn is when the bar was. It would itself keep to refresh, but then show
	// either what is new of the work or how far that is.
	drawn time.Time
}

// New returns a meter on w.
func New(w io.Writer) *Meter { return &Meter{w: w} }

// steps is finer than any terminal's width.
const steps = 1000

// refresh keeps a slow line to a terminal from slowing down the work.
const refresh = 80 * time.Millisecond

// Set shows that a share of the work, from 0 to 1, is done, and what is being
// done now.
func (m *Meter) Set(share float64, doing string) {
	m.show(func() {
		if m.bar == nil || m.bar.GetMax() != steps {
			m.replace(steps)
			m.drawn = time.Time{}
		}
		if time.Since(m.drawn) < refresh {
			return
		}
		m.drawn = time.Now()
		m.bar.Describe(doing)
		_ = m.bar.Set(int(share * steps))
	})
}

// Spin shows that work of unknown length is going on.
func (m *Meter) Spin(doing string) {
	m.show(func() {
		m.replace(-1)
		m.bar.Describe(doing)
		_ = m.bar.RenderBlank()
	})
}

// show runs draw if there is something to draw on. What becomes of the line
// is of no consequence to the work, so errors of the terminal are dropped.
func (m *Meter) show(draw func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.w != nil && !m.stopped {
		draw()
	}
}

func (m *Meter) replace(length int) {
	m.wipe()
	m.bar = progressbar.NewOptions(length,
		progressbar.OptionSetWriter(m.w),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetWidth(30),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSpinnerType(14),
	)
}

func (m *Meter) wipe() {
	if m.bar != nil {
		_ = m.bar.Finish()
		_ = m.bar.Clear()
	}
}

// Stop wipes the line for good.
func (m *Meter) Stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = true
	m.wipe()
}
