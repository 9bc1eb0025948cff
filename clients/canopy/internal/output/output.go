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
	SVG     Format = "svg"
	PNG     Format = "png"
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
	// Terminal: stdout is one.
	Terminal bool
}

// Check refuses formats that are not offered, before any work is done, and
// pictures on a terminal. Of a file it wants an ending that tells the format,
// and a folder that exists.
func (t Target) Check(offered ...Format) error {
	format := t.format()
	switch {
	case format == "":
		return fault.Badf("--out %s: its ending tells no format: add -o with one of %s", t.File, join(offered))
	case !slices.Contains(offered, format):
		return fault.Badf("-o %s is not offered here: want %s", format, join(offered))
	case t.File != "":
		return CheckFile("--out", t.File)
	case format == PNG && t.Terminal:
		return fault.Badf("-o png is not for a terminal: name a file: --out picture.png")
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

// format is the file's if there is one, and stdout's otherwise; empty where
// the ending of the file tells none.
func (t Target) format() Format {
	switch {
	case t.Format != "":
		return Format(strings.ToLower(t.Format))
	case t.File == "":
		return Table
	}
	switch ending := strings.ToLower(filepath.Ext(t.File)); ending {
	case ".json", ".geojson", ".csv", ".kml", ".svg", ".png":
		return Format(ending[1:])
	case ".txt":
		return Table
	}
	return ""
}

// Write writes an answer, and reports whether that was to a file. It wants a
// target that Check has passed.
func (t Target) Write(stdout io.Writer, views Views) (toFile bool, err error) {
	if t.File == "" {
		return false, views[t.format()](stdout)
	}
	if err := Replace(t.File, views[t.format()]); err != nil {
		return false, fmt.Errorf("--out %s: %w", t.File, err)
	}
	return true, views[Table](stdout)
}
