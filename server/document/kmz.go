package document

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image/color"
	"io"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-kml/v3"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

// FloorMap is a coverage floor as a picture for maps.
type FloorMap struct {
	Summary *canopyv1.FloorSummary
	// Box is what the picture fills, in degrees.
	Box orb.Bound
	// Picture and Legend are PNG.
	Picture, Legend []byte
}

// floorAlpha lets the map through.
const floorAlpha = 0xb0

// FloorKMZ writes a floor over the ground, with its radars and a legend.
func FloorKMZ(w io.Writer, m FloorMap) error {
	document := kml.Document(
		kml.Name("Coverage floor"),
		kml.Description(strings.Join(Facts(m.Summary.GetProvenance(), m.Summary.GetWarnings()), "\n")),
		kml.GroundOverlay(
			kml.Name("Lowest altitude that is seen"),
			kml.Color(color.RGBA{R: 0xff, G: 0xff, B: 0xff, A: floorAlpha}),
			kml.Icon(kml.Href("floor.png")),
			kml.LatLonBox(kml.North(m.Box.Top()), kml.South(m.Box.Bottom()), kml.East(m.Box.Right()), kml.West(m.Box.Left())),
		),
		kml.ScreenOverlay(
			kml.Name("Legend"),
			kml.Icon(kml.Href("legend.png")),
			kml.OverlayXY(corner), kml.ScreenXY(corner),
		),
		placeFolder("Radars", RadarRows(m.Summary.GetRadars())),
	)
	var text bytes.Buffer
	if err := kml.KML(document).WriteIndent(&text, "", " "); err != nil {
		return err
	}
	return zipped(w, part{"doc.kml", text.Bytes()}, part{"floor.png", m.Picture}, part{"legend.png", m.Legend})
}

// corner is the upper left one.
var corner = kml.Vec2{X: 0, Y: 1, XUnits: kml.UnitsFraction, YUnits: kml.UnitsFraction}

// Facts are what a reader of a picture must know: the warnings, and what it
// stands on.
func Facts(p *canopyv1.Provenance, warnings []*canopyv1.Warning) []string {
	var facts []string
	for _, w := range warnings {
		facts = append(facts, "Warning: "+about(w))
	}
	terrain := p.GetTerrain()
	facts = append(facts,
		fmt.Sprintf("Terrain: %s, a post every %s arc-seconds (%s)", terrain.GetName(), quantity.Plain(terrain.GetSpacingArcsec()), terrain.GetIdentity()),
		fmt.Sprintf("Computed on a post every %s arc-seconds, k = %.4g, reach %s, covered if seen by at least %d",
			quantity.Plain(p.GetAnalysisSpacingArcsec()), p.GetEffectiveEarthK(),
			strings.ToLower(strings.TrimPrefix(p.GetReach().String(), "REACH_")), p.GetMinRadars()))
	for _, a := range p.GetAssumptions() {
		facts = append(facts, "Assumed: "+a)
	}
	return append(facts, "Canopy "+p.GetEngineVersion())
}

func about(w *canopyv1.Warning) string {
	if w.GetSubject() == "" {
		return w.GetMessage()
	}
	return w.GetSubject() + ": " + w.GetMessage()
}

// part is a file in a KMZ.
type part struct {
	name    string
	content []byte
}

// noTime is the earliest that a zip can say.
var noTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// zipped writes files of no time, so that the same files make the same bytes.
// kml.WriteKMZ takes them in an order of its own.
func zipped(w io.Writer, parts ...part) error {
	out := zip.NewWriter(w)
	for _, p := range parts {
		file, err := out.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: noTime})
		if err != nil {
			return err
		}
		if _, err := file.Write(p.content); err != nil {
			return err
		}
	}
	return out.Close()
}
