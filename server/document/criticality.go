package document

import (
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// CriticalityRows are what is lost with each radar, one a line, in the order of
// the answer.
func CriticalityRows(r *canopyv1.AssessCriticalityResponse) Rows {
	radars := map[string]*canopyv1.ResolvedRadar{}
	for _, radar := range r.GetRadars() {
		radars[radar.GetRadarId()] = radar
	}
	rows := Rows{header: lossRow(r.GetCriticality(), nil, nil)}
	for _, loss := range r.GetCriticality().GetRadars() {
		rows.All = append(rows.All, lossRow(r.GetCriticality(), loss, radars[loss.GetRadarId()]))
	}
	return rows
}

func lossRow(c *canopyv1.Criticality, loss *canopyv1.RadarLoss, radar *canopyv1.ResolvedRadar) Row {
	row := pointRow(radar.GetPosition(), field{"radar_id", loss.GetRadarId()}, field{"name", radar.GetName()}).and(
		field{"model_id", radar.GetModelId()})
	for b, band := range c.GetBands() {
		lost := &canopyv1.BandLoss{}
		if loss != nil {
			lost = loss.GetBands()[b]
		}
		name := columnOf(band.GetAltitude())
		row = row.and(field{"lost_km2_" + name, lost.GetLostAreaKm2()}, field{"lost_share_" + name, lost.GetLostShare()})
		for z, zone := range c.GetZones() {
			km2 := 0.0
			if loss != nil {
				km2 = lost.GetZonesLostKm2()[z]
			}
			row = row.and(field{"lost_km2_" + name + "_in_" + strings.ReplaceAll(strings.ToLower(zone), " ", "_"), km2})
		}
	}
	row = row.and(field{"airstrip_count", len(loss.GetAirstripIds())}, field{"airstrips", strings.Join(loss.GetAirstripIds(), "; ")})
	row.looks = map[string]any{"marker-color": "#000000", "marker-symbol": "communications-tower"}
	return row
}

// CriticalityMembers are what an answer holds beside radars and what is lost with
// them.
func CriticalityMembers(r *canopyv1.AssessCriticalityResponse) map[string]any {
	members := Members(r.GetWarnings(), r.GetProvenance())
	bands := []any{}
	for _, b := range r.GetCriticality().GetBands() {
		bands = append(bands, message(b))
	}
	members["bands"], members["availability"] = bands, r.GetCriticality().GetAvailability()
	if pair := r.GetCriticality().GetPair(); pair != nil {
		members["pair"] = message(pair)
	}
	return members
}
