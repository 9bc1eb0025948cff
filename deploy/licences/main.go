// Command licences lists what Canopy is made of besides its own code, with the
// licences of it: the Go modules in the program as a page with their texts, or,
// with the packages that the Python package needs, as a bill of materials
// (CycloneDX). It refuses what has a licence that is unknown, or not allowed.
//
//	licences page                          (make licences)
//	licences sbom VERSION PYTHON-PACKAGES  (make sbom)
//
// It runs in the root of the repository and asks nothing of a network.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// The licences that are allowed, by their SPDX names: in the program, those that
// ask for no more than their text and the names of the authors; in what users of
// the Python package install themselves, also those that ask for changes of their
// own files.
var (
	inProgram = []string{
		"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense", "Zlib",
		"CC-BY-4.0", // svgo
		"FTL",       // golang/freetype, which offers the GPL in its place
		"OFL-1.1",   // Liberation Sans, for pictures
	}
	// excepted are the modules that may be in the program all the same.
	excepted = map[string]string{
		// Asks that its files stay under it, and that who gets the program is told
		// where they are: unchanged, under the name that the page has.
		"github.com/hashicorp/golang-lru/v2": "MPL-2.0",
	}
	beside = append(slices.Clone(inProgram), "CC0-1.0", "MIT-CMU", "MPL-2.0", "PSF-2.0")
)

// component is something that Canopy is made of.
type component struct {
	name, version, purl string
	// licences are SPDX names; all hold.
	licences []string
	// texts are the files that its licences ask to pass on.
	texts []text
}

type text struct{ name, content string }

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	modules, err := goModules(ctx)
	if err != nil {
		return err
	}
	if err := permitted(modules, inProgram); err != nil {
		return err
	}
	switch {
	case slices.Equal(args, []string{"page"}):
		return writePage(os.Stdout, modules)
	case len(args) == 3 && args[0] == "sbom":
		packages, err := pythonPackages(args[2])
		if err != nil {
			return err
		}
		if err := permitted(packages, beside); err != nil {
			return err
		}
		return writeBill(os.Stdout, args[1], modules, packages)
	}
	return fmt.Errorf("arguments %q: want page, or sbom, the version of Canopy and a file of Python packages", args)
}

// permitted names the components that have no licence, or one that is not
// allowed.
func permitted(components []component, allowed []string) error {
	var all []error
	for _, c := range components {
		if len(c.licences) == 0 {
			all = append(all, fmt.Errorf("%s %s has no licence: do without it", c.name, c.version))
		}
		for _, l := range c.licences {
			if !slices.Contains(allowed, l) && excepted[c.name] != l {
				all = append(all, fmt.Errorf("%s %s: %s is not allowed: do without it, or read it and add it in deploy/licences", c.name, c.version, l))
			}
		}
	}
	return errors.Join(all...)
}

// pythonPackages reads lines of name, version and licences, with tabs between
// them and " AND " between licences, as .ci/python-licences writes them.
func pythonPackages(path string) ([]component, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := csv.NewReader(file)
	lines.Comma, lines.FieldsPerRecord = '\t', 3
	records, err := lines.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var all []component
	for _, r := range records {
		all = append(all, component{name: r[0], version: r[1], purl: "pkg:pypi/" + r[0] + "@" + r[1], licences: strings.Split(r[2], " AND ")})
	}
	return all, nil
}
