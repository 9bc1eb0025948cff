// Package terrain says what the ground is: posts on a lattice, grids of
// elevations, and the models that they are read from, whatever those are
// stored in.
//
//	hgt      directories of SRTM tiles
//	geotiff  GeoTIFF files, read and written
//	etopo5   the built-in demonstration
//	open     whichever of them a path holds
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
}
