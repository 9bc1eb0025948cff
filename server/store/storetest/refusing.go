package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/canopyradar/canopy/server/store"
)

// refusing is what is not done.
var refusing = []Check{
	{"names that lead elsewhere", checkNames},
	{"a call that is over before it begins", checkCancelled},
	{"a call that ends in the middle", checkCancelledMeanwhile},
}

// badNames are none that a store may look for.
var badNames = []string{
	"", ".", "..", "/", ".floor", "floor", "..floor", strings.Repeat("0", 64), strings.Repeat("0", 63) + ".floor", strings.Repeat("0", 65) + ".floor",
	"../" + name(1), "/" + name(1), name(1) + "/", name(1) + "/..", "./" + name(1), name(1) + "\x00", name(1) + "\n", name(1) + ".floor",
	strings.ToUpper(name(0xab)), strings.Repeat("0", 61) + "/..floor", strings.Repeat("0", 64) + "." + strings.Repeat("a", 300), strings.Repeat("0", 64) + ".*", strings.Repeat("0", 64) + ".>",
}

func checkNames(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	for _, bad := range badNames {
		r, _, err := s.Get(ctx, bad)
		if err == nil {
			return errors.Join(fmt.Errorf("something is kept under the name %q", bad), r.Close())
		}
		switch {
		case s.Put(ctx, bad, bytes.NewReader([]byte{1}), 1) == nil:
			return fmt.Errorf("something can be put under the name %q", bad)
		case s.Remove(ctx, bad) == nil:
			return fmt.Errorf("something can be removed under the name %q", bad)
		case s.Has(ctx, bad):
			return fmt.Errorf("the name %q is said to be there", bad)
		}
	}
	return nil
}

func checkCancelled(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	if err := put(ctx, s, 1, content(1, 1000)); err != nil {
		return err
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	_, _, getting := s.Get(over, name(1))
	for what, err := range map[string]error{
		"put": s.Put(over, name(2), bytes.NewReader(content(2, 10)), 10),
		"get": getting, "remove": s.Remove(over, name(1)),
	} {
		if err := wantError(err, context.Canceled); err != nil {
			return fmt.Errorf("%s, cancelled: %w", what, err)
		}
	}
	return errors.Join(wantThere(ctx, s, 1, content(1, 1000)), wantNothing(ctx, s, name(2)))
}

// cancelling is content that ends its call when it is read.
type cancelling struct {
	*bytes.Reader
	cancel context.CancelFunc
	atB    int
}

func (c cancelling) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p[:min(len(p), 1000)])
	if c.Reader.Len() < c.atB {
		c.cancel()
	}
	return n, err
}

func checkCancelledMeanwhile(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	for n, sizeB := range []int{10_000, 6 << 20, 17 << 20} {
		b := content(n, sizeB)
		within, cancel := context.WithCancel(ctx)
		err := s.Put(within, name(n), struct{ cancelling }{cancelling{bytes.NewReader(b), cancel, sizeB / 2}}, int64(sizeB))
		cancel()
		if err := errors.Join(wantError(err, context.Canceled), wantNothing(ctx, s, name(n))); err != nil {
			return fmt.Errorf("%d bytes, cancelled after half: %w", sizeB, err)
		}
	}
	return nil
}

// checkFull wants the store to say that it has no room, and to keep what it has.
func checkFull(ctx context.Context, s store.Store) error {
	const pieceB = FullB / 4
	if err := put(ctx, s, 0, content(0, pieceB)); err != nil {
		return err
	}
	for n := 100; n < 103; n++ {
		if err := put(ctx, s, n, content(n, 2*FullB)); err == nil {
			return fmt.Errorf("%d bytes were kept where there is room for %d", 2*FullB, FullB)
		}
		if err := wantNothing(ctx, s, name(n)); err != nil {
			return fmt.Errorf("after a refusal: %w", err)
		}
	}
	// What was refused takes no room.
	for n := 1; n < 2*FullB/pieceB; n++ {
		err := put(ctx, s, n, content(n, pieceB))
		switch {
		case err != nil && n < FullB/pieceB-1:
			return fmt.Errorf("after %d bytes: %w", n*pieceB, err)
		case err != nil:
			return errors.Join(wantNothing(ctx, s, name(n)), wantThere(ctx, s, n-1, content(n-1, pieceB)), wantThere(ctx, s, 0, content(0, pieceB)))
		}
	}
	return fmt.Errorf("%d bytes were kept where there is room for %d", 2*FullB, FullB)
}
