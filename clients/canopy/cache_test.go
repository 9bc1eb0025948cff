package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Surfaces outlive a process, and are the only thing that a cache leaves.
func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	files := func() (all []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	want := run(t, "gaps", "--airspace", "peru/madre-de-dios", "-o", "json")
	for range 2 {
		if got := run(t, "gaps", "--airspace", "peru/madre-de-dios", "-o", "json", "--cache", dir); got != want || got.code != 0 {
			t.Errorf("exit code %d, %d bytes, %s", got.code, len(got.stdout), got.stderr)
		}
		if all := files(); len(all) != 1 || !strings.HasSuffix(all[0], ".floor") {
			t.Errorf("files %q: want one surface", all)
		}
	}
	if got := run(t, "gaps", "--scenario", "tps70-pair", "--cache", dir); got.code != 0 || len(files()) != 2 {
		t.Errorf("a radar more: exit code %d, files %q", got.code, files())
	}
	wantFault(t, run(t, "gaps", "--cache", filepath.Join(dir, files()[0])), 2, "cannot keep surfaces: not a directory")
}
