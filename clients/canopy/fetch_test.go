package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus"
	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus/lookalike"
	"github.com/canopyradar/canopy/clients/canopy/internal/flaky"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

// mirror is a copy of six tiles with 1200 × 1200 posts, and an area that holds
// two squares of sea as well.
type mirror struct {
	*flaky.Server
	tiles []string // their paths
}

func newMirror(t *testing.T) *mirror {
	t.Helper()
	c, err := copernicus.Named("copernicus-90")
	if err != nil {
		t.Fatal(err)
	}
	var land []squares.Square
	for lat := -13; lat <= -12; lat++ {
		for lon := -77; lon <= -75; lon++ {
			land = append(land, squares.Square{LonDeg: lon, LatDeg: lat})
		}
	}
	making.Do(func() { made = lookalike.Copy(t, c, land...) })
	m := &mirror{Server: flaky.Start(t, maps.Clone(made))}
	for _, s := range land {
		m.tiles = append(m.tiles, "/"+c.TileName(s)+"/"+c.TileName(s)+".tif")
	}
	return m
}

// made are the files of a mirror, which take a second to make.
var (
	making sync.Once
	made   map[string][]byte
)

// sizeB is that of all tiles.
func (m *mirror) sizeB() int {
	sum := 0
	for _, path := range m.tiles {
		sum += len(m.Content(path))
	}
	return sum
}

func (m *mirror) args(folder string) []string {
	return []string{"terrain", "fetch", "--bbox=-78,-13,-74,-11", "--mirror", m.URL, "--into", folder, "--jobs", "2"}
}

// files returns what is below a folder, by the paths.
func files(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			all[strings.TrimPrefix(path, folder)+"/"] = nil
			return nil
		}
		text, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, folder)] = text
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantSame(t *testing.T, want, got map[string][]byte) {
	t.Helper()
	for path, text := range want {
		if other, found := got[path]; !found || !bytes.Equal(text, other) {
			t.Errorf("%s: %d bytes, want %d", path, len(other), len(text))
		}
	}
	for path := range got {
		if _, found := want[path]; !found {
			t.Errorf("%s is too much", path)
		}
	}
}

func TestFetch(t *testing.T) {
	m := newMirror(t)
	folder := filepath.Join(t.TempDir(), "store")
	got := run(t, m.args(folder)...)
	if want := "canopy: " + folder + " is ready: canopy gaps --terrain " + folder + "\n"; got.code != 0 || got.stderr != want {
		t.Errorf("exit code %d, said %s", got.code, got.stderr)
	}
	for _, want := range []string{"tiles     6 (0 imported, 0 downloaded already), and 2 squares of sea\n", "store     36.4 MiB in " + folder} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("no %q in %s", want, got.stdout)
		}
	}
}

// Killed ten times at random moments, the eleventh run ends with the files of
// an undisturbed one.
func TestFetchKilledTenTimes(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program a dozen times")
	}
	m := newMirror(t)
	folder := t.TempDir()
	undisturbed, killed := filepath.Join(folder, "undisturbed"), filepath.Join(folder, "killed")
	if got := run(t, m.args(undisturbed)...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	want := files(t, undisturbed)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range 10 {
		// The first six meet the download, which the two connections would end
		// in about four seconds, the others what is left of it and the import.
		most := 900 * time.Millisecond
		m.Throttle(m.sizeB() / 8)
		if i >= 6 {
			most = 300 * time.Millisecond
			m.Throttle(0)
		}
		after := time.Duration(random.Int64N(int64(most)))
		t.Logf("kill %d after %v: %s", i+1, after.Round(time.Millisecond), kill(t, command(t, m.args(killed)...), after, killed))
		wantWholeTiles(t, m, killed)
	}
	m.Throttle(0)
	if got := run(t, m.args(killed)...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	wantSame(t, want, files(t, killed))
}

// kill starts a process, ends it the hard way, and says what it left.
func kill(t *testing.T, cmd *exec.Cmd, after time.Duration, folder string) string {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill()
	state := "killed"
	if err := cmd.Wait(); err == nil {
		state = "finished before it"
	}
	count := func(pattern string) int {
		found, _ := filepath.Glob(filepath.Join(folder, pattern))
		return len(found)
	}
	return fmt.Sprintf("%s; %d tiles and %d parts downloaded, %d manifests, %d files imported", state,
		count(".fetch/*.tif"), count(".fetch/*.part"), count("manifest.json"), count("*s*/*.tif"))
}

// wantWholeTiles checks that all that has the name of a tile is one.
func wantWholeTiles(t *testing.T, m *mirror, folder string) {
	t.Helper()
	for _, path := range m.tiles {
		got, err := os.ReadFile(filepath.Join(folder, ".fetch", filepath.Base(path)))
		if err == nil && !bytes.Equal(got, m.Content(path)) {
			t.Errorf("%s has its name and %d bytes that are not the tile's", path, len(got))
		}
	}
}

func TestFetchInterrupted(t *testing.T) {
	m := newMirror(t)
	m.Throttle(400_000)
	folder := filepath.Join(t.TempDir(), "store")
	code, said, took := interrupted(t, command(t, m.args(folder)...))
	if code != 130 || said != "canopy: interrupted\n" || took > promptly {
		t.Errorf("exit code %d after %v, said %q", code, took, said)
	}
	m.Throttle(0)
	if got := run(t, m.args(folder)...); got.code != 0 || strings.Contains(strings.Join(m.Asked(), "\n"), "bytes=0-") {
		t.Error(got.stderr)
	}
}

// All faults at once: every tile is refused, cut, damaged and cut again before
// it comes.
func TestFetchOverABadLine(t *testing.T) {
	if testing.Short() {
		t.Skip("waits between tries, as the program does")
	}
	m := newMirror(t)
	folder := t.TempDir()
	for _, path := range m.tiles {
		m.Fail(path, flaky.Refuse(503, "0"), flaky.Cut(100_000), flaky.Refuse(500, ""), nil)
	}
	m.Fail(m.tiles[0], flaky.Cut(1000), flaky.IgnoreRange)
	m.Fail("/tileList.txt", flaky.Cut(50), flaky.Refuse(429, "1"))
	bad, good := filepath.Join(folder, "bad"), filepath.Join(folder, "good")
	for _, into := range []string{bad, good} {
		if got := run(t, m.args(into)...); got.code != 0 {
			t.Fatal(got.stderr)
		}
	}
	wantSame(t, files(t, good), files(t, bad))
}

// A disk that fills up in the middle: one of memory that another file takes,
// and a bound on the size of files, which needs no rights.
func TestFetchOnAFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program often")
	}
	t.Run("a disk that another file fills", func(t *testing.T) {
		m := newMirror(t)
		disk := mount(t, "80m")
		m.Fail(m.tiles[3], func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
			fillUp(t, filepath.Join(disk, "filler"))
			serve(w, r)
		})
		folder := filepath.Join(disk, "store")
		wantFull(t, run(t, m.args(folder)...), folder)
		if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
			t.Fatal(err)
		}
		wantReady(t, m, folder)
	})
	t.Run("a bound on the size of files", func(t *testing.T) {
		m := newMirror(t)
		folder := filepath.Join(t.TempDir(), "store")
		cmd := command(t)
		bounded := exec.CommandContext(t.Context(), "sh", append([]string{"-c", `ulimit -f 100; exec "$@"`, "sh", cmd.Path}, m.args(folder)...)...)
		bounded.Env = cmd.Env
		var stdout, stderr bytes.Buffer
		bounded.Stdout, bounded.Stderr = &stdout, &stderr
		code := exitCode(t, bounded.Run())
		wantFull(t, result{code, stdout.String(), stderr.String()}, folder)
		wantReady(t, m, folder)
	})
	t.Run("too small from the start", func(t *testing.T) {
		m := newMirror(t)
		folder := filepath.Join(mount(t, "20m"), "store")
		got := run(t, m.args(folder)...)
		if got.code != 1 || !strings.Contains(got.stderr, "not enough room: ") || !strings.Contains(got.stderr, "and 20.0 MiB are free") {
			t.Errorf("exit code %d, said %s", got.code, got.stderr)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Error("something was written")
		}
	})
}

// wantFull checks that a run said that the disk is full.
func wantFull(t *testing.T, got result, folder string) {
	t.Helper()
	if got.code != 1 || !strings.HasPrefix(got.stderr, "canopy: "+folder+": the disk is full (") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("exit code %d, said %s", got.code, got.stderr)
	}
}

// wantReady checks that the next run ends as an undisturbed one does.
func wantReady(t *testing.T, m *mirror, folder string) {
	t.Helper()
	undisturbed := filepath.Join(t.TempDir(), "undisturbed")
	for _, into := range []string{folder, undisturbed} {
		if got := run(t, m.args(into)...); got.code != 0 {
			t.Fatal(got.stderr)
		}
	}
	wantSame(t, files(t, undisturbed), files(t, folder))
}

// mount makes a disk of a size in memory, until the test ends.
func mount(t *testing.T, size string) string {
	t.Helper()
	folder := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "canopy", folder).Run(); err != nil {
		t.Skipf("no right to mount a disk: %v", err)
	}
	t.Cleanup(func() {
		if err := exec.Command("umount", folder).Run(); err != nil {
			t.Errorf("umount %s: %v", folder, err)
		}
	})
	return folder
}

// fillUp writes to a file until the disk is full.
func fillUp(t *testing.T, path string) {
	f, err := os.Create(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	for block := make([]byte, 1<<20); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
}
