package wire

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/catalog"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Bands returns the bands of an answer. departments are those of the query,
// by which gaps count their areas. strictest are the bands on maxima, where the
// query asks for them.
func Bands(bands, strictest []gap.Band, departments []*catalog.Airspace) []*canopyv1.Band {
	out := make([]*canopyv1.Band, len(bands))
	for i := range bands {
		out[i] = band(&bands[i], departments)
		if strictest != nil {
			out[i].Bracket = bracket(&bands[i], &strictest[i])
		}
	}
	return out
}

func bracket(a, b *gap.Band) *canopyv1.CoverageBracket {
	low, high := min(a.CoveredM2, b.CoveredM2), max(a.CoveredM2, b.CoveredM2)
	return &canopyv1.CoverageBracket{
		LowestCoveredAreaKm2:  areaKM2(low),
		HighestCoveredAreaKm2: areaKM2(high),
		LowestCoveredShare:    share(low, a.AirspaceM2),
		HighestCoveredShare:   share(high, a.AirspaceM2),
		FewestAirstripsSeen:   int32(min(a.AirstripsSeen, b.AirstripsSeen)),
		MostAirstripsSeen:     int32(max(a.AirstripsSeen, b.AirstripsSeen)),
	}
}

func band(b *gap.Band, departments []*catalog.Airspace) *canopyv1.Band {
	out := &canopyv1.Band{
		Altitude:           Altitude(b.Altitude),
		AirspaceAreaKm2:    areaKM2(b.AirspaceM2),
		CoveredAreaKm2:     areaKM2(b.CoveredM2),
		CoveredShare:       share(b.CoveredM2, b.AirspaceM2),
		UncoveredAreaKm2:   areaKM2(b.UncoveredM2),
		UncoveredShare:     share(b.UncoveredM2, b.AirspaceM2),
		UndergroundAreaKm2: areaKM2(b.UndergroundM2),
		GapCount:           int32(len(b.Gaps) + b.SmallCount),
		SmallGaps:          &canopyv1.SmallGaps{GapCount: int32(b.SmallCount), AreaKm2: areaKM2(b.SmallM2)},
		Causes:             causeShares(&b.CausesM2, b.UncoveredM2),
		AirstripsSeen:      int32(b.AirstripsSeen),
		AirstripsUnseen:    int32(b.AirstripsUnseen),
	}
	for i := range b.Gaps {
		g := oneGap(&b.Gaps[i], b.AirspaceM2, departments)
		g.GapId = gapID(b, i)
		out.Gaps = append(out.Gaps, g)
	}
	return out
}

// gapID names a gap of a band by its place in it.
func gapID(b *gap.Band, i int) string { return fmt.Sprintf("%s/%d", b.Altitude, i+1) }

func oneGap(g *gap.Gap, airspaceM2 float64, departments []*catalog.Airspace) *canopyv1.Gap {
	return &canopyv1.Gap{
		AreaKm2:     areaKM2(g.AreaM2),
		Share:       share(g.AreaM2, airspaceM2),
		PointInside: Position(g.PointInside),
		BoundingBox: BoundingBox(g.Bound),
		Boundary:    Polygon(g.Boundary),
		Departments: departmentShares(g.DepartmentsM2, departments),
		Airstrips:   each(g.Airstrips, gapAirstrip),
		Floor:       floorStatistics(&g.Floor, g.AreaM2),
		Causes:      causeShares(&g.CausesM2, g.AreaM2),
	}
}

// departmentShares leaves out the departments that a gap does not lie in.
func departmentShares(areasM2 []float64, departments []*catalog.Airspace) []*canopyv1.DepartmentShare {
	var out []*canopyv1.DepartmentShare
	for i, m2 := range areasM2 {
		if m2 > 0 {
			out = append(out, &canopyv1.DepartmentShare{
				AirspaceId: departments[i].ID, Name: departments[i].Name, AreaKm2: areaKM2(m2),
			})
		}
	}
	slices.SortStableFunc(out, func(a, b *canopyv1.DepartmentShare) int { return cmp.Compare(b.AreaKm2, a.AreaKm2) })
	return out
}

func gapAirstrip(a *airstrip.Airstrip) *canopyv1.GapAirstrip {
	return &canopyv1.GapAirstrip{AirstripId: a.ID, Name: a.Name, Position: Position(a.Position), Status: Status(a.Status)}
}

func floorStatistics(f *gap.FloorStatistics, areaM2 float64) *canopyv1.FloorStatistics {
	return &canopyv1.FloorStatistics{
		LowestAmslM:    known(f.LowestAMSLM, metres),
		MedianAmslM:    known(f.MedianAMSLM, metres),
		HighestAmslM:   known(f.HighestAMSLM, metres),
		LowestAglM:     known(f.LowestAGLM, metres),
		MedianAglM:     known(f.MedianAGLM, metres),
		HighestAglM:    known(f.HighestAGLM, metres),
		NeverSeenShare: share(f.NeverSeenM2, areaM2),
	}
}

// causeShares returns the causes that have any area, largest first.
func causeShares(areasM2 *gap.CauseAreas, wholeM2 float64) []*canopyv1.CauseShare {
	var out []*canopyv1.CauseShare
	for c, m2 := range areasM2 {
		if m2 > 0 && sight.Cause(c) != sight.None {
			out = append(out, &canopyv1.CauseShare{
				Cause: cause(sight.Cause(c)), AreaKm2: areaKM2(m2), Share: share(m2, wholeM2),
			})
		}
	}
	slices.SortStableFunc(out, func(a, b *canopyv1.CauseShare) int { return cmp.Compare(b.AreaKm2, a.AreaKm2) })
	return out
}

func cause(c sight.Cause) canopyv1.GapCause {
	switch c {
	case sight.OutOfRange:
		return canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE
	case sight.OutsideSector:
		return canopyv1.GapCause_GAP_CAUSE_OUTSIDE_SECTOR
	case sight.BelowHorizon:
		return canopyv1.GapCause_GAP_CAUSE_BELOW_HORIZON
	case sight.AboveBeam:
		return canopyv1.GapCause_GAP_CAUSE_ABOVE_BEAM
	case sight.TerrainBlocked:
		return canopyv1.GapCause_GAP_CAUSE_TERRAIN
	case sight.OutOfService:
		return canopyv1.GapCause_GAP_CAUSE_OUT_OF_SERVICE
	default:
		return canopyv1.GapCause_GAP_CAUSE_UNSPECIFIED
	}
}
