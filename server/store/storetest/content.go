package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"sync"

	"github.com/canopyradar/canopy/server/store"
)

// name returns the n-th name.
func name(n int) string { return fmt.Sprintf("%064x.floor", n) }

// noise is of no length that anything is cut into, so that no two parts of
// content are alike.
var noise = sync.OnceValue(func() []byte {
	b := make([]byte, 1<<20+7)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b) // which never fails
	return b
})

// content returns sizeB bytes that nothing else in the suite has.
func content(n, sizeB int) []byte {
	b := make([]byte, 0, sizeB)
	for rest := noise()[n*1009:]; len(b) < sizeB; rest = noise() {
		b = append(b, rest[:min(len(rest), sizeB-len(b))]...)
	}
	return b
}

func put(ctx context.Context, s store.Store, n int, b []byte) error {
	if err := s.Put(ctx, name(n), bytes.NewReader(b), int64(len(b))); err != nil {
		return fmt.Errorf("%d bytes are not kept: %w", len(b), err)
	}
	return nil
}

// read returns what is kept.
func read(ctx context.Context, s store.Store, name string) ([]byte, error) {
	r, sizeB, err := s.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	if int64(len(b)) != sizeB {
		return nil, fmt.Errorf("%d bytes are said to be %d", len(b), sizeB)
	}
	return b, nil
}

// wantThere fails unless want is kept.
func wantThere(ctx context.Context, s store.Store, n int, want []byte) error {
	got, err := read(ctx, s, name(n))
	switch {
	case err != nil:
		return fmt.Errorf("what was kept, %d bytes, cannot be got: %w", len(want), err)
	case !bytes.Equal(got, want):
		return fmt.Errorf("%d bytes became %d others", len(want), len(got))
	case !s.Has(ctx, name(n)):
		return errors.New("what can be got is said not to be there")
	}
	return nil
}

// wantNothing fails if something is kept.
func wantNothing(ctx context.Context, s store.Store, name string) error {
	if got, err := read(ctx, s, name); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("where nothing is kept there are %d bytes: %w", len(got), wantError(err, fs.ErrNotExist))
	}
	if s.Has(ctx, name) {
		return errors.New("what is not there is said to be")
	}
	return nil
}

// wantError fails unless err is want.
func wantError(err, want error) error {
	if errors.Is(err, want) {
		return nil
	}
	return fmt.Errorf("error %v, not %w", err, want) //nolint:errorlint // which may be nil
}
