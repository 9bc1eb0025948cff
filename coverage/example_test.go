package coverage_test

import (
	"context"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// swell is rolling ground of 200 to 1000 m, with posts 30 arc-seconds apart.
type swell struct{}

func (swell) Info() terrain.Info {
	return terrain.Info{Name: "swell", Identity: "example:1", SpacingArcsec: 30}
}

func (swell) Lattice() terrain.Lattice {
	return terrain.Lattice{PerDegLon: 120, PerDegLat: 120, Col0: 106 * 120, Row0: 98 * 120, Cols: 6 * 120, Rows: 6 * 120}
}

func (m swell) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g, err := terrain.NewWindow(m.Lattice(), l)
	if err != nil {
		return nil, err
	}
	for i := range g.ElevationM {
		lon, lat := l.Lon(i%l.Cols), l.Lat(i/l.Cols)
		g.ElevationM[i] = float32(600 + 400*math.Sin(8*lon)*math.Cos(8*lat))
	}
	return g, ctx.Err()
}

func ExampleEngine_FindGaps() {
	engine := &coverage.Engine{Terrain: swell{}}
	result, err := engine.FindGaps(context.Background(), coverage.GapQuery{
		Query: coverage.Query{
			Radars: []radar.Radar{{
				ID: "hill", Position: orb.Point{-71.2, -11.2}, MastM: 15, InService: true,
				Limits: radar.Limits{RangeM: 120e3, MaxElevationDeg: 20, HeightLimitAMSLM: radar.NoHeightLimit},
			}},
			Reach: sight.Terrain, K: earth.StandardK, MinRadars: 1,
		},
		Airspace:   orb.MultiPolygon{{{{-72, -12}, {-70, -12}, {-70, -10}, {-72, -10}, {-72, -12}}}},
		Altitudes:  []altitude.Altitude{{Reference: altitude.AGL, Value: 300}, {Reference: altitude.FlightLevel, Value: 100}},
		MinAreaM2:  25e6,
		ToleranceM: -1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range result.Warnings {
		fmt.Println(w.ID)
	}
	for _, band := range result.Bands {
		fmt.Printf("%v: %.0f %% of %.0f km² covered, %d gaps\n", band.Altitude,
			100*band.CoveredM2/band.AirspaceM2, band.AirspaceM2/1e6, len(band.Gaps))
	}
	// Output:
	// terrain.coarse
	// 300m-agl: 17 % of 48352 km² covered, 2 gaps
	// FL100: 72 % of 48352 km² covered, 2 gaps
}

func ExampleEngine_CheckPoints() {
	engine := &coverage.Engine{Terrain: swell{}}
	hill := radar.Radar{
		ID: "hill", Position: orb.Point{-71.2, -11.2}, MastM: 15, InService: true,
		Limits: radar.Limits{RangeM: 120e3, MaxElevationDeg: 20, HeightLimitAMSLM: radar.NoHeightLimit},
	}
	result, err := engine.CheckPoints(context.Background(), coverage.PointQuery{
		Query: coverage.Query{Radars: []radar.Radar{hill}, Reach: sight.Terrain, K: earth.StandardK, MinRadars: 1},
		Points: []coverage.Point{
			{Position: orb.Point{-70.8, -10.7}, Altitude: altitude.Altitude{Reference: altitude.AGL, Value: 300}},
			{Position: orb.Point{-70.8, -10.7}, Altitude: altitude.Altitude{Reference: altitude.AMSL, Value: 6000}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range result.Outcomes {
		look := o.Looks[0]
		fmt.Printf("seen %v at %.0f m, from %.0f m up, %.0f km away", o.Seen, o.AltitudeAMSLM, o.FloorAMSLM, look.DistanceM/1e3)
		if look.Cause == sight.TerrainBlocked {
			fmt.Printf(", blocked %.0f km from the radar", look.Crest.DistanceM/1e3)
		}
		fmt.Println()
	}
	// Output:
	// seen false at 1126 m, from 1792 m up, 71 km away, blocked 4 km from the radar
	// seen true at 6000 m, from 1792 m up, 71 km away
}
