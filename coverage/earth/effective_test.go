package earth

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// depressionDeg is the angle below the horizontal at which the antenna sees
// the sea at a slant range, found by iteration.
func depressionDeg(e Effective, slantRangeM float64) float64 {
	elevation := 0.0
	for range 50 {
		elevation = math.Atan(e.TanElevation(e.GroundDistanceM(slantRangeM, elevation), 0))
	}
	return -elevation * degPerRad
}

func TestRayHeightUndoesTanElevation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEarth(t)
		distanceM := math.Pow(10, rapid.Float64Range(0, 6).Draw(t, "log distance"))
		heightM := rapid.Float64Range(-500, 40e3).Draw(t, "height")
		got := e.RayHeightM(e.TanElevation(distanceM, heightM), distanceM)
		expectNear(t, "height", got, heightM, 1e-6)
	})
}

func TestTanElevationIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEarth(t)
		distanceM := rapid.Float64Range(1e3, 1e6).Draw(t, "distance")
		heightM := rapid.Float64Range(-500, 40e3).Draw(t, "height")
		sin, cos := math.Sincos(distanceM / e.RadiusM)
		z, h0 := e.RadiusM+heightM, e.RadiusM+e.AntennaAMSLM
		// The plain formula loses a nanometre of height to cancellation.
		expectNear(t, "tangent", e.TanElevation(distanceM, heightM), (z*cos-h0)/(z*sin), 1e-8/distanceM+1e-15)
	})
}

func TestTanElevationNearby(t *testing.T) {
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 4000}
	// At this height a metre of ground distance is wider by z/a, and over it
	// the earth falls away by s/2a.
	rise := 0.001 / (1 + 4000/8.5e6)
	expectNear(t, "a metre away, 1 mm up", e.TanElevation(1, 4000.001), rise-0.5/8.5e6, 1e-12)
	expectNear(t, "level", e.TanElevation(1, 4000), -0.5/8.5e6, 1e-16)
	if up, down := e.TanElevation(0, 5000), e.TanElevation(0, 0); !math.IsInf(up, 1) || !math.IsInf(down, -1) {
		t.Errorf("straight up %v, straight down %v", up, down)
	}
}

func TestRayHeightOfExtremeRays(t *testing.T) {
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 100}
	inf := math.Inf(1)
	cases := []struct {
		name                 string
		tan, distanceM, want float64
	}{
		{"straight up", inf, 1000, inf},
		{"straight up, overhead", inf, 0, inf},
		{"straight down", -inf, 1000, -8.5e6},
		{"too steep to get there", 1e5, 100e3, inf},
		{"at the antenna", 0.3, 0, 100},
		{"level", 0, 1000, 100 + (8.5e6+100)*(1/math.Cos(1000/8.5e6)-1)},
	}
	for _, c := range cases {
		got := e.RayHeightM(c.tan, c.distanceM)
		if got != c.want && !(math.Abs(got-c.want) <= 1e-7) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	// 89.9°: the ray passes 1 km from the antenna at 573 km.
	steep := math.Tan(89.9 * degree)
	heightM := e.RayHeightM(steep, 1000)
	expectNear(t, "steep ray, back", e.TanElevation(1000, heightM)/steep, 1, 1e-12)
}

func TestSlantRangeAgreesWithPolarCoordinates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEarth(t)
		slantM := math.Pow(10, rapid.Float64Range(0, 6).Draw(t, "log slant"))
		elevation := rapid.Float64Range(-0.02, 1.57).Draw(t, "elevation")
		heightM, groundM := e.HeightFromSlantM(slantM, elevation), e.GroundDistanceM(slantM, elevation)
		expectNear(t, "slant range", e.SlantRangeM(groundM, heightM), slantM, 2e-8+1e-14*slantM)
		expectNear(t, "height of the ray", e.RayHeightM(math.Tan(elevation), groundM), heightM, 1e-6+1e-3*math.Tan(elevation)*1e-6)
	})
}

func TestHeightAtSlantRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEarth(t)
		distanceM := rapid.Float64Range(0, 500e3).Draw(t, "distance")
		slantM := rapid.Float64Range(1e3, 500e3).Draw(t, "slant")
		heightM := e.HeightAtSlantRangeM(distanceM, slantM)
		nearestM := (e.RadiusM + e.AntennaAMSLM) * math.Sin(distanceM/e.RadiusM)
		if slantM < nearestM*(1-1e-12) {
			if !math.IsNaN(heightM) {
				t.Errorf("height %v at a slant range below the nearest, %v", heightM, nearestM)
			}
			return
		}
		expectNear(t, "slant range", e.SlantRangeM(distanceM, heightM), slantM, 1e-6)
		if above := e.SlantRangeM(distanceM, heightM+1); above < slantM {
			t.Errorf("one metre higher is nearer, %v m: not the upper root", above)
		}
	})
}

func TestSlantFromHeight(t *testing.T) {
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 1000}
	cases := []struct {
		name             string
		heightM, elevDeg float64
		reached          bool
	}{
		{"up to a height above", 5000, 3, true},
		{"level to a height above", 5000, 0, true},
		{"down, then up as the earth falls away", 5000, -0.1, true},
		{"down to a height below", 0, -2, true},
		{"down too little", 0, -0.5, false},
		{"up to a height below", 0, 1, false},
		{"level to a height below", 0, 0, false},
		{"own height", 1000, -0.3, true},
		{"straight up", 5000, 90, true},
		{"straight down", 0, -90, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			slantM := e.SlantFromHeightM(c.heightM, c.elevDeg*degree)
			if !c.reached {
				if !math.IsNaN(slantM) {
					t.Errorf("reached at %v", slantM)
				}
				return
			}
			expectNear(t, "height", e.HeightFromSlantM(slantM, c.elevDeg*degree), c.heightM, 1e-6)
			halfway := e.HeightFromSlantM(slantM/2, c.elevDeg*degree)
			if c.heightM < 1000 && halfway < c.heightM {
				t.Errorf("already at %v halfway: not the first meeting", halfway)
			}
		})
	}
}

func TestRaysAllocateNothing(t *testing.T) {
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 215}
	line := NewLine(puertoMaldonado, 10)
	allocated := testing.AllocsPerRun(100, func() {
		tan := e.TanElevation(1e5, 3000)
		sinkMetres = e.RayHeightM(tan, 2e5) + e.SlantRangeM(1e5, 100) + e.SmoothFloorM(2e5, 0)
		sinkPoint = line.At(1e5)
		sinkMetres += Inverse(puertoMaldonado, sinkPoint).DistanceM
	})
	if allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
}

func drawEarth(t *rapid.T) Effective {
	return Effective{
		RadiusM:      6371000 * rapid.Float64Range(0.7, 3).Draw(t, "k"),
		AntennaAMSLM: rapid.Float64Range(0, 12e3).Draw(t, "antenna"),
	}
}
