package draw

import (
	"io"

	"gonum.org/v1/plot/vg"

	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/words"
)

// ProfileSVG writes the picture of a ray as an SVG: distance in km across,
// metres above mean sea level upward.
//
// The terrain has its true heights, so that a planner can read them; the ray,
// straight over an effective earth, therefore is a curve that sags.
func ProfileSVG(w io.Writer, r *canopyv1.GetProfileResponse) error {
	return writeSVG(w, newProfilePicture(r))
}

// ProfilePNG writes the same picture as a PNG.
func ProfilePNG(w io.Writer, r *canopyv1.GetProfileResponse) error {
	return writePNG(w, newProfilePicture(r))
}

const (
	profileWidth vg.Length = 900
	frameHeight  vg.Length = 390
	margin       vg.Length = 18
	// textWidth is what lines of text may take, with some to spare for viewers
	// of an SVG that have none of its fonts.
	textWidth = 0.9 * (profileWidth - 2*margin)
	// belowFrame holds the horizontal axis.
	belowFrame vg.Length = 46
	keyHeight  vg.Length = 26
)

var (
	titleInk   = ink{size: 16, bold: true, colour: black}
	whyInk     = ink{size: 11, colour: black}
	footInk    = ink{size: 9, colour: grey}
	warningInk = ink{size: 9, bold: true, colour: unseenColour}
)

// profilePicture is a ray with a title above and what it stands on below.
type profilePicture struct {
	response *canopyv1.GetProfileResponse
	scene    scene
	// heading, why, basis and warnings are lines of text.
	heading, why, basis, warnings []string
}

func newProfilePicture(r *canopyv1.GetProfileResponse) profilePicture {
	p := profilePicture{response: r, scene: newScene(r)}
	p.heading = titleInk.fold(p.title(), textWidth)
	reasons := words.NewReasons([]*canopyv1.ResolvedRadar{r.GetRadar()})
	for _, s := range r.GetOutcome().GetSights() {
		p.why = append(p.why, whyInk.fold(reasons.Sight(s), textWidth)...)
	}
	p.basis = footInk.fold("Stands on "+report.ProfileBasis(r)+". Heights are true, hence the bend of the ray.", textWidth)
	for _, text := range report.WarningTexts(r.GetWarnings()) {
		p.warnings = append(p.warnings, warningInk.fold(text, textWidth)...)
	}
	return p
}

func (p profilePicture) size() (width, height vg.Length) {
	return profileWidth, p.head() + frameHeight + belowFrame + p.foot()
}

// head and foot are the heights of what is above and below the frame.
func (p profilePicture) head() vg.Length {
	return margin + vg.Length(len(p.heading))*titleInk.leading() + vg.Length(len(p.why))*whyInk.leading() + keyHeight
}

func (p profilePicture) foot() vg.Length {
	return vg.Length(len(p.basis)+len(p.warnings))*footInk.leading() + margin/2
}

func (p profilePicture) paint(on pen) {
	_, height := p.size()
	y := height - margin - titleInk.size*0.8
	y = on.lines(titleInk, vg.Point{X: margin, Y: y}, p.heading)
	reason := whyInk
	reason.colour = verdictColour(p.response.GetOutcome().GetSeen())
	y = on.lines(reason, vg.Point{X: margin, Y: y}, p.why)
	rayDrawing{pen: on, scene: p.scene, response: p.response, frame: p.frame()}.draw(y - 4)
	y = p.foot() - footInk.size
	y = on.lines(footInk, vg.Point{X: margin, Y: y}, p.basis)
	on.lines(warningInk, vg.Point{X: margin, Y: y}, p.warnings)
}

func (p profilePicture) title() string {
	outcome := p.response.GetOutcome()
	to, verdict := outcome.GetPoint(), "not seen"
	if outcome.GetSeen() {
		verdict = "seen"
	}
	return p.response.GetRadar().GetName() + " → " + quantity.Plain(to.GetPosition().GetLatDeg()) + ", " +
		quantity.Plain(to.GetPosition().GetLonDeg()) + " at " + quantity.DescribeAltitude(to.GetAltitude()) + ": " + verdict
}

func (p profilePicture) frame() frame {
	f := frame{x: p.scene.km, y: p.scene.metres}
	bottom := p.foot() + belowFrame
	left := margin + axisInk.size + 10 + f.yTickWidth()
	f.Rectangle = vg.Rectangle{
		Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: profileWidth - margin, Y: bottom + frameHeight},
	}
	return f
}
