package server_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/terrain"
)

// documented is terrain that says where it came from, and that it is too coarse.
type documented struct{ ridge }

func (documented) Info() terrain.Info {
	return terrain.Info{
		Name: "ridge <1>", Identity: "test:ridge", SpacingArcsec: 30, Source: "made up", Licence: "none",
		Demonstration: true, Notes: []string{"too coarse", "and made up"},
	}
}

// exported returns a floor and its summary.
func exported(t *testing.T, s *server.Server, request *canopyv1.ExportFloorRequest) (file []byte, summary *canopyv1.FloorSummary) {
	t.Helper()
	var content bytes.Buffer
	err := s.ExportFloor(testContext(t), request, func(part *canopyv1.ExportFloorResponse) error {
		if part.GetSummary() != nil {
			summary = part.GetSummary()
		}
		content.Write(part.GetGeotiffChunk())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return content.Bytes(), summary
}

func TestFloorSummarySaysWherePostsLie(t *testing.T) {
	s, _ := serve(t, server.Config{})
	file, summary := exported(t, s, &canopyv1.ExportFloorRequest{Network: plain()})
	l := gridOf(t, file).Lattice
	grid := summary.GetGrid()
	if first := grid.GetFirstPost(); first.GetLonDeg() != l.Lon(0) || first.GetLatDeg() != l.Lat(0) {
		t.Errorf("the first post is at %v, in the file at %v, %v", first, l.Lat(0), l.Lon(0))
	}
	east := grid.GetFirstPost().GetLonDeg() + float64(summary.GetColumns()-1)*grid.GetLonStepDeg()
	south := grid.GetFirstPost().GetLatDeg() - float64(summary.GetRows()-1)*grid.GetLatStepDeg()
	const rounding = 1e-12
	if math.Abs(east-l.Lon(l.Cols-1)) > rounding || math.Abs(south-l.Lat(l.Rows-1)) > rounding {
		t.Errorf("the last post is at %v, %v, in the file at %v, %v", south, east, l.Lat(l.Rows-1), l.Lon(l.Cols-1))
	}
	if summary.GetNodataAmslM() != -32768 || summary.GetHorizontalDatum() != "EPSG:4326" || !strings.HasPrefix(summary.GetVerticalDatum(), "mean sea level") {
		t.Errorf("the summary is %v", summary)
	}
}

// gdalinfo is the part of what gdalinfo says that is compared.
type gdalinfo struct {
	CornerCoordinates struct{ UpperLeft, LowerRight [2]float64 }
	Metadata          map[string]map[string]string
	CoordinateSystem  struct{ WKT string }
	Bands             []struct {
		NoDataValue       float64
		Unit, Description string
		Overviews         []struct{ Size [2]int }
	}
}

func gdalSays(t *testing.T, file []byte) (said gdalinfo) {
	t.Helper()
	if _, err := exec.LookPath("gdalinfo"); err != nil {
		t.Skip("gdalinfo is not installed")
	}
	path := filepath.Join(t.TempDir(), "floor.tif")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "gdalinfo", "-json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &said); err != nil || len(said.Bands) != 1 {
		t.Fatalf("%v in %s", err, out)
	}
	return said
}

// A floor that is mailed around tells what it stands on, and lies where its
// summary says.
func TestGDALReadsWhatFloorsStandOn(t *testing.T) {
	s, _ := serve(t, server.Config{Terrain: documented{}, EngineVersion: "1.2.3"})
	for _, packing := range []canopyv1.Compression{canopyv1.Compression_COMPRESSION_NONE, canopyv1.Compression_COMPRESSION_DEFLATE} {
		request := &canopyv1.ExportFloorRequest{
			Network: plain(), Compression: packing,
			Options: &canopyv1.CoverageOptions{EffectiveEarthK: ptr(1.25)},
		}
		file, summary := exported(t, s, request)
		said := gdalSays(t, file)
		want := map[string]string{
			"AREA_OR_POINT": "Area", "engine_version": "1.2.3", "radars": "puesto-n", "warnings": "terrain.demonstration",
			"reach": "terrain", "min_radars": "1", "effective_earth_k": "1.25", "analysis_spacing_arcsec": "30",
			"terrain": "ridge <1>", "terrain_identity": "test:ridge", "terrain_spacing_arcsec": "30",
			"terrain_source": "made up", "terrain_licence": "none",
			"horizontal_datum": "EPSG:4326", "vertical_datum": "mean sea level, as in the elevation model",
		}
		for name, value := range want {
			if got := said.Metadata[""][name]; got != value {
				t.Errorf("%v: %s is %q, want %q", packing, name, got, value)
			}
		}
		if len(said.Metadata[""]) != len(want) {
			t.Errorf("%v: the metadata are %v", packing, said.Metadata[""])
		}
		band := said.Bands[0]
		if band.NoDataValue != float64(summary.GetNodataAmslM()) || band.Unit != "metres AMSL" || band.Description != "coverage floor" {
			t.Errorf("%v: the band is %+v", packing, band)
		}
		if !strings.Contains(said.CoordinateSystem.WKT, `ID["EPSG",4326]`) {
			t.Errorf("%v: the reference system is %s", packing, said.CoordinateSystem.WKT)
		}
		grid, corners := summary.GetGrid(), said.CornerCoordinates
		west, north := grid.GetFirstPost().GetLonDeg()-grid.GetLonStepDeg()/2, grid.GetFirstPost().GetLatDeg()+grid.GetLatStepDeg()/2
		east, south := west+float64(summary.GetColumns())*grid.GetLonStepDeg(), north-float64(summary.GetRows())*grid.GetLatStepDeg()
		// gdalinfo prints corners to seven decimals.
		const printed = 1e-7
		for i, d := range []float64{corners.UpperLeft[0] - west, corners.UpperLeft[1] - north, corners.LowerRight[0] - east, corners.LowerRight[1] - south} {
			if math.Abs(d) > printed {
				t.Errorf("%v: edge %d is off by %v degrees", packing, i, d)
			}
		}
	}
}
