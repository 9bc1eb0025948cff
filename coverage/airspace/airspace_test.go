package airspace_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
)

func TestLooksSwapped(t *testing.T) {
	peru := orb.Bound{Min: orb.Point{-81.4, -18.4}, Max: orb.Point{-68.6, 0}}
	tests := []struct {
		name, area string
		want       bool
	}{
		{"in Peru", "POLYGON((-75 -8,-74 -8,-74 -9,-75 -8))", false},
		{"in Peru, latitude first", "POLYGON((-8 -75,-8 -74,-9 -74,-8 -75))", true},
		{"around Peru", "POLYGON((-90 -30,-60 -30,-60 10,-90 10,-90 -30))", false},
		{"in Spain", "POLYGON((-5 40,-4 40,-4 41,-5 40))", false},
		{"one part in Peru, one in the ocean", "MULTIPOLYGON(((-8 -75,-8 -74,-9 -74,-8 -75)),((-75 -8,-74 -8,-74 -9,-75 -8)))", false},
		{"nothing", "MULTIPOLYGON EMPTY", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := airspace.LooksSwapped(parse(t, test.area), peru); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// fuzzArea makes an area of bytes: a byte of 255 ends a polygon, one of 254 a
// ring, one of 253 takes the eight bytes that follow as a coordinate, and each
// other is one sixteenth of a degree.
func fuzzArea(data []byte) orb.MultiPolygon {
	area := orb.MultiPolygon{{{}}}
	var coordinates []float64
	for len(data) > 0 {
		b := data[0]
		data = data[1:]
		polygon := &area[len(area)-1]
		switch {
		case b == 255:
			area = append(area, orb.Polygon{{}})
		case b == 254:
			*polygon = append(*polygon, orb.Ring{})
		case b == 253 && len(data) >= 8:
			coordinates = append(coordinates, math.Float64frombits(binary.LittleEndian.Uint64(data)))
			data = data[8:]
		default:
			coordinates = append(coordinates, float64(b)/16)
		}
		if len(coordinates) == 2 {
			ring := &(*polygon)[len(*polygon)-1]
			*ring = append(*ring, orb.Point{coordinates[0], coordinates[1]})
			coordinates = nil
		}
	}
	return area
}

func FuzzValidate(f *testing.F) {
	f.Add([]byte{0, 0, 64, 0, 64, 64, 0, 64, 0, 0})
	f.Add([]byte{0, 0, 64, 64, 64, 0, 0, 64, 0, 0})
	f.Add([]byte{0, 0, 64, 0, 64, 64, 0, 64, 0, 0, 254, 16, 16, 32, 16, 32, 32, 16, 16})
	f.Add([]byte{0, 0, 64, 0, 64, 64, 0, 64, 0, 0, 255, 80, 80, 96, 80, 96, 96, 80, 80})
	f.Add([]byte{253, 1, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 64, 0, 64, 64, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		area := fuzzArea(data)
		if err := airspace.Validate(area); err != nil {
			var fault *airspace.GeometryError
			if !errors.As(err, &fault) || err.Error() == "" {
				t.Fatalf("%v is no GeometryError", err)
			}
			return
		}
		l := degreePosts(17, 9)
		if got, want := rastertest.Picture(airspace.Rasterise(area, l)), rastertest.Picture(contained(area, l)); got != want {
			t.Fatalf("got\n%swant\n%s", got, want)
		}
	})
}
