package storetest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/server/store/storetest"
)

// memory is a store whose promises can be broken one by one.
type memory struct {
	mu     sync.Mutex
	things map[string][]byte

	anyName, anyLength, deaf, early, half, mutable, keeps, forgets bool
}

func (m *memory) String() string { return "memory" }

func (m *memory) named(name string) error {
	if m.anyName || regexp.MustCompile(`^[0-9a-f]{64}\.[a-z]{1,16}$`).MatchString(name) {
		return nil
	}
	return errors.New("no name")
}

func (m *memory) Has(_ context.Context, name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.things[name]
	return ok
}

func (m *memory) Get(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	if err := errors.Join(m.over(ctx), m.named(name)); err != nil {
		return nil, 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.things[name]
	switch {
	case !ok && m.anyName:
		return nil, 0, errors.New("nothing")
	case !ok:
		return nil, 0, fs.ErrNotExist
	case m.half:
		return io.NopCloser(bytes.NewReader(b[:len(b)/2])), int64(len(b)), nil
	}
	return io.NopCloser(bytes.NewReader(b)), int64(len(b)), nil
}

func (m *memory) over(ctx context.Context) error {
	if m.deaf {
		return nil
	}
	return ctx.Err()
}

func (m *memory) Put(ctx context.Context, name string, content io.Reader, sizeB int64) error {
	if err := errors.Join(m.over(ctx), m.named(name)); err != nil {
		return err
	}
	if m.early {
		m.keep(name, nil)
	}
	b, err := io.ReadAll(content)
	switch {
	case err == nil && int64(len(b)) != sizeB && !m.anyLength:
		err = errors.New("another length")
	case err == nil:
		err = m.over(ctx)
	}
	if err == nil || m.mutable {
		m.keep(name, b)
	}
	return err
}

func (m *memory) keep(name string, b []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.forgets {
		m.things[name] = b
	}
}

func (m *memory) Remove(ctx context.Context, name string) error {
	if err := errors.Join(m.over(ctx), m.named(name)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.keeps {
		delete(m.things, name)
	}
	return nil
}

// A store that breaks a promise fails the check of that.
func TestBrokenStoresAreFound(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*memory)
		fails string
	}{
		"forgets":                      {func(m *memory) { m.forgets = true }, "what is put is got"},
		"gives half":                   {func(m *memory) { m.half = true }, "what is put is got"},
		"takes any name":               {func(m *memory) { m.anyName = true }, "names that lead elsewhere"},
		"says another error":           {func(m *memory) { m.anyName = true }, "nothing is there at first"},
		"takes any length":             {func(m *memory) { m.anyLength = true }, "content that is not as long as it should be"},
		"keeps what failed":            {func(m *memory) { m.mutable = true }, "content that fails"},
		"does not hear that it is off": {func(m *memory) { m.deaf = true }, "a call that is over before it begins"},
		"does not end in the middle":   {func(m *memory) { m.deaf = true }, "a call that ends in the middle"},
		"shows what is on its way":     {func(m *memory) { m.early = true }, "nothing is seen of what is on its way"},
		"removes nothing":              {func(m *memory) { m.keeps = true }, "removed"},
	} {
		t.Run(name, func(t *testing.T) {
			m := &memory{things: map[string][]byte{}}
			tt.spoil(m)
			check := storetest.Checks[slices.IndexFunc(storetest.Checks, func(c storetest.Check) bool { return c.Name == tt.fails })]
			if err := check.Do(t.Context(), func() (store.Store, error) { return m, nil }); err == nil {
				t.Errorf("%q does not find it", tt.fails)
			}
		})
	}
}

func TestASoundStorePasses(t *testing.T) {
	for _, c := range storetest.Checks {
		m := &memory{things: map[string][]byte{}}
		if err := c.Do(t.Context(), func() (store.Store, error) { return m, nil }); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}
