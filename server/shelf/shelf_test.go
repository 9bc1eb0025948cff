package shelf

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/server/store"
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
	d, err := store.OpenDirectory(dir, limitB)
	if err != nil {
		t.Fatal(err)
	}
	return over(d)
}

func over(kept store.Store) (*Shelf, *bytes.Buffer) {
	var log bytes.Buffer
	return New(kept, slog.New(slog.NewTextHandler(&log, nil))), &log
}

// path returns where the n-th surface is.
func path(dir string, n int) string { return filepath.Join(dir, key(n).String()+".floor") }

// encoded returns what is kept of the n-th surface.
func encoded(t testing.TB, n, cols, rows int) []byte {
	t.Helper()
	r, sizeB, err := encode(key(n), surface(n, cols, rows))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil || int64(len(content)) != sizeB {
		t.Fatalf("%d bytes are said to be %d, error %v", len(content), sizeB, err)
	}
	return content
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
}

func TestDamagedFilesAreRemoved(t *testing.T) {
	for name, spoil := range damage {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, log := open(t, dir, 1<<30)
			s.Put(key(1), surface(1, 40, 30))
			if err := os.WriteFile(path(dir, 1), spoil(encoded(t, 1, 40, 30)), 0o600); err != nil {
				t.Fatal(err)
			}
			checkRefused(t, s, key(1))
			if !strings.Contains(log.String(), "removed a damaged surface") {
				t.Errorf("log %q", log)
			}
		})
	}
}

func TestTheSurfaceOfAnotherKey(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir, 1<<30)
	if err := os.WriteFile(path(dir, 1), encoded(t, 2, 40, 30), 0o600); err != nil {
		t.Fatal(err)
	}
	checkRefused(t, s, key(1))
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
	content := encoded(t, 1, 40, 30)
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
	f.Add(encoded(f, 1, 3, 2))
	f.Add(encoded(f, 2, 3, 2))
	for _, spoil := range damage {
		f.Add(spoil(encoded(f, 1, 3, 2)))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := decode(bytes.NewReader(content), int64(len(content)), key(1))
		if err == nil && (s.Cols < 1 || s.Rows < 1 || len(s.Floor) != s.Posts() || int64(headerB)+postB*int64(len(s.Floor)) != int64(len(content))) {
			t.Errorf("%d × %d posts, %d floors, from %d bytes", s.Cols, s.Rows, len(s.Floor), len(content))
		}
	})
}

func TestASurfaceLargerThanTheShelf(t *testing.T) {
	dir := t.TempDir()
	s, log := open(t, dir, int64(len(encoded(t, 1, 20, 20))))
	s.Put(key(1), surface(1, 20, 20))
	s.Put(key(2), surface(2, 21, 20))
	if !s.Has(key(1)) || s.Has(key(2)) || log.Len() > 0 {
		t.Errorf("files %q, log %q", names(t, dir), log)
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
	limitB := 6 * int64(len(encoded(t, keys-1, 30+keys-1, 40)))
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

// failing is a store that fails after a time.
type failing struct {
	store.Store
	after time.Duration
	calls int
}

func (f *failing) fail() error {
	f.calls++
	time.Sleep(f.after)
	return errors.New("no space left on device")
}

func (f *failing) Get(context.Context, string) (io.ReadCloser, int64, error) { return nil, 0, f.fail() }

func (f *failing) Put(context.Context, string, io.Reader, int64) error { return f.fail() }

func (f *failing) Has(context.Context, string) bool { return f.fail() == nil }

func (f *failing) String() string { return "s3://bucket" }

func TestAFailureIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &failing{}
		s, log := over(kept)
		for n := range 3 {
			s.Put(key(n), surface(n, 30, 30))
			s.Take(key(n))
		}
		for _, word := range []string{"no space left on device", "store=s3://bucket", "answers are the same"} {
			if strings.Count(log.String(), word) != 1 {
				t.Errorf("log %q", log)
			}
		}
		if kept.calls != 6 || s.Failures() != 6 {
			t.Errorf("%d calls, %d failures: a store that fails at once is asked again", kept.calls, s.Failures())
		}
		time.Sleep(while)
		if s.Put(key(1), surface(1, 30, 30)); strings.Count(log.String(), "\n") != 2 {
			t.Errorf("log %q: want another line after a while", log)
		}
	})
}

// Answers wait for a store that is out of reach once, and not at each surface.
func TestAStoreThatLetsWaitIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &failing{after: 2 * time.Second}
		s, _ := over(kept)
		for n := range 5 {
			if _, ok := s.Take(key(n)); ok || s.Has(key(n)) {
				t.Error("something was taken")
			}
			s.Put(key(n), surface(n, 3, 3))
		}
		if kept.calls != 1 {
			t.Errorf("%d calls, want 1", kept.calls)
		}
		time.Sleep(rest)
		if s.Take(key(1)); kept.calls != 2 {
			t.Error("it is left alone for ever")
		}
	})
}

// stalled is a store that never answers.
type stalled struct{ store.Store }

func (stalled) String() string { return "nats" }

func (stalled) Get(ctx context.Context, _ string) (io.ReadCloser, int64, error) {
	<-ctx.Done()
	return nil, 0, ctx.Err()
}

func (stalled) Has(ctx context.Context, _ string) bool {
	<-ctx.Done()
	return false
}

func TestAStoreThatNeverAnswers(t *testing.T) {
	for name, ask := range map[string]func(*Shelf){"Take": func(s *Shelf) { s.Take(key(1)) }, "Has": func(s *Shelf) { s.Has(key(1)) }} {
		synctest.Test(t, func(t *testing.T) {
			s, log := over(stalled{})
			begin := time.Now()
			ask(s)
			ask(s)
			if took := time.Since(begin); took != patience || strings.Count(log.String(), "deadline exceeded") != 1 {
				t.Errorf("%s: %v, log %q", name, took, log)
			}
		})
	}
}

// What cannot be read is not taken for damaged.
func TestAReadingThatFails(t *testing.T) {
	dir := t.TempDir()
	d, err := store.OpenDirectory(dir, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for _, afterB := range []int{0, headerB, headerB + 100} {
		s, log := over(torn{d, afterB})
		s.Put(key(1), surface(1, 40, 30))
		if _, ok := s.Take(key(1)); ok || !s.Has(key(1)) || !strings.Contains(log.String(), "connection lost") {
			t.Errorf("%v, log %q", ok, log)
		}
	}
}

// torn is a store of which no more is read than afterB bytes.
type torn struct {
	store.Store
	afterB int
}

func (s torn) Get(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	r, sizeB, err := s.Store.Get(ctx, name)
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(r, int64(s.afterB)), iotest.ErrReader(errors.New("connection lost"))), r}, sizeB, err
}
