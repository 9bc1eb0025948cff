package draw

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"testing"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/specimen"
)

func reliefOf(t *testing.T, grid *canopyv1.GetElevationGridResponse) image.Image {
	t.Helper()
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := ReliefPNG(out, grid); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two pictures of one answer differ")
	}
	picture, err := png.Decode(&first)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func rgb(p image.Image, x, y int) [3]uint8 {
	r, g, b, _ := p.At(x, y).RGBA()
	return [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
}

// Sea lies in the west, land in the middle, and nothing in the south-east.
func TestReliefColours(t *testing.T) {
	picture := reliefOf(t, specimen.Grid(600, 400))
	if size := picture.Bounds().Size(); size.X != 600 || size.Y < 400 {
		t.Errorf("%v", size)
	}
	if got := rgb(picture, 50, 200); got != [3]uint8{seaColour.R, seaColour.G, seaColour.B} {
		t.Errorf("sea is %x", got)
	}
	stripes := 0
	for x := 500; x < 580; x++ {
		switch rgb(picture, x, 370) {
		case [3]uint8{voidStripes.R, voidStripes.G, voidStripes.B}:
			stripes++
		case [3]uint8{voidColour.R, voidColour.G, voidColour.B}:
		default:
			t.Fatalf("missing terrain is %x", rgb(picture, x, 370))
		}
	}
	if stripes != 20 {
		t.Errorf("%d of 80 pixels are stripes", stripes)
	}
	if low, high := rgb(picture, 200, 10), rgb(picture, 599, 10); low[1] <= low[0] || high[0] < 0x90 {
		t.Errorf("low land is %x, high land %x", low, high)
	}
}

func gridOf(columns, rows int, height func(column, row int) float64) *canopyv1.GetElevationGridResponse {
	grid := &canopyv1.GetElevationGridResponse{
		BoundingBox: &canopyv1.BoundingBox{WestDeg: -1, SouthDeg: -1, EastDeg: 1, NorthDeg: 1},
		Columns:     int32(columns), Rows: int32(rows),
	}
	for row := range rows {
		for column := range columns {
			grid.ElevationsAmslM = append(grid.ElevationsAmslM, float32(height(column, row)))
		}
	}
	return grid
}

// A slope that faces the light is brighter than one that turns away.
func TestLightFallsFromTheNorthWest(t *testing.T) {
	ridge := newRelief(gridOf(21, 21, func(column, _ int) float64 { return 20000 - 1000*math.Abs(float64(column-10)) }))
	if west, east := ridge.light(5, 10), ridge.light(15, 10); west <= 1 || east >= 1 {
		t.Errorf("light %v in the west, %v in the east", west, east)
	}
	ridge = newRelief(gridOf(21, 21, func(_, row int) float64 { return 20000 - 1000*math.Abs(float64(row-10)) }))
	if north, south := ridge.light(10, 5), ridge.light(10, 15); north <= 1 || south >= 1 {
		t.Errorf("light %v in the north, %v in the south", north, south)
	}
}

func TestReliefOfEverySort(t *testing.T) {
	tests := []struct {
		name   string
		height float64
	}{
		{"all sea", 0}, {"all missing", math.NaN()}, {"flat land", 200}, {"infinite", math.Inf(1)}, {"below the sea", -400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reliefOf(t, gridOf(8, 5, func(int, int) float64 { return tt.height }))
		})
	}
	t.Run("one cell", func(t *testing.T) { reliefOf(t, gridOf(1, 1, func(int, int) float64 { return 1 })) })
	t.Run("fewer heights than cells", func(t *testing.T) {
		reliefOf(t, &canopyv1.GetElevationGridResponse{Columns: 3, Rows: 3})
	})
}

func TestReliefSize(t *testing.T) {
	tests := []struct {
		name                     string
		west, south, east, north float64
		columns, rows            int
	}{
		{"at the equator", -2, -1, 2, 1, 700, 350},
		{"at 60 degrees", 0, 59, 4, 61, 700, 700},
		{"Peru", -86, -23, -64, 5, 543, 700},
		{"across the antimeridian", 179, -1, -179, 1, 700, 700},
		{"a strip", 0, 0, 0.0001, 10, 1, 700},
		{"a point", 5, 5, 5, 5, 1, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			columns, rows := ReliefSize(&canopyv1.BoundingBox{WestDeg: tt.west, SouthDeg: tt.south, EastDeg: tt.east, NorthDeg: tt.north}, 700)
			if columns != tt.columns || rows != tt.rows {
				t.Errorf("%d × %d", columns, rows)
			}
		})
	}
}

func TestRoundDown(t *testing.T) {
	for most, want := range map[float64]float64{542: 500, 199: 100, 2: 2, 0.9: 0.5, 4.99: 2} {
		if got := roundDown(most); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v gave %v", most, got)
		}
	}
}
