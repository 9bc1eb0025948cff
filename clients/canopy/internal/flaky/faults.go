package flaky

import (
	"net/http"
	"strconv"
)

// Refuse answers with a status, and with Retry-After unless that is empty.
func Refuse(code int, retryAfter string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(code)
	}
}

// Cut breaks the connection after some bytes of the body.
func Cut(afterB int) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		serve(&ending{w, afterB, func() { panic(http.ErrAbortHandler) }}, r)
	}
}

// Stall sends some bytes of the body and then nothing more until the client
// goes away.
func Stall(afterB int) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		serve(&ending{w, afterB, func() { <-r.Context().Done() }}, r)
	}
}

// Corrupt sends the whole file with some bytes changed.
func Corrupt(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	serve(&changing{w}, r)
}

// Truncate sends the beginning as if it were all.
func Truncate(toB int) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		serve(&shortening{w, toB}, r)
	}
}

// IgnoreRange sends the whole file, whatever part was asked for.
func IgnoreRange(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	r.Header.Del("Range")
	serve(w, r)
}

// Tag gives the file an ETag of its own, and then meets another fault, or none
// for nil.
func Tag(etag string, then Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		w.Header().Set("ETag", etag)
		if then == nil {
			serve(w, r)
			return
		}
		then(w, r, serve)
	}
}

// ending is a writer that does something after a number of bytes.
type ending struct {
	http.ResponseWriter
	leftB int
	end   func()
}

func (w *ending) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p[:min(w.leftB, len(p))])
	w.leftB -= n
	if err == nil && n < len(p) {
		w.Flush()
		w.end()
		return n, http.ErrAbortHandler
	}
	return n, err
}

// Flush sends what was written.
func (w *ending) Flush() { w.ResponseWriter.(http.Flusher).Flush() }

// changing is a writer that changes a byte in each piece.
type changing struct{ http.ResponseWriter }

func (w *changing) Write(p []byte) (int, error) {
	changed := append([]byte(nil), p...)
	changed[len(changed)/2] ^= 0x55
	return w.ResponseWriter.Write(changed)
}

// Flush sends what was written.
func (w *changing) Flush() { w.ResponseWriter.(http.Flusher).Flush() }

// shortening is a writer that announces and sends only the beginning.
type shortening struct {
	http.ResponseWriter
	leftB int
}

func (w *shortening) WriteHeader(code int) {
	w.Header().Set("Content-Length", strconv.Itoa(w.leftB))
	w.ResponseWriter.WriteHeader(code)
}

func (w *shortening) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p[:min(w.leftB, len(p))])
	w.leftB -= n
	if err != nil {
		return n, err
	}
	return len(p), nil
}

// Flush sends what was written.
func (w *shortening) Flush() { w.ResponseWriter.(http.Flusher).Flush() }
