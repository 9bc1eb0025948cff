package web_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/picture"
	"github.com/canopyradar/canopy/server/web"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

const smallPicture = "/floor.png?radar=name=PEM,lat=-12.6131,lon=-69.2282,range=60km"

func TestPicture(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	model, err := geotiff.Parse("floor.tif", string(s.found(t, smallFloor).body))
	if err != nil {
		t.Fatal(err)
	}
	got := s.found(t, smallPicture)
	drawn, err := png.Decode(bytes.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	if l := model.Lattice(); drawn.Bounds().Dx() != l.Cols || drawn.Bounds().Dy() != l.Rows {
		t.Errorf("%v, want a pixel a post of %v", drawn.Bounds(), l)
	}
	box := picture.Box(model.Lattice())
	var west, south, east, north float64
	if _, err := fmt.Sscanf(got.header.Get("Canopy-Bounding-Box"), "%g,%g,%g,%g", &west, &south, &east, &north); err != nil {
		t.Fatal(err)
	}
	if west != box.Left() || south != box.Bottom() || east != box.Right() || north != box.Top() {
		t.Errorf("box %s, want %v", got.header.Get("Canopy-Bounding-Box"), box)
	}
	for _, want := range []string{"iTXtTitle", "iTXtDescription", "Warning: DEMONSTRATION TERRAIN", "Canopy test"} {
		if !bytes.Contains(got.body, []byte(want)) {
			t.Errorf("no %q in the file", want)
		}
	}
	posted := s.ask(t, http.MethodPost, "/floor.png", `{`+small+`}`)
	if !bytes.Equal(posted.body, got.body) {
		t.Errorf("posted: %d, %.300s", posted.status, posted.body)
	}
	narrow, err := png.Decode(bytes.NewReader(s.ask(t, http.MethodPost, "/floor.png?width=7", `{`+small+`}`).body))
	if err != nil || narrow.Bounds().Dx() != 7 {
		t.Errorf("%v, %v", narrow, err)
	}
}

// A floor is marked as used by each who asks for it, which is no change of what is
// drawn by another.
func TestPicturesAtTheSameTime(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	want := s.found(t, smallPicture).body
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				if got := s.ask(t, http.MethodGet, smallPicture, ""); !bytes.Equal(got.body, want) {
					t.Errorf("%d, %.300s", got.status, got.body)
					return
				}
			}
		})
	}
	group.Wait()
}

// overlay is what matters of doc.kml.
type overlay struct {
	Document struct {
		Description   string `xml:"description"`
		GroundOverlay struct {
			Icon struct {
				Href string `xml:"href"`
			}
			LatLonBox struct {
				North float64 `xml:"north"`
				South float64 `xml:"south"`
				East  float64 `xml:"east"`
				West  float64 `xml:"west"`
			}
		}
		ScreenOverlay struct {
			Icon struct {
				Href string `xml:"href"`
			}
		}
		Folder struct {
			Placemark []struct {
				Name  string `xml:"name"`
				Point struct {
					Coordinates string `xml:"coordinates"`
				}
			}
		}
	}
}

func TestPictureForGoogleEarth(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	got := s.found(t, strings.Replace(smallPicture, ".png", ".kmz", 1))
	files := unzip(t, got.body)
	var doc overlay
	if err := xml.Unmarshal(files["doc.kml"], &doc); err != nil {
		t.Fatal(err)
	}
	d := doc.Document
	if d.GroundOverlay.Icon.Href != "floor.png" || d.ScreenOverlay.Icon.Href != "legend.png" || len(files) != 3 {
		t.Errorf("%+v with %d files", d, len(files))
	}
	for _, name := range []string{"floor.png", "legend.png"} {
		if _, err := png.Decode(bytes.NewReader(files[name])); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The corners are those of GDAL's: half a post of 2′ beyond the outermost.
	model, err := geotiff.Parse("floor.tif", string(s.found(t, smallFloor).body))
	if err != nil {
		t.Fatal(err)
	}
	l, box, half := model.Lattice(), d.GroundOverlay.LatLonBox, 1.0/60
	for name, far := range map[string]float64{
		"west": box.West - (l.Lon(0) - half), "east": box.East - (l.Lon(l.Cols-1) + half),
		"north": box.North - (l.Lat(0) + half), "south": box.South - (l.Lat(l.Rows-1) - half),
	} {
		// A millionth of a pixel.
		if math.Abs(far) > 1e-6*half {
			t.Errorf("%s is off by %g°", name, far)
		}
	}
	if len(d.Folder.Placemark) != 1 || d.Folder.Placemark[0].Point.Coordinates != "-69.2282,-12.6131" {
		t.Errorf("radars %+v", d.Folder.Placemark)
	}
	if !strings.Contains(d.Description, "DEMONSTRATION TERRAIN") || !strings.Contains(d.Description, "Canopy test") {
		t.Errorf("description %q", d.Description)
	}
}
