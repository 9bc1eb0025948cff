package store

import (
	"fmt"
	"os"
	"runtime"

	"github.com/canopyradar/canopy/terrain"
)

// checkDisk fails when the tiles to be made do not fit on the disk.
func (im *importer) checkDisk(base []task) error {
	var needB float64
	for _, t := range base {
		needB += float64(t.want.Cols*t.want.Rows) * valueB * im.manifest.withOverviews()
	}
	freeB, known := freeSpace(im.dir)
	if !known || needB <= freeB {
		return nil
	}
	return &terrain.FormatError{Path: im.dir,
		Reason: fmt.Sprintf("the terrain store needs up to %.1f GB, and the disk has %.1f GB left", needB/1e9, freeB/1e9),
		Remedy: "free some, or import into a directory on another disk"}
}

// withOverviews returns how many times the base's size the whole store takes.
func (m *Manifest) withOverviews() float64 {
	sum := 0.0
	for _, l := range m.Levels {
		sum += 1 / float64(l.Factor*l.Factor)
	}
	return sum
}

// settle waits until a file or a directory is on the disk.
func settle(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return notWritten(path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() && runtime.GOOS == "windows" {
		return nil // which cannot, and need not
	}
	if err := f.Sync(); err != nil {
		return notWritten(path, err)
	}
	return nil
}
