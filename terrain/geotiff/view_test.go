package geotiff_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/internal/viewtest"
)

// openFile writes a file and opens it.
func openFile(t testing.TB, content string) (m terrain.Model, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "test.tif")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := geotiff.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m, path
}

// inPlace reports whether a view of a part of m's columns is of the file.
func inPlace(t testing.TB, m terrain.Model) bool {
	t.Helper()
	all := m.Lattice()
	v := viewtest.Open(t, m, all.Sub(1, 0, all.Cols-2, all.Rows))
	defer v.Close()
	return len(v.Panels) > 0 && v.Panels[0].Stride == all.Cols
}

func TestViewsOfEveryWayOfStoring(t *testing.T) {
	variants(func(name string, im image) {
		t.Run(name, func(t *testing.T) {
			m, path := openFile(t, im.encode())
			viewtest.Same(t, m, m.Lattice())
			viewtest.Same(t, m, m.Lattice().Sub(3, 4, 12, 7))
			want := im.compression == 1 && im.order == binary.AppendByteOrder(binary.LittleEndian) && im.tileCols == 0 &&
				(im.kind == "Int16" || im.kind == "Float32")
			if got := inPlace(t, m); got != want {
				t.Errorf("in place: %v, want %v", got, want)
			}
			if n, ok := viewtest.Mapped(t, path); ok && n > 0 {
				t.Errorf("%d mappings are left", n)
			}
		})
	})
}

// The first large view is of the mapping that Open leaves; a small one is not.
func TestViewOfWhatOpenMapped(t *testing.T) {
	im := ramp(40, 40)
	im.kind = "Int16"
	m, path := openFile(t, im.encode())
	want := func(want int) {
		t.Helper()
		if n, ok := viewtest.Mapped(t, path); ok && n != want {
			t.Errorf("mapped %d times, want %d", n, want)
		}
	}
	want(1)
	small := viewtest.Open(t, m, m.Lattice().Sub(0, 0, 40, 2))
	want(2)
	large := viewtest.Open(t, m, m.Lattice())
	want(2)
	other := viewtest.Open(t, m, m.Lattice())
	want(3)
	for _, v := range []*terrain.View{small, large, other} {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
	want(0)
}

func TestViewsOfWindows(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		im := ramp(rapid.IntRange(1, 40).Draw(r, "cols"), rapid.IntRange(1, 40).Draw(r, "rows"))
		im.kind = rapid.SampledFrom([]string{"Int16", "Float32"}).Draw(r, "kind")
		im.tileRows = rapid.SampledFrom([]int{1, 5, 99}).Draw(r, "strip")
		im.gapB = rapid.SampledFrom([]int{0, 1, 2, 4}).Draw(r, "gap")
		void := rapid.SampledFrom([]float64{math.NaN(), -32768, -9999}).Draw(r, "void")
		for range rapid.IntRange(0, 9).Draw(r, "voids") {
			im.valuesM[rapid.IntRange(0, len(im.valuesM)-1).Draw(r, "at")] = void
		}
		loose, _ := openFile(t, im.encode())
		for _, m := range []terrain.Model{loose, terrain.FillVoids(loose)} {
			viewtest.Same(r, m, m.Lattice().Sub(rapid.IntRange(-5, 40).Draw(r, "col"), rapid.IntRange(-5, 40).Draw(r, "row"),
				rapid.IntRange(0, 50).Draw(r, "width"), rapid.IntRange(0, 50).Draw(r, "height")))
		}
	})
}

func TestPanelsOfFiles(t *testing.T) {
	oddNaN := float64(math.Float32frombits(0x7fc00001))
	tests := []struct {
		name    string
		im      image
		valuesM []float64
		panels  int // 0 for a view that is not in place
		void    int16
		hasVoid bool
	}{
		{"Int16", ramp(19, 13), nil, 1, -32768, false},
		{"the lowest", ramp(19, 13), []float64{-32768}, 1, -32768, true},
		{"−9999", ramp(19, 13), []float64{-9999}, 1, -9999, true},
		{"both", ramp(19, 13), []float64{-9999, -32768}, 0, 0, false},
		{"both, but another is declared", ramp(19, 13).with(42113, ascii("-1")), []float64{-9999, -32768}, 1, -32768, true},
		{"the lowest is declared", ramp(19, 13).with(42113, ascii("-32768")), []float64{-9999, -32768}, 1, -32768, true},
		{"one that is no Int16 is declared", ramp(19, 13).with(42113, ascii("0.5")), []float64{1, -32768}, 1, -32768, true},
		{"one beyond Int16 is declared", ramp(19, 13).with(42113, ascii("1e30")), []float64{1, 0}, 1, -32768, false},
		{"Float32", float(ramp(19, 13)), nil, 1, -32768, false},
		{"NaN", float(ramp(19, 13)), []float64{math.NaN()}, 1, -32768, true},
		{"another NaN", float(ramp(19, 13)), []float64{oddNaN}, 0, 0, false},
		{"−9999 in Float32", float(ramp(19, 13)), []float64{-9999}, 0, 0, false},
		{"infinity", float(ramp(19, 13)), []float64{math.Inf(1)}, 0, 0, false},
		{"strips apart", gap(ramp(19, 13), 2), nil, 3, -32768, false},
		{"strips at odd places", gap(ramp(19, 13), 1), nil, 0, 0, false},
		{"strips strewn about", gap(single(ramp(19, 130)), 2), nil, 0, 0, false},
		{"rows of a strip each", single(ramp(19, 130)), nil, 1, -32768, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			copy(test.im.valuesM[60:], test.valuesM)
			m, _ := openFile(t, test.im.encode())
			viewtest.Same(t, m, m.Lattice())
			if got, want := inPlace(t, m), test.panels > 0; got != want {
				t.Fatalf("in place: %v, want %v", got, want)
			}
			v := viewtest.Open(t, m, m.Lattice())
			defer v.Close()
			if p := v.Panels[0]; test.panels > 0 && (len(v.Panels) != test.panels || p.Void != test.void || p.HasVoid != test.hasVoid) {
				t.Errorf("%d panels with void %d, %v; want %d with %d, %v", len(v.Panels), p.Void, p.HasVoid, test.panels, test.void, test.hasVoid)
			}
		})
	}
}

func float(im image) image {
	im.kind = "Float32"
	return im
}

func gap(im image, gapB int) image {
	im.gapB = gapB
	return im
}

func single(im image) image {
	im.tileRows = 1
	return im
}

// large is a file in which no page holds the posts of two of its corners.
func large() image {
	im := ramp(1900, 313)
	im.kind, im.tileRows = "Float32", 313
	return im
}

func TestFileThatIsCutShortUnderAView(t *testing.T) {
	m, path := openFile(t, large().encode())
	v := viewtest.Open(t, m, m.Lattice())
	if err := os.Truncate(path, 4096); err != nil {
		t.Fatal(err)
	}
	err := v.Guard(func() error {
		v.CopyTo(make([]float32, v.Posts()), v.Lattice)
		return nil
	})
	refuses(t, err, path, "cut short")
	refuses(t, v.Close(), path, "changed while it was read")
	_, err = terrain.ViewOf(t.Context(), m, m.Lattice())
	refuses(t, err, path, "changed after it was opened")
	if n, ok := viewtest.Mapped(t, path); ok && n > 0 {
		t.Errorf("%d mappings are left", n)
	}
}

func TestFileThatChangesUnderAView(t *testing.T) {
	for _, test := range []struct {
		name, want string
		change     func(path string) error
	}{
		{"written", "changed", func(path string) error { return os.WriteFile(path, []byte("II*"), 0o600) }},
		{"replaced", "changed", func(path string) error {
			if err := os.WriteFile(path+"2", []byte(large().encode()), 0o600); err != nil {
				return err
			}
			return os.Rename(path+"2", path)
		}},
		{"gone", "no such file", os.Remove},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, path := openFile(t, large().encode())
			v := viewtest.Open(t, m, m.Lattice())
			if err := test.change(path); err != nil {
				t.Fatal(err)
			}
			refuses(t, v.Close(), path, test.want)
		})
	}
}

func refuses(t *testing.T, err error, words ...string) {
	t.Helper()
	var format *terrain.FormatError
	if !errors.As(err, &format) {
		t.Fatalf("got %v, want a FormatError", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}

func TestViewsSideBySide(t *testing.T) {
	m, path := openFile(t, large().encode())
	want := read(t, m, m.Lattice())
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for k := range 20 {
				l := m.Lattice().Sub(i*50, k*7, 400+i, 100+k)
				v, err := terrain.ViewOf(t.Context(), m, l)
				if err != nil {
					t.Error(err)
					return
				}
				if err := v.Guard(func() error { return compare(v, want) }); err != nil {
					t.Error(err)
				}
				if err := v.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if n, ok := viewtest.Mapped(t, path); ok && n > 0 {
		t.Errorf("%d mappings are left", n)
	}
}

// compare holds a view, row by row, to a grid around it.
func compare(v *terrain.View, want *terrain.Grid) error {
	rowM := make([]float32, v.Cols)
	for r := range v.Rows {
		v.CopyTo(rowM, v.Sub(0, r, v.Cols, 1))
		wantM := want.RowM(v.Row0 + r - want.Row0)[v.Col0-want.Col0:]
		for c, z := range rowM {
			if z != wantM[c] {
				return fmt.Errorf("post (%d, %d) is %v, want %v", c, r, z, wantM[c])
			}
		}
	}
	return nil
}

// FuzzView holds that a file of any content looks as it reads.
func FuzzView(f *testing.F) {
	for _, kind := range []string{"Int16", "Float32"} {
		for _, gapB := range []int{0, 1, 4} {
			im := gap(ramp(9, 7), gapB)
			im.kind, im.valuesM[5], im.valuesM[6] = kind, -32768, math.NaN()
			f.Add([]byte(im.encode()))
		}
	}
	f.Add([]byte(ramp(9, 7).with(279, longs{90, 1 << 20}).encode())) // more than the file has
	path := filepath.Join(f.TempDir(), "fuzz.tif")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := geotiff.Open(t.Context(), path)
		if err != nil {
			return
		}
		l := m.Lattice()
		l = l.Sub(-1, -1, min(l.Cols+2, 40), min(l.Rows+2, 40))
		if _, err := m.Read(t.Context(), l); err == nil {
			viewtest.Same(t, m, l)
			return
		}
		if v, err := terrain.ViewOf(t.Context(), m, l); err == nil {
			t.Fatalf("what cannot be read is viewed as %+v", v.Panels)
		}
	})
}

// A look passes over rows many posts at a time, and must miss none.
func TestViewsSeeAVoidAnywhere(t *testing.T) {
	const cols = 50
	im := ramp(cols, cols+1)
	im.kind = "Int16"
	for _, void := range []float64{-32768, -9999, -8193, -8192, 0, 4321} {
		im := im.with(42113, ascii(fmt.Sprint(void)))
		for i := range cols {
			im.valuesM[i*cols+i] = void
			// Others are but a bit or a sign off.
			im.valuesM[i*cols+(i+1)%cols], im.valuesM[i*cols+(i+2)%cols] = -void-1, void+1
		}
		m, _ := openFile(t, im.encode())
		for row := range cols + 1 {
			v := viewtest.Open(t, m, m.Lattice().Sub(0, row, cols, 1))
			if got, want := v.Panels[0].HasVoid, row < cols; got != want || want && float64(v.Panels[0].Void) != void {
				t.Errorf("%v in row %d: %v, as %d", void, row, got, v.Panels[0].Void)
			}
			if err := v.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
