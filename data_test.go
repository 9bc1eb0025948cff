package canopy_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// notOurs are the names of what others made, or what was derived from it.
var notOurs = []string{"*.geojson", "*.tif", "*.hgt", "*.csv", "proto/third_party/*/*/*.proto", "clients/python/src/canopy/results/leaflet/leaflet.*"}

// TestDataIsAccountedFor: each file of data stands in DATA.md with the
// checksum that it has, so that none comes in, or changes, without its source,
// licence and date being looked at.
func TestDataIsAccountedFor(t *testing.T) {
	page, err := os.ReadFile("DATA.md")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || !isData(path):
			return nil
		}
		files++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		_, section, found := strings.Cut(string(page), "`"+filepath.ToSlash(path)+"`")
		section, _, _ = strings.Cut(section, "\n## ")
		switch {
		case !found:
			t.Errorf("DATA.md does not name %s", path)
		case !strings.Contains(section, "SHA-256: `"+hex.EncodeToString(sum[:])+"`"):
			t.Errorf("DATA.md has another SHA-256 for %s than %x", path, sum)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Error("no data was found")
	}
}

func isData(path string) bool {
	for _, pattern := range notOurs {
		name := path
		if !strings.Contains(pattern, "/") {
			name = filepath.Base(path)
		}
		if ok, err := filepath.Match(pattern, filepath.ToSlash(name)); ok && err == nil {
			return true
		}
	}
	return false
}
