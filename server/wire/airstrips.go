package wire

import (
	"math"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/sight"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Status returns whether an airstrip can be used. The contract numbers the
// statuses as the domain does.
func Status(s airstrip.Status) canopyv1.AirstripStatus { return canopyv1.AirstripStatus(s) }

// ToStatus is the inverse of Status.
func ToStatus(s canopyv1.AirstripStatus) airstrip.Status { return airstrip.Status(s) }

// Airstrip returns a runway or strip.
func Airstrip(a *airstrip.Airstrip) *canopyv1.Airstrip {
	return &canopyv1.Airstrip{
		AirstripId:        a.ID,
		Name:              a.Name,
		Position:          Position(a.Position),
		ElevationAmslM:    known(a.ElevationAMSLM, metres),
		LengthM:           known(a.LengthM, metres),
		Status:            Status(a.Status),
		Kind:              a.Kind,
		Municipality:      a.Municipality,
		AsOf:              a.AsOf,
		Source:            a.Source,
		ElevationDoubtful: a.ElevationDoubtful,
	}
}

// ToAirstrip returns an airstrip of a request under an ID.
func ToAirstrip(a *canopyv1.Airstrip, id string) airstrip.Airstrip {
	return airstrip.Airstrip{
		ID:                id,
		Name:              a.GetName(),
		Position:          ToPoint(a.GetPosition()),
		ElevationAMSLM:    orNaN(a.ElevationAmslM),
		LengthM:           orNaN(a.LengthM),
		Status:            ToStatus(a.GetStatus()),
		Kind:              a.GetKind(),
		Municipality:      a.GetMunicipality(),
		AsOf:              a.GetAsOf(),
		Source:            a.GetSource(),
		ElevationDoubtful: a.GetElevationDoubtful(),
	}
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// Airstrips returns the airstrips in their order.
func Airstrips(strips []*airstrip.Airstrip) []*canopyv1.Airstrip { return each(strips, Airstrip) }

// Hits returns airstrips that a search by distance found.
func Hits(hits []airstrip.Hit) []*canopyv1.AirstripHit {
	return each(hits, func(h airstrip.Hit) *canopyv1.AirstripHit {
		return &canopyv1.AirstripHit{Airstrip: Airstrip(h.Airstrip), DistanceKm: kilometres(h.DistanceM)}
	})
}

// HitsInArea returns airstrips that a search by area found.
func HitsInArea(strips []*airstrip.Airstrip) []*canopyv1.AirstripHit {
	return each(strips, func(a *airstrip.Airstrip) *canopyv1.AirstripHit {
		return &canopyv1.AirstripHit{Airstrip: Airstrip(a)}
	})
}

// Exposures returns the floor above each airstrip; sites are the radars of
// the answer.
func Exposures(exposures []coverage.Exposure, sites []sight.Site) []*canopyv1.AirstripExposure {
	out := make([]*canopyv1.AirstripExposure, len(exposures))
	for i := range exposures {
		out[i] = exposure(&exposures[i], sites)
	}
	return out
}

func exposure(e *coverage.Exposure, sites []sight.Site) *canopyv1.AirstripExposure {
	out := &canopyv1.AirstripExposure{
		Airstrip:    Airstrip(e.Airstrip),
		GroundAmslM: known(e.GroundAMSLM, metres),
		FloorAmslM:  known(e.FloorAMSLM, metres),
		FloorAglM:   known(e.FloorAMSLM-e.GroundAMSLM, metres),
		SeenBy:      each(e.SeenBy, func(i int) string { return sites[i].ID }),
	}
	if e.Nearest >= 0 {
		out.NearestRadarId = sites[e.Nearest].ID
		out.NearestRadarKm = kilometres(e.NearestM)
	}
	return out
}
