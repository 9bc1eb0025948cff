package coverage

import (
	"fmt"

	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// Warning is something that a reader of an answer must know.
type Warning struct {
	// ID is stable:
	//
	//	terrain.demonstration     the terrain is too coarse to plan on
	//	terrain.note              what its files have that is worth knowing
	//	terrain.coarse            the terrain is coarse enough to flatter
	//	terrain.resolution        averaged, for the budget's sake
	//	terrain.filled            small voids around the subject radar
	//	terrain.missing           missing in range of the subject radar
	//	terrain.missing_site      missing under the subject radar
	//	terrain.missing_airspace  missing in the airspace
	//	memory.tiled              done in parts, for the memory's sake
	//	bracket.none              nothing to bracket
	//	airspace.coarse           the airspace is small for the post spacing
	//	airstrip.elevation        published elevations depart from the terrain
	ID string
	// Message is one line for people.
	Message string
	// Subject is the radar's ID; empty for the whole answer.
	Subject string
}

func (b *Basis) warn(id, subject, format string, args ...any) {
	b.Warnings = append(b.Warnings, Warning{ID: id, Subject: subject, Message: fmt.Sprintf(format, args...)})
}

// coarseEnough is a post spacing in arc-seconds above which averaged terrain has lost enough
// of its crests to matter: coverage at 1000 m above the Andes grows by 5 to 10
// points on a model of 30 arc-seconds.
const coarseEnough = 15 * 1.01

func (b *Basis) warnCoarse(spacingArcsec float64) {
	b.warn("terrain.coarse", "", "posts lie %.0f arc-seconds apart: averaging cuts crests off, so coverage looks better than it is", spacingArcsec)
}

// TerrainWarnings returns what a reader of answers that stand on an elevation
// model must know.
func TerrainWarnings(info terrain.Info, reach sight.Reach) []Warning {
	var b Basis
	id := "terrain.note"
	if info.Demonstration {
		id = "terrain.demonstration"
	}
	for _, note := range info.Notes {
		b.warn(id, "", "%s", note)
	}
	if !info.Demonstration && info.SpacingArcsec > coarseEnough && reach == sight.Terrain {
		b.warnCoarse(info.SpacingArcsec)
	}
	return b.Warnings
}
