package main_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Surfaces outlive a process, and are the only thing that a cache leaves.
func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	files := func() (all []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	want := run(t, "gaps", "--airspace", "peru/madre-de-dios", "-o", "json")
	for range 2 {
		if got := run(t, "gaps", "--airspace", "peru/madre-de-dios", "-o", "json", "--cache", dir); got != want || got.code != 0 {
			t.Errorf("exit code %d, %d bytes, %s", got.code, len(got.stdout), got.stderr)
		}
		if all := files(); len(all) != 1 || !strings.HasSuffix(all[0], ".floor") {
			t.Errorf("files %q: want one surface", all)
		}
	}
	if got := run(t, "gaps", "--scenario", "tps70-pair", "--cache", dir); got.code != 0 || len(files()) != 2 {
		t.Errorf("a radar more: exit code %d, files %q", got.code, files())
	}
	wantFault(t, run(t, "gaps", "--cache", filepath.Join(dir, files()[0])), 2, "cannot keep surfaces: not a directory")
}

// Surfaces in a bucket serve other processes, which say the same bytes.
func TestCacheInABucket(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "canopy")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "nobody-but-us")
	bucket := s3mem.New()
	if err := bucket.CreateBucket("results"); err != nil {
		t.Fatal(err)
	}
	writes, next := 0, gofakes3.New(bucket).Server()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			writes++
		}
		next.ServeHTTP(w, r)
	}))
	defer s.Close()
	place := "s3://results/peru?insecure=true&region=us-east-1&endpoint=" + strings.TrimPrefix(s.URL, "http://")
	want := run(t, "gaps", "--airspace", "peru/madre-de-dios", "-o", "json")
	for range 2 {
		if got := run(t, "gaps", "--airspace", "peru/madre-de-dios", "-o", "json", "--cache", place); got != want || got.code != 0 {
			t.Errorf("exit code %d, %d bytes, %s", got.code, len(got.stdout), got.stderr)
		}
		all, err := bucket.ListBucket("results", nil, gofakes3.ListBucketPage{})
		if err != nil || len(all.Contents) != 1 || !strings.HasPrefix(all.Contents[0].Key, "peru/") || !strings.HasSuffix(all.Contents[0].Key, ".floor") {
			t.Errorf("objects %v, error %v: want one surface", all, err)
		}
	}
	if writes != 1 {
		t.Errorf("%d surfaces were written: what is there is not read", writes)
	}
	s.Close()
	wantFault(t, run(t, "gaps", "--cache", place), 5, "cannot be reached")
}

// A cache on a full disk changes no answer and leaves nothing half done, and the
// log has a line. Once there is room it is used.
func TestCacheOnAFullDisk(t *testing.T) {
	disk := mount(t, "40m")
	dir, filler := filepath.Join(disk, "cache"), filepath.Join(disk, "filler")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	fillUp(t, filler)
	args := []string{"gaps", "--scenario", "four-modern", "-o", "json"}
	want := run(t, args...)
	got := run(t, append(args, "--cache", dir)...)
	if got.stdout != want.stdout || got.code != 0 {
		t.Errorf("exit code %d, %d bytes, %s", got.code, len(got.stdout), got.stderr)
	}
	if strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "surfaces cannot be kept") || !strings.Contains(got.stderr, "no space left on device") {
		t.Errorf("said %q", got.stderr)
	}
	if all, err := os.ReadDir(dir); err != nil || len(all) != 0 {
		t.Errorf("left behind: %v, error %v", all, err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := run(t, append(args, "--cache", dir)...); got != want {
			t.Errorf("with room: exit code %d, %d bytes, %s", got.code, len(got.stdout), got.stderr)
		}
	}
	if all, err := filepath.Glob(filepath.Join(dir, "*.floor")); err != nil || len(all) != 4 {
		t.Errorf("files %q, error %v: want those of four radars", all, err)
	}
}
