package specimen

import (
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Gaps holds one band with gaps of several kinds, and one without any.
func Gaps() *canopyv1.FindGapsResponse {
	return &canopyv1.FindGapsResponse{
		Bands: []*canopyv1.Band{
			{
				Altitude: agl(300), AirspaceAreaKm2: 1289850.4, CoveredAreaKm2: 101234.5, CoveredShare: 0.0785,
				UncoveredAreaKm2: 1188615.9, UncoveredShare: 0.9215, GapCount: 16, Gaps: gaps(),
				SmallGaps: &canopyv1.SmallGaps{GapCount: 14, AreaKm2: 91.2},
				Causes:    gaps()[0].GetCauses(), AirstripsSeen: 3, AirstripsUnseen: 181,
			},
			{
				Altitude: fl100(), AirspaceAreaKm2: 1289850.4, CoveredAreaKm2: 1089850.4, CoveredShare: 0.845,
				UndergroundAreaKm2: 200000, AirstripsSeen: 184,
			},
		},
		Radars: radars(), Warnings: warnings(), Provenance: provenance(),
	}
}

// Bracket adds to each band how far the answer may be off.
func Bracket(r *canopyv1.FindGapsResponse) {
	for _, b := range r.GetBands() {
		b.Bracket = &canopyv1.CoverageBracket{
			LowestCoveredAreaKm2: b.GetCoveredAreaKm2() * 0.9, HighestCoveredAreaKm2: b.GetCoveredAreaKm2(),
			LowestCoveredShare: b.GetCoveredShare() * 0.9, HighestCoveredShare: b.GetCoveredShare(),
			FewestAirstripsSeen: b.GetAirstripsSeen() - 1, MostAirstripsSeen: b.GetAirstripsSeen(),
		}
	}
}

func gaps() []*canopyv1.Gap {
	holed := Box(-81, -18, -68, 0)
	holed.Rings = append(holed.Rings, ring(at(-14, -70), at(-11, -70), at(-11, -68), at(-14, -68)))
	return []*canopyv1.Gap{
		{
			GapId: "300m-agl/1", AreaKm2: 1188000.4, Share: 0.92104, PointInside: at(-7.1234, -75.5), Boundary: holed,
			BoundingBox: &canopyv1.BoundingBox{WestDeg: -81, SouthDeg: -18, EastDeg: -68, NorthDeg: 0},
			Departments: []*canopyv1.DepartmentShare{
				{AirspaceId: "peru/loreto", Name: "Loreto", AreaKm2: 368000}, {AirspaceId: "peru/ucayali", Name: "Ucayali", AreaKm2: 90000},
				{AirspaceId: "peru/san-martin", Name: "San Martín", AreaKm2: 51000}, {AirspaceId: "peru/puno", Name: "Puno", AreaKm2: 40000},
			},
			Airstrips: []*canopyv1.GapAirstrip{
				{AirstripId: "SPJA", Name: "Rioja", Position: at(-6.0679, -77.16), Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_ACTIVE},
				{AirstripId: "SPAT", Name: "Aguas Calientes", Position: at(-7.6, -75), Status: canopyv1.AirstripStatus_AIRSTRIP_STATUS_CLOSED},
			},
			Floor: &canopyv1.FloorStatistics{
				LowestAmslM: proto.Float64(455), MedianAmslM: proto.Float64(4211), HighestAmslM: proto.Float64(12345),
				LowestAglM: proto.Float64(300.2), MedianAglM: proto.Float64(3456.7), HighestAglM: proto.Float64(12000),
				NeverSeenShare: 0.812,
			},
			Causes: []*canopyv1.CauseShare{
				{Cause: canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE, AreaKm2: 986040, Share: 0.83},
				{Cause: canopyv1.GapCause_GAP_CAUSE_TERRAIN, AreaKm2: 142560, Share: 0.12},
				{Cause: canopyv1.GapCause_GAP_CAUSE_BELOW_HORIZON, AreaKm2: 59400, Share: 0.05},
			},
		},
		{
			GapId: "300m-agl/2", AreaKm2: 615.5, Share: 0.000477, PointInside: at(-13.25, -69.75), Boundary: Box(-70, -13.5, -69.5, -13),
			BoundingBox: &canopyv1.BoundingBox{WestDeg: -70, SouthDeg: -13.5, EastDeg: -69.5, NorthDeg: -13},
			Departments: []*canopyv1.DepartmentShare{{AirspaceId: "peru/madre-de-dios", Name: "Madre de Dios", AreaKm2: 615.5}},
			Floor:       &canopyv1.FloorStatistics{NeverSeenShare: 1},
			Causes:      []*canopyv1.CauseShare{{Cause: canopyv1.GapCause_GAP_CAUSE_OUT_OF_SERVICE, AreaKm2: 615.5, Share: 1}},
		},
	}
}

// Check holds a point that is seen and two that are not.
func Check() *canopyv1.CheckPointsResponse {
	seen := Seen().GetOutcomes()[0]
	return &canopyv1.CheckPointsResponse{
		Outcomes: []*canopyv1.PointOutcome{seen, outOfRange(), hidden()},
		Radars:   radars(), Warnings: warnings()[:1], Provenance: provenance(),
	}
}

// Seen holds one point that is seen.
func Seen() *canopyv1.CheckPointsResponse {
	return &canopyv1.CheckPointsResponse{
		Outcomes: []*canopyv1.PointOutcome{{
			Point: &canopyv1.Point{Position: at(-12, -70), Altitude: agl(1000)}, GroundAmslM: proto.Float64(250), AltitudeAmslM: 1250,
			Seen: true, SeenBy: []string{"puerto-maldonado"},
			FloorAmslM: proto.Float64(620.4), FloorAglM: proto.Float64(370.4), CeilingAmslM: proto.Float64(30480),
			Sights: []*canopyv1.Sight{{
				RadarId: "puerto-maldonado", Sees: true, DistanceKm: 108.1, AzimuthDeg: 308.9, SlantRangeKm: 108.2, ElevationDeg: 0.2,
				ScreeningDeg: proto.Float64(-0.1), FloorAmslM: proto.Float64(620.4), CeilingAmslM: proto.Float64(30480),
			}},
		}},
		Radars: radars(), Provenance: provenance(),
	}
}

func outOfRange() *canopyv1.PointOutcome {
	return &canopyv1.PointOutcome{
		Point: &canopyv1.Point{Position: at(-12.519, -73.829), Altitude: amsl(3000)}, GroundAmslM: proto.Float64(612), AltitudeAmslM: 3000,
		Sights: []*canopyv1.Sight{
			{
				RadarId: "pucallpa", Sees: true, DistanceKm: 465.4, SlantRangeKm: 465.6, AzimuthDeg: 169,
				FloorAmslM: proto.Float64(2500), CeilingAmslM: proto.Float64(30480),
			},
			{RadarId: "puerto-maldonado", DistanceKm: 500.1, SlantRangeKm: 500.3, AzimuthDeg: 272.1, Cause: canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE},
		},
	}
}

func hidden() *canopyv1.PointOutcome {
	return &canopyv1.PointOutcome{
		Point: &canopyv1.Point{Position: at(-13.5, -72), Altitude: fl100()}, GroundAmslM: proto.Float64(3400), AltitudeAmslM: 3048,
		FloorAmslM: proto.Float64(8200), FloorAglM: proto.Float64(4800), CeilingAmslM: proto.Float64(30480),
		Sights: []*canopyv1.Sight{{
			RadarId: "puerto-maldonado", DistanceKm: 315, SlantRangeKm: 315.1, AzimuthDeg: 252, ScreeningDeg: proto.Float64(0.9),
			FloorAmslM: proto.Float64(8200), CeilingAmslM: proto.Float64(30480), Cause: canopyv1.GapCause_GAP_CAUSE_TERRAIN,
			Crest: &canopyv1.Crest{Position: at(-12.9, -72.1), DistanceKm: 212, ElevationAmslM: 4120},
		}},
	}
}

// Profile is a ray over a hill, with one place without terrain.
func Profile() *canopyv1.GetProfileResponse {
	response := &canopyv1.GetProfileResponse{
		Outcome: hidden(), Radar: radars()[0], Warnings: warnings()[:1], Provenance: provenance(),
	}
	ground := []float64{200, 240, 300, 900, 2500, 4120, 3900, 3400}
	for i, terrainM := range ground {
		s := &canopyv1.ProfileSample{
			Position:   at(-12.6131-0.1267*float64(i), -69.2282-0.396*float64(i)),
			DistanceKm: 45 * float64(i), TerrainAmslM: proto.Float64(terrainM), RayAmslM: 215 + 400*float64(i),
			FloorAmslM: proto.Float64(terrainM + 100), FresnelRadiusM: float64(8 * i * (7 - i)),
		}
		if i == 1 {
			s.TerrainAmslM, s.FloorAmslM = nil, nil
		}
		response.Samples = append(response.Samples, s)
	}
	response.FrequencyMhz = 3000
	response.Clearance = &canopyv1.Clearance{Position: at(-13.2466, -71.2082), DistanceKm: 225, ClearanceM: -1905, FresnelRadii: -23.8}
	return response
}

// Exposures are those of Airstrips: seen, seen by none, and without terrain.
func Exposures() *canopyv1.AssessAirstripsResponse {
	all := Airstrips()
	return &canopyv1.AssessAirstripsResponse{
		Exposures: []*canopyv1.AirstripExposure{
			{Airstrip: all[2], NearestRadarId: "puerto-maldonado", NearestRadarKm: 550.2},
			{Airstrip: all[1], GroundAmslM: proto.Float64(260), NearestRadarId: "puerto-maldonado", NearestRadarKm: 840},
			{
				Airstrip: all[0], GroundAmslM: proto.Float64(830), FloorAmslM: proto.Float64(2345.6), FloorAglM: proto.Float64(1515.6),
				SeenBy: []string{"puerto-maldonado"}, NearestRadarId: "puerto-maldonado", NearestRadarKm: 390,
			},
		},
		Radars: radars(), Warnings: warnings(), Provenance: provenance(),
	}
}

// FloorSummary is that of a file of a length in bytes.
func FloorSummary(length int) *canopyv1.FloorSummary {
	return &canopyv1.FloorSummary{
		GeotiffBytes: int64(length), Columns: 1200, Rows: 900,
		Grid:        &canopyv1.PostGrid{FirstPost: at(-12, -70), LonStepDeg: 0.0125, LatStepDeg: 0.01},
		NodataAmslM: -32768, HorizontalDatum: "EPSG:4326", VerticalDatum: "mean sea level, as in the elevation model",
		Radars: radars(), Warnings: warnings()[:1], Provenance: provenance(),
	}
}
