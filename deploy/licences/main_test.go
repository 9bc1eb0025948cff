package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/licenseclassifier/v2/assets"
)

// asset is the text of a licence, as the classifier has it.
func asset(t *testing.T, path string) string {
	t.Helper()
	content, err := assets.ReadLicenseFile("License/" + path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestLicencesOfDirectories(t *testing.T) {
	classify, err := assets.DefaultClassifier()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string // of the error; "" for none
	}{
		"one that is allowed": {map[string]string{"LICENSE": asset(t, "MIT/pristine.txt"), "main.go": "package main"}, ""},
		"copyleft":            {map[string]string{"COPYING": asset(t, "GPL-3.0/license.txt")}, "x v1: GPL-3.0 is not allowed"},
		"of a part":           {map[string]string{"LICENSE": asset(t, "MIT/pristine.txt"), "part/LICENSE.txt": asset(t, "AGPL-3.0/license.txt")}, "x v1: AGPL-3.0 is not allowed"},
		"a notice alone":      {map[string]string{"NOTICE": "of no licence"}, "x v1 has no licence"},
		"none":                {map[string]string{"main.go": "package main"}, "x v1 has no licence"},
		"home-made":           {map[string]string{"LICENCE": "Ask me first."}, "an unknown licence (SHA-256 82c999"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, part := t.TempDir(), "part"
			for name, content := range c.files {
				if err := os.MkdirAll(filepath.Join(dir, part), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			module := component{name: "x", version: "v1"}
			if err := module.read(above(filepath.Join(dir, part), dir), classify); err != nil {
				t.Fatal(err)
			}
			err := permitted([]component{module}, inProgram)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestPythonPackages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "packages")
	if err := os.WriteFile(path, []byte("tqdm\t4.67\tMIT AND MPL-2.0\nodd\t1\tBeerware\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := pythonPackages(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := permitted(all[:1], beside); err != nil {
		t.Error(err)
	}
	if err := permitted(all[:1], inProgram); err == nil {
		t.Error("what users install may come into the program")
	}
	if err := permitted(all, beside); err == nil || !strings.Contains(err.Error(), "odd 1: Beerware") {
		t.Error(err)
	}
}

func TestExceptionsAreOfOneModule(t *testing.T) {
	lru := component{name: "github.com/hashicorp/golang-lru/v2", licences: []string{"MPL-2.0"}}
	if err := permitted([]component{lru}, inProgram); err != nil {
		t.Error(err)
	}
	other, worse := lru, lru
	other.name, worse.licences = "github.com/hashicorp/other", []string{"GPL-3.0"}
	for _, c := range []component{other, worse} {
		if err := permitted([]component{c}, inProgram); err == nil {
			t.Errorf("%s may be under %s", c.name, c.licences)
		}
	}
}

var (
	modules = []component{
		{name: "a", version: "v1", purl: "pkg:golang/a@v1", licences: []string{"MIT"}, texts: []text{{"LICENSE", "the text  \r\n"}}},
		{name: "b", version: "v2", purl: "pkg:golang/b@v2", licences: []string{"MIT"}, texts: []text{{"LICENSE", "the text  \r\n"}, {"NOTICE", "notice"}}},
	}
	packages = []component{{name: "c", version: "3", purl: "pkg:pypi/c@3", licences: []string{"BSD-3-Clause"}}}
)

func TestPageHasEachTextOnce(t *testing.T) {
	var page bytes.Buffer
	if err := writePage(&page, modules); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| a | v1 | MIT | 1 |\n", "| b | v2 | MIT | 1, 2 |\n", "### 1. a: LICENSE\n\n````\nthe text\n````\n", "### 2. b: NOTICE\n"} {
		if strings.Count(page.String(), want) != 1 {
			t.Errorf("the page does not have %q once: %s", want, page.String())
		}
	}
}

func TestBillIsReadAgain(t *testing.T) {
	var file bytes.Buffer
	if err := writeBill(&file, "1.2.3", modules, packages); err != nil {
		t.Fatal(err)
	}
	var bill cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(&file, cyclonedx.BOMFileFormatJSON).Decode(&bill); err != nil {
		t.Fatal(err)
	}
	if len(*bill.Components) != 3 || bill.Metadata.Component.Version != "1.2.3" {
		t.Fatalf("%+v", bill)
	}
	if last := (*bill.Components)[2]; last.Scope != cyclonedx.ScopeExcluded || last.PackageURL != "pkg:pypi/c@3" || (*last.Licenses)[0].License.ID != "BSD-3-Clause" {
		t.Errorf("%+v", last)
	}
}
