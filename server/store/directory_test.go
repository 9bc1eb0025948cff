package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/canopyradar/canopy/server/store"
)

const thingB = 5000

func openDirectory(t *testing.T, dir string, limitB int64) *store.Directory {
	t.Helper()
	d, err := store.OpenDirectory(dir, limitB)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func nameOf(n int) string { return fmt.Sprintf("%064x.seen", n) }

func put(t *testing.T, s store.Store, n int) {
	t.Helper()
	if err := s.Put(t.Context(), nameOf(n), bytes.NewReader(make([]byte, thingB)), thingB); err != nil {
		t.Fatal(err)
	}
}

// names lists a directory.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestUnusableDirectories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := store.OpenDirectory(dir, 1<<30); err == nil || err.Error() != dir+" cannot keep surfaces: not a directory" {
			t.Errorf("%s: error %v", dir, err)
		}
	}
}

func TestNothingElseIsLeftInTheDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "anew")
	d := openDirectory(t, dir, 1<<30)
	put(t, d, 1)
	put(t, d, 1)
	err := d.Put(t.Context(), nameOf(2), bytes.NewReader(nil), 1)
	if all := names(t, dir); err == nil || !slices.Equal(all, []string{nameOf(1)}) {
		t.Errorf("files %q, error %v", all, err)
	}
}

func TestTheLeastRecentlyUsedAreRemoved(t *testing.T) {
	dir := t.TempDir()
	d := openDirectory(t, dir, 8*thingB)
	foreign := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(foreign, make([]byte, 100*thingB), 0o600); err != nil {
		t.Fatal(err)
	}
	for n := range 8 {
		put(t, d, n)
		then := time.Now().Add(-time.Duration(8-n) * time.Minute)
		if err := os.Chtimes(filepath.Join(dir, nameOf(n)), then, then); err != nil {
			t.Fatal(err)
		}
	}
	r, _, err := d.Get(t.Context(), nameOf(0)) // the oldest, which is used now
	if err != nil {
		t.Fatal("the first is gone before there is need for room")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, d, 8)
	var left []int
	for n := range 9 {
		if d.Has(t.Context(), nameOf(n)) {
			left = append(left, n)
		}
	}
	// Room is made for an eighth more than is needed.
	if want := []int{0, 3, 4, 5, 6, 7, 8}; !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Error("a file of another name was removed")
	}
}

// What was used when the clock was ahead does not stay for ever, at the cost of all
// that is used since.
func TestClockSetBack(t *testing.T) {
	const limit = 8
	dir := t.TempDir()
	d := openDirectory(t, dir, limit*thingB)
	part := filepath.Join(dir, ".floor-part-0000000000000000")
	if err := os.WriteFile(part, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for n := range limit {
		put(t, d, n)
	}
	ahead := time.Now().Add(24 * time.Hour)
	for _, name := range names(t, dir) {
		if err := os.Chtimes(filepath.Join(dir, name), ahead, ahead); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 3 {
		put(t, d, limit+n)
		time.Sleep(20 * time.Millisecond) // files have the time of the kernel's last tick
	}
	for n := range 3 {
		if !d.Has(t.Context(), nameOf(limit+n)) {
			t.Errorf("%d is gone, which was used last", limit+n)
		}
	}
	for _, name := range names(t, dir) {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.ModTime().After(time.Now()) {
			t.Errorf("%s is of the time to come, %v", name, err)
		}
	}
}

// However much comes, and from however many processes, the directory does not
// outgrow its limit by more than a 16th each.
func TestTheLimitHolds(t *testing.T) {
	dir := t.TempDir()
	const limitB = 40 * thingB
	stores := make([]*store.Directory, 3)
	for i := range stores {
		stores[i] = openDirectory(t, dir, limitB)
	}
	for n := range 300 {
		put(t, stores[n%3], n)
		if total := len(names(t, dir)) * thingB; total > limitB+3*limitB/16 {
			t.Fatalf("%d bytes after %d, the limit is %d", total, n+1, limitB)
		}
	}
	if n := len(names(t, dir)); n < 30 {
		t.Errorf("%d are left where 40 have room", n)
	}
}

func TestWhatIsLargerThanTheDirectory(t *testing.T) {
	d := openDirectory(t, t.TempDir(), thingB)
	put(t, d, 1)
	err := d.Put(t.Context(), nameOf(2), bytes.NewReader(make([]byte, thingB+1)), thingB+1)
	if !errors.Is(err, store.ErrTooLarge) || !d.Has(t.Context(), nameOf(1)) {
		t.Errorf("error %v", err)
	}
}

func TestAbandonedPartsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	var parts []string
	for i, age := range []time.Duration{0, 10 * time.Minute} {
		part := filepath.Join(dir, fmt.Sprintf(".floor-part-%016x", i))
		if err := os.WriteFile(part, make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(part, then, then); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, filepath.Base(part))
	}
	put(t, openDirectory(t, dir, 1<<30), 1)
	if all := names(t, dir); !slices.Contains(all, parts[0]) || slices.Contains(all, parts[1]) {
		t.Errorf("files %q: want the part that may be in work, not the old one", all)
	}
}

func TestADirectoryThatIsRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	d := openDirectory(t, dir, 1<<30)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	put(t, d, 1)
	if !d.Has(t.Context(), nameOf(1)) {
		t.Error("it is not made again")
	}
}

// Errors do not say where files are: who logs them says it once.
func TestErrorsHaveNoPath(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, nameOf(1)), 0o700); err != nil {
		t.Fatal(err)
	}
	err := openDirectory(t, dir, 1<<30).Put(t.Context(), nameOf(1), bytes.NewReader(nil), 0)
	if err == nil || strings.Contains(err.Error(), dir) {
		t.Errorf("error %v", err)
	}
}
