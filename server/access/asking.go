package access

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// How an issuer is asked. A caller who makes up tokens has it asked for its keys
// anew with each, but no more often than askEvery; maxIssuerB is more than one has
// to say.
const (
	askEvery   = time.Second
	askTimeout = 5 * time.Second
	maxIssuerB = 1 << 20
)

// askError is why an issuer says nothing.
type askError struct {
	err error
	// lasting is that asking again will not help.
	lasting bool
}

func (e *askError) Error() string { return e.err.Error() }

// Unwrap returns what is wrong.
func (e *askError) Unwrap() error { return e.err }

// asking is a transport that gives the same answer to the same question until
// askEvery has passed.
type asking struct {
	http.RoundTripper
	logger *slog.Logger

	mu      sync.Mutex
	answers map[string]issuerAnswer // by address
}

type issuerAnswer struct {
	at   time.Time
	text []byte
	err  error
}

// newAsker returns a client for the few questions that an issuer is asked.
func newAsker(logger *slog.Logger) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	return &http.Client{
		// Not with its own time limit, which would have errors be text alone.
		Transport: &asking{RoundTripper: transport, logger: logger, answers: map[string]issuerAnswer{}},
	}
}

// RoundTrip fails with an *askError.
func (a *asking) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	address := r.URL.String()
	last, known := a.answers[address]
	if !known || time.Since(last.at) >= askEvery {
		fresh := a.ask(r)
		a.report(address, last.err, fresh.err)
		a.answers[address], last = fresh, fresh
	}
	if last.err != nil {
		return nil, last.err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(last.text)), Request: r,
	}, nil
}

// ask has an answer that is JSON, or an error.
func (a *asking) ask(r *http.Request) (answer issuerAnswer) {
	// By when it has come, those who waited for it take it as well.
	defer func() { answer.at = time.Now() }()
	if err := checkEncrypted(r.URL); err != nil {
		answer.err = &askError{err, true}
		return answer
	}
	ctx, cancel := context.WithTimeout(r.Context(), askTimeout)
	defer cancel()
	response, err := a.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil {
		answer.err = &askError{err, false}
		return answer
	}
	defer func() { _ = response.Body.Close() }() // which was only read
	answer.text, err = io.ReadAll(io.LimitReader(response.Body, maxIssuerB))
	switch {
	case err != nil:
		answer.err = &askError{err, false}
	case response.StatusCode != http.StatusOK:
		code := response.StatusCode
		answer.err = &askError{fmt.Errorf("%s answers %s", r.URL, response.Status), code < 500 && code != http.StatusTooManyRequests}
	case !json.Valid(answer.text):
		answer.err = &askError{fmt.Errorf("%s answers no JSON", r.URL), true}
	}
	return answer
}

// report has the log say when an issuer goes, and when it is back.
func (a *asking) report(address string, before, now error) {
	switch {
	case before == nil && now != nil:
		a.logger.Warn("the issuer does not answer: its tokens are good for nothing until it does, and it is asked again", "address", address, "error", now)
	case before != nil && now == nil:
		a.logger.Info("the issuer answers again", "address", address)
	}
}

var errPlainText = errors.New("an issuer is asked over https alone, or on this machine")

// checkEncrypted refuses what others could change on its way.
func checkEncrypted(address *url.URL) error {
	if address.Scheme == "https" || address.Scheme == "http" && IsLocal(address.Host) {
		return nil
	}
	return fmt.Errorf("%s: %w", address.Redacted(), errPlainText)
}
