package operations

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/canopyradar/canopy/server/paging"
	"github.com/canopyradar/canopy/server/problem"
)

// GetOperation fails with a *problem.NoOperationError, as all calls do that name
// an operation.
func (s *Store) GetOperation(_ context.Context, req *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	return s.named(req.GetName())
}

func (s *Store) named(name string) (*longrunningpb.Operation, error) {
	id, ok := idOf(name)
	if !ok {
		return nil, &problem.NoOperationError{Name: name}
	}
	return s.get(id)
}

// get returns an operation as it is now.
func (s *Store) get(id string) (*longrunningpb.Operation, error) {
	if o := s.find(id); o != nil {
		return s.snapshot(o)
	}
	o, err := s.read(id)
	if err != nil || o.GetDone() {
		return o, err
	}
	release, err := s.files.hold(id)
	if err != nil {
		return o, nil // its process holds it: it runs there
	}
	defer release()
	// It may have ended between the two.
	if o, err = s.read(id); err != nil || o.GetDone() {
		return o, err
	}
	o.Done = true
	o.Result = &longrunningpb.Operation_Error{Error: status.Convert(problem.Status(&problem.RestartedError{})).Proto()}
	s.save(o)
	return o, nil
}

// read fails for a damaged file as if there were none.
func (s *Store) read(id string) (*longrunningpb.Operation, error) {
	text, err := s.files.read(id)
	if err == nil {
		var o *longrunningpb.Operation
		if o, err = decode(text, id); err == nil {
			return o, nil
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		s.complain(id, "an operation cannot be read", err)
	}
	return nil, &problem.NoOperationError{Name: nameOf(id)}
}

// save reports whether it could.
func (s *Store) save(o *longrunningpb.Operation) bool {
	id, _ := idOf(o.GetName())
	text, err := encode(o)
	if err == nil {
		err = s.files.write(id, text)
	}
	if err != nil {
		s.complain(id, "an operation cannot be saved, and will be gone with this process", err)
	}
	return err == nil
}

// ids returns those of all operations, the newest first.
func (s *Store) ids() []string {
	all, err := s.files.list()
	if err != nil {
		s.complain("", "operations cannot be listed", err)
	}
	s.mu.Lock()
	all = slices.AppendSeq(all, maps.Keys(s.own))
	s.mu.Unlock()
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(b, a) })
	return slices.Compact(all)
}

// Pages have so many operations unless the caller asks for another number, and
// no more bytes than a gRPC client takes that is not told to take more.
const (
	defaultPageSize = 100
	maxPageSize     = 1000
	pageBytes       = 3 << 20
)

// ListOperations lists operations, the newest first. A page may have fewer than
// were asked for.
func (s *Store) ListOperations(_ context.Context, req *longrunningpb.ListOperationsRequest) (*longrunningpb.ListOperationsResponse, error) {
	wanted, err := listed(req)
	if err != nil {
		return nil, err
	}
	query := &longrunningpb.ListOperationsRequest{Filter: req.GetFilter()}
	after, err := paging.After(query, req.GetPageToken())
	if err != nil {
		return nil, err
	}
	resp := &longrunningpb.ListOperationsResponse{}
	size, bytes := cmp.Or(int(req.GetPageSize()), defaultPageSize), 0
	last := ""
	for _, id := range s.ids() {
		if after != "" && id >= after {
			continue
		}
		o, err := s.get(id)
		if err != nil || !wanted(o) {
			continue
		}
		bytes += proto.Size(o)
		if n := len(resp.Operations); n == size || n > 0 && bytes > pageBytes {
			resp.NextPageToken = paging.Token(query, last)
			return resp, nil
		}
		resp.Operations, last = append(resp.Operations, o), id
	}
	return resp, nil
}

// listed checks a request for a list, and returns its filter.
func listed(req *longrunningpb.ListOperationsRequest) (func(*longrunningpb.Operation) bool, error) {
	if name := req.GetName(); name != "" && name != strings.TrimSuffix(namePrefix, "/") {
		return nil, problem.Field("name", problem.ReasonFieldInvalid, "%q: want operations, or nothing", name)
	}
	if size := req.GetPageSize(); size < 0 || size > maxPageSize {
		return nil, problem.Field("page_size", problem.ReasonFieldInvalid, "%d is not between 0 and %d", size, maxPageSize)
	}
	if req.GetReturnPartialSuccess() {
		return nil, problem.Field("return_partial_success", problem.ReasonFieldInvalid, "true: leave it out, as there is one place only")
	}
	switch strings.ReplaceAll(req.GetFilter(), " ", "") {
	case "":
		return func(*longrunningpb.Operation) bool { return true }, nil
	case "done=true":
		return (*longrunningpb.Operation).GetDone, nil
	case "done=false":
		return func(o *longrunningpb.Operation) bool { return !o.GetDone() }, nil
	}
	return nil, problem.Field("filter", problem.ReasonFieldInvalid, "%q: want done=true, done=false or nothing", req.GetFilter())
}

// CancelOperation has no effect on an operation that has ended. It fails with a
// *problem.OperationElsewhereError.
func (s *Store) CancelOperation(_ context.Context, req *longrunningpb.CancelOperationRequest) (*emptypb.Empty, error) {
	if id, ok := idOf(req.GetName()); ok {
		if o := s.find(id); o != nil {
			o.cancel(nil)
			return &emptypb.Empty{}, nil
		}
	}
	o, err := s.named(req.GetName())
	if err == nil && !o.GetDone() {
		err = &problem.OperationElsewhereError{Name: req.GetName()}
	}
	return &emptypb.Empty{}, err
}

// DeleteOperation fails with a *problem.OperationRunningError for one that has
// not ended.
func (s *Store) DeleteOperation(_ context.Context, req *longrunningpb.DeleteOperationRequest) (*emptypb.Empty, error) {
	o, err := s.named(req.GetName())
	if err != nil {
		return nil, err
	}
	if !o.GetDone() {
		return nil, &problem.OperationRunningError{Name: req.GetName(), Before: "you delete it"}
	}
	id, _ := idOf(o.GetName())
	s.forget(id)
	return &emptypb.Empty{}, nil
}

// lookEvery is how long one who waits for an operation of another process waits
// before the file is read again.
const lookEvery = 250 * time.Millisecond

// WaitOperation returns the operation as it is when it has ended, or when the
// time is over: that of the request, or the server's for any call.
func (s *Store) WaitOperation(ctx context.Context, req *longrunningpb.WaitOperationRequest) (*longrunningpb.Operation, error) {
	patience := make(<-chan time.Time)
	if t := req.GetTimeout(); t != nil {
		if !t.IsValid() || t.AsDuration() < 0 {
			return nil, problem.Field("timeout", problem.ReasonFieldInvalid, "%q: want no less than 0s, or nothing", t)
		}
		patience = time.After(t.AsDuration())
	}
	for {
		var ended <-chan struct{}
		var look <-chan time.Time
		if o := s.find(strings.TrimPrefix(req.GetName(), namePrefix)); o != nil {
			ended = o.ended
		} else {
			look = time.After(lookEvery)
		}
		o, err := s.named(req.GetName())
		if err != nil || o.GetDone() {
			return o, err
		}
		select {
		case <-ended:
		case <-look:
		case <-patience:
			return s.named(req.GetName())
		case <-ctx.Done():
			if limit := new(problem.TimeoutError); errors.As(context.Cause(ctx), &limit) {
				return s.named(req.GetName())
			}
			return nil, ctx.Err()
		}
	}
}
