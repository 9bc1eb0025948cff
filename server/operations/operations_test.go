package operations

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open returns a store whose log is in the buffer.
func open(t *testing.T, dir string, keep int) (*Store, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	s, err := Open(dir, keep, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Stop(); s.Wait() })
	return s, log
}

// answer is a task that answers at once.
func answer(text string) Task {
	return Task{Metadata: wrapperspb.String("begun"), Run: func(_ context.Context, tell func(proto.Message)) (proto.Message, error) {
		tell(wrapperspb.String("ended"))
		return wrapperspb.String(text), nil
	}}
}

func end(t *testing.T, s *Store, task Task) *longrunningpb.Operation {
	t.Helper()
	o, err := s.Begin(task)
	if err != nil {
		t.Fatal(err)
	}
	return wait(t, s, o.GetName())
}

func wait(t *testing.T, s *Store, name string) *longrunningpb.Operation {
	t.Helper()
	o, err := s.WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: name, Timeout: durationpb.New(time.Minute)})
	if err != nil || !o.GetDone() {
		t.Fatalf("waited for %v, %v", o, err)
	}
	return o
}

func names(t *testing.T, s *Store) []string {
	t.Helper()
	list, err := s.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, o := range list.GetOperations() {
		all = append(all, o.GetName())
	}
	return all
}

func TestOldestAreRemoved(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		s, log := open(t, dir, 3)
		var want []string
		for range 6 {
			want = slices.Insert(want, 0, end(t, s, answer("x")).GetName())
			time.Sleep(2 * time.Millisecond) // names have milliseconds
		}
		if got := names(t, s); !slices.Equal(got, want[:3]) || log.Len() > 0 {
			t.Errorf("kept %v, want %v; said %s", got, want[:3], log)
		}
	}
}

func TestThoseThatRunAreKept(t *testing.T) {
	s, _ := open(t, t.TempDir(), 1)
	goOn := make(chan struct{})
	first, err := s.Begin(Task{Metadata: wrapperspb.String("begun"), Run: func(context.Context, func(proto.Message)) (proto.Message, error) {
		<-goOn
		return wrapperspb.String("late"), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Millisecond)
	end(t, s, answer("x"))
	close(goOn)
	if got := wait(t, s, first.GetName()); got.GetResponse() == nil {
		t.Errorf("ended as %v", got)
	}
}

// TestDamagedFiles are passed over, each with one line in the log.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir, 0)
	whole, damaged := end(t, s, answer("whole")), end(t, s, answer("damaged"))
	path := filepath.Join(dir, strings.TrimPrefix(damaged.GetName(), namePrefix)+suffix)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(filepath.Join(dir, strings.TrimPrefix(whole.GetName(), namePrefix)+suffix))
	if err != nil {
		t.Fatal(err)
	}
	changed := slices.Clone(text)
	changed[len(changed)/2] ^= 1
	tests := map[string][]byte{"empty": nil, "short": text[:3], "cut off": text[:len(text)-9], "changed": changed, "another's": other}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, log := open(t, dir, 0)
			for range 2 {
				if got := names(t, s); !slices.Equal(got, []string{whole.GetName()}) {
					t.Errorf("listed %v", got)
				}
			}
			if strings.Count(log.String(), "the file is damaged") != 1 {
				t.Errorf("said %q", log)
			}
		})
	}
}

// TestClockSetBack has operations that began tomorrow by the clock as it was: those
// that begin now are newer all the same, and are not the first to be removed.
func TestClockSetBack(t *testing.T) {
	const keep = 3
	for _, dir := range []string{"", t.TempDir()} {
		s, log := open(t, dir, keep)
		for range keep {
			o, err := shown(newID(time.Now().Add(24*time.Hour)), wrapperspb.String("ended"), &result{response: wrapperspb.String("x")})
			if err != nil || !s.save(o) {
				t.Fatal("an operation of tomorrow is not saved: ", err)
			}
		}
		var want []string
		for range keep {
			want = slices.Insert(want, 0, end(t, s, answer("x")).GetName())
		}
		if got := names(t, s); !slices.Equal(got, want) {
			t.Errorf("listed %v, want %v; said %s", got, want, log)
		}
	}
}

func TestStrangeFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	strange := []string{"notes.txt", "..operation", "UPPERCASE00000000000000000.operation", partPrefix + "new"}
	for _, name := range strange {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := filepath.Join(dir, partPrefix+"old")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	s, log := open(t, dir, 0)
	if got := names(t, s); len(got) != 0 || log.Len() > 0 {
		t.Errorf("listed %v, said %s", got, log)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("a part that was left behind is still there")
	}
	for _, name := range strange {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// TestDirectoryGoesAway keeps what cannot be saved in memory.
func TestDirectoryGoesAway(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "operations")
	s, log := open(t, dir, 0)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	name := end(t, s, answer("kept")).GetName()
	if got := wait(t, s, name); got.GetResponse() == nil {
		t.Errorf("ended as %v", got)
	}
	if got := names(t, s); !slices.Equal(got, []string{name}) || !strings.Contains(log.String(), name[len(namePrefix):]) {
		t.Errorf("listed %v, said %s", got, log)
	}
	if _, err := s.DeleteOperation(t.Context(), &longrunningpb.DeleteOperationRequest{Name: name}); err != nil {
		t.Error(err)
	}
	if got := names(t, s); len(got) != 0 {
		t.Errorf("listed %v", got)
	}
}

func TestPagesAreShortEnough(t *testing.T) {
	s, _ := open(t, "", 0)
	long := strings.Repeat("x", 2<<20)
	for range 3 {
		end(t, s, answer(long))
	}
	pages := 0
	for token := ""; pages == 0 || token != ""; pages++ {
		list, err := s.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{PageToken: token})
		if err != nil || proto.Size(list) > 4<<20 || len(list.GetOperations()) != 1 {
			t.Fatalf("a page of %d, %v", proto.Size(list), err)
		}
		token = list.GetNextPageToken()
	}
	if pages != 3 {
		t.Errorf("%d pages", pages)
	}
}

func TestIDsAreInOrder(t *testing.T) {
	begun := time.UnixMilli(1)
	last := ""
	for _, after := range []time.Duration{0, time.Millisecond, time.Hour, 100 * 365 * 24 * time.Hour} {
		id := newID(begun.Add(after))
		if id <= last || !idPattern.MatchString(id) {
			t.Errorf("%s follows %s", id, last)
		}
		last = id
	}
}
