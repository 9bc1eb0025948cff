package srtm30_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

func all(t *testing.T) *terrain.Grid {
	t.Helper()
	m := srtm30.Model()
	g, err := m.Read(t.Context(), m.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestItCoversPeruWithoutVoidsOrDepths(t *testing.T) {
	want := terrain.Lattice{
		PerDegLon: 30, PerDegLat: 30, OffLon: 0.5, OffLat: 0.5,
		Col0: 2819, Row0: 2549, Cols: 662, Rows: 842,
	}
	g := all(t)
	if g.Lattice != want {
		t.Fatalf("the lattice is %+v", g.Lattice)
	}
	if b := g.Bound(); b.Min.Lon() > -86 || b.Min.Lat() > -23 || b.Max.Lon() < -64 || b.Max.Lat() < 5 {
		t.Errorf("it spans %v", b)
	}
	if g.Missing() != 0 {
		t.Errorf("%d posts are missing", g.Missing())
	}
	if lowest, highest := slices.Min(g.ElevationM), slices.Max(g.ElevationM); lowest != 0 || highest != 5557 {
		t.Errorf("elevations from %v to %v m, want 0 to 5557", lowest, highest)
	}
}

func TestItSaysLoudlyWhatItIs(t *testing.T) {
	info := srtm30.Model().Info()
	if !info.Demonstration || info.SpacingArcsec != 120 || info.Licence != "public domain" || info.Source == "" {
		t.Errorf("%+v", info)
	}
	if len(info.Notes) != 1 || !strings.Contains(info.Notes[0], "170 m") || !strings.Contains(info.Notes[0], "--terrain") {
		t.Errorf("the notes are %q", info.Notes)
	}
	if again := srtm30.Model().Info(); len(again.Notes) != 1 {
		t.Error("notes pile up")
	}
}

func TestItIsNearKnownHeights(t *testing.T) {
	g := all(t)
	for _, place := range []struct {
		name                        string
		lon, lat, wantM, toleranceM float64
	}{
		{"Iquitos, airport", -73.3088, -3.7847, 93, 10},
		{"Puerto Maldonado, airport", -69.2288, -12.6136, 201, 20},
		{"Lima, airport", -77.1143, -12.0219, 34, 10},
		{"Cusco, airport", -71.9388, -13.5357, 3310, 200},
		{"Juliaca, airport", -70.1582, -15.4671, 3826, 150},
		{"Arequipa, airport", -71.583, -16.341, 2562, 350},
		{"the Pacific off Lima", -79, -12.5, 0, 0},
		{"the Pacific off Ecuador", -85, -2, 0, 0},
	} {
		if z := g.At(place.lon, place.lat); !(math.Abs(z-place.wantM) <= place.toleranceM) {
			t.Errorf("%s: %.0f m, want %.0f ± %.0f", place.name, z, place.wantM, place.toleranceM)
		}
	}
	// What it cannot show, and the note warns of.
	if z := g.At(-77.6043, -9.1219); z < 4500 || z > 5500 {
		t.Errorf("Huascarán, 6768 m, is at %.0f m", z)
	}
}

// The published elevations of Peru's airstrips had no part in making it. They
// say how good it is, and that its posts lie where they are said to.
func TestItAgreesWithAirstrips(t *testing.T) {
	strips := published(t)
	if len(strips) < 180 {
		t.Fatalf("only %d airstrips", len(strips))
	}
	g := all(t)
	asIs := rms(g, strips, 0, 0)
	t.Logf("%.0f m rms at %d airstrips", asIs, len(strips))
	if asIs > 115 {
		t.Errorf("off by %.0f m rms, want 112", asIs)
	}
	const half = 0.5 / 30
	for _, moved := range [][2]float64{{half, 0}, {-half, 0}, {0, half}, {0, -half}} {
		if got := rms(g, strips, moved[0], moved[1]); got <= asIs {
			t.Errorf("moved by %.4f, it is off by %.0f m rms, and by %.0f as it is", moved, got, asIs)
		}
	}
}

type strip struct{ lon, lat, elevationM float64 }

// doubtful are published elevations that every terrain contradicts: see
// DATA.md.
var doubtful = []string{"SPAT", "SPAG", "SPIS", "SOML", "SPSF", "SPAI", "SPHC"}

func published(t *testing.T) (strips []strip) {
	t.Helper()
	content, err := os.ReadFile("../../coverage/catalog/data/airstrips.geojson")
	if err != nil {
		t.Fatal(err)
	}
	var collection struct {
		Features []struct {
			ID         string
			Properties struct {
				ElevationM *float64 `json:"elevation_amsl_m"`
			}
			Geometry struct{ Coordinates [2]float64 }
		}
	}
	if err := json.Unmarshal(content, &collection); err != nil {
		t.Fatal(err)
	}
	for _, f := range collection.Features {
		if f.Properties.ElevationM == nil || slices.Contains(doubtful, f.ID) {
			continue
		}
		strips = append(strips, strip{f.Geometry.Coordinates[0], f.Geometry.Coordinates[1], *f.Properties.ElevationM})
	}
	return strips
}

// rms returns by how much the terrain is off once it is moved by so many
// degrees.
func rms(g *terrain.Grid, strips []strip, eastDeg, northDeg float64) float64 {
	sum := 0.0
	for _, s := range strips {
		d := g.At(s.lon-eastDeg, s.lat-northDeg) - s.elevationM
		sum += d * d
	}
	return math.Sqrt(sum / float64(len(strips)))
}

func TestItIsTheFileThatDataMdDescribes(t *testing.T) {
	file, err := geotiff.Open(t.Context(), "srtm30.tif")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := srtm30.Model().Info().Identity, file.Info().Identity; got != want {
		t.Errorf("it is %s, the file %s", got, want)
	}
}
