package geotiff

import "github.com/canopyradar/canopy/terrain/internal/source"

// The commands that turn what cannot be read into what can.
const (
	remedyWarp    = "convert it with: gdalwarp -t_srs EPSG:4326 in.tif out.tif"
	remedyRepack  = "convert it with: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE in.tif out.tif"
	remedyFloat   = "convert it with: gdal_translate -b 1 -ot Float32 in.tif out.tif"
	remedyUnscale = "convert it with: gdal_translate -unscale -ot Float32 in.tif out.tif"
)

// The errors that this package makes.
var (
	damaged     = source.Damaged
	unsupported = source.Unsupported
)

func notTIFF() error {
	return unsupported("", "not a TIFF file (it does not begin with II or MM and 42 or 43)")
}
