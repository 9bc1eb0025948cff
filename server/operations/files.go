package operations

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/gofrs/flock"
	"google.golang.org/protobuf/proto"
)

// files are where operations are kept, by id.
type files interface {
	// read and remove fail with fs.ErrNotExist for an id that is not there; write
	// replaces what is.
	read(id string) ([]byte, error)
	write(id string, text []byte) error
	remove(id string) error
	list() (ids []string, err error)
	// hold fails where another holds the id.
	hold(id string) (release func(), err error)
}

// The text of an operation is its message and a checksum: a message that was cut
// off, or changed, may still be one.
const checksumBytes = crc32.Size

var (
	crc32c     = crc32.MakeTable(crc32.Castagnoli)
	errDamaged = errors.New("the file is damaged")
)

func encode(o *longrunningpb.Operation) ([]byte, error) {
	text, err := proto.Marshal(o)
	return binary.LittleEndian.AppendUint32(text, crc32.Checksum(text, crc32c)), err
}

// decode fails with errDamaged for what encode has not made of the operation.
func decode(text []byte, id string) (*longrunningpb.Operation, error) {
	n := len(text) - checksumBytes
	if n < 0 || binary.LittleEndian.Uint32(text[n:]) != crc32.Checksum(text[:n], crc32c) {
		return nil, errDamaged
	}
	o := &longrunningpb.Operation{}
	if err := proto.Unmarshal(text[:n], o); err != nil || o.GetName() != nameOf(id) {
		return nil, errDamaged
	}
	return o, nil
}

// directory holds files, which have the requests of users: nobody else may read
// them.
type directory string

// Names of files: whole ones, those that are being written, and locks.
const (
	suffix     = ".operation"
	partPrefix = ".operation-part-"
	lockSuffix = ".lock"
)

// abandoned is after which time a file that is being written was left behind.
const abandoned = time.Hour

func openDirectory(dir string) (directory, error) {
	d := directory(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return d, fmt.Errorf("%s cannot keep operations: %w", dir, err)
	}
	// Whether files can be made in it, it is better to know before than after the
	// work of an hour.
	probe, err := os.CreateTemp(dir, partPrefix)
	if err != nil {
		return d, fmt.Errorf("%s cannot keep operations: %w", dir, err)
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return d, fmt.Errorf("%s cannot keep operations: %w", dir, err)
	}
	return d, d.tidy()
}

// tidy removes what processes that were killed have left half written.
func (d directory) tidy() error {
	entries, err := os.ReadDir(string(d))
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), partPrefix) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(filepath.Join(string(d), e.Name()))
		}
	}
	return err
}

func (d directory) path(id, suffix string) string { return filepath.Join(string(d), id+suffix) }

func (d directory) read(id string) ([]byte, error) { return os.ReadFile(d.path(id, suffix)) }

// write lets the file have its name when it is whole, and on the disk.
func (d directory) write(id string, text []byte) error {
	file, err := os.CreateTemp(string(d), partPrefix)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), d.path(id, suffix))
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

func (d directory) remove(id string) error { return os.Remove(d.path(id, suffix)) }

func (d directory) list() (ids []string, err error) {
	entries, err := os.ReadDir(string(d))
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), suffix); ok && idPattern.MatchString(id) {
			ids = append(ids, id)
		}
	}
	return ids, err
}

func (d directory) hold(id string) (release func(), err error) {
	path := d.path(id, lockSuffix)
	lock := flock.New(path, flock.SetPermissions(0o600))
	switch held, err := lock.TryLock(); {
	case err != nil:
		return nil, err
	case !held:
		return nil, fmt.Errorf("%s is locked", path)
	}
	return func() {
		_ = os.Remove(path)
		_ = lock.Close()
	}, nil
}

// memory is for operations that end with the process.
type memory struct {
	mu   sync.Mutex
	text map[string][]byte
}

func newMemory() *memory { return &memory{text: map[string][]byte{}} }

func (m *memory) read(id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if text, ok := m.text[id]; ok {
		return text, nil
	}
	return nil, fs.ErrNotExist
}

func (m *memory) write(id string, text []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text[id] = text
	return nil
}

func (m *memory) remove(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.text, id)
	return nil
}

func (m *memory) list() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.text)), nil
}

func (*memory) hold(string) (func(), error) { return func() {}, nil }
