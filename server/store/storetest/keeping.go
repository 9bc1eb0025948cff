package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/canopyradar/canopy/server/store"
)

// keeping is what becomes of what is put.
var keeping = []Check{
	{"what is put is got", checkSizes},
	{"another kind of thing under the same digits", checkWords},
	{"nothing is there at first", checkNothing},
	{"twice the same", checkTwice},
	{"removed", checkRemoved},
	{"content that is not as long as it should be", checkLengths},
	{"content that fails", checkFailing},
}

func checkSizes(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	sizes := []int{0, 1, 4096, 128<<10 - 1, 128 << 10, 5<<20 + 3, 17<<20 + 1}
	for n, sizeB := range sizes {
		if err := put(ctx, s, n, content(n, sizeB)); err != nil {
			return err
		}
	}
	again, err := open()
	if err != nil {
		return err
	}
	for n, sizeB := range sizes {
		if err := errors.Join(wantThere(ctx, s, n, content(n, sizeB)), wantThere(ctx, again, n, content(n, sizeB))); err != nil {
			return err
		}
	}
	return nil
}

func checkWords(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	if err := put(ctx, s, 1, content(1, 10)); err != nil {
		return err
	}
	return wantNothing(ctx, s, fmt.Sprintf("%064x.seen", 1))
}

func checkNothing(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	return wantNothing(ctx, s, name(1))
}

func checkTwice(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	for range 2 {
		if err := put(ctx, s, 1, content(1, 1000)); err != nil {
			return err
		}
	}
	return wantThere(ctx, s, 1, content(1, 1000))
}

func checkRemoved(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	if err := errors.Join(put(ctx, s, 1, content(1, 1000)), put(ctx, s, 2, content(2, 1000))); err != nil {
		return err
	}
	for range 2 { // of which the second finds nothing
		if err := s.Remove(ctx, name(1)); err != nil {
			return fmt.Errorf("removing: %w", err)
		}
	}
	if err := errors.Join(wantNothing(ctx, s, name(1)), wantThere(ctx, s, 2, content(2, 1000))); err != nil {
		return err
	}
	return errors.Join(put(ctx, s, 1, content(3, 500)), wantThere(ctx, s, 1, content(3, 500)))
}

func checkLengths(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	for n, sizeB := range []int{1, 1000, 6 << 20, 17 << 20} {
		for _, besideB := range []int{-1, 1, sizeB} {
			b := content(n, sizeB)
			if err := s.Put(ctx, name(n), bytes.NewReader(b), int64(sizeB+besideB)); err == nil {
				return fmt.Errorf("%d bytes were kept as %d", sizeB, sizeB+besideB)
			}
			if err := wantNothing(ctx, s, name(n)); err != nil {
				return fmt.Errorf("%d bytes, refused as %d: %w", sizeB, sizeB+besideB, err)
			}
		}
	}
	return nil
}

// errTorn is what content fails with.
var errTorn = errors.New("torn")

// torn is content that fails after b.
func torn(b []byte) io.Reader { return io.MultiReader(bytes.NewReader(b), failing{}) }

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errTorn }

func checkFailing(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	for n, sizeB := range []int{0, 1000, 6 << 20, 17 << 20} {
		err := s.Put(ctx, name(n), torn(content(n, sizeB)), int64(sizeB)+10)
		if err := errors.Join(wantError(err, errTorn), wantNothing(ctx, s, name(n))); err != nil {
			return fmt.Errorf("content that fails after %d bytes: %w", sizeB, err)
		}
		if err := put(ctx, s, n, content(n, sizeB)); err != nil {
			return err
		}
		_ = s.Put(ctx, name(n), torn(content(n, sizeB)), int64(sizeB)+10) // which need not look at it
		if err := wantThere(ctx, s, n, content(n, sizeB)); err != nil {
			return fmt.Errorf("after content that failed: %w", err)
		}
	}
	return nil
}
