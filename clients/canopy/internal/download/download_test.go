package download_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/canopyradar/canopy/clients/canopy/internal/download"
	"github.com/canopyradar/canopy/clients/canopy/internal/flaky"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// content is longer than any buffer on the way. It tells damage from itself.
var content = func() []byte {
	text := make([]byte, 1<<20)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(text)
	return text
}()

// hurried is a client that loses no time in tests.
func hurried(t *testing.T) *download.Client {
	t.Helper()
	c := download.New("canopy/test", 4)
	c.Stall, c.FirstWait, c.LongestWait, c.Tries = 300*time.Millisecond, time.Millisecond, 2*time.Second, 4
	t.Cleanup(c.Close)
	return c
}

func isContent(_ context.Context, path string) error {
	text, err := os.ReadFile(path)
	if err == nil && !bytes.Equal(text, content) {
		return errors.New("it is not what it should be")
	}
	return err
}

const half = 1 << 19

func TestFile(t *testing.T) {
	tagged := func(n int) string { return fmt.Sprintf(`"version-%d"`, n) }
	type faults = []flaky.Fault
	whole, rest := "GET /a", fmt.Sprintf("GET /a bytes=%d-", half)
	tests := []struct {
		name   string
		faults faults
		asked  []string
		err    string
	}{
		{"undisturbed", nil, []string{whole}, ""},
		{"cut in the middle", faults{flaky.Cut(half)}, []string{whole, rest}, ""},
		{"cut before the first byte", faults{flaky.Cut(0)}, []string{whole, whole}, ""},
		{"cut at each of many bytes", many(flaky.Cut(half/8), 15), nil, ""},
		{"503", faults{flaky.Refuse(503, "")}, []string{whole, whole}, ""},
		{"503 with Retry-After", faults{flaky.Refuse(503, "1")}, []string{whole, whole}, ""},
		{"429 after a cut", faults{flaky.Cut(half), flaky.Refuse(429, "0")}, []string{whole, rest, rest}, ""},
		{"a wait that is too long", faults{flaky.Refuse(503, "3600")}, []string{whole}, "503 service unavailable and asks to come back in 1h0m0s"},
		{"503 for ever", many(flaky.Refuse(503, ""), 9), []string{whole, whole, whole, whole}, "503 service unavailable (4 tries); try again later"},
		{"503 with Retry-After for ever", many(flaky.Refuse(503, "0"), 9), []string{whole, whole, whole, whole}, "(4 tries)"},
		{"404", faults{flaky.Refuse(404, "")}, []string{whole}, "the server answers 404 not found"},
		{"403", faults{flaky.Refuse(403, "")}, []string{whole}, "the server answers 403 forbidden"},
		{"wrong bytes of the right length, once", faults{flaky.Corrupt}, []string{whole, whole}, ""},
		{"wrong bytes for ever", many(flaky.Corrupt, 9), []string{whole, whole, whole}, "came damaged: its MD5 is"},
		{"wrong bytes without a sum", many(flaky.Tag(tagged(1), flaky.Corrupt), 9), []string{whole, whole, whole}, "came damaged: it is not what it should be (3 times)"},
		{"a wrong length", many(flaky.Truncate(half), 9), []string{whole, whole, whole}, "came damaged: its MD5 is"},
		{"a wrong length without a sum", many(flaky.Tag(tagged(1), flaky.Truncate(half)), 9), []string{whole, whole, whole}, "came damaged: it is not what it should be (3 times)"},
		{"a range that is ignored", faults{flaky.Cut(half), flaky.IgnoreRange}, []string{whole, rest}, ""},
		{"another ETag between tries", faults{flaky.Tag(tagged(1), flaky.Cut(half)), flaky.Tag(tagged(2), nil)}, []string{whole, rest}, ""},
		{"a weak ETag", faults{flaky.Tag(`W/"1"`, flaky.Cut(half)), flaky.Tag(`W/"1"`, nil)}, []string{whole, whole}, ""},
		{"If-Range that is ignored", faults{flaky.Tag(tagged(1), flaky.Cut(half)), otherPart(tagged(2))}, []string{whole, rest, whole}, ""},
		{"silence in the middle", faults{flaky.Stall(half)}, []string{whole, rest}, ""},
		{"silence at once", faults{flaky.Stall(0)}, []string{whole, whole}, ""},
		{"cut for ever at the same place", many(noRange(flaky.Cut(half)), 99), nil, "unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := flaky.Start(t, map[string][]byte{"/a": content})
			s.Fail("/a", tt.faults...)
			folder := t.TempDir()
			var gained atomic.Int64
			err := hurried(t).File(t.Context(), download.File{
				Address: s.URL + "/a", Path: filepath.Join(folder, "a"), Accept: isContent, Gained: func(n int64) { gained.Add(n) },
			})
			if diff := cmp.Diff(tt.asked, s.Asked()); tt.asked != nil && diff != "" {
				t.Error(diff)
			}
			if tt.err == "" {
				wantWhole(t, folder, err, gained.Load())
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %v, want %s", err, tt.err)
			}
			if _, err := os.Stat(filepath.Join(folder, "a")); err == nil {
				t.Error("the file has its name")
			}
		})
	}
}

// wantWhole checks that the file is there, and nothing beside it.
func wantWhole(t *testing.T, folder string, err error, gainedB int64) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := isContent(t.Context(), filepath.Join(folder, "a")); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("left over: %v", left)
	}
	if gainedB != int64(len(content)) {
		t.Errorf("told of %d bytes, and it has %d", gainedB, len(content))
	}
}

func many(f flaky.Fault, n int) []flaky.Fault {
	all := make([]flaky.Fault, n)
	for i := range all {
		all[i] = f
	}
	return all
}

// otherPart answers with the part that was asked for of another version.
func otherPart(etag string) flaky.Fault {
	return flaky.Tag(etag, func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		r.Header.Del("If-Range")
		serve(w, r)
	})
}

func noRange(then flaky.Fault) flaky.Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		r.Header.Del("Range")
		then(w, r, serve)
	}
}

// What a run leaves when it ends at any moment, and what the next one makes of
// it.
func TestFileTakesUpWhatIsThere(t *testing.T) {
	const origin = `{"validator":"\"v\"","size_b":1048576,"md5":""}`
	tests := []struct {
		name  string
		left  map[string]string
		asked []string
	}{
		{"whole already", map[string]string{"a": string(content)}, nil},
		{"whole, and ended before the traces were gone", map[string]string{"a": string(content), "a.part.json": origin}, nil},
		{"a damaged file of that name", map[string]string{"a": "damaged"}, []string{"GET /a"}},
		{"a part", map[string]string{"a.part": string(content[:half]), "a.part.json": origin}, []string{fmt.Sprintf("GET /a bytes=%d-", half)}},
		{"all bytes, not looked at", map[string]string{"a.part": string(content), "a.part.json": origin}, nil},
		{"all bytes, damaged", map[string]string{"a.part": strings.Repeat("x", len(content)), "a.part.json": origin}, []string{"GET /a"}},
		{"too many bytes", map[string]string{"a.part": string(content) + "x", "a.part.json": origin}, []string{"GET /a"}},
		{"a part of another version", map[string]string{"a.part": "other", "a.part.json": `{"validator":"\"w\"","size_b":9,"md5":""}`}, []string{"GET /a bytes=5-"}},
		{"a part that got its last bytes from a disk that was switched off",
			map[string]string{"a.part": string(content[:half]) + strings.Repeat("\x00", 100), "a.part.json": origin},
			[]string{fmt.Sprintf("GET /a bytes=%d-", half+100), "GET /a"}},
		{"a part of nobody knows what", map[string]string{"a.part": "other"}, []string{"GET /a"}},
		{"a part whose origin is half written", map[string]string{"a.part": "other", "a.part.json": origin[:20]}, []string{"GET /a"}},
		{"an origin without a part", map[string]string{"a.part.json": origin}, []string{"GET /a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := flaky.Start(t, map[string][]byte{"/a": content})
			s.Fail("/a", many(flaky.Tag(`"v"`, nil), 2)...)
			folder := t.TempDir()
			for name, text := range tt.left {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := hurried(t).File(t.Context(), file(s, folder))
			wantWhole(t, folder, err, int64(len(content)))
			if diff := cmp.Diff(tt.asked, s.Asked()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func file(s *flaky.Server, folder string) download.File {
	return download.File{Address: s.URL + "/a", Path: filepath.Join(folder, "a"), Accept: isContent, Gained: func(int64) {}}
}

// A full disk, by way of a part that leads to a device that is always full.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	s := flaky.Start(t, map[string][]byte{"/a": content})
	folder := t.TempDir()
	if err := os.Symlink("/dev/full", filepath.Join(folder, "a.part")); err != nil {
		t.Fatal(err)
	}
	err := hurried(t).File(t.Context(), file(s, folder))
	var cause *fs.PathError
	if !errors.Is(err, syscall.ENOSPC) || !errors.As(err, &cause) || len(s.Asked()) != 1 {
		t.Errorf("got %v after %d requests", err, len(s.Asked()))
	}
}

func TestCancelled(t *testing.T) {
	tests := []struct {
		name  string
		fault flaky.Fault
	}{
		{"in the middle of a body", flaky.Stall(half)},
		{"before an answer", flaky.Stall(0)},
		{"while waiting for another try", flaky.Refuse(503, "2")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := flaky.Start(t, map[string][]byte{"/a": content})
			s.Fail("/a", tt.fault)
			c := hurried(t)
			c.Stall = time.Minute
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			begun := time.Now()
			if err := c.File(ctx, file(s, t.TempDir())); !errors.Is(err, context.Canceled) || time.Since(begun) > time.Second {
				t.Errorf("%v after %v", err, time.Since(begun))
			}
		})
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	s := flaky.Start(t, nil)
	secret := strings.Replace(s.URL, "http://", "http://robin:hush@", 1)
	addresses := []string{secret + "/a?key=hush", "http://robin:hush@127.0.0.1:1/a?key=hush", "ftp://robin:hush@host/a?key=hush", "http://robin:hush@[x/?key=hush"}
	for _, address := range addresses {
		_, err := hurried(t).SizeB(t.Context(), address)
		if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "robin") {
			t.Errorf("got %v", err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	s := flaky.Start(t, map[string][]byte{"/a": content})
	s.Fail("/a", many(flaky.Refuse(503, ""), 9)...)
	tests := []struct{ name, address string }{
		{"a server that refuses for now", s.URL + "/a"},
		{"no server", "http://127.0.0.1:1/a"},
		{"no such name", "http://nowhere.invalid/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var unreachable *download.UnreachableError
			if _, _, err := hurried(t).Text(t.Context(), tt.address, 1<<20); !errors.As(err, &unreachable) || !strings.HasPrefix(err.Error(), tt.address+": ") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSizeB(t *testing.T) {
	s := flaky.Start(t, map[string][]byte{"/a": content})
	if got, err := hurried(t).SizeB(t.Context(), s.URL+"/a"); got != int64(len(content)) || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
	var refused *download.StatusError
	if _, err := hurried(t).SizeB(t.Context(), s.URL+"/b"); !errors.As(err, &refused) || refused.Code != http.StatusNotFound {
		t.Errorf("got %v", err)
	}
}

func TestText(t *testing.T) {
	untilTheEnd := func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			fmt.Fprint(conn, "HTTP/1.0 200 OK\r\n\r\nonly the beg")
			conn.Close()
		}
	}
	tests := []struct {
		name  string
		fault flaky.Fault
		mostB int64
		err   string
	}{
		{"undisturbed", nil, 1 << 20, ""},
		{"cut once", flaky.Cut(half), 1 << 20, ""},
		{"truncated once", flaky.Truncate(half), 1 << 20, ""},
		{"too long", nil, half, "more than 524288 bytes"},
		{"without a length", untilTheEnd, 1 << 20, "does not tell its length"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := flaky.Start(t, map[string][]byte{"/a": content})
			s.Fail("/a", tt.fault)
			text, took, err := hurried(t).Text(t.Context(), s.URL+"/a", tt.mostB)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil || !bytes.Equal(text, content) || took <= 0 {
				t.Errorf("%d bytes in %v, %v", len(text), took, err)
			}
		})
	}
}
