package shelf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// key returns the n-th key.
func key(n int) surfaces.Key { return surfaces.Key{byte(n), byte(n >> 8), 0xff} }

// surface returns one of cols × rows posts that key(n) may stand for.
func surface(n, cols, rows int) surfaces.Stored {
	s := surfaces.Stored{
		Lattice: terrain.Lattice{PerDegLon: 240, PerDegLat: 120, OffLon: 0.5, OffLat: 0.25, Col0: n, Row0: 7, Cols: cols, Rows: rows},
		Floor:   make([]floor.AGL, cols*rows), PostsInRange: 11, Filled: 12,
		Missing: floor.Missing{Posts: 3, AreaM2: 1.5e6, Bound: orb.Bound{Min: orb.Point{-70, -12}, Max: orb.Point{-69, -11}}},
	}
	for i := range s.Floor {
		s.Floor[i] = floor.AGL((i + 1) * (2*n + 7919) >> 3)
	}
	return s
}

// open returns a shelf, and the log that it writes.
func open(t *testing.T, dir string, limitB int64) (*Shelf, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	s, err := Open(dir, limitB, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return s, &log
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

func TestWhatIsPutIsTaken(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "anew")
	s, _ := open(t, dir, 1<<30)
	sizes := [][2]int{{1, 1}, {3, 500}, {1000, 700}} // of which the last is read in parts
	for i, size := range sizes {
		if _, ok := s.Take(key(i)); ok || s.Has(key(i)) {
			t.Errorf("surface %d is there before it is put", i)
		}
		s.Put(key(i), surface(i, size[0], size[1]))
	}
	for again := range 2 {
		s, _ := open(t, dir, 1<<30)
		for i, size := range sizes {
			got, ok := s.Take(key(i))
			if want := surface(i, size[0], size[1]); !ok || !s.Has(key(i)) || !reflect.DeepEqual(got, want) {
				t.Errorf("surface %d, time %d: %v, %v posts", i, again, ok, len(got.Floor))
			}
		}
	}
	if all := names(t, dir); len(all) != len(sizes) {
		t.Errorf("files %q", all)
	}
}

func TestUnusableDirectories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		if _, err := Open(dir, 1<<30, slog.Default()); err == nil || !strings.HasPrefix(err.Error(), dir+" cannot keep surfaces: ") {
			t.Errorf("%s: error %v", dir, err)
		}
	}
}

// damage is what may become of a file.
var damage = map[string]func(content []byte) []byte{
	"empty":              func([]byte) []byte { return nil },
	"a byte":             func([]byte) []byte { return []byte{1} },
	"half a header":      func(c []byte) []byte { return c[:headerB/2] },
	"the header alone":   func(c []byte) []byte { return c[:headerB] },
	"the last byte lost": func(c []byte) []byte { return c[:len(c)-1] },
	"one byte more":      func(c []byte) []byte { return append(c, 0) },
	"zeroes":             func(c []byte) []byte { clear(c); return c },
	"zeroes at the end":  func(c []byte) []byte { clear(c[len(c)/2:]); return c },
	"something else":     func(c []byte) []byte { return bytes.Repeat([]byte("canopy!\n"), len(c)/8+1)[:len(c)] },
	"another surface": func([]byte) []byte {
		var other bytes.Buffer
		if err := encode(&other, key(2), surface(2, 40, 30)); err != nil {
			panic(err)
		}
		return other.Bytes()
	},
}

func TestDamagedFilesAreRemoved(t *testing.T) {
	for name, spoil := range damage {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, log := open(t, dir, 1<<30)
			s.Put(key(1), surface(1, 40, 30))
			content, err := os.ReadFile(s.path(key(1)))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(s.path(key(1)), spoil(content), 0o600); err != nil {
				t.Fatal(err)
			}
			checkRefused(t, s, key(1))
			if !strings.Contains(log.String(), "removed a damaged surface") {
				t.Errorf("log %q", log)
			}
		})
	}
}

// checkRefused wants no surface, and its file gone.
func checkRefused(t *testing.T, s *Shelf, key surfaces.Key) {
	t.Helper()
	if got, ok := s.Take(key); ok || got.Floor != nil {
		t.Errorf("%d posts were taken", len(got.Floor))
	}
	if s.Has(key) {
		t.Error("the file is still there")
	}
}

// TestEveryBitCounts flips single bits, all of the header's and some of the
// floors'.
func TestEveryBitCounts(t *testing.T) {
	var whole bytes.Buffer
	if err := encode(&whole, key(1), surface(1, 40, 30)); err != nil {
		t.Fatal(err)
	}
	content := whole.Bytes()
	for bit := 0; bit < 8*len(content); bit += max(1, bit/headerB-7) {
		content[bit/8] ^= 1 << (bit % 8)
		if _, err := decode(bytes.NewReader(content), int64(len(content)), key(1)); !errors.Is(err, errDamaged) {
			t.Fatalf("bit %d of byte %d: error %v", bit%8, bit/8, err)
		}
		content[bit/8] ^= 1 << (bit % 8)
	}
	if _, err := decode(bytes.NewReader(content), int64(len(content)), key(1)); err != nil {
		t.Errorf("the whole file: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	var whole bytes.Buffer
	if err := encode(&whole, key(1), surface(1, 3, 2)); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	for _, spoil := range damage {
		f.Add(spoil(bytes.Clone(whole.Bytes())))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := decode(bytes.NewReader(content), int64(len(content)), key(1))
		if err == nil && (s.Cols < 1 || s.Rows < 1 || len(s.Floor) != s.Posts() || fileB(s) != int64(len(content))) {
			t.Errorf("%d × %d posts, %d floors, from %d bytes", s.Cols, s.Rows, len(s.Floor), len(content))
		}
	})
}

// older sets the time at which a surface was last used.
func older(t *testing.T, s *Shelf, n int, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	if err := os.Chtimes(s.path(key(n)), then, then); err != nil {
		t.Fatal(err)
	}
}

func TestTheLeastRecentlyUsedAreRemoved(t *testing.T) {
	dir := t.TempDir()
	sizeB := fileB(surface(0, 50, 50))
	s, _ := open(t, dir, 8*sizeB)
	foreign := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(foreign, make([]byte, 100*sizeB), 0o600); err != nil {
		t.Fatal(err)
	}
	for n := range 8 {
		s.Put(key(n), surface(n, 50, 50))
		older(t, s, n, time.Duration(8-n)*time.Minute)
	}
	if _, ok := s.Take(key(0)); !ok { // the oldest, which is used now
		t.Fatal("the first is gone before there is need for room")
	}
	s.Put(key(8), surface(8, 50, 50))
	var left []int
	for n := range 9 {
		if s.Has(key(n)) {
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

// However many surfaces come, and from however many processes, the directory
// does not outgrow its limit by more than a 16th each.
func TestTheLimitHolds(t *testing.T) {
	dir := t.TempDir()
	sizeB := fileB(surface(0, 20, 20))
	limitB := 40 * sizeB
	shelves := make([]*Shelf, 3)
	for i := range shelves {
		shelves[i], _ = open(t, dir, limitB)
	}
	for n := range 300 {
		shelves[n%3].Put(key(n), surface(n, 20, 20))
		if total := int64(len(names(t, dir))) * sizeB; total > limitB+3*limitB/lookShare {
			t.Fatalf("%d bytes after %d surfaces, the limit is %d", total, n+1, limitB)
		}
	}
	if n := len(names(t, dir)); n < 30 {
		t.Errorf("%d surfaces are left where 40 have room", n)
	}
}

func TestASurfaceLargerThanTheShelf(t *testing.T) {
	dir := t.TempDir()
	s, log := open(t, dir, fileB(surface(1, 20, 20)))
	s.Put(key(1), surface(1, 20, 20))
	s.Put(key(2), surface(2, 21, 20))
	if !s.Has(key(1)) || s.Has(key(2)) || log.Len() > 0 {
		t.Errorf("files %q, log %q", names(t, dir), log)
	}
}

func TestAbandonedPartsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	var parts []string
	for i, age := range []time.Duration{0, 2 * abandoned} {
		part := filepath.Join(dir, fmt.Sprintf("%s%016x", partPrefix, i))
		if err := os.WriteFile(part, make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(part, then, then); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, filepath.Base(part))
	}
	s, _ := open(t, dir, 1<<30)
	s.Put(key(1), surface(1, 2, 2))
	if all := names(t, dir); !slices.Contains(all, parts[0]) || slices.Contains(all, parts[1]) {
		t.Errorf("files %q: want the part that may be in work, not the old one", all)
	}
}

// full is a file on a disk with little room.
type full struct {
	io.WriteCloser
	leftB int
}

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.leftB {
		n, _ := f.WriteCloser.Write(p[:f.leftB])
		f.leftB = 0
		return n, syscall.ENOSPC
	}
	f.leftB -= len(p)
	return f.WriteCloser.Write(p)
}

func TestAFullDiskIsToldOnce(t *testing.T) {
	for _, leftB := range []int{0, 10, headerB, headerB + 100} {
		dir := t.TempDir()
		s, log := open(t, dir, 1<<30)
		s.create = func(path string) (io.WriteCloser, error) {
			file, err := create(path)
			return &full{file, leftB}, err
		}
		for n := range 3 {
			s.Put(key(n), surface(n, 30, 30))
		}
		if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "no space left on device") {
			t.Errorf("log %q", log)
		}
		if all := names(t, dir); len(all) > 0 {
			t.Errorf("left behind: %q", all)
		}
	}
}

func TestADirectoryThatIsRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	s, log := open(t, dir, 1<<30)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	s.Put(key(1), surface(1, 3, 3))
	if _, ok := s.Take(key(1)); !ok || log.Len() > 0 {
		t.Errorf("it is not made again: %q", log)
	}
}

// Many at once, in one shelf and in several: what is taken is right.
func TestSharing(t *testing.T) {
	dir := t.TempDir()
	const keys = 10
	want := make([]surfaces.Stored, keys)
	for n := range want {
		want[n] = surface(n, 30+n, 40)
	}
	limitB := 6 * fileB(want[keys-1])
	var work sync.WaitGroup
	for g := range 6 {
		s, _ := open(t, dir, limitB)
		for half := range 2 {
			work.Go(func() {
				random := rand.New(rand.NewPCG(uint64(g), uint64(half)))
				for range 200 {
					n := random.IntN(keys)
					if got, ok := s.Take(key(n)); !ok {
						s.Put(key(n), want[n])
					} else if !reflect.DeepEqual(got, want[n]) {
						t.Errorf("surface %d is another", n)
					}
				}
			})
		}
	}
	work.Wait()
}
