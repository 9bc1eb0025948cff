package command

import (
	"context"
	"fmt"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/terrain/store"
)

// verifyStore compares the tiles of the store that is to be described with
// their checksums.
func (a *App) verifyStore(ctx context.Context) error {
	target, err := a.target()
	switch {
	case err != nil:
		return err
	case target.Server != "":
		return fault.Badf("--verify reads the files of a store: give its folder to --terrain, and no --server")
	case !store.IsStore(target.Terrain):
		return fault.Badf("--verify needs a terrain store, whose tiles have checksums: give its folder to --terrain")
	}
	m := a.meter()
	defer m.Stop()
	m.Spin("comparing checksums")
	s, err := store.Open(target.Terrain)
	if err != nil {
		return bad(ctx, err)
	}
	if err := s.Verify(ctx); err != nil {
		return err
	}
	m.Stop()
	fmt.Fprintf(a.Stderr, "canopy: all tiles of %s are as they were imported\n", target.Terrain)
	return nil
}
