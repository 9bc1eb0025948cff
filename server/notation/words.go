package notation

import (
	"fmt"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// Reach reads disc, horizon or terrain.
func Reach(text string) (canopyv1.Reach, error) {
	switch strings.ToLower(text) {
	case "disc":
		return canopyv1.Reach_REACH_DISC, nil
	case "horizon":
		return canopyv1.Reach_REACH_HORIZON, nil
	case "terrain":
		return canopyv1.Reach_REACH_TERRAIN, nil
	}
	return 0, fmt.Errorf("%q is not a reach: want disc, horizon or terrain", text)
}

// Resolution reads arc-seconds. It returns nil for auto, which leaves the choice to the server.
func Resolution(text string) (*float64, error) {
	if strings.EqualFold(text, "auto") {
		return nil, nil
	}
	v, err := quantity.Arcsec("resolution", text)
	if err != nil {
		return nil, fmt.Errorf("%w, or auto", err)
	}
	return &v, nil
}

// Compression reads none, deflate or zstd.
func Compression(text string) (canopyv1.Compression, error) {
	switch strings.ToLower(text) {
	case "none":
		return canopyv1.Compression_COMPRESSION_NONE, nil
	case "deflate":
		return canopyv1.Compression_COMPRESSION_DEFLATE, nil
	case "zstd":
		return canopyv1.Compression_COMPRESSION_ZSTD, nil
	}
	return 0, fmt.Errorf("%q is not a compression: want none, deflate or zstd", text)
}

// Status reads active, closed or destroyed.
func Status(text string) (canopyv1.AirstripStatus, error) {
	v, ok := canopyv1.AirstripStatus_value["AIRSTRIP_STATUS_"+strings.ToUpper(text)]
	if !ok || v == 0 {
		return 0, fmt.Errorf("%q is not a status: want active, closed or destroyed", text)
	}
	return canopyv1.AirstripStatus(v), nil
}

// Limits returns nil for limits that set nothing, which keeps requests short.
func Limits(l *canopyv1.RadarLimits) *canopyv1.RadarLimits {
	if l.RangeKm == nil && l.MinRangeKm == nil && l.MinElevationDeg == nil &&
		l.MaxElevationDeg == nil && l.HeightLimitAmslM == nil && l.Sector == nil {
		return nil
	}
	return l
}

// State reads in-service or out-of-service; empty is the server's default.
func State(text string) (canopyv1.RadarState, error) {
	switch strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(text)) {
	case "":
		return canopyv1.RadarState_RADAR_STATE_UNSPECIFIED, nil
	case "in-service":
		return canopyv1.RadarState_RADAR_STATE_IN_SERVICE, nil
	case "out-of-service":
		return canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE, nil
	}
	return 0, fmt.Errorf("%q is not a state: want in-service or out-of-service", text)
}

// HeightAMSLM reads a height above mean sea level, whose reference may be
// left out, or a flight level.
func HeightAMSLM(what, text string) (float64, error) {
	altitude, err := quantity.Altitude(text)
	if err != nil {
		return quantity.LengthM(what, text)
	}
	switch level := altitude.GetLevel().(type) {
	case *canopyv1.Altitude_AmslM:
		return level.AmslM, nil
	case *canopyv1.Altitude_FlightLevel:
		return level.FlightLevel * quantity.MetresPerFlightLevel, nil
	}
	return 0, fmt.Errorf("%s %q is above ground: write 30480m-amsl", what, text)
}

// TakeOut marks radars as out of service, by id or name in any case.
func TakeOut(radars []*canopyv1.Radar, names []string) error {
	for _, name := range names {
		found := false
		var known []string
		for _, radar := range radars {
			known = append(known, radar.GetName())
			if strings.EqualFold(name, radar.GetName()) || strings.EqualFold(name, radar.GetRadarId()) {
				radar.State = canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE
				found = true
			}
		}
		if !found {
			return fmt.Errorf("%q: no such radar: want one of %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}
