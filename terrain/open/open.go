// Package open finds out what elevation model a path leads to.
package open

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/hgt"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// accepted says what a path may lead to.
const accepted = "give a directory of SRTM tiles (S13W070.hgt, …), one such tile, or a GeoTIFF file in EPSG:4326"

// Path returns the elevation model at path: a directory of SRTM tiles, one
// such tile, or a GeoTIFF file, which is known by its content, whatever its
// name. It fails with a *terrain.FormatError that says what is accepted, and
// with ctx.Err() when ctx is done.
func Path(ctx context.Context, path string) (terrain.Model, error) {
	info, err := os.Stat(path)
	switch {
	case path == "":
		return nil, &terrain.FormatError{Path: "elevation model", Reason: "no path given", Remedy: accepted}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &terrain.FormatError{Path: path, Reason: "no such file or directory", Remedy: accepted}
	case err == nil && info.IsDir():
		return hgt.OpenDir(ctx, path)
	}
	file, err := source.Stat(path)
	if err != nil {
		return nil, err
	}
	magic, err := sniff(file)
	if err != nil {
		return nil, err
	}
	switch {
	case magic == "II*\x00" || magic == "MM\x00*" || magic == "II+\x00" || magic == "MM\x00+":
		return geotiff.Open(ctx, path)
	case strings.EqualFold(filepath.Ext(path), ".hgt"):
		return hgt.OpenTile(ctx, path)
	case magic == "PK\x03\x04":
		return nil, &terrain.FormatError{Path: path, Reason: "a zip archive", Remedy: "unzip it first"}
	}
	return nil, &terrain.FormatError{Path: path, Reason: "neither a GeoTIFF file nor an SRTM tile", Remedy: accepted}
}

// sniff returns the first four bytes of the file, or all when it has fewer.
func sniff(f source.File) (string, error) {
	file, err := f.Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	head := make([]byte, 4)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", &terrain.FormatError{Path: f.Path, Reason: "cannot be read", Err: err}
	}
	return string(head[:n]), nil
}
