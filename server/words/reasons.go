package words

import (
	"fmt"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// Reasons tell why a radar does not see a point.
type Reasons map[string]*canopyv1.ResolvedRadar

// NewReasons returns the reasons of some radars.
func NewReasons(radars []*canopyv1.ResolvedRadar) Reasons {
	why := Reasons{}
	for _, r := range radars {
		why[r.GetRadarId()] = r
	}
	return why
}

// Sight says in one line how a radar looks at a point.
func (why Reasons) Sight(s *canopyv1.Sight) string {
	id, away := s.GetRadarId(), Kilometres(s.GetDistanceKm())
	radar := why[id]
	switch {
	case s.GetSees() && radar.GetState() == canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE:
		return fmt.Sprintf("out of service: %s, %s away, would see it", id, away)
	case s.GetSees():
		return fmt.Sprintf("seen by %s, %s away", id, away)
	}
	return why.unseen(s, radar, away)
}

func (why Reasons) unseen(s *canopyv1.Sight, radar *canopyv1.ResolvedRadar, away string) string {
	id, limits := s.GetRadarId(), radar.GetLimits()
	switch s.GetCause() {
	case canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE:
		if s.GetSlantRangeKm() < limits.GetMinRangeKm() {
			return fmt.Sprintf("too near: %s from %s, whose smallest range is %s km", away, id, quantity.Plain(limits.GetMinRangeKm()))
		}
		return fmt.Sprintf("out of range: %s from %s, whose range is %s km", away, id, quantity.Plain(limits.GetRangeKm()))
	case canopyv1.GapCause_GAP_CAUSE_OUTSIDE_SECTOR:
		return fmt.Sprintf("outside the sector of %s: it looks from %s° to %s°, and the point is at %.1f°", id,
			quantity.Plain(limits.GetSector().GetFromDeg()), quantity.Plain(limits.GetSector().GetToDeg()), s.GetAzimuthDeg())
	case canopyv1.GapCause_GAP_CAUSE_BELOW_HORIZON:
		return fmt.Sprintf("below the horizon of %s, %s away%s", id, away, seesFrom(s))
	case canopyv1.GapCause_GAP_CAUSE_ABOVE_BEAM:
		return fmt.Sprintf("above the beam of %s, %s away%s", id, away, seesUpTo(s))
	case canopyv1.GapCause_GAP_CAUSE_TERRAIN:
		return terrainReason(s, away)
	}
	return fmt.Sprintf("not seen by %s, %s away: %s", id, away, strings.ToLower(s.GetCause().String()))
}

func terrainReason(s *canopyv1.Sight, away string) string {
	crest := s.GetCrest()
	if crest == nil {
		return fmt.Sprintf("terrain: hidden from %s, %s away%s", s.GetRadarId(), away, seesFrom(s))
	}
	return fmt.Sprintf("terrain: hidden from %s, %s away, by a crest of %s at %s, %s from the radar%s", s.GetRadarId(), away,
		Metres(crest.GetElevationAmslM()), Place(crest.GetPosition()), Kilometres(crest.GetDistanceKm()), seesFrom(s))
}

func seesFrom(s *canopyv1.Sight) string {
	if s.FloorAmslM == nil {
		return ""
	}
	return fmt.Sprintf("; it sees from %s AMSL up", Metres(s.GetFloorAmslM()))
}

func seesUpTo(s *canopyv1.Sight) string {
	if s.CeilingAmslM == nil {
		return ""
	}
	return fmt.Sprintf("; it sees up to %s AMSL", Metres(s.GetCeilingAmslM()))
}
