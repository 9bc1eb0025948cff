// Package store keeps what was computed, under names that tell all it depends
// on, so that nothing that is kept is ever changed: it is there or not.
//
// What is kept can be computed again, so that a store may lose it at any time,
// and no process waits for another.
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// Store keeps things, each of them whole or not at all. It is safe for
// concurrent use, by several processes as well. Names are of 64 hexadecimal
// digits, a dot and a word, as in 2c26….floor; others are refused.
type Store interface {
	// Has reports whether Get would probably return something.
	Has(ctx context.Context, name string) bool
	// Get opens what is kept under a name, of so many bytes; ctx is for reading
	// as well, and the reader must be closed. It fails with fs.ErrNotExist if
	// nothing is kept.
	Get(ctx context.Context, name string) (content io.ReadCloser, sizeB int64, err error)
	// Put keeps content, of sizeB bytes, and fails if it has more or fewer. One
	// that fails, or whose process is killed, leaves what there was. It fails
	// with ErrTooLarge for what the store would not keep however empty it is.
	Put(ctx context.Context, name string, content io.Reader, sizeB int64) error
	// Remove is for what turns out to be damaged. Nothing may be there.
	Remove(ctx context.Context, name string) error
	// String tells people where the store is, without secrets.
	String() string
}

// ErrTooLarge is returned by Put for content larger than the whole store.
var ErrTooLarge = errors.New("it is larger than the store")

// A name is one of a file, too: it leads nowhere else.
var nameForm = regexp.MustCompile(`^[0-9a-f]{64}\.[a-z]{1,16}$`)

func checkName(name string) error {
	if !nameForm.MatchString(name) {
		return fmt.Errorf("the name %.100q is none of a store: write 64 hexadecimal digits, a dot and a word", name)
	}
	return nil
}

// held reads content that is held to its size, and ends with its context. Not
// every writer reads to the end, so that the last read of a size looks behind it.
type held struct {
	ctx        context.Context
	content    io.Reader
	sizeB, atB int64
	looked     bool
}

func hold(ctx context.Context, content io.Reader, sizeB int64) *held {
	return &held{ctx: ctx, content: content, sizeB: sizeB}
}

func (h *held) Read(p []byte) (n int, err error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	if h.atB < h.sizeB {
		n, err = h.content.Read(p[:min(int64(len(p)), h.sizeB-h.atB)])
		h.atB += int64(n)
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return n, err
	case h.atB == h.sizeB:
		return n, h.end()
	case err != nil:
		return n, fmt.Errorf("the content ends after %d of %d bytes", h.atB, h.sizeB)
	}
	return n, nil
}

// end is io.EOF if nothing comes any more.
func (h *held) end() error {
	if h.looked {
		return io.EOF
	}
	switch n, err := io.ReadFull(h.content, make([]byte, 1)); {
	case n > 0:
		return fmt.Errorf("the content goes on after %d bytes", h.sizeB)
	case !errors.Is(err, io.EOF):
		return err
	}
	h.looked = true
	return io.EOF
}
