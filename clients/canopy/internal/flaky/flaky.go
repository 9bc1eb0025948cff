// Package flaky is an HTTP server that holds files as S3 does and misbehaves
// on demand, for tests of the client.
package flaky

import (
	"bytes"
	"crypto/md5" //nolint:gosec // as S3 does
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Server serves files by their paths. It counts what it is asked for.
type Server struct {
	// URL is its address, without a slash at the end.
	URL string

	mu     sync.Mutex
	rate   int
	files  map[string][]byte
	faults map[string][]Fault
	asked  []string
	sentB  int64
}

// Fault answers one request in place of serve, which answers it well. It may
// change the request and the writer before it calls serve.
type Fault func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc)

// Start serves files until the test ends.
func Start(t *testing.T, files map[string][]byte) *Server {
	t.Helper()
	s := &Server{files: files, faults: map[string][]Fault{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	// Connections that a fault keeps open would make Close wait.
	t.Cleanup(server.CloseClientConnections)
	s.URL = server.URL
	return s
}

// Fail makes the next requests to GET a file meet faults, one each; nil stands
// for a request that is answered well.
func (s *Server) Fail(path string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[path] = append(s.faults[path], faults...)
}

// Throttle bounds what a request gets, in bytes a second; 0 for no bound.
func (s *Server) Throttle(rate int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rate = rate
}

// Put replaces a file.
func (s *Server) Put(path string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = content
}

// Content returns a file.
func (s *Server) Content(path string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[path]
}

// Asked returns the requests so far, as METHOD PATH, with the Range of those
// that have one.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// SentB returns how many bytes of files went out.
func (s *Server) SentB() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sentB
}

// ServeHTTP answers with a file, or as the next fault does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, found, fault := s.note(r)
	serve := func(w http.ResponseWriter, r *http.Request) {
		if !found {
			http.NotFound(w, r)
			return
		}
		if w.Header().Get("ETag") == "" {
			w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum(content))) //nolint:gosec // as S3 does
		}
		http.ServeContent(&slow{w, s}, r, "", time.Time{}, bytes.NewReader(content))
	}
	if fault == nil {
		serve(w, r)
		return
	}
	fault(w, r, serve)
}

// note writes a request down and returns what becomes of it.
func (s *Server) note(r *http.Request) (content []byte, found bool, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := r.Method + " " + r.URL.Path
	if from := r.Header.Get("Range"); from != "" {
		line += " " + from
	}
	s.asked = append(s.asked, line)
	if waiting := s.faults[r.URL.Path]; len(waiting) > 0 && r.Method == http.MethodGet {
		fault, s.faults[r.URL.Path] = waiting[0], waiting[1:]
	}
	content, found = s.files[r.URL.Path]
	return content, found, fault
}

// slow is a writer at the server's rate.
type slow struct {
	http.ResponseWriter
	server *Server
}

func (w *slow) Write(p []byte) (int, error) {
	const eachB = 1 << 14
	written := 0
	for len(p) > 0 {
		n, err := w.ResponseWriter.Write(p[:min(eachB, len(p))])
		written += n
		if err != nil {
			return written, err
		}
		p = p[n:]
		w.sent(n)
	}
	return written, nil
}

func (w *slow) sent(n int) {
	w.server.mu.Lock()
	w.server.sentB += int64(n)
	rate := w.server.rate
	w.server.mu.Unlock()
	if rate > 0 {
		w.ResponseWriter.(http.Flusher).Flush()
		time.Sleep(time.Duration(n) * time.Second / time.Duration(rate))
	}
}
