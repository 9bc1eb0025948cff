// Package terrain says what the ground is: posts on a lattice, grids of
// elevations, and the models that they are read from, whatever those are
// stored in.
//
//	hgt        SRTM tiles
//	geotiff    GeoTIFF files, read and written
//	dted       DTED cells
//	esriascii  Esri ASCII grids
//	mosaic     several models as one
//	store      a model made ready to be read fast, with coarser versions
//	srtm30     the built-in demonstration
//	open       whichever of them a path holds
package terrain

import "context"

// Model is an elevation model: what the ground is, wherever it is stored.
// Implementations are safe for concurrent use.
type Model interface {
	// Info describes the model.
	Info() Info
	// Lattice returns the posts of the whole model.
	Lattice() Lattice
	// Read returns the elevations of the posts of l, which must have the
	// spacing of Lattice and may reach outside of it: there, as in voids,
	// elevations are NaN. It stops with ctx.Err() soon after ctx is done, and
	// fails with a *SpacingError for posts that are not the model's, and with
	// a *FormatError for a file that turns out to be damaged.
	Read(ctx context.Context, l Lattice) (*Grid, error)
}

// Info says what an answer that was computed on a model stands on.
type Info struct {
	// Name is the model's for people: "ETOPO5", "SRTM tiles in ./peru".
	Name string
	// Identity changes whenever the model's content does: the kind, a colon
	// and a hexadecimal hash.
	Identity string
	// Source and Licence say where the data came from, where that is known.
	Source, Licence string
	// SpacingArcsec is the distance between neighbouring posts as the data
	// was made, in arc-seconds of latitude.
	SpacingArcsec float64
	// Demonstration marks a model that is too coarse to plan on.
	Demonstration bool
	// Notes are remarks that ride along with every answer.
	Notes []string
	// Contents counts what the model holds; nil where nobody has counted.
	Contents *Contents
}

// Contents counts what a model holds.
type Contents struct {
	// SizeB is what it takes on disk, in bytes.
	SizeB int64
	// PostsMissing have no elevation, PostsFilled were small voids that are
	// interpolated, PostsSea are known as sea and at 0 m.
	PostsMissing, PostsFilled, PostsSea int64
	// OverviewFactors say which coarser versions are kept: 5 for one with a
	// fifth of the posts in both directions.
	OverviewFactors []int
	// Sources are the files that it was made from.
	Sources []Source
}

// Source is a file that a model was made from.
type Source struct {
	// Name is the file's; Identity is as in Info.
	Name, Identity string
	// Source and Licence say where it came from, where that is known.
	Source, Licence string
}
