package geotiff

import (
	"errors"
	"fmt"

	"github.com/canopyradar/canopy/terrain"
)

// The commands that turn what cannot be read into what can.
const (
	remedyWarp    = "convert it with: gdalwarp -t_srs EPSG:4326 in.tif out.tif"
	remedyRepack  = "convert it with: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE in.tif out.tif"
	remedyFloat   = "convert it with: gdal_translate -b 1 -ot Float32 in.tif out.tif"
	remedyUnscale = "convert it with: gdal_translate -unscale -ot Float32 in.tif out.tif"
	remedyAgain   = "fetch it again"
)

// damaged returns the error for a file that breaks the rules of the format.
func damaged(format string, args ...any) error {
	return &terrain.FormatError{Reason: "damaged: " + fmt.Sprintf(format, args...), Remedy: remedyAgain}
}

// unsupported returns the error for a sound file that has something which is
// not read here.
func unsupported(remedy, format string, args ...any) error {
	return &terrain.FormatError{Reason: fmt.Sprintf(format, args...), Remedy: remedy}
}

func notTIFF() error {
	return &terrain.FormatError{Reason: "not a TIFF file (it does not begin with II or MM and 42 or 43)"}
}

// at names the file in an error that does not yet.
func at(path string, err error) error {
	var fault *terrain.FormatError
	if errors.As(err, &fault) && fault.Path == "" {
		fault.Path = path
	}
	return err
}
