package meter_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/canopyradar/canopy/clients/canopy/internal/meter"
)

// screen is a terminal that several goroutines may write to.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestMeterShowsAndWipes(t *testing.T) {
	var s screen
	m := meter.New(&s)
	m.Spin("asking")
	m.Set(0.2, "floor of pem")
	// Longer than the line is left alone.
	time.Sleep(150 * time.Millisecond)
	m.Set(0.5, "floor of pem")
	m.Stop()
	shown := s.String()
	if !strings.Contains(shown, "asking") || !strings.Contains(shown, "floor of pem") || !strings.Contains(shown, "50%") {
		t.Errorf("showed %q", shown)
	}
	if !strings.HasSuffix(strings.TrimRight(shown, " "), "\r") {
		t.Errorf("the line is not wiped: %q", shown)
	}
}

func TestMeterIsSilent(t *testing.T) {
	var s screen
	stopped := meter.New(&s)
	stopped.Stop()
	stopped.Set(0.5, "late")
	var none meter.Meter
	none.Spin("nowhere")
	none.Set(1, "nowhere")
	none.Stop()
	if s.String() != "" {
		t.Errorf("showed %q", s.String())
	}
}

// The race detector judges.
func TestMeterTakesReportsFromAnywhere(*testing.T) {
	var s screen
	m := meter.New(&s)
	var reporting sync.WaitGroup
	for range 4 {
		reporting.Go(func() {
			for i := range 100 {
				m.Set(float64(i)/100, "working")
			}
		})
	}
	m.Stop()
	reporting.Wait()
}
