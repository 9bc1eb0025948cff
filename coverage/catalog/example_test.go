package catalog_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/catalog"
)

func ExampleCatalogue_Scenario() {
	_, err := catalog.Default().Scenario("tps70-2025")
	fmt.Println(err)

	s, _ := catalog.Default().Scenario(catalog.DefaultScenarioID)
	for _, r := range s.Radars {
		fmt.Printf("%s, %s, %.0f km\n", r.Name, r.ModelID, r.RangeM/1e3)
	}
	// Output:
	// unknown scenario "tps70-2025": did you mean "tps70-2015"?
	// Puerto Maldonado, an-tps-70, 400 km
}

func ExampleCatalogue_Airstrips() {
	pichari := orb.Point{-73.829, -12.519}
	active := func(a *airstrip.Airstrip) bool { return a.Status == airstrip.Active }
	for _, hit := range catalog.Default().Airstrips().Nearest(pichari, 2, active) {
		fmt.Printf("%s, %s, %.1f km\n", hit.Airstrip.Name, hit.Airstrip.Region, hit.DistanceM/1e3)
	}
	// Output:
	// Pichari Airport, Ayacucho, 3.1 km
	// San Francisco Airport, Cusco, 3.5 km
}
