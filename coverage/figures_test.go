package coverage_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/terraintest"
)

const (
	nm240M = 444.48e3
	nm100M = 185.2e3
)

// The figures that the product is held to, on the outline of Peru that it has
// built in.
func TestSharesOfPeru(t *testing.T) {
	demo := func(testing.TB) terrain.Model { return demonstration() }
	composite := func(t testing.TB) terrain.Model { return terraintest.Real(t, compositePath) }
	tests := []struct {
		name, scenario  string
		rangeM          float64
		model           func(t testing.TB) terrain.Model
		want, tolerance float64
	}{
		{"one radar, 400 km", "tps70-2015", 0, demo, 0.171, 0.002},
		{"one radar, 240 NM", "tps70-2015", nm240M, demo, 0.206, 0.002},
		{"two radars, 240 NM", "tps70-pair", nm240M, demo, 0.555, 0.003},
		{"four radars, 240 NM", "four-modern", nm240M, demo, 0.825, 0.004},
		{"one radar, 400 km, composite", "tps70-2015", 0, composite, 0.171, 0.002},
		{"one radar, 240 NM, composite", "tps70-2015", nm240M, composite, 0.206, 0.002},
		{"four radars, 240 NM, composite", "four-modern", nm240M, composite, 0.825, 0.004},
	}
	for _, tt := range tests[:shorter(len(tests), 1)] {
		t.Run(tt.name, func(t *testing.T) {
			q := query(withRange(scenario(t, tt.scenario).Radars, tt.rangeM)...)
			q.Reach = sight.Disc
			band := findGaps(t, tt.model(t), exactGaps(q, airspaceOf(t, "peru"), flightLevel100)).Bands[0]
			if got := coveredShare(band); math.Abs(got-tt.want) > tt.tolerance {
				t.Errorf("covered share %.4f, want %.4f ± %.3f", got, tt.want, tt.tolerance)
			}
			if got, want := band.AirspaceM2, 1289850e6; math.Abs(got/want-1) > 0.001 {
				t.Errorf("area of Peru %.0f km², want %.0f ± 0.1 %%", got/1e6, want/1e6)
			}
		})
	}
}

// boundaryDir holds the outlines that the published shares were computed with.
const boundaryDir = "../../shared/data/boundary/"

// TestPublishedShares computes the rows area-* of physics_cases.csv on the
// outline that they name, but for area-01 and area-06, which are areas of
// circles, and for area-vraem-1: its outline of Pichari is not at hand. The
// town's surroundings, 10 km to each side, stand for the district, which spans
// 481 to 517 km from the radar.
func TestPublishedShares(t *testing.T) {
	peru := publishedOutline(t)
	pichari := around(orb.Point{-73.829, -12.519}, 0.09)
	lima := site("lima", orb.Point{-77.115, -12.020}, nm100M)
	tests := []struct {
		row  string
		area orb.MultiPolygon
		coverage.Query
	}{
		{"area-02", peru, query(withRange(scenario(t, "tps70-2015").Radars, nm240M)...)},
		{"area-net-2", peru, query(withRange(scenario(t, "tps70-pair").Radars, nm240M)...)},
		{"area-net-4", peru, query(withRange(scenario(t, "four-modern").Radars, nm240M)...)},
		{"area-05", peru, query(lima)},
		{"area-vraem-1", pichari, query(withRange(scenario(t, "tps70-2015").Radars, nm240M)...)},
	}
	published := publishedShares(t)
	for _, tt := range tests[:shorter(len(tests), 1)] {
		t.Run(tt.row, func(t *testing.T) {
			tt.Reach = sight.Disc
			got := 100 * shares(findGaps(t, demonstration(), exactGaps(tt.Query, tt.area, flightLevel100)))[0]
			if want := published[tt.row]; !(math.Abs(got-want.percent) <= want.tolerance) {
				t.Errorf("%.2f %%, want %v ± %v", got, want.percent, want.tolerance)
			}
		})
	}
}

type publishedShare struct{ percent, tolerance float64 }

func publishedShares(t *testing.T) map[string]publishedShare {
	t.Helper()
	f, err := os.Open("../../shared/data/physics_cases.csv")
	if err != nil {
		t.Skip("no validation data here: ", err)
	}
	defer f.Close()
	reader := csv.NewReader(f)
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]publishedShare{}
	for _, row := range rows {
		percent, err1 := strconv.ParseFloat(row[3], 64)
		tolerance, err2 := strconv.ParseFloat(row[5], 64)
		if err1 == nil && err2 == nil && row[4] == "%" {
			out[row[0]] = publishedShare{percent, tolerance}
		}
	}
	return out
}

// publishedOutline is all departments: borders between two of them count as
// crossed twice, so not at all.
func publishedOutline(t *testing.T) orb.MultiPolygon {
	t.Helper()
	raw, err := os.ReadFile(boundaryDir + "peru_departamentos_INEI_juaneladio.geojson")
	if err != nil {
		t.Skip("the outline is not here: ", err)
	}
	var collection struct {
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(raw, &collection); err != nil {
		t.Fatal(err)
	}
	var all orb.MultiPolygon
	for _, f := range collection.Features {
		area := make(orb.MultiPolygon, 1)
		var into any = &area
		if f.Geometry.Type == "Polygon" {
			into = &area[0]
		}
		if err := json.Unmarshal(f.Geometry.Coordinates, into); err != nil {
			t.Fatal(err)
		}
		all = append(all, area...)
	}
	return all
}

// Pichari is out of range of Puerto Maldonado at every altitude.
func TestPichariIsOutOfRange(t *testing.T) {
	e := &coverage.Engine{Terrain: demonstration()}
	p := coverage.Point{Position: orb.Point{-73.829, -12.519}, Altitude: amsl(3000)}
	result, err := e.CheckPoints(context.Background(), coverage.PointQuery{Query: query(scenario(t, "tps70-2015").Radars...), Points: []coverage.Point{p}})
	if err != nil {
		t.Fatal(err)
	}
	out := result.Outcomes[0]
	look := out.Looks[0]
	if out.Seen || look.Sees || look.Cause != sight.OutOfRange {
		t.Errorf("seen %v, by the radar %v, cause %v; want out of range", out.Seen, look.Sees, look.Cause)
	}
	if math.Abs(look.DistanceM-500.1e3) > 50 {
		t.Errorf("%.0f m away, want 500.1 km to the digit given", look.DistanceM)
	}
	if !math.IsNaN(out.FloorAMSLM) || !math.IsNaN(out.CeilingAMSLM) {
		t.Errorf("floor %v, ceiling %v; want none", out.FloorAMSLM, out.CeilingAMSLM)
	}
}
