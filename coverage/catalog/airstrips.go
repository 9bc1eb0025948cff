package catalog

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/airstrip"
)

const airstripSource = "OurAirports (public domain), as packed in @cyanheads/ourairports-mcp-server 0.2.3"

// doubtfulElevations holds the ids of the airstrips whose elevation, as
// published, differs from that of the terrain by more than 150 m.
var doubtfulElevations = map[string]bool{
	"SPAT": true, "SPAG": true, "SPIS": true, "SOML": true,
	"SPSF": true, "SPAI": true, "SPHC": true,
}

const doubtfulNote = "The published elevation differs from the terrain by more than 150 m; use the terrain's."

// airstripProperties are those of a feature of the embedded list.
type airstripProperties struct {
	Name           string   `json:"name"`
	Kind           string   `json:"kind"`
	Status         string   `json:"status"`
	ElevationAMSLM *float64 `json:"elevation_amsl_m"`
	LengthM        *float64 `json:"length_m"`
	Municipality   string   `json:"municipality"`
	Region         string   `json:"region"`
	AsOf           string   `json:"as_of"`
}

func readAirstrips() (*airstrip.Index, error) {
	const file = "airstrips.geojson"
	c, err := readCollection[orb.Point](file)
	if err != nil {
		return nil, err
	}
	strips := make([]airstrip.Airstrip, len(c.Features))
	for i, f := range c.Features {
		var p airstripProperties
		if err := json.Unmarshal(f.Properties, &p); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, f.ID, err)
		}
		if strips[i], err = p.airstrip(f.ID, f.Geometry.Coordinates); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, f.ID, err)
		}
	}
	return airstrip.NewIndex(strips)
}

func (p airstripProperties) airstrip(id string, position orb.Point) (airstrip.Airstrip, error) {
	status, err := airstrip.ParseStatus(p.Status)
	a := airstrip.Airstrip{
		ID:             id,
		Name:           p.Name,
		Position:       position,
		ElevationAMSLM: orUnknown(p.ElevationAMSLM),
		LengthM:        orUnknown(p.LengthM),
		Status:         status,
		Kind:           p.Kind,
		Municipality:   p.Municipality,
		Region:         p.Region,
		AsOf:           p.AsOf,
		Source:         airstripSource,
	}
	if doubtfulElevations[id] {
		a.ElevationDoubtful, a.Note = true, doubtfulNote
	}
	return a, err
}

func orUnknown(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
