// Package canopy_test holds the repository to its own rules: who imports whom,
// and where its data comes from.
package canopy_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/canopyradar/canopy/"

// folders says what the code of each top-level folder may import of this
// module. A pattern that ends in /... stands for a package and those under it.
var folders = map[string][]string{
	"proto":    {},
	"terrain":  {"terrain/..."},
	"coverage": {"coverage/...", "terrain"}, // the ground, but not how it is stored
	"server":   {"server/...", "coverage/...", "terrain/...", "proto/..."},
	// Clients speak the API. The one here may start the server itself, and
	// then opens the terrain that the server stands on; it reads and writes what
	// people type and get in the same words as the server.
	"clients": {
		"clients/...", "proto/...", "terrain", "terrain/open", "terrain/srtm30", "terrain/geotiff", "terrain/store",
		"server", "server/access", "server/admin", "server/document", "server/geojson", "server/notation", "server/quantity", "server/queue", "server/specimen", "server/store", "server/web", "server/words",
	},
}

// testFolders says what tests may import beyond that.
var testFolders = map[string][]string{
	"coverage": {"terrain/..."},
}

// ladders order the packages of a folder: each imports only from rungs above
// its own in this list, never from its own.
var ladders = map[string][][]string{
	"terrain": {
		{"terrain"},
		{"terrain/internal/source", "terrain/mosaic", "terrain/internal/gdaltest", "terrain/internal/viewtest"},
		{"terrain/internal/frame"},
		{"terrain/geotiff", "terrain/hgt", "terrain/dted", "terrain/esriascii"},
		{"terrain/store"},
		{"terrain/open", "terrain/srtm30"},
		// For tests.
		{"terrain/terraintest"},
	},
	"coverage": {
		{"coverage/earth", "coverage/altitude", "coverage/radar", "coverage/siting"},
		{"coverage/sight", "coverage/raster", "coverage/airstrip", "coverage/siting/sitingtest"},
		{"coverage/floor", "coverage/ray", "coverage/airspace", "coverage/raster/outline"},
		{"coverage/network", "coverage/surfaces"},
		{"coverage/gap"},
		// What nothing in coverage may stand on: the built-in lists are for
		// callers, rastertest is for tests.
		{"coverage", "coverage/catalog", "coverage/raster/rastertest"},
		{"coverage/planning"},
		{"coverage/executortest"},
	},
	"server": {
		{"server/problem", "server/wire", "server/store", "server/geojson", "server/quantity", "server/specimen"},
		{"server/request", "server/shelf", "server/store/storetest", "server/notation", "server/words", "server/paging", "server/access"},
		{"server/operations", "server/queue"},
		{"server", "server/document", "server/picture", "server/web/gateway/canopy/v1", "server/web/gateway/google/longrunning"},
		{"server/web", "server/admin"},
		// What puts servers under load and faults is for those who judge them.
		{"server/trial"},
		{"server/trial/load", "server/trial/soak", "server/trial/fuzz"},
	},
}

// adapters are what the domain, coverage and terrain, must not even reach
// through a dependency: networks, HTTP, gRPC and protobuf.
var adapters = []string{"net/...", "google.golang.org/...", "buf.build/..."}

// effects are what coverage must not import: it computes on what it is given.
var effects = []string{"os/...", "io/fs", "io/ioutil", "log/...", "path/filepath", "syscall", "database/..."}

type goPackage struct {
	ImportPath, Dir            string
	GoFiles, TestGoFiles       []string
	XTestGoFiles               []string
	Imports, Deps              []string
	TestImports, XTestImports  []string
	path, folder               string // without the module; folder is "" at the root
	ownImports, ownTestImports []string
}

func TestFoldersImportOneWay(t *testing.T) {
	for _, p := range packages(t) {
		allowed, known := folders[p.folder]
		if !known {
			t.Errorf("%s stands in no folder of the design", p.path)
			continue
		}
		for _, path := range p.ownImports {
			if !within(path, allowed) {
				t.Errorf("%s imports %s", p.path, path)
			}
		}
		for _, path := range p.ownTestImports {
			if !within(path, allowed) && !within(path, testFolders[p.folder]) {
				t.Errorf("a test of %s imports %s", p.path, path)
			}
		}
	}
}

func TestPackagesClimbTheLadder(t *testing.T) {
	for _, p := range packages(t) {
		rungs, ordered := ladders[p.folder]
		if !ordered {
			continue
		}
		own := rung(rungs, p.path)
		if own < 0 {
			t.Errorf("%s has no rung: give it one in imports_test.go", p.path)
			continue
		}
		for _, path := range p.ownImports {
			if strings.HasPrefix(path+"/", p.folder+"/") && rung(rungs, path) >= own {
				t.Errorf("%s imports %s, which does not stand below it", p.path, path)
			}
		}
	}
}

func TestDomainKnowsNoAdapter(t *testing.T) {
	for _, p := range packages(t) {
		if p.folder != "coverage" && p.folder != "terrain" {
			continue
		}
		isAdapter := func(path string) bool { return within(path, adapters) }
		if i := slices.IndexFunc(p.Deps, isAdapter); i >= 0 {
			t.Errorf("%s depends on %s; `go list -deps ./%s` tells by way of what", p.path, p.Deps[i], p.path)
		}
	}
}

func TestCoverageHasNoEffects(t *testing.T) {
	for _, p := range packages(t) {
		// What is for tests asks other programs to judge.
		if p.folder != "coverage" || strings.HasSuffix(p.path, "test") {
			continue
		}
		for _, path := range p.Imports {
			if within(path, effects) || path == "embed" && p.path != "coverage/catalog" {
				t.Errorf("%s imports %s", p.path, path)
			}
		}
	}
}

// TestRulesAreNotEmpty fails when a rule holds because nothing is looked at.
func TestRulesAreNotEmpty(t *testing.T) {
	all := packages(t)
	for folder := range folders {
		if !slices.ContainsFunc(all, func(p goPackage) bool { return p.folder == folder }) {
			t.Errorf("no package stands in %s", folder)
		}
	}
	for _, rungs := range ladders {
		for _, path := range slices.Concat(rungs...) {
			if !slices.ContainsFunc(all, func(p goPackage) bool { return p.path == path }) {
				t.Errorf("%s is on a ladder and does not exist", path)
			}
		}
	}
	server := all[slices.IndexFunc(all, func(p goPackage) bool { return p.path == "server" })]
	if !slices.ContainsFunc(server.Deps, func(path string) bool { return within(path, adapters) }) {
		t.Error("the server reaches no adapter, so the search for them finds nothing")
	}
}

// packages lists the module, without the package of these tests.
func packages(t *testing.T) []goPackage {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), "go", "list",
		"-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Imports,Deps,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(list)); ; {
		var p goPackage
		switch err := decoder.Decode(&p); {
		case err == io.EOF:
			return all
		case err != nil:
			t.Fatal(err)
		case p.ImportPath+"/" == module:
			continue
		}
		p.path = strings.TrimPrefix(p.ImportPath, module)
		p.folder, _, _ = strings.Cut(p.path, "/")
		p.ownImports = own(p.Imports)
		p.ownTestImports = own(slices.Concat(p.TestImports, p.XTestImports))
		lookAt(t, &p)
		all = append(all, p)
	}
}

// lookAt makes the files known to go test, which would else give a cached
// result after a change: it does not see what a program that it runs reads.
func lookAt(t *testing.T, p *goPackage) {
	t.Helper()
	for _, name := range slices.Concat([]string{"."}, p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
		if _, err := os.Stat(filepath.Join(p.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func own(imports []string) []string {
	var paths []string
	for _, path := range imports {
		if inside, ok := strings.CutPrefix(path, module); ok {
			paths = append(paths, inside)
		}
	}
	return paths
}

func within(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		parent, subtree := strings.CutSuffix(pattern, "/...")
		return path == parent || subtree && strings.HasPrefix(path, parent+"/")
	})
}

func rung(rungs [][]string, path string) int {
	return slices.IndexFunc(rungs, func(r []string) bool { return slices.Contains(r, path) })
}
