package geotiff

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/viewtest"
)

// Enough for a file of several pieces, each with a hash and a look of its own.
const (
	wholeCols, wholeRows = 300, 200
	wholePosts           = wholeCols * wholeRows
)

// openWhole opens a plain file of heights from 0 m on, but for one post.
func openWhole(t *testing.T, at int, heightM int16) *model {
	t.Helper()
	l := terrain.Lattice{PerDegLon: 1200, PerDegLat: 1200, Cols: wholeCols, Rows: wholeRows}
	f, err := NewRaster(t.Context(), l, func(r int, dst []int16) error {
		for c := range dst {
			dst[c] = int16((r + c) % 5000)
			if r*wholeCols+c == at {
				dst[c] = heightM
			}
		}
		return nil
	}, Options{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "whole.tif")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := f.WriteTo(file); err != nil {
		t.Fatal(err)
	}
	m, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m.(*model)
}

func TestOpenSeesAVoidAnywhere(t *testing.T) {
	posts := []int{0, 1, 31, 32, wholePosts - 33, wholePosts - 32, wholePosts - 2, wholePosts - 1}
	for i := 0; i < wholePosts; i += 97 {
		posts = append(posts, i)
	}
	for _, at := range posts {
		m := openWhole(t, at, NoDataInt16)
		if m.whole.Load() != nil {
			t.Errorf("the void at post %d is not seen", at)
		}
		v := viewtest.Open(t, m, m.lattice.Sub(0, at/wholeCols, wholeCols, 1))
		if !v.Panels[0].HasVoid {
			t.Errorf("the view does not see the void at post %d", at)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenKnowsWhatIsWhole(t *testing.T) {
	for _, heightM := range []int16{0, -1, -400, deepM, deepM - 1, -9999, NoDataInt16 + 1} {
		t.Run(fmt.Sprint(heightM), func(t *testing.T) {
			m := openWhole(t, wholePosts/3, heightM)
			if known := m.whole.Load(); known == nil || *known != m.lattice {
				t.Errorf("whole is %v", known)
			}
		})
	}
}
