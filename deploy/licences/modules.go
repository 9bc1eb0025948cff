package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"
)

// known are the texts that the classifier does not know, by their SHA-256, so
// that one that changes is read again.
var known = map[string]string{
	// A choice of FreeType's licence and the GPL, of which the first is taken.
	"d3ba056adc2b7909e95681deaae397fb37c97ed491a920f491214f07b62c41d0": "FTL",
	// A link to the licence whose text stands beside it.
	"faef26bb83b741b22eed4593980048f1607bdc679232ca9635ccf505cf2abe77": "CC-BY-4.0",
}

// elsewhere are the directories of texts that a module names in its licence.
var elsewhere = map[string]string{"github.com/golang/freetype": "licenses"}

// licenceName is that of files with a licence, and noticeName of those that
// have to be passed on with it.
var (
	licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)`)
	noticeName  = regexp.MustCompile(`(?i)^(notice|patents|ftl\.txt$)`)
)

// goPackage is what of `go list` is asked for.
type goPackage struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
	}
}

// goModules returns the modules that the program is made of, sorted by name, the
// standard library last.
func goModules(ctx context.Context) ([]component, error) {
	packages, err := listPackages(ctx)
	if err != nil {
		return nil, err
	}
	classify, err := assets.DefaultClassifier()
	if err != nil {
		return nil, err
	}
	dirs := map[string][]string{}
	modules := map[string]component{}
	for _, p := range packages {
		if p.Standard || p.Module.Main {
			continue
		}
		dirs[p.Module.Path] = append(dirs[p.Module.Path], above(p.Dir, p.Module.Dir)...)
		if named, ok := elsewhere[p.Module.Path]; ok {
			dirs[p.Module.Path] = append(dirs[p.Module.Path], filepath.Join(p.Module.Dir, named))
		}
		modules[p.Module.Path] = component{name: p.Module.Path, version: p.Module.Version, purl: "pkg:golang/" + p.Module.Path + "@" + p.Module.Version}
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	modules[""] = component{name: "Go standard library", purl: "pkg:golang/std"}
	dirs[""] = []string{strings.TrimSpace(string(root))}
	var all []component
	for path, c := range modules {
		if err := c.read(dirs[path], classify); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b component) int { return strings.Compare(a.purl, b.purl) })
	return all, nil
}

// listPackages lists what the program of the image is built from.
func listPackages(ctx context.Context) ([]goPackage, error) {
	list := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Dir,Standard,Module", "./clients/canopy")
	list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, p)
	}
}

// above returns dir and all directories over it up to root: a part of a module
// may be under a licence of its own.
func above(dir, root string) []string {
	dirs := []string{dir}
	for dir != root {
		dir = filepath.Dir(dir)
		dirs = append(dirs, dir)
	}
	return dirs
}

// read finds the licences of a component in its directories.
func (c *component) read(dirs []string, classify *classifier.Classifier) error {
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			isLicence := licenceName.MatchString(e.Name())
			if e.IsDir() || !isLicence && !noticeName.MatchString(e.Name()) {
				continue
			}
			content, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return err
			}
			c.texts = append(c.texts, text{e.Name(), string(content)})
			if isLicence {
				c.licences = append(c.licences, licencesOf(content, classify)...)
			}
		}
	}
	slices.Sort(c.licences)
	c.licences = slices.Compact(c.licences)
	return nil
}

// licencesOf returns the names of the licences in a text.
func licencesOf(content []byte, classify *classifier.Classifier) []string {
	sum := sha256.Sum256(content)
	if name, ok := known[hex.EncodeToString(sum[:])]; ok {
		return []string{name}
	}
	var names []string
	for _, m := range classify.Match(classify.Normalize(content)).Matches {
		if m.MatchType == "License" || m.MatchType == "Header" {
			names = append(names, m.Name)
		}
	}
	if len(names) == 0 {
		return []string{fmt.Sprintf("an unknown licence (SHA-256 %x)", sum)}
	}
	return names
}
