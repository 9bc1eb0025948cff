package earth

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

func TestSmoothHorizon(t *testing.T) {
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 250}
	horizonM := e.HorizonDistanceM(200)
	expectNear(t, "√(2ah)", horizonM, math.Sqrt(2*8.5e6*50), 1)
	expectNear(t, "slant", e.HorizonSlantRangeM(200), e.SlantRangeM(horizonM, 200), 1e-6)

	tangent := e.TanElevation(horizonM, 200)
	for _, shareOfWay := range []float64{0.9, 1.1} {
		if off := e.TanElevation(horizonM*shareOfWay, 200); off >= tangent {
			t.Errorf("the surface at %v of the way stands higher than the horizon", shareOfWay)
		}
	}
	for _, distanceM := range []float64{30e3, 100e3, 444480} {
		expectNear(t, "floor is the tangent ray", e.SmoothFloorM(distanceM, 200), e.RayHeightM(tangent, distanceM), 1e-6)
	}
	expectNear(t, "floor within the horizon", e.SmoothFloorM(horizonM*0.99, 200), 200, 0)
}

func TestSmoothHorizonOfLowAntennas(t *testing.T) {
	onSurface := Effective{RadiusM: 8.5e6, AntennaAMSLM: 200}
	expectNear(t, "horizon of an antenna on the surface", onSurface.HorizonDistanceM(200), 0, 0)
	expectNear(t, "floor at the antenna", onSurface.SmoothFloorM(0, 200), 200, 0)
	expectNear(t, "floor beyond", onSurface.SmoothFloorM(100e3, 200), onSurface.RayHeightM(0, 100e3), 1e-6)

	below := Effective{RadiusM: 8.5e6, AntennaAMSLM: 199}
	if h, f := below.HorizonDistanceM(200), below.SmoothFloorM(1e5, 200); !math.IsNaN(h) || !math.IsNaN(f) {
		t.Errorf("an antenna below the surface has horizon %v and floor %v", h, f)
	}
}

func TestHorizonOverProfile(t *testing.T) {
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 100}
	ridge := []ProfilePoint{{0, 500}, {1000, 90}, {2000, 300}, {3000, 390}, {9000, 600}}
	tan, distanceM := e.HorizonOverProfile(ridge)
	expectNear(t, "distance", distanceM, 2000, 0)
	expectNear(t, "tangent", tan, e.TanElevation(2000, 300), 0)

	if tan, _ := e.HorizonOverProfile(ridge[:1]); !math.IsInf(tan, -1) {
		t.Errorf("nothing in the way, but the horizon stands at %v", tan)
	}
}

// pathCases are the terrain profiles published with ITU-R P.452.
var pathCases = []struct {
	name             string
	mastTxM, mastRxM float64
	radiusM          float64
	angles           bool
}{
	{"b2iseac_eqdist", 60, 7, 8648087.375, true},
	{"flat_land_1000km", 10, 10, 8778763.916, true},
	{"flat_land_100km", 10, 10, 8735511.968, true},
	{"rburg_rural_no_clutter", 12, 19, 8401694.267, true},
	{"flat_land_5km", 10, 10, 8738167.287, false},
}

func horizonIDs() []string {
	var ids []string
	for _, p := range pathCases {
		ids = append(ids, "hor-"+p.name+"-los")
		for _, row := range []string{"-tx", "-rx", "-dtx", "-drx"} {
			if p.angles {
				ids = append(ids, "hor-"+p.name+row)
			}
		}
	}
	return ids
}

// TestPublishedHorizons runs the published profiles twice: with the formula
// that P.452 prints, a parabola for the earth, to check the data as read; and
// with this package, which must find the same horizon at an angle that differs
// by no more than the parabola explains.
func TestPublishedHorizons(t *testing.T) {
	cases := readCases(t)
	for _, p := range pathCases {
		t.Run(p.name, func(t *testing.T) {
			profile := readProfile(t, p.name)
			reversed := reverse(profile)
			tx := Effective{p.radiusM, profile[0].HeightAMSLM + p.mastTxM}
			rx := Effective{p.radiusM, reversed[0].HeightAMSLM + p.mastRxM}
			if p.angles {
				checkHorizon(t, cases, p.name, "tx", tx, profile)
				checkHorizon(t, cases, p.name, "rx", rx, reversed)
			}
			farEnd := profile[len(profile)-1]
			screening, _ := tx.HorizonOverProfile(between(profile))
			class := "line-of-sight"
			if screening > tx.TanElevation(farEnd.DistanceM, rx.AntennaAMSLM) {
				class = "trans-horizon"
			}
			if want := cases["hor-"+p.name+"-los"].expected; class != want {
				t.Errorf("path class %s, want %s", class, want)
			}
		})
	}
}

func checkHorizon(t *testing.T, cases map[string]publishedCase, name, end string, e Effective, profile []ProfilePoint) {
	t.Helper()
	inWay := between(profile)
	angleCase, distanceCase := cases["hor-"+name+"-"+end], cases["hor-"+name+"-d"+end]
	want := angleCase.expectedNumber(t)
	expectNear(t, end+" by the parabola, mrad", parabolicHorizonMrad(e, inWay), want, angleCase.toleranceNumber(t))

	tan, distanceM := e.HorizonOverProfile(inWay)
	expectNear(t, end+" distance, km", distanceM/1e3, distanceCase.expectedNumber(t), distanceCase.toleranceNumber(t))
	// Against the sphere the parabola neglects z/a of the rise, and
	// (s/a)²/6 of it plus (s/a)³/24 by the angle at the centre.
	height := math.Abs(inWay[slices.IndexFunc(inWay, func(p ProfilePoint) bool { return p.DistanceM == distanceM })].HeightAMSLM)
	rise, psi := math.Abs(height-e.AntennaAMSLM)/distanceM, distanceM/e.RadiusM
	neglected := rise*(height/e.RadiusM+psi*psi/6) + psi*psi*psi/24
	expectNear(t, end+" on the sphere, mrad", 1e3*math.Atan(tan), want, 1.01e3*neglected+angleCase.toleranceNumber(t))
}

func parabolicHorizonMrad(e Effective, profile []ProfilePoint) float64 {
	largest := math.Inf(-1)
	for _, p := range profile {
		tan := (p.HeightAMSLM-e.AntennaAMSLM)/p.DistanceM - p.DistanceM/(2*e.RadiusM)
		largest = math.Max(largest, 1e3*math.Atan(tan))
	}
	return largest
}

func readProfile(t *testing.T, name string) []ProfilePoint {
	t.Helper()
	rows := readCSV(t, "physics/itu_p452_profiles/test_profile_"+name+".csv")
	var profile []ProfilePoint
	for _, row := range rows[1:] {
		profile = append(profile, ProfilePoint{1e3 * number(t, row[0]), number(t, row[1])})
	}
	return profile
}

// between leaves out the two ends, where the antennas stand.
func between(profile []ProfilePoint) []ProfilePoint { return profile[1 : len(profile)-1] }

func reverse(profile []ProfilePoint) []ProfilePoint {
	lengthM := profile[len(profile)-1].DistanceM
	var reversed []ProfilePoint
	for _, p := range slices.Backward(profile) {
		reversed = append(reversed, ProfilePoint{lengthM - p.DistanceM, p.HeightAMSLM})
	}
	return reversed
}

// discAreaM2 is the area of a geodesic disc, traced in steps so short that the
// polygon lacks 1e-8 of it.
func discAreaM2(centre orb.Point, radiusM float64) float64 {
	const corners = 36000
	ring := make(orb.Ring, corners)
	for i := range ring {
		ring[i], _ = Direct(centre, -360*float64(i)/corners, radiusM)
	}
	return RingAreaM2(ring)
}

// TestDiscsOnTheEllipsoid: the table's area of a disc is that of the plane. On
// a sphere of the mean curvature a disc is smaller by r²/(12·R²), and so it
// must be on the ellipsoid.
func TestDiscsOnTheEllipsoid(t *testing.T) {
	const radiusM = 444480.0
	c := readCases(t)["area-01"]
	planeKM2 := math.Pi * radiusM * radiusM / 1e6
	expectNear(t, "plane", planeKM2, c.expectedNumber(t), c.toleranceNumber(t))

	curvature2 := CurvatureAt(-12.6131).MeridianM * CurvatureAt(-12.6131).PrimeVerticalM
	want := planeKM2 * (1 - radiusM*radiusM/(12*curvature2))
	expectNear(t, "ellipsoid", discAreaM2(puertoMaldonado, radiusM)/1e6, want, 1e-5*want)
}
