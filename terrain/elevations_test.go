package terrain_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/terrain"
)

// counted is a model that counts how often it is read, and fails if told to.
type counted struct {
	inMemory
	reads int
	err   error
}

func (m *counted) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	m.reads++
	if m.err != nil {
		return nil, m.err
	}
	return m.inMemory.Read(ctx, l)
}

// pitted is a model of random elevations, with a void here and there.
func pitted(l terrain.Lattice) *counted {
	random := rand.New(rand.NewPCG(1, 2))
	g := terrain.NewGrid(l)
	for i := range g.ElevationM {
		if random.IntN(50) > 0 {
			g.ElevationM[i] = float32(4000 * random.Float64())
		}
	}
	return &counted{inMemory: inMemory{g}}
}

// The lattices span 3° × 3° from 71° W 12° S.
var (
	onWholeDegrees = terrain.Lattice{PerDegLon: 60, PerDegLat: 60, Col0: 109 * 60, Row0: 99 * 60, Cols: 181, Rows: 181}
	inPixelCentres = terrain.Lattice{PerDegLon: 60, PerDegLat: 60, OffLon: 0.5, OffLat: 0.5, Col0: 109 * 60, Row0: 99 * 60, Cols: 180, Rows: 180}
	ofOddSpacing   = terrain.Lattice{PerDegLon: 37, PerDegLat: 41, OffLon: 0.25, OffLat: 0.75, Col0: 109 * 37, Row0: 99 * 41, Cols: 111, Rows: 123}
)

// places mixes random places with whole degrees, posts, edges and what lies
// beyond.
func places(l terrain.Lattice) []orb.Point {
	random := rand.New(rand.NewPCG(3, 4))
	var out []orb.Point
	for range 3000 {
		out = append(out, orb.Point{-71.5 + 4*random.Float64(), -12.5 + 4*random.Float64()})
	}
	for lon := -72; lon <= -67; lon++ {
		for lat := -13; lat <= -8; lat++ {
			out = append(out, orb.Point{float64(lon), float64(lat)}, orb.Point{float64(lon), float64(lat) + 0.3})
		}
	}
	for range 500 {
		out = append(out, orb.Point{l.Lon(random.IntN(l.Cols)), l.Lat(random.IntN(l.Rows))})
	}
	return append(out, l.Bound().Min, l.Bound().Max, orb.Point{170, 80}, orb.Point{-180, -90}, orb.Point{180, 90})
}

// Read square by square, elevations are those of the whole grid, to the bit.
func TestElevationsAreThoseOfTheGrid(t *testing.T) {
	for name, l := range map[string]terrain.Lattice{
		"posts on whole degrees": onWholeDegrees, "posts in pixel centres": inPixelCentres, "odd spacing": ofOddSpacing,
	} {
		t.Run(name, func(t *testing.T) {
			m, points := pitted(l), places(l)
			got, err := terrain.Elevations(context.Background(), m, points)
			if err != nil {
				t.Fatal(err)
			}
			known := 0
			for i, p := range points {
				want := m.At(p.Lon(), p.Lat())
				if got[i] != want && !(math.IsNaN(got[i]) && math.IsNaN(want)) {
					t.Errorf("%v: %v m, want %v", p, got[i], want)
				}
				if want == want {
					known++
				}
			}
			if known < 1000 {
				t.Errorf("%d points with an elevation show too little", known)
			}
			// Squares that meet the 5° × 5° of the points, and three corners
			// of the earth.
			if m.reads > 6*6+3 {
				t.Errorf("%d reads", m.reads)
			}
		})
	}
}

// Few points far apart are looked up where they lie, to the same bit.
func TestElevationsOfFewPoints(t *testing.T) {
	for _, l := range []terrain.Lattice{onWholeDegrees, inPixelCentres, ofOddSpacing} {
		m := pitted(l)
		for _, p := range places(l)[:1000] {
			west, south := math.Floor(p.Lon()), math.Floor(p.Lat())
			all := []orb.Point{p, {west + 0.02, south + 0.03}, {west + 0.99, south + 0.97}}
			got, err := terrain.Elevations(context.Background(), m, all)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range all {
				if want := m.At(p.Lon(), p.Lat()); got[i] != want && !(math.IsNaN(got[i]) && math.IsNaN(want)) {
					t.Errorf("%v: %v m, want %v", p, got[i], want)
				}
			}
		}
	}
}

func TestElevationsOfSinglePoints(t *testing.T) {
	m := pitted(onWholeDegrees)
	for i := range m.ElevationM {
		m.ElevationM[i] = float32(i % m.Cols)
	}
	tests := []struct {
		name  string
		point orb.Point
		want  float64
	}{
		{"the south-west corner", orb.Point{-71, -12}, 0},
		{"the north-east corner", orb.Point{-68, -9}, 180},
		{"where four squares meet", orb.Point{-70, -10}, 60},
		{"just west of a degree line", orb.Point{-70 - 1.0/120, -10.5}, 59.5},
		{"beyond the edge", orb.Point{-67.999, -10}, math.NaN()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := terrain.Elevations(context.Background(), m, []orb.Point{tt.point})
			// The longitude of half a post is known to 1e-14°.
			if err != nil || !(math.Abs(got[0]-tt.want) < 1e-9) && !(math.IsNaN(got[0]) && math.IsNaN(tt.want)) {
				t.Errorf("%v, error %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestElevationsFailAsTheModelDoes(t *testing.T) {
	points := []orb.Point{{-70, -10}, {-69.5, -9.5}}
	broken := pitted(onWholeDegrees)
	broken.err = errors.New("damaged")
	if _, err := terrain.Elevations(context.Background(), broken, points); !errors.Is(err, broken.err) {
		t.Errorf("error %v, want the model's", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := terrain.Elevations(ctx, pitted(onWholeDegrees), points); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
	if got, err := terrain.Elevations(ctx, pitted(onWholeDegrees), nil); len(got) != 0 || err != nil {
		t.Errorf("%v and error %v of no points", got, err)
	}
}
