// Package fetch brings the Copernicus terrain of an area into a store: it says
// beforehand what that takes, downloads what is missing, and imports it.
//
// Downloads stand in a folder of their own below the store's until they are
// imported. A fetch that ends early, in whatever way, is taken up by the next
// one with the same order.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/canopyradar/canopy/clients/canopy/internal/copernicus"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

// Order is what is asked for.
type Order struct {
	// Remote is where tiles come from, Wanted which squares are needed.
	Remote *copernicus.Remote
	Wanted []squares.Square
	// Into is the store's folder, which may not be there yet.
	Into string
	// Keep leaves the downloads in place after the import.
	Keep bool
	// TrustList takes for sea what even a short list leaves out.
	TrustList bool
	// Progress hears of how far planning is.
	Progress func(share float64, doing string)
}

// Plan says what an order takes.
type Plan struct {
	// Tiles are those with land. Imported are in the store already, and
	// Fetched downloaded by an earlier run.
	Tiles, Imported, Fetched int
	// Sea counts squares without land. Withheld are those that the public copy
	// leaves out; they stay missing.
	Sea      int
	Withheld []squares.Square
	// Unlisted counts squares of which the list is too short to tell whether
	// they have land; they stay missing.
	Unlisted int
	// PartialList is how many tiles the list has where that is too few for a
	// full one; else 0.
	PartialList int
	// FetchB is what is to be downloaded, StoreB what the store will grow by,
	// FreeB what the disk has left, in bytes.
	FetchB, StoreB, FreeB int64
	// Time is how long downloading takes at the rate that the list came with; 0
	// where the list is too short to tell.
	Time time.Duration

	order    Order
	holdings copernicus.Holdings
	// missing are the tiles that the store does not have.
	missing []squares.Square
}

// Plan asks for the list of tiles and the sizes of those that are to be
// downloaded. It writes nothing. It fails with an error of bad input for an
// area that cannot be stored, or a store of other posts; as
// copernicus.Remote.List and SizeB do; and with ctx's cause when ctx is done.
func (o Order) Plan(ctx context.Context) (*Plan, error) {
	if err := copernicus.CheckArea(o.Wanted); err != nil {
		return nil, err
	}
	imported, err := o.imported()
	if err != nil {
		return nil, err
	}
	o.Progress(0, "list of tiles")
	list, bytesPerSecond, err := o.Remote.List(ctx)
	if err != nil {
		return nil, err
	}
	p := &Plan{order: o, holdings: o.Remote.Collection.Sort(list, o.Wanted)}
	if list.Partial() {
		p.PartialList = len(list)
	}
	if o.TrustList {
		p.holdings.Sea, p.holdings.Unlisted = append(p.holdings.Sea, p.holdings.Unlisted...), nil
	}
	switch {
	case len(p.holdings.Tiles) > 0:
	case len(p.holdings.Unlisted) > 0:
		return nil, fault.Badf("the list of tiles has none of the area, and only %d of about 26,000 in all: is the copy complete?", len(list))
	default:
		return nil, fault.Badf("the area holds no tile: it is all sea: is it the area that was meant?")
	}
	if err := p.measure(ctx, imported, bytesPerSecond); err != nil {
		return nil, err
	}
	return p, nil
}

// measure finds out what is missing, and what that takes.
func (p *Plan) measure(ctx context.Context, imported map[squares.Square]bool, bytesPerSecond float64) (err error) {
	var remaining []squares.Square
	for _, s := range p.holdings.Tiles {
		switch {
		case imported[s]:
			p.Imported++
			continue
		case p.order.Remote.Fetched(p.order.downloads(), s):
			p.Fetched++
		default:
			remaining = append(remaining, s)
		}
		p.missing = append(p.missing, s)
	}
	p.Tiles, p.Sea = len(p.holdings.Tiles), len(p.holdings.Sea)
	p.Withheld, p.Unlisted = p.holdings.Withheld, len(p.holdings.Unlisted)
	p.FetchB, err = p.order.Remote.SizeB(ctx, remaining, func(share float64) { p.order.Progress(share, "sizes of tiles") })
	if err != nil {
		return err
	}
	if bytesPerSecond > 0 {
		p.Time = time.Duration(float64(p.FetchB) / bytesPerSecond * float64(time.Second))
	}
	p.StoreB = p.order.storeB(len(p.missing))
	p.FreeB, err = freeB(p.order.Into)
	return err
}

// downloads is where tiles stand until they are imported.
func (o Order) downloads() string { return filepath.Join(o.Into, ".fetch") }

// errNoRoom is the cause of errors about disks.
var errNoRoom = errors.New("make room, or give another folder with --into")

// CheckDisk refuses what the disk has no room for: downloads and store stand
// there together for a while.
func (p *Plan) CheckDisk() error {
	if needB := p.FetchB + p.StoreB; needB > p.FreeB {
		return fmt.Errorf("%s: not enough room: %s are needed (%s to download and %s of store), and %s are free: %w",
			p.order.Into, mib(needB), mib(p.FetchB), mib(p.StoreB), mib(p.FreeB), errNoRoom)
	}
	return nil
}

func mib(b int64) string { return fmt.Sprintf("%.1f MiB", float64(b)/(1<<20)) }
