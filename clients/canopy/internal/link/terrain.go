package link

import (
	"context"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/open"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

// OpenTerrain opens the elevation model at a path, or the built-in one for an
// empty path. A path that leads to none is bad input.
func OpenTerrain(ctx context.Context, path string) (terrain.Model, error) {
	if path == "" {
		return srtm30.Model(), nil
	}
	model, err := open.Path(ctx, path)
	if err != nil && ctx.Err() == nil {
		return nil, fault.Badf("--terrain %w", err)
	}
	return model, err
}
