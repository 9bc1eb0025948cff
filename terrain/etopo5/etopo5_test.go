package etopo5_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/etopo5"
	"github.com/canopyradar/canopy/terrain/open"
)

func read(t *testing.T, m terrain.Model, l terrain.Lattice) *terrain.Grid {
	t.Helper()
	g, err := m.Read(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestItCoversPeruWithoutVoidsOrDepths(t *testing.T) {
	m := etopo5.Model()
	want := terrain.Lattice{PerDegLon: 12, PerDegLat: 12, Col0: 1128, Row0: 1020, Cols: 265, Rows: 337}
	if m.Lattice() != want {
		t.Fatalf("the lattice is %+v", m.Lattice())
	}
	g := read(t, m, m.Lattice())
	if g.Missing() != 0 {
		t.Errorf("%d posts are missing", g.Missing())
	}
	lowest, highest := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, z := range g.ElevationM {
		lowest, highest = min(lowest, z), max(highest, z)
	}
	if lowest != 0 || highest != 5486 {
		t.Errorf("elevations from %v to %v m, want 0 to 5486", lowest, highest)
	}
}

func TestItSaysLoudlyWhatItIs(t *testing.T) {
	info := etopo5.Model().Info()
	if !info.Demonstration || info.SpacingArcsec != 300 || info.Licence != "public domain" || info.Source == "" {
		t.Errorf("%+v", info)
	}
	if len(info.Notes) != 1 || !strings.Contains(info.Notes[0], "450 m") || !strings.Contains(info.Notes[0], "--terrain") {
		t.Errorf("the notes are %q", info.Notes)
	}
	if again := etopo5.Model().Info(); len(again.Notes) != 1 {
		t.Error("notes pile up")
	}
}

// The same crop, made by hand from the same source, with the sea's depths and
// without the column at 64° W. It keeps the drifted longitudes of the source,
// so its posts are compared by number.
func TestItMatchesAnIndependentCrop(t *testing.T) {
	const crop = "../../../shared/data/peru_etopo5_5min_int16.tif"
	if _, err := os.Stat(crop); err != nil {
		t.Skip("the other crop is not here")
	}
	other, err := open.Path(t.Context(), crop)
	if err != nil {
		t.Fatal(err)
	}
	theirs := read(t, other, other.Lattice())
	m := etopo5.Model()
	ours := read(t, m, m.Lattice().Sub(0, 0, 264, 337))
	for i, z := range theirs.ElevationM {
		if want := max(0, z); ours.ElevationM[i] != want {
			t.Fatalf("post %d is at %v m, want %v", i, ours.ElevationM[i], want)
		}
	}
}

func TestItIsTheFileThatDataMdDescribes(t *testing.T) {
	page, err := os.ReadFile("../../DATA.md")
	if err != nil {
		t.Fatal(err)
	}
	_, sum, _ := strings.Cut(etopo5.Model().Info().Identity, ":")
	if !strings.Contains(string(page), "`"+sum+"`") {
		t.Errorf("DATA.md does not give the SHA-256 %s", sum)
	}
}
