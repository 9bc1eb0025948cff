package outline_test

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/raster/outline"
	"github.com/canopyradar/canopy/coverage/raster/rastertest"
)

// From a mask to the polygons of its parts, each with a point inside.
func Example() {
	mask := rastertest.Draw(`
		##......
		####....
		######..
		########`)
	components, _ := raster.Components(mask.Runs)
	traced := make([]outline.Outline, len(components))
	for i := range components {
		traced[i] = outline.Trace(&components[i])
	}
	simplified, err := outline.Simplify(context.Background(), traced, mask.Lattice, 500)
	if err != nil {
		panic(err)
	}
	for i, simple := range simplified {
		col, row := components[i].Inside()
		fmt.Println(components[i].Cells, "cells around", orb.Point{mask.Lon(col), mask.Lat(row)})
		fmt.Println(simple.Polygon(mask.Lattice))
	}
	// Output:
	// 20 cells around [-74.99375 -8.010416666666671]
	// [[[-75 -8.0166667] [-74.9666667 -8.0166667] [-74.975 -8.0083333] [-75 -8] [-75 -8.0166667]]]
}
