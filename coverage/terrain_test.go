package coverage_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
	"github.com/canopyradar/canopy/terrain/store"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

// holed is mountains without the terrain east of a meridian, and with none in
// a spot of 3 posts at the valley.
func holed(eastOfDeg float64) *formula {
	m := andes()
	whole := m.heightM
	m.heightM = func(lon, lat float64) float64 {
		spot := math.Hypot(lon-valley.Lon(), lat-valley.Lat()) < 0.006
		if lon > eastOfDeg || spot {
			return math.NaN()
		}
		return whole(lon, lat)
	}
	return m
}

func TestMissingTerrain(t *testing.T) {
	half := holed(valley.Lon() + 0.3)
	west := east(valley, -0.3)
	tests := []struct {
		name  string
		query coverage.Query
		// want are the warnings; strictly, an error in their place.
		want      []string
		wantShare float64
	}{
		{"none in range", query(site("r", west, 20e3)), nil, 0},
		{"under the site", query(site("r", valley, 5e3)), []string{"terrain.missing_site", "terrain.missing"}, 1},
		{"in half of the range", query(site("r", east(valley, 0.301), 20e3)), []string{"terrain.missing_site", "terrain.missing"}, 1},
		{"in a part of the range", query(site("r", east(valley, 0.2), 20e3)), []string{"terrain.missing"}, beyondChord(0.1 * 109.6 / 20)},
	}
	area := around(west, 0.1)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// The airspace reaches over all, so that every radar counts.
			q := exactGaps(tt.query, orb.MultiPolygon{area[0], around(east(valley, 0.3), 0.05)[0], around(valley, 0.05)[0]}, agl(300))
			r := findGaps(t, half, q)
			got := slices.DeleteFunc(warningIDs(r.Basis), func(id string) bool { return id == "terrain.missing_airspace" })
			if !slices.Equal(got, tt.want) {
				t.Errorf("warnings %q, want %q", got, tt.want)
			}
			q.StrictTerrain = true
			e := &coverage.Engine{Terrain: half}
			_, err := e.FindGaps(context.Background(), q)
			checkMissing(t, err, tt.wantShare)
			_, err = e.Floor(context.Background(), q.Query)
			checkMissing(t, err, tt.wantShare)
			q.Reach = sight.Disc
			if _, err = e.FindGaps(context.Background(), q); err != nil {
				t.Errorf("a disc, which does not ask the terrain, is refused: %v", err)
			}
		})
	}
}

// beyondChord returns the share of a disc beyond a chord, which passes the
// middle at a distance in radii.
func beyondChord(x float64) float64 { return (math.Acos(x) - x*math.Sqrt(1-x*x)) / math.Pi }

// checkMissing wants a share of missing terrain to within a hundredth; none
// for 0.
func checkMissing(t *testing.T, err error, share float64) {
	t.Helper()
	var missing *coverage.MissingTerrainError
	switch {
	case share == 0 && err != nil:
		t.Errorf("refused though no terrain is missing: %v", err)
	case share > 0 && !errors.As(err, &missing):
		t.Errorf("error %v, want missing terrain", err)
	case share > 0 && (missing.RadarID != "r" || math.Abs(missing.Share-share) > 0.01):
		t.Errorf("%v: want radar r and a share of %.2f", err, share)
	}
}

func TestMissingTerrainUnderPoints(t *testing.T) {
	q := query(site("r", east(valley, 0.2), 30e3))
	point := coverage.Point{Position: east(valley, 0.4), Altitude: agl(3000)}
	half := holed(valley.Lon() + 0.3)
	r := checkPoints(t, half, q, point)
	if out := r.Outcomes[0]; !math.IsNaN(out.GroundAMSLM) || out.AltitudeAMSLM != 3000 {
		t.Errorf("ground %v, altitude %v; want none, and 3000 m over the sea", out.GroundAMSLM, out.AltitudeAMSLM)
	}
	if got := warningIDs(r.Basis); !slices.Equal(got, []string{"terrain.missing"}) {
		t.Errorf("warnings %q", got)
	}
	q.StrictTerrain = true
	e := &coverage.Engine{Terrain: half}
	_, err := e.CheckPoints(context.Background(), coverage.PointQuery{Query: q, Points: []coverage.Point{point}})
	if missing := new(coverage.MissingTerrainError); !errors.As(err, &missing) {
		t.Errorf("error %v, want missing terrain", err)
	}
}

// A share too small for the decimals shown must not read as none.
func TestSmallSharesAreNotZero(t *testing.T) {
	err := &coverage.MissingTerrainError{RadarID: "r", Share: 1e-5}
	if strings.Contains(err.Error(), " 0.0 %") {
		t.Error(err)
	}
}

func TestTerrainWarnings(t *testing.T) {
	tests := []struct {
		name     string
		arcsec   float64
		demo     bool
		reach    sight.Reach
		wantOnly string
	}{
		{"fine", 3, false, sight.Terrain, ""},
		{"15 arc-seconds", 15, false, sight.Terrain, ""},
		{"30 arc-seconds", 30, false, sight.Terrain, "terrain.coarse"},
		{"30 arc-seconds where terrain does not count", 30, false, sight.Horizon, ""},
		{"a demonstration", 300, true, sight.Disc, "terrain.demonstration"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := andes()
			m.info.SpacingArcsec, m.info.Demonstration = tt.arcsec, tt.demo
			if tt.demo {
				m.info.Notes = []string{"not to plan on"}
			}
			q := query(site("r", valley, 5e3))
			q.Reach = tt.reach
			got := strings.Join(warningIDs(checkPoints(t, m, q).Basis), " ")
			if got != tt.wantOnly {
				t.Errorf("warnings %q, want %q", got, tt.wantOnly)
			}
		})
	}
}

// What the posts are stored in makes no difference.
func TestSamePostsGiveTheSameGaps(t *testing.T) {
	tile := terraintest.Real(t, sierraTile)
	grid, err := tile.Read(context.Background(), tile.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "same.tif")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := geotiff.Write(file, grid, geotiff.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	at := orb.Point{-118.5, 37.5}
	q := exactGaps(query(site("r", at, 12e3)), around(at, 0.1), agl(300), flightLevel100)
	q.ToleranceM, q.MinAreaM2 = -1, 1e5
	dir := filepath.Join(t.TempDir(), "store")
	if _, err := store.Import(context.Background(), dir, store.Job{Sources: []terrain.Model{tile}}); err != nil {
		t.Fatal(err)
	}
	for _, arcsec := range []float64{3, 15} {
		q.ResolutionArcsec = arcsec
		hgt, tif, stored := findGaps(t, tile, q), findGaps(t, terraintest.Real(t, path), q), findGaps(t, terraintest.Real(t, dir), q)
		if text(hgt) != text(tif) || text(hgt) != text(stored) || len(hgt.Bands[0].Gaps) == 0 {
			t.Errorf("at %v arc-seconds the gaps from HGT, from GeoTIFF and from the store are not the same, or there are none", arcsec)
		}
	}
}
