package earth_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
)

// How far, and which way, is Pichari from the radar at Puerto Maldonado?
func ExampleInverse() {
	g := earth.Inverse(orb.Point{-69.2282, -12.6131}, orb.Point{-73.83, -12.52})
	fmt.Printf("%.1f km towards %.1f°\n", g.DistanceM/1e3, g.AzimuthDeg)
	// Output: 500.2 km towards -89.3°
}

// How low does a radar see over a smooth earth at 400 km?
func ExampleEffective_SmoothFloorM() {
	const latDeg, azimuthDeg, groundAMSLM, mastM = -12.6131, 270, 200, 15
	over := earth.Effective{
		RadiusM:      earth.StandardK * earth.CurvatureAt(latDeg).AlongM(azimuthDeg),
		AntennaAMSLM: groundAMSLM + mastM,
	}
	fmt.Printf("horizon at %.1f km\n", over.HorizonDistanceM(groundAMSLM)/1e3)
	fmt.Printf("floor at 400 km: %.0f m\n", over.SmoothFloorM(400e3, groundAMSLM))
	// Output:
	// horizon at 16.0 km
	// floor at 400 km: 8877 m
}
