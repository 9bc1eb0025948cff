package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// JetStream is a Store in a bucket of the object store of NATS JetStream.
//
// When the bucket has no room, what is oldest is removed, and what killed
// processes have left of uploads. Nothing grows too old.
type JetStream struct {
	objects jetstream.ObjectStore
	stream  jetstream.Stream
	bucket  string

	// abandoned is after which time content that nothing describes is not on its
	// way any more.
	abandoned time.Duration
	// making keeps two from making room at the same time.
	making sync.Mutex
}

// chunkB is how much goes into a message. They may have a MiB by default, and
// no more than 4000 of them may be on their way.
const chunkB = 512 << 10

// noStorage is what NATS calls that there is no room, for which its library has
// no name.
const noStorage = 10047

// OpenJetStream returns the store in a bucket. Where there is no such bucket it
// makes one of limitB bytes; one that is there is taken as it is.
func OpenJetStream(ctx context.Context, js jetstream.JetStream, bucket string, limitB int64) (*JetStream, error) {
	objects, err := js.ObjectStore(ctx, bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		objects, err = js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{
			Bucket: bucket, Description: "results of Canopy, which can be computed again", MaxBytes: limitB,
		})
		if full := new(jetstream.APIError); errors.As(err, &full) && full.ErrorCode == noStorage {
			return nil, fmt.Errorf("NATS has no room for the bucket %s, of %d bytes: ask for fewer (--cache-size), or give it more", bucket, limitB)
		}
	}
	if errors.Is(err, jetstream.ErrBucketExists) { // another process was quicker
		objects, err = js.ObjectStore(ctx, bucket)
	}
	if err != nil {
		return nil, fmt.Errorf("the bucket %s of NATS cannot keep results: %w", bucket, err)
	}
	stream, err := js.Stream(ctx, "OBJ_"+bucket)
	if err != nil {
		return nil, fmt.Errorf("the bucket %s of NATS cannot keep results: %w", bucket, err)
	}
	return &JetStream{objects: objects, stream: stream, bucket: bucket, abandoned: abandoned}, nil
}

func (j *JetStream) String() string { return "NATS bucket " + j.bucket }

// Subjects of a thing, as ADR-20 of NATS fixes them: one message that describes
// it, and those of its content.
func (j *JetStream) about(name string) string {
	return fmt.Sprintf("$O.%s.M.%s", j.bucket, base64.URLEncoding.EncodeToString([]byte(name)))
}

func (j *JetStream) chunks(id string) string { return fmt.Sprintf("$O.%s.C.%s", j.bucket, id) }

// Has implements Store.
func (j *JetStream) Has(ctx context.Context, name string) bool {
	if checkName(name) != nil {
		return false
	}
	_, err := j.objects.GetInfo(ctx, name)
	return err == nil
}

// A thing that is not read at least as fast is given up: a content that was
// removed meanwhile never ends.
const (
	slowestBPerS = 4 << 20
	latency      = 5 * time.Second
)

// Get implements Store. A reader fails with fs.ErrNotExist, too, where it comes
// upon what was removed meanwhile, or is damaged, and so removed.
func (j *JetStream) Get(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return nil, 0, err
	}
	info, err := j.objects.GetInfo(ctx, name)
	if err != nil {
		return nil, 0, plainJetStream(err)
	}
	if err := j.checkWhole(ctx, info); err != nil {
		return nil, 0, err
	}
	within, cancel := context.WithTimeout(ctx, latency+time.Duration(info.Size/slowestBPerS)*time.Second)
	content, err := j.objects.Get(within, name)
	if err != nil {
		cancel()
		return nil, 0, plainJetStream(err)
	}
	return &object{ObjectResult: content, of: j, ctx: ctx, cancel: cancel, info: info}, int64(info.Size), nil
}

func plainJetStream(err error) error {
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return fs.ErrNotExist
	}
	return err
}

// object reads what is kept.
type object struct {
	jetstream.ObjectResult
	of     *JetStream
	ctx    context.Context
	cancel context.CancelFunc
	info   *jetstream.ObjectInfo
}

func (o *object) Read(p []byte) (int, error) {
	n, err := o.ObjectResult.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = o.explain(err)
	}
	return n, err
}

func (o *object) Close() error {
	o.cancel()
	return o.ObjectResult.Close()
}

// explain tells what is not there any more from what cannot be read.
func (o *object) explain(err error) error {
	if o.ctx.Err() != nil {
		return o.ctx.Err()
	}
	if errors.Is(err, jetstream.ErrDigestMismatch) {
		return errors.Join(fs.ErrNotExist, o.of.remove(o.ctx, o.info))
	}
	return cmp.Or(o.of.checkWhole(o.ctx, o.info), err)
}

// checkWhole removes a thing whose content is lost, and fails with fs.ErrNotExist
// then.
func (j *JetStream) checkWhole(ctx context.Context, info *jetstream.ObjectInfo) error {
	chunks := j.chunks(info.NUID)
	state, err := j.stream.Info(ctx, jetstream.WithSubjectFilter(chunks))
	if err != nil {
		return err
	}
	if state.State.Subjects[chunks] == uint64(info.Chunks) {
		return nil
	}
	return errors.Join(fs.ErrNotExist, j.remove(ctx, info))
}

// Put implements Store. What is there already it takes for the same.
func (j *JetStream) Put(ctx context.Context, name string, content io.Reader, sizeB int64) error {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	if j.Has(ctx, name) {
		return nil
	}
	if err := j.makeRoom(ctx, sizeB); err != nil {
		return err
	}
	// The content ends with ctx. What tidies up after it must not.
	return j.write(context.WithoutCancel(ctx), name, full{hold(ctx, content, sizeB)})
}

// full reads as much as it is asked for: each read becomes a message.
type full struct{ io.Reader }

func (f full) Read(p []byte) (int, error) {
	n, err := io.ReadFull(f.Reader, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// partName begins the names of what is on its way.
const partName = "part-"

// write keeps content under another name first: where the bucket is full the
// library may describe content that is not there.
func (j *JetStream) write(ctx context.Context, name string, content io.Reader) error {
	part := fmt.Sprintf("%s%016x", partName, rand.Uint64())
	_, err := j.objects.Put(ctx, jetstream.ObjectMeta{Name: part, Opts: &jetstream.ObjectMetaOptions{ChunkSize: chunkB}}, content)
	if err == nil {
		err = j.objects.UpdateMeta(ctx, part, jetstream.ObjectMeta{Name: name})
	}
	if err == nil {
		return nil
	}
	// What another process was quicker with is the same.
	if errors.Is(err, jetstream.ErrObjectAlreadyExists) {
		err = nil
	}
	return errors.Join(err, j.discard(ctx, part))
}

// discard removes what is kept under a name, if anything is.
func (j *JetStream) discard(ctx context.Context, name string) error {
	info, err := j.objects.GetInfo(ctx, name)
	switch {
	case errors.Is(err, jetstream.ErrObjectNotFound):
		return nil
	case err != nil:
		return err
	}
	return j.remove(ctx, info)
}

// Remove implements Store.
func (j *JetStream) Remove(ctx context.Context, name string) error {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	return j.discard(ctx, name)
}

// remove leaves nothing of a thing, where the library would leave a mark that it
// was there.
func (j *JetStream) remove(ctx context.Context, info *jetstream.ObjectInfo) error {
	err := j.stream.Purge(ctx, jetstream.WithPurgeSubject(j.about(info.Name)))
	return errors.Join(err, j.stream.Purge(ctx, jetstream.WithPurgeSubject(j.chunks(info.NUID))))
}

// What a thing takes beside its content: its description, and the heads of its
// messages.
const (
	aboutB    = 1 << 10
	headShare = 1 << 10
)

// takesB is how much of a bucket content takes.
func takesB(sizeB int64) int64 { return sizeB + sizeB/headShare + aboutB }

// makeRoom removes what there is no room for beside a thing to come.
func (j *JetStream) makeRoom(ctx context.Context, sizeB int64) error {
	j.making.Lock()
	defer j.making.Unlock()
	state, err := j.stream.Info(ctx)
	if err != nil {
		return err
	}
	limitB, overB := state.Config.MaxBytes, int64(state.State.Bytes)+takesB(sizeB)-state.Config.MaxBytes
	switch {
	case limitB <= 0 || overB <= 0:
		return nil
	case takesB(sizeB) > limitB:
		return ErrTooLarge
	}
	all, err := j.objects.List(ctx)
	if err != nil && !errors.Is(err, jetstream.ErrNoObjectsFound) {
		return err
	}
	if err := j.removeAbandoned(ctx, all); err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(info *jetstream.ObjectInfo) bool { return strings.HasPrefix(info.Name, partName) })
	slices.SortFunc(all, func(a, b *jetstream.ObjectInfo) int {
		return cmp.Or(a.ModTime.Compare(b.ModTime), cmp.Compare(a.Name, b.Name))
	})
	for overB += limitB / freeShare; overB > 0 && len(all) > 0; all = all[1:] {
		if err := j.remove(ctx, all[0]); err != nil {
			return err
		}
		overB -= takesB(int64(all[0].Size))
	}
	return nil
}

// removeAbandoned removes parts, and content that nothing describes, which are
// too old to be on their way, by the clock of NATS: theirs are its times.
func (j *JetStream) removeAbandoned(ctx context.Context, described []*jetstream.ObjectInfo) error {
	state, err := j.stream.Info(ctx, jetstream.WithSubjectFilter(j.chunks("*")))
	if err != nil {
		return err
	}
	now := state.TimeStamp
	for _, info := range described {
		if strings.HasPrefix(info.Name, partName) && now.Sub(info.ModTime) > j.abandoned {
			if err := j.remove(ctx, info); err != nil {
				return err
			}
		}
	}
	for _, info := range described {
		delete(state.State.Subjects, j.chunks(info.NUID))
	}
	for chunks := range state.State.Subjects {
		last, err := j.stream.GetLastMsgForSubject(ctx, chunks)
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound): // removed meanwhile
		case err != nil:
			return err
		case now.Sub(last.Time) > j.abandoned:
			if err := j.stream.Purge(ctx, jetstream.WithPurgeSubject(chunks)); err != nil {
				return err
			}
		}
	}
	return nil
}
