package catalog

import (
	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/radar"
)

// place is where a radar of a scenario stands.
type place struct {
	id, name string
	position orb.Point
}

// The airports are placed as OurAirports has them, to the fourth decimal.
var (
	puertoMaldonado = place{"puerto-maldonado", "Puerto Maldonado", orb.Point{-69.2282, -12.6131}}
	pucallpa        = place{"pucallpa", "Pucallpa", orb.Point{-74.5743, -8.3779}}
	iquitos         = place{"iquitos", "Iquitos", orb.Point{-73.3090, -3.7850}}
	mazamari        = place{"mazamari", "Mazamari", orb.Point{-74.5356, -11.3254}}
	talara          = place{"talara", "Talara", orb.Point{-81.2541, -4.5766}}
	lima            = place{"lima", "Lima", orb.Point{-77.1143, -12.0219}}
	colpayoc        = place{"cajamarca", "Cajamarca, Cerro Colpayoc", orb.Point{-78.41, -7.09}}
	toccto          = place{"ayacucho", "Ayacucho, Cerro Toccto", orb.Point{-74.19, -13.34}}
	acopia          = place{"cusco", "Cusco, Cerro Acopia Grande", orb.Point{-71.49, -14.05}}
	rayado          = place{"arequipa", "Arequipa, Cerro Rayado", orb.Point{-71.60, -16.50}}
)

// amazonEleven are the sites of the scenario canopy-11, in the order of the plan
// that proposed them, at the airports as the list of airstrips places them.
var amazonEleven = []place{
	{"san-lorenzo", "San Lorenzo", orb.Point{-76.56032, -4.824369}},
	{"nauta", "Nauta", orb.Point{-73.562951, -4.54186}},
	{"pucallpa", "Pucallpa", orb.Point{-74.574495, -8.378064}},
	{"manu", "Manu", orb.Point{-70.890199, -12.289721}},
	{"pebas", "Pebas", orb.Point{-71.816704, -3.3333}},
	{"cabo-pantoja", "Cabo Pantoja", orb.Point{-75.179731, -0.952}},
	{"tipishsa", "Tipishsa", orb.Point{-72.756897, -9.53306}},
	{"picota", "Picota", orb.Point{-76.32909, -6.909451}},
	{"intuto", "Intuto", orb.Point{-74.75, -3.583}},
	{"buncuyo", "Buncuyo", orb.Point{-74.583333, -6.516667}},
	{"andoas", "Andoas", orb.Point{-76.466599, -2.79613}},
}

const (
	sourceAirports = "Positions of airports: OurAirports."
	sourceStart    = "In service since 10 May 2015 (http://cdn.peru21.e3.pe/politica/congreso-republica-gobierno-pide-que-aprueben-ley-derribar-narcoavionetas-2220108)."
	sourceOutage   = "Out of service in September 2016 for lack of spares (https://limanoticia.blogspot.com/2016/09/eeuu-bloquea-la-entrega-de-repuestos.html)."
	sourceSecond   = "A second radar was to work from Pucallpa in 2019 (https://www.lostiempos.com/actualidad/economia/20190401/peru-instalara-dos-radares-evitar-narcovuelos-bolivia)."
	sourceCivil    = "Eight monopulse secondary radars since 2012, at four airports and on four hills (https://thenews.pe/corpac-sistema-de-vigilancia-aerea-no-tiene-garantia-ni-contrato-de-soporte-mientras-se-reportan-constante-fallas-y-black-out/)."
	assumedAirport = "Each radar stands at the reference point of the airport: assumed, the sites were not published."
)

var usualAltitudes = []altitude.Altitude{
	{Reference: altitude.AGL, Value: 300},
	{Reference: altitude.AGL, Value: 1000},
	{Reference: altitude.AGL, Value: 3000},
	{Reference: altitude.FlightLevel, Value: 100},
}

// scenarios are the scenarios, the default one first.
var scenarios = []Scenario{
	{
		ID:          DefaultScenarioID,
		Name:        "One TPS-70, 2015",
		Summary:     "Peru with its one working military radar, the AN/TPS-70 at Puerto Maldonado.",
		Radars:      network("an-tps-70", puertoMaldonado),
		AirspaceID:  "peru",
		Altitudes:   usualAltitudes,
		Sources:     []string{sourceStart, sourceOutage, sourceAirports},
		Assumptions: []string{assumedAirport},
	},
	{
		ID:          "tps70-pair",
		Name:        "Two TPS-70, 2019",
		Summary:     "The AN/TPS-70 at Puerto Maldonado, and the second one at Pucallpa as announced for 2019.",
		Radars:      network("an-tps-70", puertoMaldonado, pucallpa),
		AirspaceID:  "peru",
		Altitudes:   usualAltitudes,
		Sources:     []string{sourceStart, sourceSecond, sourceAirports},
		Assumptions: []string{assumedAirport, "The second radar is an AN/TPS-70 too, and both are in service."},
	},
	{
		ID:         "four-modern",
		Name:       "Four modern radars",
		Summary:    "Four radars as the air force asked for in 2016, at Puerto Maldonado, Pucallpa, Iquitos and Mazamari.",
		Radars:     network("modern-3d", puertoMaldonado, pucallpa, iquitos, mazamari),
		AirspaceID: "peru",
		Altitudes:  usualAltitudes,
		Sources: []string{
			"Four radars were to be bought, as the press wrote in 2016 (http://limanoticia.blogspot.com/2016/08/peru-busca-la-adquisicion-de-modernos.html).",
			sourceAirports,
		},
		Assumptions: []string{"The four places are this project's choice: none was published.", assumedAirport},
	},
	{
		ID:         "canopy-11",
		Name:       "A canopy of eleven",
		Summary:    "Eleven modern radars over the Amazon departments, where Canopy itself proposes them. General Torres's canopy had eleven radars too, but its sites were never published.",
		Radars:     network("modern-3d", amazonEleven...),
		AirspaceID: "amazon",
		Altitudes:  usualAltitudes,
		Sources: []string{
			"Proposed by Canopy: canopy plan --count 11 --airspace amazon --gap 0% makes it again, on the built-in terrain.",
			sourceAirports,
		},
		Assumptions: []string{
			"No site is General Torres's: the eleven are what Canopy proposes of the airports in use, to cover as much as can be at the altitudes of the scenario, each counting the same.",
			"They stand on demonstration terrain: plan again on a real elevation model before anything is built on them.",
			assumedAirport,
		},
	},
	{
		ID:         "civil-ssr",
		Name:       "Eight civil secondary radars",
		Summary:    "The secondary radars of air traffic control. They see only aircraft with a working transponder, so not those that hide.",
		Radars:     network("ssr", talara, iquitos, pucallpa, lima, colpayoc, toccto, acopia, rayado),
		AirspaceID: "peru",
		Altitudes:  usualAltitudes,
		Sources: []string{
			sourceCivil,
			sourceAirports,
		},
		Assumptions: []string{
			"The four hills are placed to within about 20 km only; move them where a survey says so.",
			assumedAirport,
		},
	},
}

// network puts a radar of one model at each place.
func network(modelID string, places ...place) []radar.Radar {
	var radars []radar.Radar
	for _, m := range models {
		if m.ID != modelID {
			continue
		}
		for _, p := range places {
			radars = append(radars, m.At(p.id, p.name, p.position))
		}
	}
	return radars
}
