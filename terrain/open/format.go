package open

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/dted"
	"github.com/canopyradar/canopy/terrain/esriascii"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/hgt"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// format is a kind of file that holds an elevation model.
type format struct {
	// marks are what such a file can begin with, in lower case, after any
	// white space; none for a format that has no mark.
	marks []string
	// endings are what its name ends with, in lower case.
	endings []string
	open    func(ctx context.Context, path string) (terrain.Model, error)
}

var formats = []format{
	{[]string{"ii*\x00", "mm\x00*", "ii+\x00", "mm\x00+"}, []string{".tif", ".tiff"}, geotiff.Open},
	{[]string{"uhl1", "vol1", "hdr1"}, []string{".dt0", ".dt1", ".dt2"}, dted.Open},
	{[]string{"ncols", "nrows", "xllc", "yllc"}, []string{".asc"}, esriascii.Open},
	{nil, []string{".hgt", ".hgt.gz", ".zip"}, hgt.OpenTile},
}

// headB is how much of a file is looked at to tell its format.
const headB = 64

// recognise tells the format of a file by how it begins, else by its name. It
// is nil for a file that is something else.
func recognise(head []byte, path string) *format {
	if isBeside(path) {
		return nil
	}
	head = bytes.ToLower(bytes.TrimLeft(head, "\ufeff \t\r\n"))
	for i, f := range formats {
		for _, mark := range f.marks {
			if bytes.HasPrefix(head, []byte(mark)) {
				return &formats[i]
			}
		}
	}
	for i, f := range formats {
		if endsWith(path, f.endings) {
			return &formats[i]
		}
	}
	return nil
}

func endsWith(path string, endings []string) bool {
	name := strings.ToLower(filepath.Base(path))
	for _, ending := range endings {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return false
}

// isBeside reports whether a file is one of the layers that Copernicus delivers
// beside its elevations: their editing, filling, height error and water masks,
// which are images of the same place.
func isBeside(path string) bool {
	return strings.HasPrefix(strings.ToLower(filepath.Base(path)), "copernicus_dsm") &&
		endsWith(path, []string{"_edm.tif", "_flm.tif", "_hem.tif", "_wbm.tif"})
}

// isSidecar reports whether a file only accompanies others, so that nobody
// would take it for an elevation model.
func isSidecar(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	return strings.HasPrefix(name, ".") || endsWith(path, []string{".aux.xml", ".prj", ".tfw", ".wld", ".ovr", ".msk",
		".md5", ".sha1", ".sha256", ".sha512", "sums", "sums.txt"})
}

// sniff returns the beginning of the file at path.
func sniff(path string) ([]byte, error) {
	stat, err := source.Stat(path)
	if err != nil {
		return nil, err
	}
	file, err := stat.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, headB)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &terrain.FormatError{Path: path, Reason: "cannot be read", Err: err}
	}
	return head[:n], nil
}
