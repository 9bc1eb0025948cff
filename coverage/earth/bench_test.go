package earth

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

var (
	puertoMaldonado = orb.Point{-69.2282, -12.6131}
	pichari         = orb.Point{-73.83, -12.52}
)

var (
	sinkPoint  orb.Point
	sinkMetres float64
)

func BenchmarkInverse500km(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sinkMetres = Inverse(puertoMaldonado, pichari).DistanceM
	}
}

// BenchmarkSphere500km is the peer of BenchmarkInverse500km: a haversine on a
// sphere of the equatorial radius.
func BenchmarkSphere500km(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sinkMetres = geo.DistanceHaversine(puertoMaldonado, pichari)
	}
}

func BenchmarkInverseAntipodal(b *testing.B) {
	b.ReportAllocs()
	from, to := orb.Point{0, -30}, orb.Point{179.8, 29.9}
	for b.Loop() {
		sinkMetres = Inverse(from, to).DistanceM
	}
}

func BenchmarkDirect500km(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sinkPoint, _ = Direct(puertoMaldonado, 271.5, 500e3)
	}
}

func BenchmarkNewLine(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		line := NewLine(puertoMaldonado, 271.5)
		sinkMetres = line.radPerM
	}
}

func BenchmarkLineAt(b *testing.B) {
	b.ReportAllocs()
	line := NewLine(puertoMaldonado, 271.5)
	distanceM := 0.0
	for b.Loop() {
		distanceM += 45
		sinkPoint = line.At(distanceM)
	}
}

func BenchmarkTanElevation(b *testing.B) {
	b.ReportAllocs()
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 215}
	for b.Loop() {
		sinkMetres = e.TanElevation(200e3, 3000)
	}
}

func BenchmarkRayHeight(b *testing.B) {
	b.ReportAllocs()
	e := Effective{RadiusM: 8.5e6, AntennaAMSLM: 215}
	for b.Loop() {
		sinkMetres = e.RayHeightM(0.003, 200e3)
	}
}

func BenchmarkRingArea100Points(b *testing.B) {
	b.ReportAllocs()
	var ring orb.Ring
	for i := range 100 {
		p, _ := Direct(puertoMaldonado, float64(-360*i)/100, 444480)
		ring = append(ring, p)
	}
	for b.Loop() {
		sinkMetres = RingAreaM2(ring)
	}
}

func BenchmarkBoundAround(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sinkMetres = BoundAround(puertoMaldonado, 444480).Max.Lon()
	}
}
