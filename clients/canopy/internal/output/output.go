// Package output sends an answer where the user wants it, in the form that
// the user wants.
package output

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
)

// Format is a form of an answer.
type Format string

// The formats, as -o takes them.
const (
	Table   Format = "table"
	JSON    Format = "json"
	GeoJSON Format = "geojson"
	CSV     Format = "csv"
	KML     Format = "kml"
)

// View writes an answer in one format.
type View func(io.Writer) error

// Views are the formats that a command can write.
type Views map[Format]View

// Target is where an answer goes: to stdout as Format; or to File as Format,
// or as its ending says, with the table on stdout.
type Target struct {
	Format string
	File   string
}

// Check refuses formats that are not offered, before any work is done. Of a
// file it wants an ending that tells the format, and a folder that exists.
func (t Target) Check(offered ...Format) error {
	format, err := t.format()
	if err != nil {
		return err
	}
	if !slices.Contains(offered, format) {
		return fault.Badf("-o %s is not offered here: want %s", format, join(offered))
	}
	if t.File != "" {
		return checkFolder(t.File)
	}
	return nil
}

func join(formats []Format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}

// format is the file's if there is one, and stdout's otherwise.
func (t Target) format() (Format, error) {
	switch {
	case t.Format != "":
		return Format(strings.ToLower(t.Format)), nil
	case t.File == "":
		return Table, nil
	}
	switch ending := strings.ToLower(filepath.Ext(t.File)); ending {
	case ".json", ".geojson", ".csv", ".kml":
		return Format(ending[1:]), nil
	case ".txt":
		return Table, nil
	}
	return "", fault.Badf("--out %s: its ending tells no format: add -o json, geojson, csv or kml", t.File)
}

// Write writes an answer, and reports whether that was to a file.
func (t Target) Write(stdout io.Writer, views Views) (toFile bool, err error) {
	format, err := t.format()
	if err != nil {
		return false, err
	}
	if t.File == "" {
		return false, views[format](stdout)
	}
	if err := Replace(t.File, views[format]); err != nil {
		return false, fmt.Errorf("--out %s: %w", t.File, err)
	}
	return true, views[Table](stdout)
}
