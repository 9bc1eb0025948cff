package source_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"unsafe"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

func mapped(t *testing.T, content []byte, offsetB, n int64) (*source.Mapping, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m, err := source.Map(file, offsetB, n, "mend it")
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m, path
}

func TestMapping(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 5000)
	for _, part := range [][2]int64{{0, 50000}, {1, 1}, {4095, 2}, {4096, 10000}, {8193, 41807}, {49999, 1}} {
		m, _ := mapped(t, content, part[0], part[1])
		if !bytes.Equal(m.Bytes, content[part[0]:part[0]+part[1]]) {
			t.Errorf("from %d on there are %d other bytes", part[0], len(m.Bytes))
		}
		at := uintptr(unsafe.Pointer(unsafe.SliceData(m.Bytes)))
		page := uintptr(os.Getpagesize())
		for address, want := range map[uintptr]bool{
			at: true, at + uintptr(part[1]) - 1: true, at/page*page - 1: false, (at+uintptr(part[1])-1)/page*page + page: false,
		} {
			if got := m.Fault(address) != nil; got != want {
				t.Errorf("address %x is in the mapping of %v: %v, want %v", address, part, got, want)
			}
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFaultsAreErrors(t *testing.T) {
	m, path := mapped(t, make([]byte, 50000), 0, 50000)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	sum := byte(0)
	err := terrain.Guard(m, func() error {
		for _, b := range m.Bytes {
			sum += b
		}
		return nil
	})
	var format *terrain.FormatError
	if !errors.As(err, &format) || format.Path != path || format.Remedy != "mend it" {
		t.Errorf("after %d: %v", sum, err)
	}
	if err := m.Close(); !errors.As(err, &format) {
		t.Errorf("closed with %v", err)
	}
	runtime.KeepAlive(sum)
}

// TestFaultsElsewhereAreNotErrors holds that a guard is for its own file only.
func TestFaultsElsewhereAreNotErrors(t *testing.T) {
	m, _ := mapped(t, make([]byte, 5), 0, 5)
	other, path := mapped(t, make([]byte, 5), 0, 5)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	defer m.Unmap()
	defer other.Unmap()
	defer func() {
		if recover() == nil {
			t.Error("a fault of another file passed")
		}
	}()
	_ = terrain.Guard(m, func() error {
		return fmt.Errorf("read %d", other.Bytes[0])
	})
}

func TestNumbers(t *testing.T) {
	if !source.LittleEndian {
		t.Skip("numbers of this machine are big-endian")
	}
	raw := make([]byte, 24)
	copy(raw[4:], []byte{0x00, 0x80, 0xff, 0xff, 0x00, 0x00, 0xc0, 0x7f})
	if got, ok := source.Numbers[int16](raw[4:10]); !ok || len(got) != 3 || got[0] != math.MinInt16 || got[1] != -1 {
		t.Errorf("got %v, %v", got, ok)
	}
	if got, ok := source.Numbers[float32](raw[8:12]); !ok || len(got) != 1 || got[0] == got[0] {
		t.Errorf("got %v, %v", got, ok)
	}
	for at := 1; at < 4; at++ {
		if _, ok := source.Numbers[float32](raw[at:]); ok {
			t.Errorf("numbers of four bytes begin at %d", at)
		}
	}
}
