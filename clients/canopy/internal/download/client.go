// Package download fetches files over HTTP from servers and lines that fail:
// what was cut is taken up where it ended, what is refused for now is asked
// for again, and a file has its name only once it is whole and was looked at.
//
// It knows nothing of what the files hold. Addresses in its errors carry
// neither user nor query, which may be secret.
package download

import (
	"context"
	"crypto/md5" //nolint:gosec // as S3 does, against accidents
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Client fetches. It is safe for concurrent use.
type Client struct {
	// HTTP does one exchange. It must not ask for compressed bodies, whose
	// lengths are not those of the files.
	HTTP *http.Client
	// Stall is how long a server may be silent before the line counts as cut.
	Stall time.Duration
	// Tries is how often in a row a request may bring nothing new.
	Tries int
	// FirstWait comes before the second try; each further wait is about twice
	// as long, up to LongestWait. A server that asks for more than that is
	// not waited for.
	FirstWait, LongestWait time.Duration
	// UserAgent is what servers are told.
	UserAgent string
}

// New returns a client that outlasts an outage of about a minute and keeps up
// to conns connections to a server.
func New(userAgent string, conns int) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	transport.MaxIdleConnsPerHost = conns
	return &Client{
		HTTP:  &http.Client{Transport: transport},
		Stall: 30 * time.Second, Tries: 8,
		FirstWait: 500 * time.Millisecond, LongestWait: time.Minute,
		UserAgent: userAgent,
	}
}

// Close drops the connections that are kept open.
func (c *Client) Close() { c.HTTP.CloseIdleConnections() }

// SizeB asks for the length of a file, in bytes; −1 if the server does not
// tell. It fails as Text does.
func (c *Client) SizeB(ctx context.Context, address string) (sizeB int64, err error) {
	err = c.persist(ctx, address, func(*patience) error {
		response, err := c.ask(ctx, http.MethodHead, address, nil)
		if err != nil {
			return err
		}
		sizeB = response.ContentLength
		closeBody(response)
		return nil
	})
	return sizeB, err
}

// Text returns a file of at most mostB bytes, and how long the answer took to
// arrive, without the tries that failed. It takes no text for whole whose
// length or sum is not what the server told, nor one without a length. It
// fails with a *StatusError where the server refuses for good, with an
// *UnreachableError where no try succeeds, and with ctx's cause when ctx is
// done.
func (c *Client) Text(ctx context.Context, address string, mostB int64) (text []byte, took time.Duration, err error) {
	err = c.persist(ctx, address, func(*patience) error {
		begun := time.Now()
		response, err := c.ask(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		defer closeBody(response)
		text, err = io.ReadAll(io.LimitReader(response.Body, mostB+1))
		took = time.Since(begun)
		if err != nil {
			return err
		}
		return checkText(response, text, mostB)
	})
	return text, took, err
}

// checkText refuses what may be only the beginning: an answer that is ended by
// the end of the connection looks whole wherever that is cut.
func checkText(response *http.Response, text []byte, mostB int64) error {
	switch told := md5Of(response.Header); {
	case int64(len(text)) > mostB:
		return backoff.Permanent(fmt.Errorf("it has more than %d bytes, which it should not have", mostB))
	case response.ContentLength < 0 && response.ProtoMajor == 1 && len(response.TransferEncoding) == 0:
		return backoff.Permanent(errors.New("the server does not tell its length, so it may be cut short"))
	case told != "" && told != hex.EncodeToString(sumOf(text)):
		return fmt.Errorf("its MD5 is not the server's, %s", told)
	}
	return nil
}

func sumOf(text []byte) []byte {
	sum := md5.Sum(text) //nolint:gosec // as S3 does, against accidents
	return sum[:]
}

// ask sends one request and returns an answer of 200 or 206. The caller closes
// its body.
func (c *Client) ask(ctx context.Context, method, address string, header http.Header) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	request, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		cancel(nil)
		return nil, backoff.Permanent(withoutAddress(err))
	}
	request.Header = header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("User-Agent", c.UserAgent)
	silence := time.AfterFunc(c.Stall, func() { cancel(errSilent) })
	response, err := c.HTTP.Do(request)
	silence.Stop()
	if err != nil {
		err = causeOf(ctx, withoutAddress(err))
		cancel(nil)
		return nil, err
	}
	response.Body = &watched{ctx: ctx, cancel: cancel, body: response.Body, silence: silence, stall: c.Stall}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusPartialContent {
		closeBody(response)
		return nil, c.refusal(response)
	}
	return response, nil
}

// watched is a body that ends with errSilent when nothing comes for too long.
type watched struct {
	ctx     context.Context // the request's, whose cause tells why a read ended
	cancel  context.CancelCauseFunc
	body    io.ReadCloser
	silence *time.Timer
	stall   time.Duration
}

func (w *watched) Read(p []byte) (int, error) {
	w.silence.Reset(w.stall)
	n, err := w.body.Read(p)
	w.silence.Stop()
	if err != nil && !errors.Is(err, io.EOF) {
		err = causeOf(w.ctx, err)
	}
	return n, err
}

// Close ends the exchange, whether or not all was read.
func (w *watched) Close() error {
	err := w.body.Close()
	w.cancel(nil)
	return err
}

// closeBody drops the error: what was read has been judged by then.
func closeBody(response *http.Response) { _ = response.Body.Close() }

// causeOf returns why ctx is done, and err where it is not.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// Redact returns an address without user and query, which may be secret.
func Redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the address"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
