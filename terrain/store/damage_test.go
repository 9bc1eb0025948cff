package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/store"
)

func TestDamagedTiles(t *testing.T) {
	source := hills(around(-40, -40, 80, 80), 6)
	job := store.Job{Sources: []terrain.Model{source}}
	tests := []struct {
		name   string
		damage func(path string) error
		// read is what reading says, verify what verifying does.
		read, verify string
	}{
		{"gone", os.Remove, "no such file", "no such file"},
		{"cut short", func(path string) error { return os.Truncate(path, 4000) }, "4000 bytes, where the manifest has", "checksum"},
		{"empty", func(path string) error { return os.Truncate(path, 0) }, "0 bytes", "checksum"},
		{"other content", func(path string) error {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content[len(content)-1] ^= 1
			return os.WriteFile(path, content, 0o600)
		}, "", "checksum"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			importInto(t, dir, job)
			want := contents(t, dir)
			s := open(t, dir)
			path := filepath.Join(dir, "15s", "S10W085.tif")
			if err := test.damage(path); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Read(t.Context(), s.Lattice()); test.read != "" {
				refused(t, err, path, test.read, "run the import again")
			}
			refused(t, s.Verify(t.Context()), path, test.verify, "the import again")
			if test.read == "" {
				// Only its checksum gives it away, which an import trusts.
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
			importInto(t, dir, job)
			sameFiles(t, contents(t, dir), want)
		})
	}
}

func TestManifestsThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	importInto(t, dir, store.Job{Sources: []terrain.Model{level(around(-9, -9, 20, 20), 1)}})
	path := filepath.Join(dir, "manifest.json")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, to, want string }{
		{"cut short", "\n}\n", "", "unexpected end"},
		{"another file", "canopy terrain store", "packing list", `"packing list"`},
		{"a later version", `"version": 1`, `"version": 2`, "version 2"},
		{"posts that no degree holds", `"posts_per_degree_lon": 240`, `"posts_per_degree_lon": 240.5`, "240.5"},
		{"shifted posts", `"offset_lon_posts": 0`, `"offset_lon_posts": 7`, "shifted"},
		{"a tile of another square", `"square": "S10W085"`, `"square": "S10W090"`, "tile S10W090"},
		{"tiles out of order", `"square": "S10W085"`, `"square": "S25W085"`, "S25W085"},
		{"no square", `"square": "S10W085"`, `"square": "here"`, `"here"`},
		{"a tile without room", `"size_b": `, `"size_b": 1, "was": `, "1 bytes"},
		{"a level of another name", `"name": "15s"`, `"name": "../15s"`, "../15s"},
		{"an overview of nothing", `"aggregate": "mean"`, `"aggregate": "median"`, "median"},
		{"tiles of three degrees", `"edge_deg": 5`, `"edge_deg": 3`, "3 degrees"},
		{"a factor that divides nothing", `"factor": 2`, `"factor": 7`, "factor of 7"},
		{"an incomplete store", `"complete": true`, `"complete": false`, "incomplete"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			content := bytes.Replace(good, []byte(test.from), []byte(test.to), 1)
			if bytes.Equal(content, good) {
				t.Fatalf("nothing to replace: %s", good)
			}
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(dir)
			refused(t, err, dir, test.want)
			if !store.IsStore(dir) {
				t.Error("it does not even pass for a store")
			}
		})
	}
	_, err = store.Open(t.TempDir())
	refused(t, err, "no terrain store here", "canopy terrain import")
}

func TestStoreThatChanged(t *testing.T) {
	dir := t.TempDir()
	importInto(t, dir, store.Job{Sources: []terrain.Model{level(around(-9, -9, 20, 20), 1)}})
	s := open(t, dir)
	importInto(t, dir, store.Job{Sources: []terrain.Model{level(around(-9, -9, 20, 20), 2)}})
	_, err := s.Read(t.Context(), s.Lattice())
	refused(t, err, dir, "changed after it was opened", "open it again")
	if g := read(t, open(t, dir), around(0, 0, 1, 1)); g.ElevationM[0] != 2 {
		t.Errorf("the store has %v", g.ElevationM)
	}
}
