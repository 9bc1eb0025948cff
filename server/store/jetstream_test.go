package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/server/store/storetest"
)

const natsScheme = "nats://"

// startNATS starts a server with JetStream, of storeB bytes if that is not 0.
func startNATS(t *testing.T, storeB int64) *server.Server {
	t.Helper()
	return startNATSIn(t, t.TempDir(), storeB)
}

func startNATSIn(t *testing.T, dir string, storeB int64) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, JetStreamMaxStore: storeB, StoreDir: dir, NoLog: true, NoSigs: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not start")
	}
	return s
}

// connect returns JetStream, until ctx is done.
func connect(ctx context.Context, url string) (jetstream.JetStream, error) {
	conn, err := nats.Connect(url)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, conn.Close)
	return jetstream.New(conn)
}

func stream(t *testing.T, s *server.Server) jetstream.JetStream {
	t.Helper()
	js, err := connect(t.Context(), s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// openNATS opens the bucket at nats://HOST:PORT/BUCKET.
func openNATS(ctx context.Context, place string) (store.Store, error) {
	slash := strings.LastIndex(place, "/")
	js, err := connect(ctx, place[:slash])
	if err != nil {
		return nil, err
	}
	return store.OpenJetStream(ctx, js, place[slash+1:], 256<<20)
}

func openJetStream(t *testing.T, js jetstream.JetStream, limitB int64) *store.JetStream {
	t.Helper()
	j, err := store.OpenJetStream(t.Context(), js, "canopy", limitB)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestJetStream(t *testing.T) {
	s, places := startNATS(t, 0), 0
	storetest.Run(t, storetest.Kind{
		Open: open,
		Place: func(*testing.T) string {
			places++
			return fmt.Sprintf("%s/place-%d", s.ClientURL(), places)
		},
		// The server has no room, and the bucket does not know.
		Full: func(t *testing.T) store.Store {
			return openJetStream(t, stream(t, startNATS(t, storetest.FullB+storetest.FullB/4)), -1)
		},
	})
}

// The oldest go where the bucket has no room, and leave nothing behind.
func TestTheOldestLeaveTheBucket(t *testing.T) {
	js := stream(t, startNATS(t, 0))
	const limitB = 20 * thingB
	j := openJetStream(t, js, limitB)
	for n := range 60 {
		put(t, j, n)
		if !j.Has(t.Context(), nameOf(n)) {
			t.Fatalf("%d is gone at once", n)
		}
	}
	var left []int
	for n := range 60 {
		if j.Has(t.Context(), nameOf(n)) {
			left = append(left, n)
		}
	}
	if len(left) < 10 || len(left) > 20 || !slices.IsSorted(left) || left[0] != 60-len(left) {
		t.Errorf("left are %v: want the last, and as many as have room", left)
	}
	if state := stateOf(t, js); state.State.Bytes > limitB || state.State.Msgs != uint64(2*len(left)) {
		t.Errorf("%d bytes, and %d messages of %d things", state.State.Bytes, state.State.Msgs, len(left))
	}
	err := j.Put(t.Context(), nameOf(99), bytes.NewReader(make([]byte, limitB)), limitB)
	if !errors.Is(err, store.ErrTooLarge) || !j.Has(t.Context(), nameOf(59)) {
		t.Errorf("what is larger than the bucket: error %v", err)
	}
}

// What a killed process has left of an upload goes before what is whole.
func TestAbandonedContentLeavesTheBucket(t *testing.T) {
	js := stream(t, startNATS(t, 0))
	const limitB = 20 * thingB
	j := openJetStream(t, js, limitB)
	put(t, j, 1)
	for range 2 {
		if _, err := js.Publish(t.Context(), "$O.canopy.C.LOST", make([]byte, 6*thingB)); err != nil {
			t.Fatal(err)
		}
	}
	objects, err := js.ObjectStore(t.Context(), "canopy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := objects.PutBytes(t.Context(), "part-0", make([]byte, 6*thingB)); err != nil {
		t.Fatal(err)
	}
	// It may be on its way, so that what is whole goes, in vain.
	putLarge := func() error { return j.Put(t.Context(), nameOf(2), bytes.NewReader(make([]byte, 2*thingB)), 2*thingB) }
	if err := putLarge(); err == nil || j.Has(t.Context(), nameOf(1)) {
		t.Errorf("error %v", err)
	}
	j.Impatient()
	if err := putLarge(); err != nil || stateOf(t, js).State.Msgs != 2 || !j.Has(t.Context(), nameOf(2)) {
		t.Errorf("%d messages, error %v: want those of one thing", stateOf(t, js).State.Msgs, err)
	}
}

func stateOf(t *testing.T, js jetstream.JetStream) *jetstream.StreamInfo {
	t.Helper()
	s, err := js.Stream(t.Context(), "OBJ_canopy")
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo()
}

// A bucket that is there is taken as it is, whoever opens it with what limit.
func TestABucketThatIsThere(t *testing.T) {
	js := stream(t, startNATS(t, 0))
	if _, err := js.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "canopy", MaxBytes: 12345, Compression: true}); err != nil {
		t.Fatal(err)
	}
	openJetStream(t, js, 1<<30)
	if got := stateOf(t, js).Config; got.MaxBytes != 12345 || got.Compression == jetstream.NoCompression {
		t.Errorf("the bucket has %d bytes and compression %v now", got.MaxBytes, got.Compression)
	}
}

func TestABucketLargerThanTheServer(t *testing.T) {
	_, err := store.OpenJetStream(t.Context(), stream(t, startNATS(t, 1000)), "canopy", 2000)
	if want := "NATS has no room for the bucket canopy, of 2000 bytes: ask for fewer (--cache-size), or give it more"; err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
}

func TestNATSWithoutJetStream(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	defer s.Shutdown()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not start")
	}
	_, err = store.OpenJetStream(t.Context(), stream(t, s), "canopy", 1<<30)
	if err == nil || !strings.HasPrefix(err.Error(), "the bucket canopy of NATS cannot keep results: ") {
		t.Errorf("error %v", err)
	}
}

// TestNATSOnAFullDisk: what others have filled costs what is put, and nothing of
// what is kept. NATS itself writes again once it is restarted.
func TestNATSOnAFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("waits until NATS is late")
	}
	dir := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=40m", "canopy", dir).Run(); err != nil {
		t.Skipf("no right to mount a disk: %v", err)
	}
	t.Cleanup(func() {
		if err := exec.Command("umount", dir).Run(); err != nil {
			t.Errorf("umount %s: %v", dir, err)
		}
	})
	const sizeB = 3 << 20
	keep := func(s store.Store, n int) error {
		return s.Put(t.Context(), nameOf(n), bytes.NewReader(make([]byte, sizeB)), sizeB)
	}
	first := startNATSIn(t, dir, 0)
	j := openJetStream(t, stream(t, first), 20<<20)
	if err := keep(j, 1); err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 64<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if err := keep(j, 2); err == nil || j.Has(t.Context(), nameOf(2)) || !j.Has(t.Context(), nameOf(1)) {
		t.Errorf("on a full disk: error %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	first.Shutdown()
	first.WaitForShutdown()
	j = openJetStream(t, stream(t, startNATSIn(t, dir, 0)), 20<<20)
	if err := keep(j, 3); err != nil || !j.Has(t.Context(), nameOf(1)) {
		t.Errorf("after a restart: error %v", err)
	}
}

// chunksOf returns the subject of the content of a thing.
func chunksOf(t *testing.T, js jetstream.JetStream, name string) string {
	t.Helper()
	objects, err := js.ObjectStore(t.Context(), "canopy")
	if err != nil {
		t.Fatal(err)
	}
	info, err := objects.GetInfo(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return "$O.canopy.C." + info.NUID
}

// What the server has lost or changed is not there, to those who read it and to
// those who come after.
func TestDamageInABucket(t *testing.T) {
	js := stream(t, startNATS(t, 0))
	j := openJetStream(t, js, 1<<30)
	objects, err := js.Stream(t.Context(), "OBJ_canopy")
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(chunks string) error{
		"all is lost": func(chunks string) error { return objects.Purge(t.Context(), jetstream.WithPurgeSubject(chunks)) },
		"the first is lost": func(chunks string) error {
			return objects.Purge(t.Context(), jetstream.WithPurgeSubject(chunks), jetstream.WithPurgeKeep(2))
		},
		"more came": func(chunks string) error {
			_, err := js.Publish(t.Context(), chunks, []byte("more"))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := make([]byte, 3<<19)
			if err := j.Put(t.Context(), nameOf(1), bytes.NewReader(want), int64(len(want))); err != nil {
				t.Fatal(err)
			}
			if err := spoil(chunksOf(t, js, nameOf(1))); err != nil {
				t.Fatal(err)
			}
			r, _, err := j.Get(t.Context(), nameOf(1))
			if err == nil {
				_, err = io.ReadAll(r)
				err = errors.Join(err, r.Close())
			}
			if !errors.Is(err, fs.ErrNotExist) || j.Has(t.Context(), nameOf(1)) {
				t.Errorf("error %v", err)
			}
		})
	}
}
