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
}

func (e *MissingTerrainError) Error() string {
	return fmt.Sprintf("terrain is missing in %.1f %% of the range of radar %s: add the tiles, or ask without strict terrain to take it as sea level",
		100*e.Share, e.RadarID)
}

// AirspaceError is returned for an airspace that no cell of the computation
// lies in.
type AirspaceError struct{ Reason string }

func (e *AirspaceError) Error() string { return e.Reason }
