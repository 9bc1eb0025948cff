package fetch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"
)

// Run downloads what is missing, imports it, and removes the downloads;
// progress hears of how far it is. It fails as copernicus.Remote.Fetch and
// store.Import do, and where the disk does; after that, and after ctx is done,
// a new plan goes on where this one ended.
func (p *Plan) Run(ctx context.Context, progress func(share float64, doing string)) error {
	o := p.order
	if err := os.MkdirAll(o.downloads(), 0o777); err != nil { //nolint:gosec // the umask decides, as for every folder that a user makes
		return err
	}
	unlock, err := o.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := p.download(ctx, progress); err != nil {
		return o.explain(err)
	}
	if err := p.store(ctx, progress); err != nil {
		return o.explain(err)
	}
	return o.clear()
}

// lock keeps a second fetch out, which would write to the same downloads. It
// ends with the process at the latest.
func (o Order) lock() (unlock func(), err error) {
	lock := flock.New(o.lockPath())
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, err
	case !locked:
		return nil, fmt.Errorf("another canopy terrain fetch is at work in %s: wait for it, or stop it", o.Into)
	}
	return func() { _ = lock.Close() }, nil
}

func (o Order) lockPath() string { return filepath.Join(o.downloads(), "lock") }

func (p *Plan) download(ctx context.Context, progress func(share float64, doing string)) error {
	tell := func(bytes int64, whole int) {
		doing := fmt.Sprintf("fetching tiles, %d of %d", whole, len(p.missing))
		progress(min(1, float64(bytes)/float64(max(1, p.FetchB))), doing)
	}
	return p.order.Remote.Fetch(ctx, p.order.downloads(), p.missing, tell)
}

// explain says what to do about a full disk.
func (o Order) explain(err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return fmt.Errorf("%s: the disk is full (%w): make room and run the same command again, which goes on where this one ended", o.Into, full)
		}
	}
	return err
}

// clear removes the downloads, or at least what is no download.
func (o Order) clear() error {
	if o.Keep {
		return os.Remove(o.lockPath())
	}
	return os.RemoveAll(o.downloads())
}
