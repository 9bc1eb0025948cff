package report

import (
	"fmt"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Terrain writes which elevation model is loaded.
func (p *Page) Terrain(r *canopyv1.GetTerrainResponse) {
	t := r.GetTerrain()
	p.line(p.Style.bold(t.GetName()))
	p.line("posts     every " + arcsec(t.GetSpacingArcsec()) + fmt.Sprintf(", %d × %d", r.GetColumns(), r.GetRows()))
	p.line("box       " + box(r.GetBoundingBox()))
	p.line("identity  " + t.GetIdentity())
	if t.GetSource() != "" {
		p.paragraph("source    ", t.GetSource())
	}
	if t.GetLicence() != "" {
		p.paragraph("licence   ", t.GetLicence())
	}
	p.warnings(r.GetWarnings())
}

// Floor writes what an exported floor is.
func (p *Page) Floor(s *canopyv1.FloorSummary, path string) {
	p.line(fmt.Sprintf("%s: %d × %d posts, %s, metres AMSL, EPSG:4326", path, s.GetColumns(), s.GetRows(), bytes(s.GetGeotiffBytes())))
	for _, r := range s.GetRadars() {
		p.line(fmt.Sprintf("%s at %s, antenna at %s AMSL, %s", r.GetRadarId(), place(r.GetPosition()), metres(r.GetAntennaAmslM()), StateWord(r.GetState())))
	}
	p.warnings(s.GetWarnings())
	p.basis(s.GetProvenance())
}

func bytes(n int64) string {
	const mib = 1 << 20
	if n < mib {
		return grouped(float64(n), 0) + " bytes"
	}
	return grouped(float64(n)/mib, 1) + " MiB"
}
