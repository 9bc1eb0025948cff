package fetch

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/store"
)

// imported returns the wanted squares whose tiles the store has. It refuses a
// folder that cannot take them, before anything is downloaded.
func (o Order) imported() (map[squares.Square]bool, error) {
	manifest, err := store.ReadManifest(o.Into)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, o.checkFolder()
	}
	if err != nil {
		return nil, err
	}
	if err := o.checkPosts(manifest.Lattice.Posts()); err != nil {
		return nil, err
	}
	has := map[squares.Square]bool{}
	for _, s := range o.Wanted {
		// What was in work when an import ended is imported again, for as long
		// as the download is there; the import keeps what it finds to be good.
		inWork := !manifest.Complete && o.Remote.Fetched(o.downloads(), s)
		has[s] = !inWork && manifest.HasTile(store.Square(s), o.sourceName(s))
	}
	return has, nil
}

// sourceName is what the store calls a tile.
func (o Order) sourceName(s squares.Square) string {
	return "GeoTIFF " + o.Remote.Collection.TileName(s) + ".tif"
}

// checkFolder refuses a folder with other things in it, as an import would.
func (o Order) checkFolder() error {
	entries, err := os.ReadDir(o.Into)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.Badf("--into %s is not a folder that can be read: name one that does not exist yet", o.Into)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			return fault.Badf("--into %s is neither a terrain store nor empty (it has %s): name a folder that does not exist yet", o.Into, e.Name())
		}
	}
	return nil
}

func (o Order) checkPosts(l terrain.Lattice) error {
	if perDeg := float64(o.Remote.Collection.PerDeg); l.PerDegLon != perDeg || l.PerDegLat != perDeg {
		return fault.Badf("--into %s is a store with posts every %g″, and %s has them every %g″: name another folder",
			o.Into, 3600/l.PerDegLat, o.Remote.Collection.Name, 3600/perDeg)
	}
	return nil
}

// storeB is what a store takes for a number of tiles.
func (o Order) storeB(tiles int) int64 {
	n := o.Remote.Collection.PerDeg
	return store.SizeB(terrain.Lattice{PerDegLon: float64(n), PerDegLat: float64(n), Cols: n, Rows: n * tiles})
}

// store imports the downloads.
func (p *Plan) store(ctx context.Context, progress func(share float64, doing string)) error {
	o := p.order
	job := store.Job{Origin: o.Remote.Collection.Origin, Licence: o.Remote.Collection.Licence, Progress: progress}
	for _, s := range p.missing {
		model, err := geotiff.Open(ctx, o.Remote.TilePath(o.downloads(), s))
		if err != nil {
			return err
		}
		job.Sources = append(job.Sources, model)
	}
	for _, s := range p.holdings.Sea {
		job.Sea = append(job.Sea, store.Square(s))
	}
	_, err := store.Import(ctx, o.Into, job)
	return err
}
