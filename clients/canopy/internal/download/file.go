package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/cenkalti/backoff/v5"
)

// File is what to fetch, and where to.
type File struct {
	// Address is where it is, Path where it shall be.
	Address, Path string
	// Accept looks at the whole file, at another path, before it gets its
	// own, and says what is wrong with it.
	Accept func(ctx context.Context, path string) error
	// Gained hears of bytes as they come; of fewer than none where what came
	// is thrown away.
	Gained func(bytes int64)
}

// DamagedError says that a file came whole and is not what it should be.
type DamagedError struct{ Err error }

// Error says what is wrong with the file.
func (e *DamagedError) Error() string { return "came damaged: " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *DamagedError) Unwrap() error { return e.Err }

const (
	// mostDamaged is how often a file may come damaged, each time from zero.
	mostDamaged = 3
	// progressB is what a try has to bring for the count of tries to begin
	// anew.
	progressB = 1 << 16
)

// File fetches f, unless it is there and still acceptable. Meanwhile it is at
// f.Path + ".part", where a later call takes it up. It fails as Text does, with
// a *DamagedError, and with an *fs.PathError where this computer's files fail.
func (c *Client) File(ctx context.Context, f File) error {
	p := &part{path: f.Path + ".part"}
	switch err := f.look(ctx, f.Path); {
	case err == nil:
		return p.forget()
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !errors.Is(err, os.ErrNotExist):
		if err := os.Remove(f.Path); err != nil {
			return err
		}
	}
	p.load()
	f.Gained(p.sizeB)
	furthestB, damaged := p.sizeB, 0
	return c.persist(ctx, f.Address, func(patience *patience) error {
		err := c.resume(ctx, f, p)
		if p.sizeB >= furthestB+progressB {
			furthestB = p.sizeB
			patience.renew()
		}
		if err == nil {
			err = f.finish(ctx, p)
		}
		var wrong *DamagedError
		if errors.As(err, &wrong) {
			if damaged++; damaged == mostDamaged {
				return backoff.Permanent(fmt.Errorf("%w (%d times)", err, damaged))
			}
		}
		return err
	})
}

// look applies Accept to a file, if there is one.
func (f File) look(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	return f.Accept(ctx, path)
}

// resume brings what is missing of p, or all where it belongs to a file that
// the server no longer has.
func (c *Client) resume(ctx context.Context, f File, p *part) error {
	if p.whole() {
		return nil
	}
	response, err := c.ask(ctx, http.MethodGet, f.Address, p.wanted())
	var refused *StatusError
	if errors.As(err, &refused) && refused.Code == http.StatusRequestedRangeNotSatisfiable {
		return errors.Join(err, f.discard(p))
	}
	if err != nil {
		return err
	}
	defer closeBody(response)
	if response.StatusCode == http.StatusPartialContent && !p.continues(response) {
		return errors.Join(errChanged, f.discard(p))
	}
	if response.StatusCode == http.StatusOK {
		f.Gained(-p.sizeB)
		if err := p.begin(originOf(response)); err != nil {
			return err
		}
	}
	return f.receive(p, response.Body)
}

// errChanged is what a try ends with whose file is no longer the one that was
// begun.
var errChanged = errors.New("the file changed on the server meanwhile")

// receive appends a body to p.
func (f File) receive(p *part, body io.Reader) error {
	file, err := os.OpenFile(p.path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = io.Copy(counted{file, func(n int64) { p.sizeB += n; f.Gained(n) }}, body)
	if closeErr := syncAndClose(file); err == nil {
		err = closeErr
	}
	if err == nil && p.origin.SizeB >= 0 && p.sizeB < p.origin.SizeB {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func syncAndClose(file *os.File) error {
	err := file.Sync()
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// counted is a writer that tells how much it wrote.
type counted struct {
	w       io.Writer
	written func(n int64)
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.written(int64(n))
	return n, err
}

// finish gives a part that has all its bytes its name, or throws it away.
func (f File) finish(ctx context.Context, p *part) error {
	err := p.check()
	if err == nil {
		err = f.Accept(ctx, p.path)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return &DamagedError{errors.Join(err, f.discard(p))}
	}
	if err := os.Rename(p.path, f.Path); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(f.Path)); err != nil {
		return err
	}
	return p.forget()
}

// discard throws away what came.
func (f File) discard(p *part) error {
	f.Gained(-p.sizeB)
	return p.drop()
}

// syncFolder makes a new name outlast a loss of power, where the system can.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync()
	return folder.Close()
}
