package store_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/server/store/storetest"
)

// The credentials that the servers of these tests know.
const (
	accessKey = "AKIACANOPYTEST"
	secretKey = "nobody-but-us/knows+this"
)

// s3Server is an S3 server in the process. It knows who asks, but does not check
// signatures.
type s3Server struct {
	*httptest.Server
	// before may answer a request in its place, and then returns true.
	before atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool]
}

func startS3(t *testing.T, buckets ...string) *s3Server {
	t.Helper()
	backend := s3mem.New()
	for _, b := range buckets {
		if err := backend.CreateBucket(b); err != nil {
			t.Fatal(err)
		}
	}
	next, s := gofakes3.New(backend).Server(), &s3Server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before := s.before.Load(); before != nil && (*before)(w, r) {
			return
		}
		if !strings.Contains(r.Header.Get("Authorization"), "Credential="+accessKey+"/") {
			refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
			return
		}
		if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") && r.URL.Query().Has("uploadId") {
			if !unchunk(r) {
				refuse(w, http.StatusBadRequest, "IncompleteBody")
				return
			}
		}
		next.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// unchunk takes the signatures out of a part of an upload, which the server
// forgets to do: HEX;chunk-signature=HEX, the chunk, and so on until an empty one.
func unchunk(r *http.Request) (whole bool) {
	var part bytes.Buffer
	for in := bufio.NewReader(r.Body); ; {
		head, err := in.ReadString('\n')
		if err != nil {
			break // the client is gone, and so the part is too short
		}
		digits, _, _ := strings.Cut(head, ";")
		sizeB, err := strconv.ParseInt(digits, 16, 64)
		if err != nil || sizeB == 0 {
			break
		}
		if _, err := io.CopyN(&part, in, sizeB); err != nil {
			break
		}
		_, _ = in.Discard(len("\r\n"))
	}
	r.Body, r.ContentLength = io.NopCloser(&part), int64(part.Len())
	return r.Header.Get("X-Amz-Decoded-Content-Length") == strconv.Itoa(part.Len())
}

// refuse answers as S3 does.
func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>because</Message></Error>", code)
}

func (s *s3Server) endpoint() string { return strings.TrimPrefix(s.URL, "http://") }

func (s *s3Server) address(bucket string) string {
	return store.S3Scheme + bucket + "?insecure=true&region=us-east-1&endpoint=" + s.endpoint()
}

// identify sets the credentials, and hides those of the machine.
func identify(t *testing.T, key, secret string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", key)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	for _, name := range []string{"AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, filepath.Join(t.TempDir(), "none"))
	}
}

func openS3(t *testing.T, address string) *store.S3 {
	t.Helper()
	s, err := store.OpenS3(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestS3(t *testing.T) {
	identify(t, accessKey, secretKey)
	places := 0
	storetest.Run(t, storetest.Kind{
		Open: open,
		Place: func(t *testing.T) string {
			places++
			return startS3(t, "results").address("results" + strings.Repeat("/canopy", places%2))
		},
		Full: func(t *testing.T) store.Store {
			s := startS3(t, "results")
			leftB := int64(storetest.FullB)
			full := func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPut {
					return false
				}
				if r.ContentLength <= leftB {
					leftB -= r.ContentLength
					return false
				}
				refuse(w, http.StatusInsufficientStorage, "XMinioStorageFull")
				return true
			}
			s.before.Store(&full)
			return openS3(t, s.address("results"))
		},
	})
}

// TestS3Elsewhere runs the suite below a prefix of a bucket that exists.
func TestS3Elsewhere(t *testing.T) {
	address := os.Getenv("CANOPY_TEST_S3")
	if address == "" {
		t.Skip("CANOPY_TEST_S3 names no bucket (s3://bucket?endpoint=HOST:PORT)")
	}
	storetest.Run(t, storetest.Kind{
		Open: open,
		Place: func(*testing.T) string {
			bucket, query, _ := strings.Cut(address, "?")
			return fmt.Sprintf("%s/%016x?%s", bucket, rand.Uint64(), query)
		},
	})
}

// Two prefixes of a bucket are two stores.
func TestPrefixes(t *testing.T) {
	identify(t, accessKey, secretKey)
	address := startS3(t, "results").address("results")
	bare, below := openS3(t, address), openS3(t, strings.Replace(address, "results?", "results/a/b/?", 1))
	put(t, below, 1)
	if bare.Has(t.Context(), nameOf(1)) || !below.Has(t.Context(), nameOf(1)) {
		t.Error("prefixes make no difference")
	}
	if got := below.String(); got != "s3://results/a/b" {
		t.Errorf("it is called %s", got)
	}
}

func TestS3Addresses(t *testing.T) {
	identify(t, accessKey, secretKey)
	s := startS3(t, "results")
	for address, want := range map[string]string{
		"s3://":                                    "s3://: write s3://bucket/prefix?endpoint=HOST:PORT",
		"s3:///prefix":                             "s3://: write s3://bucket/prefix?endpoint=HOST:PORT",
		"s3://results#part":                        "s3://results: write s3://bucket/prefix?endpoint=HOST:PORT",
		"s3://a b":                                 "the address of the bucket cannot be read: write s3://bucket/prefix?endpoint=HOST:PORT",
		"s3://results?a=%zz":                       "s3://results: what stands behind the ? cannot be read: write endpoint=HOST:PORT&region=NAME",
		"s3://results?secret=hidden":               `s3://results: "secret" is no part of an address: there are endpoint, region and insecure`,
		"s3://results?insecure=yes":                `s3://results: insecure="yes": write true or false`,
		"s3://results?endpoint=":                   `s3://results: endpoint="": write HOST:PORT`,
		"s3://results?endpoint=http://localhost:1": `s3://results: endpoint "http://localhost:1": write HOST or HOST:PORT`,
		"s3://" + accessKey + ":" + secretKey[:6] + "@results/a": "the address of a bucket holds no credentials: leave out what stands before the @, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
		s.address("missing"): "s3://missing: " + s.endpoint() + " has no bucket missing: make it, or name another",
		strings.Replace(s.address("results"), "insecure=true&", "", 1): "s3://results: " + s.endpoint() + " cannot be reached: http: server gave HTTP response to HTTPS client: check endpoint and insecure in the address",
	} {
		if _, err := store.OpenS3(t.Context(), address); err == nil || err.Error() != want {
			t.Errorf("%s: error\n%v, want\n%s", address, err, want)
		}
	}
}

func TestS3Credentials(t *testing.T) {
	s := startS3(t, "results")
	file := filepath.Join(t.TempDir(), "credentials")
	content := fmt.Sprintf("[default]\naws_access_key_id = nobody\naws_secret_access_key = none\n[canopy]\naws_access_key_id = %s\naws_secret_access_key = %s\n", accessKey, secretKey)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, key, secret, file, profile, want string }{
		{"of the environment", accessKey, secretKey, "", "", ""},
		{"of a file", "", "", file, "canopy", ""},
		{"of another profile", "", "", file, "", "s3://results: the credentials are refused (AccessDenied): check them; they need to list the bucket, and to get, put and delete objects"},
		{"none", "", "", "", "", "s3://results: there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE"},
		{"unknown", "AKIAOTHER", secretKey, "", "", "s3://results: the credentials are refused (AccessDenied): check them; they need to list the bucket, and to get, put and delete objects"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			identify(t, tt.key, tt.secret)
			if tt.file != "" {
				t.Setenv("AWS_SHARED_CREDENTIALS_FILE", tt.file)
			}
			t.Setenv("AWS_PROFILE", tt.profile)
			_, err := store.OpenS3(t.Context(), s.address("results"))
			switch {
			case tt.want == "" && err != nil, tt.want != "" && (err == nil || err.Error() != tt.want):
				t.Errorf("error %v, want %s", err, tt.want)
			case err != nil && strings.Contains(err.Error(), secretKey):
				t.Errorf("the error tells the secret: %v", err)
			}
		})
	}
}

func TestS3OutOfReach(t *testing.T) {
	identify(t, accessKey, secretKey)
	s := startS3(t, "results")
	s.Close()
	_, err := store.OpenS3(t.Context(), s.address("results"))
	if err == nil || !strings.HasPrefix(err.Error(), "s3://results: "+s.endpoint()+" cannot be reached: dial tcp") || !strings.HasSuffix(err.Error(), "connection refused: check endpoint and insecure in the address") {
		t.Errorf("error %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.OpenS3(over, s.address("results")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}

// A server that is busy is asked again, and gets the same bytes.
func TestS3IsAskedAgain(t *testing.T) {
	identify(t, accessKey, secretKey)
	s := startS3(t, "results")
	kept := openS3(t, s.address("results"))
	asked := 0
	busy := func(w http.ResponseWriter, r *http.Request) bool {
		if asked++; asked%3 == 0 {
			return false
		}
		_, _ = io.Copy(io.Discard, r.Body)
		refuse(w, http.StatusServiceUnavailable, "SlowDown")
		return true
	}
	s.before.Store(&busy)
	want := bytes.Repeat([]byte("canopy"), 20_000)
	if err := kept.Put(t.Context(), nameOf(1), bytes.NewReader(want), int64(len(want))); err != nil {
		t.Fatal(err)
	}
	r, _, err := kept.Get(t.Context(), nameOf(1))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) || asked != 6 {
		t.Errorf("%d bytes after %d requests, error %v", len(got), asked, err)
	}
}

// A connection that breaks is no end of the content.
func TestS3ConnectionThatBreaks(t *testing.T) {
	identify(t, accessKey, secretKey)
	s := startS3(t, "results")
	kept := openS3(t, s.address("results"))
	put(t, kept, 1)
	broken := func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Length", fmt.Sprint(thingB))
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		_, _ = w.Write(make([]byte, thingB/2))
		panic(http.ErrAbortHandler)
	}
	s.before.Store(&broken)
	r, sizeB, err := kept.Get(t.Context(), nameOf(1))
	if err != nil || sizeB != thingB {
		t.Fatalf("%d bytes, error %v", sizeB, err)
	}
	if got, err := io.ReadAll(r); err == nil {
		t.Errorf("%d of %d bytes, and no error", len(got), thingB)
	}
}
