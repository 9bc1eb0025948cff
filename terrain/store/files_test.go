package store_test

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/store"
)

// Small reads all over a store leave few files open, whenever garbage is collected.
func TestFilesThatStayOpen(t *testing.T) {
	dir := t.TempDir()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const perDeg, tiles, most = 1200, 100, 64
	equator := terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg, Row0: 90 * perDeg, Cols: tiles * perDeg, Rows: 4}
	importInto(t, dir, store.Job{Sources: []terrain.Model{level(equator, 7)}})
	s, before := open(t, dir), openIn(t, dir)
	var reading sync.WaitGroup
	for range 4 {
		reading.Go(func() {
			for i := range tiles {
				if got := read(t, s, equator.Sub(i*perDeg+5, 1, 1, 1)).ElevationM[0]; got != 7 {
					t.Errorf("a post of tile %d is at %v m", i, got)
				}
			}
		})
	}
	reading.Wait()
	if left := openIn(t, dir) - before; left < 1 || left > most {
		t.Errorf("%d files are open, want 1 to %d", left, most)
	}
}

// openIn counts the files of a directory that are open.
func openIn(t *testing.T, dir string) (n int) {
	t.Helper()
	const listed = "/proc/self/fd"
	links, err := os.ReadDir(listed)
	if err != nil {
		t.Skip("nothing lists the files that are open here")
	}
	for _, link := range links {
		if path, err := os.Readlink(filepath.Join(listed, link.Name())); err == nil && strings.HasPrefix(path, dir) {
			n++
		}
	}
	return n
}
