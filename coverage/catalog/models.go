package catalog

import "github.com/canopyradar/canopy/coverage/radar"

const (
	metresPerNM  = 1852
	hundredKFeet = 100_000 * 0.3048
)

// Frequencies that stand for a band. They matter to Fresnel zones alone.
var (
	inS = radar.Frequency{MHz: 3000, Assumption: "Frequency 3000 MHz: assumed, the middle of the S band (2 to 4 GHz)."}
	inL = radar.Frequency{MHz: 1300, Assumption: "Frequency 1300 MHz: assumed, in the part of the L band that radars use (1215 to 1400 MHz)."}
)

// Costs of one radar. No contract was published, of any of these models.
var (
	modernCost = radar.Cost{USD: DefaultCostUSD, Assumption: "Cost US$17.75 million each: assumed, a quarter of the US$71 million that four modern radars were priced at in 2016."}
	likeModern = radar.Cost{USD: DefaultCostUSD, Assumption: "Cost US$17.75 million each: assumed, as of a modern 3D radar, a quarter of the US$71 million that four were priced at in 2016."}
)

// Assumptions that several models share.
const (
	assumedBeam   = "Beam elevation 0 to 20 degrees: assumed, as of the related AN/TPS-78."
	assumedHeight = "Height limit 100 000 ft: assumed, as of the AN/TPS-70."
	assumedMast   = "Antenna 15 m above ground: assumed, on a tower or a low hill."
)

// airDefence are the limits of the long-range military radars here, but for
// their range.
func airDefence(rangeM float64) radar.Limits {
	return radar.Limits{RangeM: rangeM, MaxElevationDeg: 20, HeightLimitAMSLM: hundredKFeet}
}

// models are the radar models by id.
var models = []radar.Model{
	{
		ID:          "an-tps-70",
		Name:        "AN/TPS-70",
		Band:        "S",
		Frequency:   inS,
		Description: "Transportable 3D air-surveillance radar of the 1980s. The one at Puerto Maldonado was Peru's only working military radar in 2015.",
		Limits:      airDefence(400e3),
		MastM:       15,
		Cost:        likeModern,
		Sources: []string{
			"Instrumented range: Peru's minister of defence gave 240 NM (444.48 km) in 2015 (http://cdn.peru21.e3.pe/politica/congreso-republica-gobierno-pide-que-aprueben-ley-derribar-narcoavionetas-2220108); the press wrote 250 miles, 400 km.",
			"Height limit: 100 000 ft, as commonly published; the maker's data sheet was not at hand.",
		},
		Assumptions: []string{
			"Range 400 km rather than 444.48 km: the cautious one of two published figures. Override it to see the other.",
			assumedBeam, assumedMast,
		},
	},
	{
		ID:          "an-tps-77",
		Name:        "AN/TPS-77",
		Band:        "L",
		Frequency:   inL,
		Description: "Transportable solid-state 3D air-surveillance radar.",
		Limits:      airDefence(250 * metresPerNM),
		MastM:       15,
		Cost:        likeModern,
		Sources:     []string{"Instrumented range: 250 NM, as commonly published; the maker's data sheet was not at hand."},
		Assumptions: []string{assumedBeam, assumedHeight, assumedMast},
	},
	{
		ID:          "gm400",
		Name:        "Ground Master 400",
		Band:        "S",
		Frequency:   inS,
		Description: "Mobile 3D air-surveillance radar with digital beam forming.",
		Limits:      airDefence(470e3),
		MastM:       15,
		Cost:        likeModern,
		Sources:     []string{"Instrumented range: 470 km, as commonly published; the maker's data sheet was not at hand."},
		Assumptions: []string{assumedBeam, assumedHeight, assumedMast},
	},
	{
		ID:          "modern-3d",
		Name:        "Modern 3D radar",
		Band:        "S",
		Frequency:   inS,
		Description: "A template, not a product: what Peru's air force asked for in 2016, a mobile 3D radar that finds a fighter-trainer at 370 km with 75 % probability in a single scan.",
		Limits:      airDefence(370e3),
		MastM:       15,
		Cost:        modernCost,
		Sources: []string{
			"Requirement of 2016, with single-scan detection of an F-5E or T-38 at 370 km (http://limanoticia.blogspot.com/2016/08/peru-busca-la-adquisicion-de-modernos.html).",
		},
		Assumptions: []string{
			"Range 370 km: the distance of the required detection, taken for the instrumented range. Radars on offer reach 444 to 470 km, but see a light aircraft less far than a fighter-trainer.",
			"S band: assumed, the requirement names none.",
			assumedBeam, assumedHeight, assumedMast,
		},
	},
	{
		ID:          "ssr",
		Name:        "Civil secondary radar",
		Band:        "L",
		Frequency:   radar.Frequency{MHz: 1030, Assumption: "Frequency 1030 MHz: that of interrogations; replies come at 1090 MHz."},
		Description: "Monopulse secondary surveillance radar for air traffic control. It sees only aircraft with a working transponder.",
		Cooperative: true,
		Limits: radar.Limits{
			RangeM:           250 * metresPerNM,
			MaxElevationDeg:  45,
			HeightLimitAMSLM: hundredKFeet,
		},
		MastM:   15,
		Cost:    likeModern,
		Sources: []string{sourceCivil},
		Assumptions: []string{
			"Range 250 NM (463 km): assumed, usual for en-route radars of this kind.",
			"Beam elevation 0 to 45 degrees: assumed, usual for their antennas.",
			assumedHeight, assumedMast,
		},
	},
}
