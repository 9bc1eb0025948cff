package download

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// errSilent is the cause of requests that are given up because nothing comes.
var errSilent = errors.New("the server fell silent")

// StatusError says that a server refused.
type StatusError struct {
	// Code is that of HTTP.
	Code int
	// wait is what the server asked for, if it did.
	wait *backoff.RetryAfterError
}

// Error gives the code and its meaning.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("the server answers %d %s", e.Code, strings.ToLower(http.StatusText(e.Code)))
	if e.wait != nil {
		text += fmt.Sprintf(" and asks to come back in %s", e.wait.Duration)
	}
	return text
}

// Unwrap returns the wait that the server asked for, which Retry looks for.
func (e *StatusError) Unwrap() error {
	if e.wait == nil {
		return nil
	}
	return e.wait
}

// passes reports whether the same request may be granted later.
func (e *StatusError) passes() bool {
	switch e.Code {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusRequestedRangeNotSatisfiable:
		return true
	}
	return e.Code >= http.StatusInternalServerError && e.Code != http.StatusNotImplemented
}

// refusal returns what an answer says.
func (c *Client) refusal(response *http.Response) error {
	e := &StatusError{Code: response.StatusCode}
	if wait, told := retryAfter(response.Header.Get("Retry-After")); told && e.passes() {
		e.wait = &backoff.RetryAfterError{Duration: wait}
	}
	if !e.passes() || e.wait != nil && e.wait.Duration > c.LongestWait {
		return backoff.Permanent(e)
	}
	return e
}

// retryAfter reads seconds or a date.
func retryAfter(text string) (wait time.Duration, told bool) {
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at)).Round(time.Second), true
	}
	return 0, false
}

// patience is a back-off that ends after some tries in a row without progress.
// What a server asks for with Retry-After resets the waits, not the count.
type patience struct {
	*backoff.ExponentialBackOff
	tries, left, made int
}

// NextBackOff returns the wait before the next try, or Stop.
func (p *patience) NextBackOff() time.Duration {
	p.made++
	p.left--
	if p.left <= 0 {
		return backoff.Stop
	}
	return p.ExponentialBackOff.NextBackOff()
}

// renew begins the count anew, after progress.
func (p *patience) renew() {
	p.left = p.tries
	p.Reset()
}

// persist tries until it works, until trying again is pointless, or until
// patience ends.
func (c *Client) persist(ctx context.Context, address string, try func(*patience) error) error {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.MaxInterval, waits.Multiplier = c.FirstWait, c.LongestWait, 2
	p := &patience{ExponentialBackOff: waits, tries: c.Tries, left: c.Tries}
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, final(try(p)) },
		backoff.WithBackOff(p), backoff.WithMaxElapsedTime(0))
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case p.left <= 0:
		return &UnreachableError{fmt.Errorf("%s: %w (%d tries); try again later, what has come is kept", Redact(address), err, p.made)}
	case isUnknownHost(err):
		return &UnreachableError{fmt.Errorf("%s: %w", Redact(address), err)}
	}
	return fmt.Errorf("%s: %w", Redact(address), err)
}

// UnreachableError says that a server was not reached, or did not serve, for
// as long as it was tried. It may later.
type UnreachableError struct{ Err error }

// Error says what the last try met.
func (e *UnreachableError) Error() string { return e.Err.Error() }

// Unwrap returns what the last try met.
func (e *UnreachableError) Unwrap() error { return e.Err }

func isUnknownHost(err error) bool {
	var name *net.DNSError
	return errors.As(err, &name) && name.IsNotFound
}

// final marks errors that trying again does not mend: of this computer's
// files, of names and of certificates.
func final(err error) error {
	var file *fs.PathError
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &file) || isUnknownHost(err) || errors.As(err, &certificate) {
		return backoff.Permanent(err)
	}
	return err
}

// withoutAddress drops the address from an error of net/http or net/url.
func withoutAddress(err error) error {
	var with *url.Error
	if errors.As(err, &with) {
		return with.Err
	}
	return err
}
