// Package operations keeps work that outlives its call, and tells of it by
// google.longrunning.Operations.
//
// Each operation is a file in a directory, written when it begins and when it
// ends, so that what has ended is still there when the server starts again. As
// long as an operation runs its process holds a lock beside the file. One that
// has not ended, and that nobody holds, was left behind by a process that is
// gone: whoever comes upon it ends it, with an error that says so. Several
// servers may share a directory.
//
//	operations.go  work that begins, goes on and ends
//	service.go     google.longrunning.Operations
//	files.go       where operations are kept: a directory, or memory
package operations

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/canopyradar/canopy/server/problem"
)

// DefaultKeep is how many operations a Store keeps that is not told.
const DefaultKeep = 100

// Store keeps operations. It implements google.longrunning.Operations.
type Store struct {
	longrunningpb.UnimplementedOperationsServer
	files  files
	keep   int
	logger *slog.Logger

	mu sync.Mutex
	// own are the operations that this process runs, and those that it could not
	// save, by id.
	own map[string]*operation
	// complained are the ids of files that the log has a line about.
	complained map[string]bool
	stopped    bool
	working    sync.WaitGroup
}

// Open returns a store of at most keep operations (0 for DefaultKeep) in dir,
// which it makes if there is none; where dir is empty, in memory. It fails when
// the directory cannot be used.
func Open(dir string, keep int, logger *slog.Logger) (*Store, error) {
	s := &Store{files: newMemory(), keep: keep, logger: logger, own: map[string]*operation{}, complained: map[string]bool{}}
	if keep == 0 {
		s.keep = DefaultKeep
	}
	if dir != "" {
		d, err := openDirectory(dir)
		if err != nil {
			return nil, err
		}
		s.files = d
	}
	return s, nil
}

// Task is work that outlives its call.
type Task struct {
	// Metadata is what is told of the work at first.
	Metadata proto.Message
	// Run does the work, and says by tell what there is to tell of it now. Neither
	// Metadata nor what it tells or returns may change afterwards.
	//
	// Its context ends when the operation is cancelled, or the server stopped: the
	// cause is then a *problem.RestartedError. It should soon return what it has.
	Run func(ctx context.Context, tell func(metadata proto.Message)) (proto.Message, error)
}

// operation is one of this process. The mutex of the store guards it.
type operation struct {
	id       string
	metadata proto.Message
	result   *result // nil until the operation has ended
	cancel   context.CancelCauseFunc
	// ended is closed when the operation has ended, and is saved.
	ended chan struct{}
}

// result is a response, or else a failure.
type result struct {
	response proto.Message
	failure  *status.Status
}

// Begin starts a task, and returns the operation that it is. It fails with a
// *problem.StoppingError after Stop.
func (s *Store) Begin(t Task) (*longrunningpb.Operation, error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	o := &operation{id: s.nextID(), metadata: t.Metadata, cancel: cancel, ended: make(chan struct{})}
	begun, err := s.snapshot(o)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		cancel(nil)
		return nil, &problem.StoppingError{}
	}
	s.own[o.id] = o
	s.working.Add(1)
	s.mu.Unlock()

	release, err := s.files.hold(o.id)
	if err != nil {
		s.complain(o.id, "an operation cannot be locked", err)
		release = func() {}
	}
	s.save(begun)
	s.prune()
	go func() {
		defer s.working.Done()
		defer cancel(nil)
		s.finish(o, s.run(ctx, o, t), release)
	}()
	return begun, nil
}

// run does the work of an operation.
func (s *Store) run(ctx context.Context, o *operation, t Task) *result {
	response, err := guard(func() (proto.Message, error) {
		return t.Run(ctx, func(metadata proto.Message) {
			s.mu.Lock()
			defer s.mu.Unlock()
			o.metadata = metadata
		})
	})
	if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = context.Cause(ctx)
	}
	if err == nil {
		return &result{response: response}
	}
	failure := status.Convert(problem.Status(err))
	if code := failure.Code(); code == codes.Internal || code == codes.DataLoss {
		s.logger.Error("internal error", "operation", o.id, "error", err)
	}
	return &result{failure: failure}
}

// guard makes an error of a panic, which would end the server.
func guard(work func() (proto.Message, error)) (response proto.Message, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return work()
}

// finish saves an operation before it shows that it has ended. One that cannot be
// saved stays in memory.
func (s *Store) finish(o *operation, with *result, release func()) {
	ended, err := shown(o.id, o.metadata, with)
	if err != nil {
		s.complain(o.id, "an operation cannot be encoded", err)
	}
	saved := err == nil && s.save(ended)
	s.mu.Lock()
	o.result = with
	if saved {
		delete(s.own, o.id)
	}
	s.mu.Unlock()
	release()
	close(o.ended)
}

// Stop ends all work, and lets none begin.
func (s *Store) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	for _, o := range s.own {
		o.cancel(&problem.RestartedError{})
	}
}

// Wait waits for all work to have ended, after Stop.
func (s *Store) Wait() { s.working.Wait() }

// find returns an operation of this process; nil for none.
func (s *Store) find(id string) *operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.own[id]
}

// snapshot returns an operation of this process as it is now.
func (s *Store) snapshot(o *operation) (*longrunningpb.Operation, error) {
	s.mu.Lock()
	metadata, with := o.metadata, o.result
	s.mu.Unlock()
	return shown(o.id, metadata, with)
}

// shown returns an operation as others see it; with is nil of one that runs.
func shown(id string, metadata proto.Message, with *result) (*longrunningpb.Operation, error) {
	o := &longrunningpb.Operation{Name: nameOf(id), Done: with != nil}
	var err error
	if o.Metadata, err = anypb.New(metadata); err != nil || with == nil {
		return o, err
	}
	if with.failure != nil {
		o.Result = &longrunningpb.Operation_Error{Error: with.failure.Proto()}
		return o, nil
	}
	response, err := anypb.New(with.response)
	o.Result = &longrunningpb.Operation_Response{Response: response}
	return o, err
}

// prune removes those that are the oldest of more than are kept, unless they
// still run.
func (s *Store) prune() {
	ids := s.ids()
	for _, id := range ids[min(s.keep, len(ids)):] {
		if o, err := s.get(id); err != nil || o.GetDone() {
			s.forget(id)
		}
	}
}

// forget removes an operation that has ended.
func (s *Store) forget(id string) {
	s.mu.Lock()
	delete(s.own, id)
	s.mu.Unlock()
	// Another process may have removed it as well.
	if err := s.files.remove(id); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.complain(id, "an operation cannot be removed", err)
	}
}

// complain has one line in the log about an operation.
func (s *Store) complain(id, what string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.complained[id] {
		s.complained[id] = true
		s.logger.Error(what, "operation", id, "error", err)
	}
}

// nextID returns the id of an operation that begins now. It is behind all others,
// even where the clock was set back: prune would take it for the oldest.
func (s *Store) nextID() string {
	now := time.Now()
	if ids := s.ids(); len(ids) > 0 {
		if newest := timeOf(ids[0]); now.Before(newest) {
			now = newest.Add(time.Millisecond)
		}
	}
	return newID(now)
}

// An id has the time in milliseconds before random bits, so that ids are in the
// order in which operations began.
const (
	timeBytes   = 6
	randomBytes = 10
)

var (
	idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
	idPattern  = regexp.MustCompile(`^[0-9a-v]{26}$`)
)

func newID(now time.Time) string {
	var raw [timeBytes + randomBytes]byte
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(raw[:timeBytes], ms[8-timeBytes:])
	_, _ = rand.Read(raw[timeBytes:]) // which never fails
	return idEncoding.EncodeToString(raw[:])
}

// timeOf returns the time in an id.
func timeOf(id string) time.Time {
	var ms [8]byte
	raw, _ := idEncoding.DecodeString(id) // which idPattern has let through
	copy(ms[8-timeBytes:], raw[:min(len(raw), timeBytes)])
	return time.UnixMilli(int64(binary.BigEndian.Uint64(ms[:])))
}

const namePrefix = "operations/"

func nameOf(id string) string { return namePrefix + id }

// idOf returns the id in a name, and whether it can be one.
func idOf(name string) (string, bool) {
	id, ok := strings.CutPrefix(name, namePrefix)
	return id, ok && idPattern.MatchString(id)
}
