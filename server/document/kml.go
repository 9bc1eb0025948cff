package document

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"strconv"
	"strings"

	"github.com/twpayne/go-kml/v3"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/geojson"
	"github.com/canopyradar/canopy/server/quantity"
)

// GapKML writes a folder of gaps for each altitude, and one of radars.
func GapKML(w io.Writer, r *canopyv1.FindGapsResponse) error {
	return kml.KML(gapDocument(r, r.GetWarnings(), GapRows(r))).WriteIndent(w, "", " ")
}

// SuggestionKML writes what GapKML writes, with what is suggested for each gap,
// and a folder of the candidates that are.
func SuggestionKML(w io.Writer, r *canopyv1.SuggestSitesResponse) error {
	document := gapDocument(r.GetGaps(), AllWarnings(r), SuggestionRows(r))
	document.Append(placeFolder("Suggested", SuggestedRows(r)))
	return kml.KML(document).WriteIndent(w, "", " ")
}

// gapDocument wants a row for each gap, in their order.
func gapDocument(r *canopyv1.FindGapsResponse, warnings []*canopyv1.Warning, gaps Rows) *kml.DocumentElement {
	document := kml.Document(
		kml.Name("Gaps over "+r.GetProvenance().GetAirspace()),
		kml.Description(strings.Join(Facts(r.GetProvenance(), warnings), "\n")))
	for _, c := range causes {
		document.Append(gapStyle(causeName(c)))
	}
	rows := gaps.All
	for _, b := range r.GetBands() {
		document.Append(bandFolder(b, rows[:len(b.GetGaps())]))
		rows = rows[len(b.GetGaps()):]
	}
	document.Append(placeFolder("Radars", RadarRows(r.GetRadars())))
	return document
}

// PointKML writes points in one folder.
func PointKML(w io.Writer, name string, rows Rows) error {
	return kml.KML(kml.Document(placeFolder(name, rows))).WriteIndent(w, "", " ")
}

// fillAlpha lets the map through.
const fillAlpha = 0x50

func gapStyle(cause string) kml.Element {
	rgb := hexColour(GapColours[cause])
	fill := rgb
	fill.A = fillAlpha
	return kml.SharedStyle(cause,
		kml.LineStyle(kml.Color(rgb), kml.Width(1.5)),
		kml.PolyStyle(kml.Color(fill)))
}

func hexColour(text string) color.RGBA {
	v, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return color.RGBA{A: 0xff}
	}
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func bandFolder(b *canopyv1.Band, rows []Row) kml.Element {
	altitude := quantity.DescribeAltitude(b.GetAltitude())
	folder := kml.Folder(kml.Name(altitude), kml.Description(fmt.Sprintf("%.1f %% covered, %d gaps", 100*b.GetCoveredShare(), b.GetGapCount())))
	for i, g := range b.GetGaps() {
		folder.Append(kml.Placemark(
			kml.Name(fmt.Sprintf("%.0f km² at %s", g.GetAreaKm2(), altitude)),
			kml.StyleURL("#"+mainCause(g)),
			rows[i].extendedData(),
			kmlPolygon(polygon(g.GetBoundary()))))
	}
	return folder
}

func kmlPolygon(rings geojson.Polygon) kml.Element {
	p := kml.Polygon(kml.Tessellate(true))
	for i, ring := range rings {
		line := kml.LinearRing(kml.Coordinates(coordinates(ring)...))
		if i == 0 {
			p.Append(kml.OuterBoundaryIs(line))
		} else {
			p.Append(kml.InnerBoundaryIs(line))
		}
	}
	return p
}

func coordinates(ring geojson.Ring) []kml.Coordinate {
	all := make([]kml.Coordinate, len(ring))
	for i, at := range ring {
		all[i] = kml.Coordinate{Lon: at[0], Lat: at[1]}
	}
	return all
}

func placeFolder(name string, rows Rows) kml.Element {
	folder := kml.Folder(kml.Name(name))
	for _, row := range rows.All {
		at, ok := row.coordinates.(geojson.Position)
		if !ok {
			continue
		}
		folder.Append(kml.Placemark(
			kml.Name(row.name()), row.extendedData(),
			kml.Point(kml.Coordinates(kml.Coordinate{Lon: at[0], Lat: at[1]}))))
	}
	return folder
}

func (r Row) name() string {
	for _, f := range r.fields {
		if f.name == "name" {
			return f.text()
		}
	}
	return ""
}

func (r Row) extendedData() kml.Element {
	data := kml.ExtendedData()
	for _, f := range r.fields {
		if text := f.text(); text != "" {
			data.Append(kml.Data(f.name, kml.Value(text)))
		}
	}
	return data
}

// GapKMZ writes what GapKML writes, zipped.
func GapKMZ(w io.Writer, r *canopyv1.FindGapsResponse) error {
	var text bytes.Buffer
	if err := GapKML(&text, r); err != nil {
		return err
	}
	return zipped(w, part{"doc.kml", text.Bytes()})
}
