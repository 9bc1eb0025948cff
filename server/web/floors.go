package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sync/singleflight"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/problem"
)

// exporter is CoverageService.ExportFloor for a caller in the process.
type exporter func(context.Context, *canopyv1.ExportFloorRequest, func(*canopyv1.ExportFloorResponse) error) error

// floors computes each floor that is asked for once, however many ask for it,
// and keeps it.
type floors struct {
	export exporter
	kept   *kept
	group  singleflight.Group

	mu sync.Mutex
	// names are by request, works are of those that are being answered.
	names map[string]names
	works map[string]*work
}

// names are those of a floor's files.
type names struct{ file, about string }

// maxNames bounds the requests that are remembered; the files that they were
// answered with stay when they are forgotten.
const maxNames = 10000

// work is the computation of a floor. It ends when nobody waits for it any
// more.
type work struct {
	ctx     context.Context
	cancel  context.CancelFunc
	waiting int
}

func newFloors(export exporter, kept *kept) *floors {
	return &floors{export: export, kept: kept, names: map[string]names{}, works: map[string]*work{}}
}

// floor is a file, which is to be closed, and what it stands on.
type floor struct {
	*os.File
	names
	summary *canopyv1.FloorSummary
}

// get returns the floor of a request, which it computes if it has to.
func (f *floors) get(ctx context.Context, request *canopyv1.ExportFloorRequest) (*floor, error) {
	key, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
	if err != nil {
		return nil, err
	}
	if found, err := f.recall(string(key)); err == nil {
		return found, nil
	}
	work := f.join(ctx, string(key))
	defer f.leave(string(key), work)
	done := f.group.DoChan(string(key), func() (any, error) { return f.compute(work.ctx, string(key), request) })
	select {
	case result := <-done:
		if result.Err != nil {
			return nil, result.Err
		}
		return f.open(result.Val.(names))
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (f *floors) recall(key string) (*floor, error) {
	f.mu.Lock()
	found := f.names[key]
	f.mu.Unlock()
	return f.open(found)
}

// open returns a floor that is kept, or an error that is fs.ErrNotExist.
func (f *floors) open(n names) (*floor, error) {
	about, err := f.kept.open(n.about)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(about)
	if err := errors.Join(err, about.Close()); err != nil {
		return nil, err
	}
	summary := &canopyv1.FloorSummary{}
	if err := protojson.Unmarshal(text, summary); err != nil {
		return nil, err
	}
	file, err := f.kept.open(n.file)
	if err != nil {
		return nil, err
	}
	return &floor{File: file, names: n, summary: summary}, nil
}

func (f *floors) join(ctx context.Context, key string) *work {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := f.works[key]
	if w == nil {
		w = &work{}
		w.ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
		f.works[key] = w
	}
	w.waiting++
	return w
}

// leave ends the work with the last who waits, so that the next who asks does
// not get what was cut off.
func (f *floors) leave(key string, w *work) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if w.waiting--; w.waiting == 0 {
		w.cancel()
		delete(f.works, key)
		f.group.Forget(key)
	}
}

// compute makes the files of a floor.
func (f *floors) compute(ctx context.Context, key string, request *canopyv1.ExportFloorRequest) (made names, err error) {
	file, err := f.kept.create()
	if err != nil {
		return names{}, err
	}
	defer file.discard()
	summary, err := f.receive(ctx, request, file)
	if err != nil {
		return names{}, err
	}
	if made.file, err = f.kept.keep(file, floorEnding); err != nil {
		return names{}, err
	}
	if made.about, err = f.keepAbout(summary, made.file); err != nil {
		return names{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.names) >= maxNames {
		clear(f.names)
	}
	f.names[key] = made
	return made, nil
}

func (f *floors) keepAbout(summary *canopyv1.FloorSummary, floor string) (name string, err error) {
	text, err := document.Compact(summary)
	if err != nil {
		return "", err
	}
	about, err := f.kept.create()
	if err != nil {
		return "", err
	}
	defer about.discard()
	if _, err := about.Write(append(text, '\n')); err != nil {
		return "", err
	}
	return f.kept.keep(about, aboutEnding, floor)
}

// receive writes the file that the server makes.
func (f *floors) receive(ctx context.Context, request *canopyv1.ExportFloorRequest, file *part) (summary *canopyv1.FloorSummary, err error) {
	writtenB := int64(0)
	err = f.export(ctx, request, func(message *canopyv1.ExportFloorResponse) error {
		if message.GetSummary() != nil {
			summary = proto.CloneOf(message.GetSummary())
			return f.fit(summary.GetGeotiffBytes())
		}
		n, err := file.Write(message.GetGeotiffChunk())
		writtenB += int64(n)
		return err
	})
	if err == nil && writtenB != summary.GetGeotiffBytes() {
		err = fmt.Errorf("a floor of %d bytes has %d", summary.GetGeotiffBytes(), writtenB)
	}
	return summary, err
}

func (f *floors) fit(sizeB int64) error {
	if sizeB <= f.kept.limitB {
		return nil
	}
	return refuse(codes.ResourceExhausted, problem.ReasonRequestTooLarge,
		"the floor has %d bytes, and at most %d are kept: ask for a coarser resolution or shorter ranges, or over gRPC", sizeB, f.kept.limitB)
}
