package coverage

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
)

// checkTerrain warns of terrain that is missing in the range of a radar, of so
// many posts, or refuses it.
func (b *Basis) checkTerrain(q Query, radarID string, missing floor.Missing, postsInRange int) error {
	if missing.Posts == 0 || q.Reach == sight.Disc {
		return nil
	}
	share := float64(missing.Posts) / float64(postsInRange)
	if q.StrictTerrain {
		return &MissingTerrainError{RadarID: radarID, Share: share, Where: where(missing.Bound)}
	}
	b.warn("terrain.missing", radarID, "terrain is missing in %s of the range of radar %s, %s, and taken as sea level there: right over the sea, too good over land",
		percent(share), radarID, extent(missing))
	return nil
}

// warnFilled warns of voids that were filled in the box around a radar.
func (b *Basis) warnFilled(filled int, radarID string) {
	if filled > 0 {
		b.warn("terrain.filled", radarID, "%d posts in the box around radar %s were small voids, and are interpolated from the terrain around them", filled, radarID)
	}
}

// extent says how much terrain is missing, and where.
func extent(m floor.Missing) string {
	km2 := m.AreaM2 / 1e6
	if km2 >= 100 {
		return fmt.Sprintf("%.0f km² %s", km2, where(m.Bound))
	}
	return fmt.Sprintf("%.3g km² %s", km2, where(m.Bound))
}

func where(b orb.Bound) string {
	return fmt.Sprintf("between %s and %s, %s and %s",
		degrees(b.Max.Lat(), "N", "S"), degrees(b.Min.Lat(), "N", "S"), degrees(b.Min.Lon(), "E", "W"), degrees(b.Max.Lon(), "E", "W"))
}

func degrees(deg float64, positive, negative string) string {
	if deg < 0 {
		positive = negative
	}
	return fmt.Sprintf("%.2f° %s", math.Abs(deg), positive)
}
