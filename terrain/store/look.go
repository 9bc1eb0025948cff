package store

import (
	"slices"

	"github.com/canopyradar/canopy/terrain"
)

// ReadManifest returns what the store in dir is made of, also while an import
// goes on or after one that was broken off: then Sources names those that are
// to come as well, and only the tiles tell which have. It fails with
// fs.ErrNotExist when there is no store, and with a *terrain.FormatError when
// its manifest is damaged or of a later version.
func ReadManifest(dir string) (Manifest, error) {
	m, _, err := load(dir)
	return m, err
}

// HasTile reports whether the tile of the base that has a square was made from
// the source of this name, among others.
func (m Manifest) HasTile(s Square, name string) bool {
	base := m.base()
	t := base.find(squares(s.owned(m.Lattice.Posts(), 1), base.EdgeDeg)[0])
	return t != nil && slices.ContainsFunc(m.Sources, func(source Source) bool {
		return source.Name == name && slices.Contains(t.From, source.Identity)
	})
}

// SizeB returns what a store takes for the posts of l, overviews included, in
// bytes.
func SizeB(l terrain.Lattice) int64 {
	m := Manifest{Lattice: Lattice{PerDegLon: l.PerDegLon, PerDegLat: l.PerDegLat}}
	m.setLevels()
	return int64(float64(l.Posts()) * valueB * m.withOverviews())
}
