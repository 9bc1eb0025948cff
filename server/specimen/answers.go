// Package specimen holds answers that are known beforehand, for tests.
package specimen

import (
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func at(latDeg, lonDeg float64) *canopyv1.Position {
	return &canopyv1.Position{LatDeg: latDeg, LonDeg: lonDeg}
}

func ring(positions ...*canopyv1.Position) *canopyv1.Ring {
	return &canopyv1.Ring{Positions: append(positions, positions[0])}
}

// Box is a polygon with four corners.
func Box(west, south, east, north float64) *canopyv1.Polygon {
	return &canopyv1.Polygon{Rings: []*canopyv1.Ring{
		ring(at(south, west), at(south, east), at(north, east), at(north, west)),
	}}
}

func agl(m float64) *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: m}}
}

func amsl(m float64) *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: m}}
}

func fl100() *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_FlightLevel{FlightLevel: 100}}
}

func radars() []*canopyv1.ResolvedRadar {
	limits := &canopyv1.RadarLimits{RangeKm: proto.Float64(400), HeightLimitAmslM: proto.Float64(30480)}
	return []*canopyv1.ResolvedRadar{
		{
			RadarId: "puerto-maldonado", Name: "Puerto Maldonado", ModelId: "an-tps-70", Position: at(-12.6131, -69.2282),
			GroundAmslM: 200, AntennaAmslM: 215, MastM: 15, State: canopyv1.RadarState_RADAR_STATE_IN_SERVICE,
			Limits: limits, EffectiveEarthK: 4.0 / 3,
		},
		{
			RadarId: "pucallpa", Name: "Pucallpa", ModelId: "an-tps-70", Position: at(-8.3779, -74.5743),
			GroundAmslM: 150, AntennaAmslM: 165, MastM: 15, State: canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE,
			Limits: limits, EffectiveEarthK: 4.0 / 3,
		},
	}
}

func provenance() *canopyv1.Provenance {
	return &canopyv1.Provenance{
		EngineVersion: "0.1.0", Terrain: Ground().GetTerrain(), AnalysisSpacingArcsec: 60,
		EffectiveEarthK: 4.0 / 3, ScenarioId: "tps70-pair", Airspace: "Peru (Natural Earth)",
		Assumptions: []string{"The mast is 15 m.", "The beam ends at 20 degrees."},
		Reach:       canopyv1.Reach_REACH_TERRAIN, MinRadars: 1,
	}
}

func warnings() []*canopyv1.Warning {
	return []*canopyv1.Warning{
		{WarningId: "terrain.demonstration", Message: "The terrain is a demonstration model of 5 arc-minutes: do not plan on it."},
		{WarningId: "airstrip.elevation", Message: "The published elevation differs from the terrain by more than 150 m.", Subject: "SPAT"},
	}
}

// Ground is the terrain of all answers.
func Ground() *canopyv1.GetTerrainResponse {
	return &canopyv1.GetTerrainResponse{
		Terrain: &canopyv1.Terrain{
			Name: "ETOPO5", Identity: "etopo5:0123456789abcdef", SpacingArcsec: 300, Demonstration: true,
			Source: "NOAA", Licence: "public domain",
		},
		BoundingBox: &canopyv1.BoundingBox{WestDeg: -86, SouthDeg: -23, EastDeg: -64, NorthDeg: 5},
		Columns:     265, Rows: 337, Warnings: warnings()[:1],
	}
}

// Scenarios are two, the default one first.
func Scenarios() []*canopyv1.Scenario {
	altitudes := []*canopyv1.Altitude{agl(300), fl100()}
	pem := &canopyv1.Radar{RadarId: "puerto-maldonado", Name: "Puerto Maldonado", ModelId: "an-tps-70", Position: at(-12.6131, -69.2282)}
	pcl := &canopyv1.Radar{
		RadarId: "pucallpa", Name: "Pucallpa", ModelId: "an-tps-70", Position: at(-8.3779, -74.5743), MastM: proto.Float64(15),
		Limits: &canopyv1.RadarLimits{RangeKm: proto.Float64(444.48)},
	}
	return []*canopyv1.Scenario{
		{
			ScenarioId: "tps70-2015", Name: "One TPS-70", Summary: "The radar of Puerto Maldonado, in service since May 2015.",
			Radars: []*canopyv1.Radar{pem}, AirspaceId: "peru", Altitudes: altitudes,
			Sources: []string{"Press, 2015"}, Assumptions: []string{"The mast is 15 m."},
		},
		{
			ScenarioId: "tps70-pair", Name: "Two TPS-70", Summary: "With Pucallpa, as announced for 2019.",
			Radars: []*canopyv1.Radar{pem, pcl}, AirspaceId: "peru", Altitudes: altitudes,
		},
	}
}

// Models are two radar models.
func Models() []*canopyv1.RadarModel {
	return []*canopyv1.RadarModel{
		{
			ModelId: "an-tps-70", Name: "AN/TPS-70", Band: "S", Description: "Mobile 3D radar.", MastM: 15, CostUsd: 12.5e6,
			Limits: &canopyv1.RadarLimits{
				RangeKm: proto.Float64(400), MinRangeKm: proto.Float64(0), MinElevationDeg: proto.Float64(0),
				MaxElevationDeg: proto.Float64(20), HeightLimitAmslM: proto.Float64(30480),
			},
			Sources: []string{"Press"}, Assumptions: []string{"Beam to 20 degrees."},
		},
		{
			ModelId: "civil-ssr", Name: "Civil secondary radar", Band: "L", Cooperative: true, MastM: 20,
			Limits: &canopyv1.RadarLimits{RangeKm: proto.Float64(463), MinElevationDeg: proto.Float64(0), MaxElevationDeg: proto.Float64(45)},
		},
	}
}

// Airspaces are a country and a zone, without outlines.
func Airspaces() []*canopyv1.Airspace {
	return []*canopyv1.Airspace{
		{
			AirspaceId: "peru", Name: "Peru", Kind: canopyv1.AirspaceKind_AIRSPACE_KIND_COUNTRY, AreaKm2: 1289850.4,
			BoundingBox: &canopyv1.BoundingBox{WestDeg: -81, SouthDeg: -18, EastDeg: -68, NorthDeg: 0},
			Source:      "Natural Earth", Licence: "public domain",
		},
		{
			AirspaceId: "vraem", Name: "VRAEM", Kind: canopyv1.AirspaceKind_AIRSPACE_KIND_ZONE, AreaKm2: 25000,
			BoundingBox: &canopyv1.BoundingBox{WestDeg: -74.6, SouthDeg: -13.5, EastDeg: -72.5, NorthDeg: -11},
			Source:      "this project", Assumptions: []string{"Drawn by this project."},
		},
	}
}

// Airstrips are three.
func Airstrips() []*canopyv1.Airstrip {
	return []*canopyv1.Airstrip{
		{
			AirstripId: "SPJA", Name: "Rioja", Position: at(-6.0679, -77.16), ElevationAmslM: proto.Float64(822), LengthM: proto.Float64(1700),
			Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_ACTIVE, Kind: "small_airport", Municipality: "Rioja", Source: "OurAirports",
		},
		{
			AirstripId: "SPAT", Name: "Aguas Calientes", Position: at(-7.6, -75.0), ElevationAmslM: proto.Float64(10),
			Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_CLOSED, Kind: "closed", Source: "OurAirports", ElevationDoubtful: true,
		},
		{
			AirstripId: "mine", Name: "Río Ene, \"la pista\"", Position: at(-11.5, -74.2),
			Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_DESTROYED, AsOf: "2024-05-01",
		},
	}
}

// Hits are two airstrips with their distances.
func Hits() []*canopyv1.AirstripHit {
	all := Airstrips()
	return []*canopyv1.AirstripHit{
		{Airstrip: all[2], DistanceKm: 12.34},
		{Airstrip: all[0], DistanceKm: 345.6},
	}
}
