package web

import (
	"bytes"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/picture"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// boxHeader is where the pixels of a PNG lie: west, south, east, north in
// degrees.
const boxHeader = "Canopy-Bounding-Box"

func (q *floorQuery) pictureForm() form {
	f := q.form()
	f.beside = []parameter{{
		name: "width", about: fmt.Sprintf("Pixels from west to east, 1 to %d; %d if not given, and no more than the floor has posts.", picture.MaxWidth, picture.DefaultWidth),
		example: "2048", set: q.setWidth,
	}}
	return f
}

func (q *floorQuery) setWidth(text string) (err error) {
	if q.width, err = whole(text); err != nil {
		return err
	}
	if q.width < 1 || q.width > picture.MaxWidth {
		return fmt.Errorf("%d is not between 1 and %d", q.width, picture.MaxWidth)
	}
	return nil
}

// draw returns the picture of a floor, with what it says about itself.
func (f *Face) draw(r *http.Request) (document.FloorMap, error) {
	q := newFloorQuery()
	q.width = picture.DefaultWidth
	file, err := f.ask(r, q, q.pictureForm())
	if err != nil {
		return document.FloorMap{}, err
	}
	defer func() { _ = file.Close() }() // which was only read
	select {
	case f.drawing <- struct{}{}:
		defer func() { <-f.drawing }()
	case <-r.Context().Done():
		return document.FloorMap{}, r.Context().Err()
	}
	// As the file that is open: another request may mark it as used meanwhile, or
	// have made room in its place.
	model, err := modelOf(file)
	if err != nil {
		return document.FloorMap{}, err
	}
	drawn, err := picture.Floor(r.Context(), model, int(q.width))
	if err != nil {
		return document.FloorMap{}, err
	}
	m := document.FloorMap{Summary: file.summary, Box: picture.Box(model.Lattice())}
	m.Picture, err = picture.PNG(drawn,
		picture.Text{Keyword: "Title", Text: "Coverage floor in metres above mean sea level"},
		picture.Text{Keyword: "Description", Text: strings.Join(document.Facts(m.Summary.GetProvenance(), m.Summary.GetWarnings()), "\n")},
		picture.Text{Keyword: "Bounding box", Text: boxText(m.Box)})
	return m, err
}

func modelOf(file *floor) (terrain.Model, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return geotiff.Of(filepath.Base(file.Name()), file, info.Size())
}

func boxText(b orb.Bound) string {
	return fmt.Sprintf("%s,%s,%s,%s", quantity.Plain(b.Left()), quantity.Plain(b.Bottom()), quantity.Plain(b.Right()), quantity.Plain(b.Top()))
}

func (f *Face) floorPNG(w http.ResponseWriter, r *http.Request) error {
	m, err := f.draw(r)
	if err != nil {
		return err
	}
	w.Header().Set(boxHeader, boxText(m.Box))
	return send(w, r, "image/png", m.Picture)
}

func (f *Face) floorKMZ(w http.ResponseWriter, r *http.Request) error {
	m, err := f.draw(r)
	if err != nil {
		return err
	}
	legend, err := picture.Legend()
	if err != nil {
		return err
	}
	if m.Legend, err = picture.PNG(legend); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := document.FloorKMZ(&b, m); err != nil {
		return err
	}
	return send(w, r, kmzType, b.Bytes())
}
