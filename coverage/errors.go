package coverage

import "fmt"

// LimitError is returned when a request is larger than the engine allows.
type LimitError struct {
	// What is too large, such as "posts of the airspace".
	What string
	// Have and Allowed count it.
	Have, Allowed int
	// Remedy says what to do.
	Remedy string
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%d %s, at most %d allowed: %s", e.Have, e.What, e.Allowed, e.Remedy)
}

// MissingTerrainError is returned where a query with StrictTerrain meets
// missing terrain in range of a radar.
type MissingTerrainError struct {
	// RadarID names the radar.
	RadarID string
	// Share of the posts in range that are missing, 0 to 1.
	Share float64
	// Where says for people where they lie.
	Where string
}

func (e *MissingTerrainError) Error() string {
	return fmt.Sprintf("terrain is missing in %s of the range of radar %s, %s: add the tiles, or ask without strict terrain to take it as sea level",
		percent(e.Share), e.RadarID, e.Where)
}

// percent writes a share of something that is there: never as 0 %.
func percent(share float64) string {
	if share < 0.0005 {
		return "under 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// AirspaceError is returned for an airspace that no cell of the computation
// lies in.
type AirspaceError struct{ Reason string }

func (e *AirspaceError) Error() string { return e.Reason }
