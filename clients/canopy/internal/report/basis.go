package report

import (
	"fmt"
	"strconv"
	"strings"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// warnings writes what the reader must know.
func (p *Page) warnings(all []*canopyv1.Warning) {
	if len(all) == 0 {
		return
	}
	p.blank()
	p.line(p.Style.bold("Warnings"))
	for _, text := range WarningTexts(all) {
		p.paragraph(p.Style.yellow("!")+" ", text)
	}
}

// WarningTexts are warnings in a sentence each; of many that are alike, the
// first, with the number of the others.
func WarningTexts(all []*canopyv1.Warning) []string {
	alike := map[string]int{}
	var order []*canopyv1.Warning
	for _, w := range all {
		alike[w.GetWarningId()]++
		if alike[w.GetWarningId()] == 1 {
			order = append(order, w)
		}
	}
	texts := make([]string, len(order))
	for i, w := range order {
		texts[i] = warningText(w, alike[w.GetWarningId()]-1)
	}
	return texts
}

func warningText(w *canopyv1.Warning, others int) string {
	text := w.GetMessage()
	if subject := w.GetSubject(); subject != "" && !strings.Contains(text, subject) {
		text = subject + ": " + text
	}
	if others > 0 {
		text += fmt.Sprintf(" (and %d more of this kind: -o json lists them)", others)
	}
	return text
}

// basis writes what the answer stands on.
func (p *Page) basis(v *canopyv1.Provenance) {
	parts := standsOn(v)
	if n := len(v.GetAssumptions()); n > 0 {
		parts = append(parts, fmt.Sprintf("%s (-o json lists them)", count(n, "assumption", "assumptions")))
	}
	p.blank()
	p.paragraph("Stands on  ", strings.Join(parts, "; "))
}

// basisInFull writes what the answer stands on, and all that was assumed.
func (p *Page) basisInFull(v *canopyv1.Provenance) {
	p.list("Assumed", v.GetAssumptions())
	p.blank()
	p.paragraph("Stands on  ", strings.Join(standsOn(v), "; "))
}

// standsOn are the parts of what the answer stands on. Where no radar looks,
// there is no k.
func standsOn(v *canopyv1.Provenance) []string {
	parts := []string{terrainText(v.GetTerrain())}
	if s := v.GetAnalysisSpacingArcsec(); s > 0 && s != v.GetTerrain().GetSpacingArcsec() {
		parts = append(parts, "computed every "+arcsec(s))
	}
	if v.GetAirspace() != "" {
		parts = append(parts, "airspace "+v.GetAirspace())
	}
	if k := v.GetEffectiveEarthK(); k > 0 {
		parts = append(parts, "k "+strconv.FormatFloat(k, 'f', 3, 64), "reach "+reachWord(v.GetReach()))
	}
	return parts
}

func terrainText(t *canopyv1.Terrain) string { return "terrain " + TerrainName(t) }

// TerrainName names an elevation model, with the distance between its posts.
func TerrainName(t *canopyv1.Terrain) string {
	text := fmt.Sprintf("%s, posts every %s", t.GetName(), arcsec(t.GetSpacingArcsec()))
	if t.GetDemonstration() {
		text += ", for demonstration only"
	}
	return text
}

func arcsec(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) + "″" }

func reachWord(r canopyv1.Reach) string {
	if r == canopyv1.Reach_REACH_UNSPECIFIED {
		r = canopyv1.Reach_REACH_TERRAIN
	}
	return strings.ToLower(strings.TrimPrefix(r.String(), "REACH_"))
}
