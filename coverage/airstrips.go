package coverage

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/sight"
)

// AirstripResult holds one exposure an airstrip.
type AirstripResult struct {
	Basis
	Exposures []Exposure
}

// Exposure is the network's floor above an airstrip. Heights are metres above
// mean sea level, NaN where there is none.
type Exposure struct {
	Airstrip                *airstrip.Airstrip
	GroundAMSLM, FloorAMSLM float64
	// SeenBy are indices of radars in service, lowest floor first.
	SeenBy []int
	// Nearest is the index of the nearest radar in service, −1 for none.
	Nearest  int
	NearestM float64
}

// AssessAirstrips finds the floor above each airstrip, following single rays.
func (e *Engine) AssessAirstrips(ctx context.Context, q Query, strips []*airstrip.Airstrip) (*AirstripResult, error) {
	basis, err := e.basis(ctx, q)
	if err != nil {
		return nil, err
	}
	places := make([]orb.Point, len(strips))
	for i, a := range strips {
		places[i] = a.Position
	}
	sights, ground, err := e.lookAll(ctx, q, &basis, places)
	if err != nil {
		return nil, err
	}
	result := &AirstripResult{Basis: basis}
	for i, a := range strips {
		result.Exposures = append(result.Exposures, exposure(q, basis.Sites, a, ground[i], sights[i]))
	}
	if !e.Terrain.Info().Demonstration {
		result.checkElevations()
	}
	return result, nil
}

func exposure(q Query, sites []sight.Site, a *airstrip.Airstrip, groundAMSLM float64, sights []sight.Sight) Exposure {
	x := Exposure{Airstrip: a, GroundAMSLM: groundAMSLM, Nearest: -1, NearestM: math.Inf(1)}
	x.FloorAMSLM, _ = span(q, sites, sights)
	x.FloorAMSLM = flyable(x.FloorAMSLM, groundAMSLM)
	for i := range sights {
		if !sites[i].InService {
			continue
		}
		if sights[i].DistanceM < x.NearestM {
			x.Nearest, x.NearestM = i, sights[i].DistanceM
		}
		if f := sights[i].FloorAMSLM; f == f {
			x.SeenBy = append(x.SeenBy, i)
		}
	}
	slices.SortStableFunc(x.SeenBy, func(a, b int) int { return cmp.Compare(sights[a].FloorAMSLM, sights[b].FloorAMSLM) })
	return x
}

// doubtfulM is how far a published elevation may depart from the terrain.
const doubtfulM = 150

// checkElevations warns of airstrips whose published elevation is doubtful.
func (r *AirstripResult) checkElevations() {
	var ids []string
	for _, x := range r.Exposures {
		if math.Abs(x.Airstrip.ElevationAMSLM-x.GroundAMSLM) > doubtfulM {
			ids = append(ids, x.Airstrip.ID)
		}
	}
	if len(ids) > 0 {
		r.warn("airstrip.elevation", "", "the published elevation of %d airstrips departs from the terrain by over %d m, and the terrain is used: %s", len(ids), doubtfulM, strings.Join(ids, ", "))
	}
}
