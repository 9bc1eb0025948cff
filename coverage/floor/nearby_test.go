package floor

import "testing"

// TestNearLineReduced: where a line of posts near by ends, within a row of the
// patch, at its ends or beyond them, the sea begins.
func TestNearLineReduced(t *testing.T) {
	r := reducer{antennaAMSLM: 500, inverseRadius: 1. / 8.5e6}
	line := nearLine{first: 10, heightsM: []float32{-100, 0, 250, 1000, -499}}
	for left := range 20 {
		for n := range 20 {
			dst := make([]float32, n)
			line.reduced(dst, left, &r)
			for i, got := range dst {
				up := -r.antennaAMSLM
				if j := left + i - line.first; j >= 0 && j < len(line.heightsM) {
					up = line.heightsM[j]
				}
				if want := r.lift(up); got != want {
					t.Fatalf("%d posts from %d on: post %d is %v, want %v", n, left, i, got, want)
				}
			}
		}
	}
}
