package report

import (
	"fmt"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// Check writes whether points are seen, and if not, why.
func (p *Page) Check(r *canopyv1.CheckPointsResponse) {
	why := words.NewReasons(r.GetRadars())
	for i, o := range r.GetOutcomes() {
		if i > 0 {
			p.blank()
		}
		p.outcome(o, why)
	}
	p.warnings(r.GetWarnings())
	p.basis(r.GetProvenance())
}

func (p *Page) outcome(o *canopyv1.PointOutcome, why words.Reasons) {
	verdict := p.Style.bold(p.Style.red("NOT SEEN"))
	if o.GetSeen() {
		verdict = p.Style.bold(p.Style.green("SEEN    "))
	}
	at := o.GetPoint().GetPosition()
	p.line(fmt.Sprintf("%s  %s,%s at %s", verdict, quantity.Plain(at.GetLatDeg()), quantity.Plain(at.GetLonDeg()),
		quantity.DescribeAltitude(o.GetPoint().GetAltitude())))
	p.paragraph("          ", levels(o))
	for _, s := range o.GetSights() {
		p.paragraph("          ", why.Sight(s))
	}
}

func levels(o *canopyv1.PointOutcome) string {
	ground := "ground " + words.MetresOr(o.GroundAmslM, "unknown")
	if o.FloorAmslM == nil {
		return ground + "; no altitude is seen here"
	}
	text := fmt.Sprintf("%s; seen from %s AMSL", ground, words.Metres(o.GetFloorAmslM()))
	if o.FloorAglM != nil {
		text += fmt.Sprintf(" (%s AGL)", words.Metres(o.GetFloorAglM()))
	}
	if o.CeilingAmslM != nil {
		text += fmt.Sprintf(" up to %s AMSL", words.Metres(o.GetCeilingAmslM()))
	}
	return text
}
