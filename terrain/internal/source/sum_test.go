package source_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/canopyradar/canopy/terrain/internal/source"
)

// The sums are made of those of xxh128sum 0.8.1.
func TestSum(t *testing.T) {
	tests := []struct{ name, content, want string }{
		{"one piece", "abc", "f758394eebabb2bb51ee911f78f31836"},
		{"129 pieces, the last of one byte", strings.Repeat("0123456789abcdef", 1<<18) + "z", "0b3e8700fdcd463c0880cca37fa14f8a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "content")
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			file, err := source.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			sum, err := file.Sum(t.Context(), nil)
			if seen := lookedAt(t, file, sum); seen != test.content {
				t.Errorf("a look saw %d bytes, not the %d of the file", len(seen), len(test.content))
			}
			if got := fmt.Sprintf("%x", sum); err != nil || got != test.want || sum != source.SumOf(test.content) {
				t.Errorf("%s, %x in memory, %v; want %s", got, source.SumOf(test.content), err, test.want)
			}
		})
	}
}

// lookedAt returns what a look sees of a file, whose sum it must not change.
func lookedAt(t *testing.T, file source.File, want source.Sum) string {
	t.Helper()
	seen := make([]byte, file.SizeB)
	sum, err := file.Sum(t.Context(), func(offsetB int64, piece []byte) { copy(seen[offsetB:], piece) })
	if err != nil || sum != want {
		t.Errorf("%x with a look, %v; want %x", sum, err, want)
	}
	mapped, m, err := file.SumMapped(t.Context(), nil)
	if err != nil || mapped != want {
		t.Errorf("%x of the mapped file, %v; want %x", mapped, err, want)
	}
	if m != nil {
		if !bytes.Equal(m.Bytes, seen) {
			t.Error("the mapping holds something else")
		}
		m.Unmap()
	}
	return string(seen)
}

// A mapping is for the first who asks, and for nobody once another one is left, or its
// owner is gone.
func TestSpare(t *testing.T) {
	left := func() *source.Spare {
		mapping, _ := mapped(t, []byte("abc"), 0, 3)
		return source.Leave(&struct{ owned int }{1}, mapping)
	}
	owner := &struct{ owned int }{2}
	mapping, _ := mapped(t, []byte("abc"), 0, 3)
	spare := source.Leave(owner, mapping)
	if spare.Take() != mapping || spare.Take() != nil {
		t.Error("it is taken not once")
	}
	mapping.Unmap()
	mapping, _ = mapped(t, []byte("abc"), 0, 3)
	spare = source.Leave(owner, mapping)
	orphan := left()
	if spare.Take() != nil {
		t.Error("two are left at a time")
	}
	runtime.KeepAlive(owner)
	for range 2 {
		runtime.GC()
		time.Sleep(50 * time.Millisecond) // Cleanups run on their own.
	}
	if orphan.Take() != nil {
		t.Error("it is left without an owner")
	}
}
