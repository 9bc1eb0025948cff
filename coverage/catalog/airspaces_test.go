package catalog_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/earth"
)

func area(t *testing.T, id string) *catalog.Airspace {
	t.Helper()
	a, err := catalog.Default().Airspace(id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAirspacesAreWellFormed(t *testing.T) {
	count := map[catalog.Kind]int{}
	last := ""
	for _, a := range catalog.Default().Airspaces() {
		count[a.Kind]++
		if a.ID <= last {
			t.Errorf("%s comes after %s", a.ID, last)
		}
		last = a.ID
		if a.Name == "" || a.Source == "" || a.Licence == "" || len(a.Assumptions) == 0 {
			t.Errorf("%s does not say what it is, where it comes from and what is assumed", a.ID)
		}
		for _, polygon := range a.Area {
			checkRings(t, a.ID, polygon)
		}
	}
	want := map[catalog.Kind]int{catalog.Country: 1, catalog.Department: 25, catalog.Zone: 2}
	for kind, n := range want {
		if count[kind] != n {
			t.Errorf("%d of kind %v, want %d", count[kind], kind, n)
		}
	}
}

// checkRings checks what RFC 7946 asks of a polygon.
func checkRings(t *testing.T, id string, polygon orb.Polygon) {
	t.Helper()
	for i, ring := range polygon {
		want := orb.CCW
		if i > 0 {
			want = orb.CW
		}
		if len(ring) < 4 || !ring.Closed() || ring.Orientation() != want {
			t.Errorf("%s: ring %d of %d points is open or wound the wrong way", id, i, len(ring))
		}
		for j, p := range ring {
			if math.Abs(p.Lat()) > 90 || math.Abs(p.Lon()) > 180 {
				t.Errorf("%s: %v is no place on the earth", id, p)
			}
			if j > 0 && p == ring[j-1] {
				t.Errorf("%s: %v comes twice in a row", id, p)
			}
		}
	}
}

func km2(a *catalog.Airspace) float64 { return earth.MultiPolygonAreaM2(a.Area) / 1e6 }

func TestAreaOfPeru(t *testing.T) {
	// The figure and its tolerance are the project's requirement.
	if got := km2(area(t, "peru")); math.Abs(got-1289850) > 0.001*1289850 {
		t.Errorf("Peru has %.0f km², want 1 289 850 within 0.1 %%", got)
	}
}

// Where the development data lie beside the repository, the outline is theirs.
func TestOutlineOfPeruAgreesWithTheReference(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/boundary/peru_world-atlas_10m.geojson")
	if err != nil {
		t.Skip("no reference data here")
	}
	var reference struct {
		Geometry struct{ Coordinates orb.MultiPolygon }
	}
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
	want := earth.MultiPolygonAreaM2(reference.Geometry.Coordinates) / 1e6
	if got := km2(area(t, "peru")); math.Abs(got-want) > 0.1 {
		t.Errorf("Peru has %.3f km², the reference %.3f", got, want)
	}
}

func TestDepartments(t *testing.T) {
	departments := catalog.Default().Departments()
	var sum float64
	for _, d := range departments {
		sum += km2(d)
	}
	peru := km2(area(t, "peru"))
	// Both are Natural Earth's, and close to each other in all.
	if math.Abs(sum-peru) > 20 {
		t.Errorf("the departments have %.0f km² together, Peru %.0f", sum, peru)
	}
	// Official areas in km² (INEI). Natural Earth generalises the borders:
	// Cusco and Madre de Dios are 3 % off, in opposite directions.
	official := map[string]float64{
		"peru/loreto": 368852, "peru/madre-de-dios": 85301, "peru/cusco": 71987,
		"peru/lima": 34802, "peru/ucayali": 102411,
	}
	for id, want := range official {
		if got := km2(area(t, id)); math.Abs(got-want) > 0.04*want {
			t.Errorf("%s has %.0f km², officially %.0f", id, got, want)
		}
	}
}

func TestWhatLiesWhere(t *testing.T) {
	tests := []struct {
		place string
		at    orb.Point
		in    []string
		notIn []string
	}{
		{"Pichari", orb.Point{-73.829, -12.519}, []string{"vraem", "peru"}, nil},
		{"Llochegua", orb.Point{-73.909, -12.410}, []string{"vraem", "peru"}, nil},
		{"Kimbiri", orb.Point{-73.79, -12.62}, []string{"vraem"}, nil},
		{"Sivia", orb.Point{-73.86, -12.51}, []string{"vraem"}, nil},
		{"Santa Rosa", orb.Point{-73.73, -12.69}, []string{"vraem", "peru/ayacucho"}, nil},
		{"Samugari, Palmapampa", orb.Point{-73.69, -12.77}, []string{"vraem"}, nil},
		{"Mazamari", orb.Point{-74.5356, -11.3254}, []string{"vraem", "peru/junin"}, nil},
		{"Puerto Maldonado", orb.Point{-69.2282, -12.6131}, []string{"peru/madre-de-dios", "peru"}, []string{"vraem"}},
		{"Lima", orb.Point{-77.03, -12.05}, []string{"peru/lima"}, []string{"peru/callao"}},
		{"Jorge Chávez airport", orb.Point{-77.1143, -12.0219}, []string{"peru/callao"}, []string{"peru/lima"}},
		{"La Paz", orb.Point{-68.15, -16.5}, nil, []string{"peru", "vraem"}},
		{"the Pacific", orb.Point{-79, -13}, nil, []string{"peru"}},
	}
	for _, tt := range tests {
		t.Run(tt.place, func(t *testing.T) {
			for _, id := range tt.in {
				if !planar.MultiPolygonContains(area(t, id).Area, tt.at) {
					t.Errorf("%v is not in %s", tt.at, id)
				}
			}
			for _, id := range tt.notIn {
				if planar.MultiPolygonContains(area(t, id).Area, tt.at) {
					t.Errorf("%v is in %s", tt.at, id)
				}
			}
		})
	}
}

func TestKindString(t *testing.T) {
	for kind, want := range map[catalog.Kind]string{
		catalog.Country: "country", catalog.Department: "department", catalog.Zone: "zone", 0: "Kind(0)",
	} {
		if got := kind.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The Amazon is what its departments are together, without the borders between
// them.
func TestAmazonIsItsDepartments(t *testing.T) {
	sum := 0.0
	for _, id := range []string{"peru/amazonas", "peru/loreto", "peru/madre-de-dios", "peru/san-martin", "peru/ucayali"} {
		sum += km2(area(t, id))
	}
	amazon := area(t, "amazon")
	if got := km2(amazon); math.Abs(got/sum-1) > 1e-9 {
		t.Errorf("the Amazon has %.1f km², its departments have %.1f", got, sum)
	}
	if len(amazon.Area) != 1 || len(amazon.Area[0]) != 1 {
		t.Errorf("the Amazon is of %d parts", len(amazon.Area))
	}
}
