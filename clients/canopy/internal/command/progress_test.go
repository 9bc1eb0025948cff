package command_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// terminal closes seen once a text has been written to it.
type terminal struct {
	mu    sync.Mutex
	shown bytes.Buffer
	text  string
	seen  chan struct{}
	once  sync.Once
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.shown.Write(p)
	if strings.Contains(s.shown.String(), s.text) {
		s.once.Do(func() { close(s.seen) })
	}
	return n, err
}

func (s *terminal) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.String()
}

var halfDone = []*canopyv1.WatchProgressResponse{{Share: 0.5, Doing: "radar pem"}}

func TestGapsShowProgress(t *testing.T) {
	stderr := &terminal{text: "radar pem", seen: make(chan struct{})}
	got := runWith(t, &fake.Server{News: halfDone, Hold: stderr.seen}, func(app *command.App) {
		app.Screen.Progress, app.Stderr = true, stderr
	}, "gaps")
	if shown := stderr.String(); got.code != 0 || !strings.Contains(shown, "finding gaps") || !strings.Contains(shown, "50%") {
		t.Errorf("exit %d: %q", got.code, shown)
	}
}

// What nobody can see is not asked for, and a server that cannot tell is none
// that fails.
func TestGapsWithoutProgress(t *testing.T) {
	tests := []struct {
		name   string
		fake   fake.Server
		screen bool
		args   []string
		silent bool
	}{
		{"no terminal", fake.Server{News: halfDone}, false, []string{"gaps"}, true},
		{"not wanted", fake.Server{News: halfDone}, true, []string{"gaps", "--no-progress"}, true},
		{"not known to the server", fake.Server{}, true, []string{"gaps"}, false},
	}
	for i := range tests {
		tt := &tests[i]
		t.Run(tt.name, func(t *testing.T) {
			got := runWith(t, &tt.fake, func(app *command.App) { app.Screen.Progress = tt.screen }, tt.args...)
			if got.code != 0 || strings.Contains(got.stderr, "%") || tt.silent && got.stderr != "" {
				t.Errorf("exit %d: %q", got.code, got.stderr)
			}
		})
	}
}
