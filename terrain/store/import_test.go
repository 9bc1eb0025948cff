package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/store"
)

// importEnv names the directory that this program, run as an import to be
// killed, imports into.
const importEnv = "CANOPY_TEST_IMPORT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(readEnv); dir != "" {
		readWindow(dir)
		return
	}
	if dir := os.Getenv(importEnv); dir != "" {
		if _, err := store.Import(context.Background(), dir, slowJob()); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// slowJob has sources that take a while, over four tiles of each level.
func slowJob() store.Job {
	var sources []terrain.Model
	for i := range 4 {
		source := hills(around(-1250+i*600, -1250, 650, 2500), uint64(i))
		source.reading = func() { time.Sleep(10 * time.Millisecond) }
		sources = append(sources, source)
	}
	return store.Job{Sources: sources, Jobs: 2, Sea: []store.Square{{LonDeg: -70, LatDeg: -10}}}
}

// TestImportGoesOnWhereItStopped stops an import at every tile, and compares
// the end with that of one that was left alone.
func TestImportGoesOnWhereItStopped(t *testing.T) {
	want := t.TempDir()
	importInto(t, want, slowJob())
	dir := t.TempDir()
	broken := 0
	for broken < 100 {
		ctx, cancel := context.WithCancel(t.Context())
		job := slowJob()
		made := 0
		job.Progress = func(share float64, doing string) {
			if made++; made == 2 {
				cancel()
			}
			if !(share > 0 && share <= 1) || doing == "" {
				t.Errorf("progress %v: %q", share, doing)
			}
		}
		_, err := store.Import(ctx, dir, job)
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		broken++
		_, err = store.Open(dir)
		refused(t, err, "incomplete", "run the import again")
	}
	if broken < 5 {
		t.Errorf("broken off %d times only", broken)
	}
	sameFiles(t, contents(t, dir), contents(t, want))
}

// TestKilledImport kills the process of an import, again and again.
func TestKilledImport(t *testing.T) {
	want := t.TempDir()
	importInto(t, want, slowJob())
	program, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	killed := 0
	for range 8 {
		cmd := exec.Command(program, "-test.run=^$")
		cmd.Env = append(os.Environ(), importEnv+"="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(30+rng.IntN(300))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if cmd.Wait() != nil {
			killed++
		}
		timer.Stop()
	}
	if killed == 0 {
		t.Errorf("seed %d: no import was killed", seed)
	}
	importInto(t, dir, slowJob())
	sameFiles(t, contents(t, dir), contents(t, want))
}

func TestTwoImports(t *testing.T) {
	dir := t.TempDir()
	lock := flock.New(filepath.Join(dir, ".lock"))
	if locked, err := lock.TryLock(); !locked {
		t.Fatal(err)
	}
	job := store.Job{Sources: []terrain.Model{level(around(0, 0, 9, 9), 1)}}
	_, err := store.Import(t.Context(), dir, job)
	refused(t, err, dir, "another import", "wait")
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	importInto(t, dir, job)
}

// TestFullDisk has the second tile written to a device that is always full.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	part := filepath.Join(dir, "15s", ".S10W080.tif.part")
	full := func() {
		if _, err := os.Stat(filepath.Dir(part)); err == nil {
			_ = os.Symlink("/dev/full", part)
		}
	}
	source := hills(around(-40, -40, 80, 80), 1)
	source.reading = full
	_, err := store.Import(t.Context(), dir, store.Job{Sources: []terrain.Model{source}, Jobs: 1})
	refused(t, err, "S10W080.tif", "no space left", "run the import again")
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the cause is lost: %v", err)
	}
	_, err = store.Open(dir)
	refused(t, err, "incomplete")
	source.reading = nil
	if s := importInto(t, dir, store.Job{Sources: []terrain.Model{source}}); s.TilesKept != 1 {
		t.Errorf("%d tiles are kept, want the first one", s.TilesKept)
	}
	same(t, open(t, dir), combined(t, source), source.Grid.Lattice)
}

func TestImportRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("?"), 0o600); err != nil {
		t.Fatal(err)
	}
	stored := t.TempDir()
	importInto(t, stored, store.Job{Sources: []terrain.Model{level(around(0, 0, 9, 9), 1)}})
	spaced := func(perDeg, off float64) memory {
		return level(terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg, OffLon: off, OffLat: off, Col0: 9, Row0: 9, Cols: 3, Rows: 3}, 1)
	}
	huge := level(around(0, 0, 1, 1), 1)
	huge.Grid.Lattice.Cols, huge.Grid.Lattice.Rows = 60000, 33000
	huge.Grid.PerDegLon, huge.Grid.PerDegLat = 360000, 360000
	huge.Grid.Cols, huge.Grid.Rows = 129600000, 64800000
	tests := []struct {
		name, dir string
		sources   []terrain.Model
		words     []string
	}{
		{"no sources", t.TempDir(), nil, []string{"needs sources", "name at least one"}},
		{"a directory in a file", filepath.Join(file, "in"), []terrain.Model{spaced(240, 0)}, []string{"in: cannot be written", "not a directory"}},
		{"a directory with other things", filepath.Dir(file), []terrain.Model{spaced(240, 0)}, []string{"neither a terrain store nor empty", "it has file"}},
		{"posts that no degree holds", t.TempDir(), []terrain.Model{spaced(1000.5, 0)}, []string{"at 1 m", "1000.5", "gdalwarp -tr"}},
		{"sources spaced unlike", t.TempDir(), []terrain.Model{spaced(240, 0), spaced(120, 0)}, []string{"at 1 m", "120"}},
		{"posts other than the store's", stored, []terrain.Model{spaced(240, 0.5)}, []string{"not those of the store", "a store of its own"}},
		{"more than the disk holds", t.TempDir(), []terrain.Model{huge}, []string{"GB", "another disk"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := store.Import(t.Context(), test.dir, store.Job{Sources: test.sources})
			refused(t, err, test.words...)
		})
	}
}

func TestSourceThatFails(t *testing.T) {
	dir := t.TempDir()
	_, err := store.Import(t.Context(), dir, store.Job{Sources: []terrain.Model{broken{level(around(0, 0, 9, 9), 1)}}})
	if !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err == nil {
		t.Error("there is a manifest, of nothing")
	}
}

var errBroken = errors.New("broken")

type broken struct{ memory }

func (broken) Read(context.Context, terrain.Lattice) (*terrain.Grid, error) { return nil, errBroken }

// TestNothingKnown imports a source that knows nothing in three of its tiles.
func TestNothingKnown(t *testing.T) {
	source := level(around(-40, -40, 80, 80), nan)
	source.RowM(3)[5] = 9
	dir := t.TempDir()
	for range 2 {
		importInto(t, dir, store.Job{Sources: []terrain.Model{source}})
	}
	if tiles, err := os.ReadDir(filepath.Join(dir, "15s")); err != nil || len(tiles) != 1 {
		t.Errorf("%v, %v: want one tile", tiles, err)
	}
	same(t, open(t, dir), source, around(-50, -50, 90, 90))
}

func TestReadersDoNotDisturbEachOther(t *testing.T) {
	source := hills(around(-200, -200, 400, 400), 1)
	dir := t.TempDir()
	importInto(t, dir, store.Job{Sources: []terrain.Model{source}})
	s, want := open(t, dir), combined(t, source)
	var readers sync.WaitGroup
	for i := range 8 {
		readers.Go(func() {
			g, err := s.Read(t.Context(), around(-200+i, -200, 300, 400))
			w, _ := want.Read(t.Context(), around(-200+i, -200, 300, 400))
			if err != nil || g.Filled != w.Filled || g.Missing() != w.Missing() {
				t.Errorf("reader %s: %v", strconv.Itoa(i), err)
			}
			clear(g.ElevationM) // its own
		})
	}
	readers.Wait()
}
