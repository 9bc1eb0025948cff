package coverage

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
)

// AirstripResult holds one exposure an airstrip.
type AirstripResult struct {
	Basis
	Exposures []Exposure
	// SpacingArcsec is as in CheckResult.
	SpacingArcsec float64
}

// Exposure is the network's floor above an airstrip. Heights are metres above
// mean sea level, NaN where there is none.
type Exposure struct {
	Airstrip                *airstrip.Airstrip
	GroundAMSLM, FloorAMSLM float64
	// SeenBy are indices of radars in service, lowest floor first, and FloorsAMSLM
	// the floors of each.
	SeenBy      []int
	FloorsAMSLM []float64
	// Nearest is the index of the nearest radar in service, −1 for none.
	Nearest  int
	NearestM float64
}

// AssessAirstrips finds the floor above each airstrip: off surfaces, where the
// engine keeps those of all radars that count, or else along single rays.
func (e *Engine) AssessAirstrips(ctx context.Context, q Query, strips []*airstrip.Airstrip) (*AirstripResult, error) {
	basis, err := e.basis(ctx, q)
	if err != nil {
		return nil, err
	}
	places := airstrip.Places(strips)
	k, err := e.keptSurfaces(ctx, q, basis, places)
	if err != nil {
		return nil, err
	}
	var result *AirstripResult
	if k != nil {
		result, err = k.assess(ctx, q, strips)
	} else {
		result, err = e.assess(ctx, q, basis, strips, places)
	}
	if err != nil {
		return nil, err
	}
	if !e.Terrain.Info().Demonstration {
		result.checkElevations()
	}
	return result, nil
}

// assess follows single rays.
func (e *Engine) assess(ctx context.Context, q Query, basis Basis, strips []*airstrip.Airstrip, places []orb.Point) (*AirstripResult, error) {
	sights, ground, err := e.lookAll(ctx, q, &basis, places)
	if err != nil {
		return nil, err
	}
	result := &AirstripResult{Basis: basis}
	for i, a := range strips {
		result.Exposures = append(result.Exposures, exposure(q, basis.Sites, a, ground[i], readingsOf(basis.Sites, sights[i])))
	}
	return result, nil
}

func exposure(q Query, sites []sight.Site, a *airstrip.Airstrip, groundAMSLM float64, readings []reading) Exposure {
	x := Exposure{Airstrip: a, GroundAMSLM: groundAMSLM, Nearest: -1, NearestM: math.Inf(1)}
	x.FloorAMSLM, _ = span(readings, q.MinRadars)
	x.FloorAMSLM = flyable(x.FloorAMSLM, groundAMSLM)
	for i := range sites {
		if d := earth.DistanceM(sites[i].Position, a.Position); sites[i].InService && d < x.NearestM {
			x.Nearest, x.NearestM = i, d
		}
	}
	slices.SortStableFunc(readings, func(a, b reading) int { return cmp.Compare(a.floorAMSLM, b.floorAMSLM) })
	for _, r := range readings {
		x.SeenBy = append(x.SeenBy, r.site)
		x.FloorsAMSLM = append(x.FloorsAMSLM, flyable(r.floorAMSLM, groundAMSLM))
	}
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
