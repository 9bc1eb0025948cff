package draw

import (
	"io"

	"gonum.org/v1/plot/vg"

	"github.com/canopyradar/canopy/clients/canopy/internal/quantity"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
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
	// textWidth is what lines of text may take.
	textWidth = profileWidth - 2*margin
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
	// why, basis and warnings are lines of text.
	why, basis, warnings []string
}

func newProfilePicture(r *canopyv1.GetProfileResponse) profilePicture {
	p := profilePicture{response: r, scene: newScene(r)}
	reasons := report.NewReasons([]*canopyv1.ResolvedRadar{r.GetRadar()})
	for _, s := range r.GetOutcome().GetSights() {
		p.why = append(p.why, whyInk.fold(reasons.Sight(s), textWidth)...)
	}
	p.basis = footInk.fold("Stands on "+report.ProfileBasis(r)+". Heights are true: the ray, straight over an effective earth, is drawn as a curve.", textWidth)
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
	return margin + titleInk.leading() + vg.Length(len(p.why))*whyInk.leading() + keyHeight
}

func (p profilePicture) foot() vg.Length {
	return vg.Length(len(p.basis)+len(p.warnings))*footInk.leading() + margin/2
}

func (p profilePicture) paint(on pen) {
	_, height := p.size()
	y := height - margin - titleInk.size*0.8
	p.title(on, y)
	y -= titleInk.leading()
	y = on.lines(whyInk, y, p.why)
	rayDrawing{pen: on, scene: p.scene, response: p.response, frame: p.frame()}.draw(y - 4)
	y = p.foot() - footInk.size
	y = on.lines(footInk, y, p.basis)
	on.lines(warningInk, y, p.warnings)
}

// lines writes lines of text from a base line downward, and returns the next.
func (p pen) lines(i ink, y vg.Length, lines []string) vg.Length {
	for _, text := range lines {
		p.text(i, vg.Point{X: margin, Y: y}, text)
		y -= i.leading()
	}
	return y
}

func (p profilePicture) title(on pen, y vg.Length) {
	outcome := p.response.GetOutcome()
	to := outcome.GetPoint()
	text := p.response.GetRadar().GetName() + " → " + quantity.Plain(to.GetPosition().GetLatDeg()) + ", " +
		quantity.Plain(to.GetPosition().GetLonDeg()) + " at " + quantity.DescribeAltitude(to.GetAltitude()) + ": "
	on.text(titleInk, vg.Point{X: margin, Y: y}, text)
	verdict, verdictInk := "not seen", titleInk
	if outcome.GetSeen() {
		verdict = "seen"
	}
	verdictInk.colour = verdictColour(outcome.GetSeen())
	on.text(verdictInk, vg.Point{X: margin + titleInk.width(text), Y: y}, verdict)
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
