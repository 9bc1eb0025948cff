// Package input reads what planners have: sites, airstrips and points as CSV
// or GeoJSON, areas as GeoJSON, and radars typed on the command line.
//
// Errors name the file, the line or feature, and the column or property.
// Whether values make sense is for the server to say; so every value comes
// with the place where the user wrote it, for the server's answer to be told
// in those terms.
package input

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Placed is a value and where it was written, such as "sites.csv line 3".
type Placed[T any] struct {
	Value T
	Place string
}

// maxFileBytes bounds a file; ten thousand airstrips take about one MiB.
const maxFileBytes = 64 << 20

// file is an input file in memory.
type file struct {
	name string
	data []byte
}

// utf8BOM is what spreadsheets put in front of UTF-8.
var utf8BOM = []byte("\xef\xbb\xbf")

func readFile(path string) (file, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return file{}, fmt.Errorf("%s cannot be read: %w", path, withoutPath(err))
	case info.IsDir():
		return file{}, fmt.Errorf("%s is a directory: name a file", path)
	case info.Size() > maxFileBytes:
		return file{}, fmt.Errorf("%s has %d MiB: at most %d are read", path, info.Size()>>20, maxFileBytes>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return file{}, fmt.Errorf("%s cannot be read: %w", path, withoutPath(err))
	}
	return newFile(filepath.Base(path), data)
}

func newFile(name string, data []byte) (file, error) {
	data = bytes.TrimPrefix(data, utf8BOM)
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return file{}, fmt.Errorf("%s is empty", name)
	case !utf8.Valid(data):
		return file{}, fmt.Errorf("%s is not UTF-8 text: save it as CSV UTF-8 or as GeoJSON", name)
	}
	return file{name: name, data: data}, nil
}

// withoutPath drops the name that the message has already.
func withoutPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func (f file) isGeoJSON() bool {
	return isGeoJSONName(f.name) || bytes.HasPrefix(bytes.TrimSpace(f.data), []byte("{"))
}

func isGeoJSONName(name string) bool {
	ending := strings.ToLower(filepath.Ext(name))
	return ending == ".geojson" || ending == ".json"
}

// records reads the rows of a CSV, or the points of a GeoJSON.
func (f file) records(s schema) ([]record, error) {
	if f.isGeoJSON() {
		return f.features(s)
	}
	return f.rows(s)
}
