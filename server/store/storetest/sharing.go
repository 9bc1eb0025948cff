package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/server/store"
)

// sharing is what many see who use a store at the same time.
var sharing = []Check{
	{"nothing is seen of what is on its way", checkOnItsWay},
	{"many who put the same", checkSame},
	{"many who put and get", checkMany},
	{"two who read", checkReaders},
}

// slow is content that waits for a word after its first half.
type slow struct {
	io.Reader
	half, goOn chan struct{}
}

func newSlow(b []byte) (slow, io.Reader) {
	s := slow{half: make(chan struct{}), goOn: make(chan struct{})}
	return s, io.MultiReader(bytes.NewReader(b[:len(b)/2]), s, bytes.NewReader(b[len(b)/2:]))
}

func (s slow) Read([]byte) (int, error) {
	close(s.half)
	<-s.goOn
	return 0, io.EOF
}

func checkOnItsWay(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	for n, sizeB := range []int{1000, 6 << 20, 34 << 20} {
		b := content(n, sizeB)
		slow, from := newSlow(b)
		done := make(chan error, 1)
		go func() { done <- s.Put(ctx, name(n), from, int64(sizeB)) }()
		select {
		case <-slow.half:
		case err := <-done:
			return fmt.Errorf("put ended before its content: %w", err)
		}
		early := wantNothing(ctx, s, name(n))
		close(slow.goOn)
		if err := errors.Join(early, <-done, wantThere(ctx, s, n, b)); err != nil {
			return fmt.Errorf("%d bytes: %w", sizeB, err)
		}
	}
	return nil
}

// whole fails if something is got that is not want. Nothing may be there.
func whole(ctx context.Context, s store.Store, n int, want []byte) error {
	got, err := read(ctx, s, name(n))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !bytes.Equal(got, want):
		return fmt.Errorf("%d bytes became %d others", len(want), len(got))
	}
	return nil
}

func checkSame(ctx context.Context, open func() (store.Store, error)) error {
	b := content(1, 3<<20)
	work, within := errgroup.WithContext(ctx)
	for range 8 {
		s, err := open()
		if err != nil {
			return err
		}
		work.Go(func() error {
			for range 3 {
				if err := put(within, s, 1, b); err != nil {
					return err
				}
				if err := wantThere(within, s, 1, b); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return work.Wait()
}

func checkMany(ctx context.Context, open func() (store.Store, error)) error {
	const things, seed = 10, 1
	var all [things][]byte
	for n := range all {
		all[n] = content(n, 200_000+n)
	}
	work, within := errgroup.WithContext(ctx)
	for g := range 6 {
		s, err := open()
		if err != nil {
			return err
		}
		work.Go(func() error {
			random := rand.New(rand.NewPCG(seed, uint64(g)))
			for range 60 {
				n := random.IntN(things)
				err := whole(within, s, n, all[n])
				if err == nil && random.IntN(3) == 0 {
					err = put(within, s, n, all[n])
				}
				if err == nil && random.IntN(10) == 0 {
					err = s.Remove(within, name(n))
				}
				if err != nil {
					return fmt.Errorf("seed %d, %d: %w", seed, g, err)
				}
			}
			return nil
		})
	}
	return work.Wait()
}

func checkReaders(ctx context.Context, open func() (store.Store, error)) error {
	s, err := open()
	if err != nil {
		return err
	}
	b := content(1, 1<<20)
	if err := put(ctx, s, 1, b); err != nil {
		return err
	}
	first, _, err := s.Get(ctx, name(1))
	if err != nil {
		return err
	}
	half := make([]byte, len(b)/2)
	if _, err := io.ReadFull(first, half); err != nil {
		return errors.Join(err, first.Close())
	}
	if err := wantThere(ctx, s, 1, b); err != nil {
		return errors.Join(fmt.Errorf("while another reads: %w", err), first.Close())
	}
	rest, err := io.ReadAll(first)
	if err := errors.Join(err, first.Close()); err != nil {
		return err
	}
	if !bytes.Equal(append(half, rest...), b) {
		return errors.New("a reader is disturbed by another")
	}
	return nil
}
