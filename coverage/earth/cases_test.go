package earth

import (
	"encoding/csv"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

const sharedData = "../../../shared/data/"

// publishedCase is a row of physics_cases.csv.
type publishedCase struct {
	inputs, expected, tolerance string
}

func readCases(t *testing.T) map[string]publishedCase {
	t.Helper()
	rows := readCSV(t, "physics_cases.csv")
	cases := make(map[string]publishedCase, len(rows))
	for _, row := range rows[1:] {
		cases[row[0]] = publishedCase{inputs: row[2], expected: row[3], tolerance: row[5]}
	}
	return cases
}

// readCSV skips the test where the validation data is not at hand.
func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(sharedData + name)
	if err != nil {
		t.Skipf("no validation data here: %v", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows
}

func (c publishedCase) expectedNumber(t *testing.T) float64 { return number(t, c.expected) }

// toleranceNumber is the number that the tolerance starts with; a percentage
// is one of the expected value.
func (c publishedCase) toleranceNumber(t *testing.T) float64 {
	first := strings.Fields(c.tolerance)[0]
	if share, ok := strings.CutSuffix(first, "%"); ok {
		return number(t, share) / 100 * c.expectedNumber(t)
	}
	return number(t, first)
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// mathWorksEarth is the radius that MathWorks calls a 4/3 earth, from a lapse
// and not from the factor.
func mathWorksEarth(antennaAMSLM float64) Effective {
	return Effective{RadiusM: EffectiveRadiusFromLapse(6371000, -39e-9), AntennaAMSLM: antennaAMSLM}
}

func wradlibEarth() Effective { return Effective{RadiusM: StandardK * 6370040} }

func standardEarth(antennaAMSLM float64) Effective {
	return Effective{RadiusM: 8494667, AntennaAMSLM: antennaAMSLM}
}

const degree = radPerDeg

// lineOfSightKM is the sum of the horizons of two heights over the sea.
func lineOfSightKM(h1, h2 float64) float64 {
	return (standardEarth(h1).HorizonDistanceM(0) + standardEarth(h2).HorizonDistanceM(0)) / 1e3
}

func coneRadiusKM(heightM float64) float64 {
	e := standardEarth(10)
	return e.GroundDistanceM(e.SlantFromHeightM(heightM, 20*degree), 20*degree) / 1e3
}

// publishedChecks computes the rows of physics_cases.csv that one formula of
// this package stands behind; those of the horizon over a profile are in
// TestPublishedHorizons.
var publishedChecks = map[string]func() float64{
	"geo-01": func() float64 { return EffectiveRadiusFromLapse(6371000, -39e-9) },
	"geo-02": func() float64 { return mathWorksEarth(10).HeightFromSlantM(300e3, 0.5*degree) },
	"geo-04": func() float64 { return mathWorksEarth(10).SlantFromHeightM(1000, 2*degree) },
	"geo-08": func() float64 { return depressionDeg(mathWorksEarth(300), 1000) },
	"geo-10": func() float64 {
		const flat, rise = 1e13, 577.3502691896 // 1000 m · tan 30°
		return Effective{RadiusM: flat}.SlantRangeM(1000, rise)
	},
	"geo-11": func() float64 { return mathWorksEarth(30).HorizonSlantRangeM(0) },
	"geo-12": func() float64 { return standardEarth(10).HorizonDistanceM(0) / 1e3 },
	"geo-13": func() float64 { return lineOfSightKM(10, 300) },
	"geo-15": func() float64 { return lineOfSightKM(20, 3048) },
	"geo-17": func() float64 { return lineOfSightKM(9144, 300) },

	"dz-h-10": func() float64 { return wradlibEarth().HeightFromSlantM(10e3, 2*degree) },
	"dz-h-30": func() float64 { return wradlibEarth().HeightFromSlantM(30e3, 2*degree) },
	"dz-h-50": func() float64 { return wradlibEarth().HeightFromSlantM(50e3, 2*degree) },
	"dz-h-70": func() float64 { return wradlibEarth().HeightFromSlantM(70e3, 2*degree) },
	"dz-h-90": func() float64 { return wradlibEarth().HeightFromSlantM(90e3, 2*degree) },
	"dz-d-10": func() float64 { return wradlibEarth().GroundDistanceM(10e3, 2*degree) },
	"dz-d-50": func() float64 { return wradlibEarth().GroundDistanceM(50e3, 2*degree) },
	"dz-d-70": func() float64 { return wradlibEarth().GroundDistanceM(70e3, 2*degree) },

	"refr-01": func() float64 { return 6371 * mustK(53) },
	"refr-02": func() float64 { return mustK(39) },

	"gd-01":            func() float64 { return DistanceM(orb.Point{-73.8, 40.6}, orb.Point{-0.5, 51.6}) },
	"gd-pem-llochegua": func() float64 { return DistanceM(sptuRunway, orb.Point{-73.9090, -12.4100}) },
	"gd-pem-mazamari":  func() float64 { return DistanceM(sptuRunway, spmfRunway) },
	"gd-pem-cobija":    func() float64 { return DistanceM(sptuRunway, cobija) },
	"gd-pem-santa":     func() float64 { return DistanceM(sptuRunway, orb.Point{-65.4352, -13.7622}) },

	"area-06":    func() float64 { return discAreaM2(orb.Point{45, 25}, 375.5e3) / 1e6 },
	"cone-3000":  func() float64 { return coneRadiusKM(3000) },
	"cone-30480": func() float64 { return coneRadiusKM(30480) },
	"floor-el-0": func() float64 { return standardEarth(10).HeightFromSlantM(444480, 0) },
	"floor-el-1": func() float64 { return standardEarth(10).HeightFromSlantM(444480, 1*degree) },
}

// The runway at Puerto Maldonado is given in the table. For Mazamari and Cobija
// its inputs are not the places that its distances and azimuths were computed
// to, which lie 5 m and 0.2 m away: the middle of the runway of Mazamari in
// OurAirports, and Cobija to four decimals.
var (
	sptuRunway = orb.Point{-69.228199005, -12.613099575}
	spmfRunway = orb.Point{-74.535648346, -11.325400352}
	cobija     = orb.Point{-68.7829, -11.0404}
)

// statedTolerances replace those of the table that speak of another formula
// than ours. The rule of thumb 4.12·√h is within 0.1 % of the tangent.
var statedTolerances = map[string]float64{
	"geo-13": 0.001 * 84.389, "geo-15": 0.001 * 245.885, "geo-17": 0.001 * 465.332,
}

func TestPublishedValues(t *testing.T) {
	cases := readCases(t)
	for id, compute := range publishedChecks {
		t.Run(id, func(t *testing.T) {
			c, ok := cases[id]
			if !ok {
				t.Fatal("no such row")
			}
			tolerance, ok := statedTolerances[id]
			if !ok {
				tolerance = c.toleranceNumber(t)
			}
			expectNear(t, c.inputs, compute(), c.expectedNumber(t), tolerance)
		})
	}
}

// TestPublishedValuesAreAllUsed lists every row in the families of this package,
// so that a new one cannot be overlooked.
func TestPublishedValuesAreAllUsed(t *testing.T) {
	family := regexp.MustCompile(`^(geo|dz|refr|gd|cone|floor-el|hor|area)-`)
	elsewhere := []string{
		// These need a map of refractivity, or outlines of Peru.
		"refr-dn50-puerto", "refr-dn50-iquitos", "refr-dn50-pichari",
		"refr-n050-puerto", "refr-n050-iquitos", "refr-n050-pichari",
		"area-02", "area-05", "area-net-2", "area-net-4", "area-vraem-1",
		// A disc in the plane: TestDiscsOnTheEllipsoid.
		"area-01",
	}
	for id := range readCases(t) {
		_, computed := publishedChecks[id]
		horizon := strings.HasPrefix(id, "hor-") && slices.Contains(horizonIDs(), id)
		if family.MatchString(id) && !computed && !horizon && !slices.Contains(elsewhere, id) {
			t.Errorf("%s has no check", id)
		}
	}
}
