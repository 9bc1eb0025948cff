package copernicus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/clients/canopy/internal/download"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

// Remote is a copy of a collection: the public one, or a mirror of it.
type Remote struct {
	Collection Collection
	// Client fetches, Jobs files at a time.
	Client *download.Client
	Jobs   int
	base   *url.URL
}

// At returns the copy at an address, whose path and query are kept; the public
// one for an empty address. The caller closes it.
func (c Collection) At(address, userAgent string, jobs int) (*Remote, error) {
	if address == "" {
		address = c.Address
	}
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fault.Badf("--mirror: %s is not an address: write http://HOST/PATH, below which tileList.txt stands", download.Redact(address))
	}
	return &Remote{Collection: c, Client: download.New(userAgent, jobs), Jobs: jobs, base: base}, nil
}

// Close drops the connections that are kept open.
func (r *Remote) Close() { r.Client.Close() }

func (r *Remote) address(path ...string) string { return r.base.JoinPath(path...).String() }

func (r *Remote) tileAddress(s squares.Square) string {
	name := r.Collection.TileName(s)
	return r.address(name, name+".tif")
}

// TilePath returns where Fetch puts a tile.
func (r *Remote) TilePath(folder string, s squares.Square) string {
	return filepath.Join(folder, r.Collection.TileName(s)+".tif")
}

// mostListB bounds the list of tiles; that of 2026 has 1.2 MB.
const mostListB = 16 << 20

// firstTries is how often the list is asked for: an address that does not
// answer at all is better told at once.
const firstTries = 4

// measurableB is how long a list has to be for its time to tell of more than
// the way to the server and back.
const measurableB = 1 << 16

// List fetches the list of tiles, and tells how many bytes came in a second; 0
// for a list that is too short to tell.
// It fails with a *fault.Error of what may work later, as SizeB and Fetch do.
func (r *Remote) List(ctx context.Context) (list List, bytesPerSecond float64, err error) {
	address := r.address("tileList.txt")
	client := *r.Client
	client.Tries = min(client.Tries, firstTries)
	text, took, err := client.Text(ctx, address, mostListB)
	if err != nil {
		return nil, 0, r.unavailable(err)
	}
	if list, err = r.Collection.parseList(text); err != nil {
		return nil, 0, fmt.Errorf("%s is not a list of tiles: %w", download.Redact(address), err)
	}
	if len(text) < measurableB {
		return list, 0, nil
	}
	return list, float64(len(text)) / max(took, time.Millisecond).Seconds(), nil
}

// SizeB adds up the sizes of tiles in bytes, as the server tells them. A tile
// whose size it does not tell counts as unpacked. Progress hears which share
// has been asked for.
func (r *Remote) SizeB(ctx context.Context, tiles []squares.Square, progress func(share float64)) (int64, error) {
	var totalB, done atomic.Int64
	err := r.each(ctx, tiles, func(ctx context.Context, s squares.Square) error {
		sizeB, err := r.Client.SizeB(ctx, r.tileAddress(s))
		if err != nil {
			return r.explain(err, s)
		}
		if sizeB < 0 {
			sizeB = int64(r.Collection.PerDeg * r.Collection.PerDeg * postB)
		}
		totalB.Add(sizeB)
		progress(float64(done.Add(1)) / float64(len(tiles)))
		return nil
	})
	return totalB.Load(), err
}

// postB is what a post takes unpacked, in bytes.
const postB = 4

// Fetch brings tiles into a folder, where each has its name only once it is
// whole, is what the server says, decodes, and lies on its square. What is
// there already is looked at again, and what was begun is continued. Gained
// hears how many bytes are there of those that were to be fetched, and of how
// many tiles.
func (r *Remote) Fetch(ctx context.Context, folder string, tiles []squares.Square, gained func(bytes int64, whole int)) error {
	var bytes, whole atomic.Int64
	tell := func() { gained(bytes.Load(), int(whole.Load())) }
	return r.each(ctx, tiles, func(ctx context.Context, s squares.Square) error {
		err := r.Client.File(ctx, download.File{
			Address: r.tileAddress(s), Path: r.TilePath(folder, s),
			Accept: func(ctx context.Context, path string) error { return r.Collection.checkTile(ctx, path, s) },
			Gained: func(n int64) { bytes.Add(n); tell() },
		})
		if err != nil {
			return r.explain(err, s)
		}
		whole.Add(1)
		tell()
		return nil
	})
}

// Fetched reports whether Fetch has brought a tile.
func (r *Remote) Fetched(folder string, s squares.Square) bool {
	info, err := os.Stat(r.TilePath(folder, s))
	return err == nil && info.Mode().IsRegular()
}

// each does something for all squares, Jobs at a time, until one fails.
func (r *Remote) each(ctx context.Context, all []squares.Square, do func(context.Context, squares.Square) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(r.Jobs)
	for _, s := range all {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(ctx, s)
		})
	}
	return group.Wait()
}

// explain says what it means that a listed tile is not there.
func (r *Remote) explain(err error, s squares.Square) error {
	var refused *download.StatusError
	if errors.As(err, &refused) && refused.Code == http.StatusNotFound {
		return fmt.Errorf("%w: the list of tiles has the square %s, so it is no sea: is the copy complete?", err, s)
	}
	return r.unavailable(err)
}

// unavailable marks what may work later, and points to what works in a closed
// network.
func (r *Remote) unavailable(err error) error {
	var unreachable *download.UnreachableError
	if !errors.As(err, &unreachable) {
		return err
	}
	if r.base.String() == r.Collection.Address {
		err = fmt.Errorf("%w; in a closed network, --mirror names a copy there", err)
	}
	return &fault.Error{Code: fault.Unavailable, Err: err}
}
