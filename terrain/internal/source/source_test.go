package source_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

func TestStatRefuses(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, want string }{
		{"a missing file", filepath.Join(dir, "none"), "cannot be read: no such file or directory"},
		{"a directory", dir, "not a regular file"},
		{"an empty file", empty, "the file is empty (0 bytes)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := source.Stat(test.path)
			var format *terrain.FormatError
			if !errors.As(err, &format) || format.Path != test.path || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestOpenNoticesChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tile")
	write := func(content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("before")
	file, err := source.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := file.Sum(t.Context(), nil)
	if err != nil || sum != source.SumOf("before") {
		t.Fatalf("%x, %v", sum, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := file.Sum(cancelled, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("with the context done: %v", err)
	}
	write("afterwards")
	if _, err := file.Open(); err == nil || !strings.Contains(err.Error(), "changed after it was opened") {
		t.Errorf("after a change: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Sum(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("after removal: %v", err)
	}
}
