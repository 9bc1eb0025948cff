package web

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc/codes"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/problem"
)

// floorQuery asks for a floor, as canopy floor does.
type floorQuery struct {
	network network
	request *canopyv1.ExportFloorRequest
	// width is of pictures.
	width int32
}

func newFloorQuery() *floorQuery { return &floorQuery{request: &canopyv1.ExportFloorRequest{}} }

func (q *floorQuery) form() form { return form{body: q.request, typed: q.network.parameters()} }

func (q *floorQuery) fileForm() form {
	f := q.form()
	f.typed = append(f.typed, parameter{
		name: "compress", about: "How the GeoTIFF is packed: deflate (default), zstd or none.", example: "zstd", set: one(&q.request.Compression, notation.Compression),
	})
	return f
}

// ask reads a request in one of the forms and returns the floor, which is to be
// closed. Packed floors are what the web is for.
func (f *Face) ask(r *http.Request, q *floorQuery, as form) (*floor, error) {
	ctx, cancel, err := f.begin(r, as)
	if err != nil {
		return nil, err
	}
	defer cancel()
	if r.Method != http.MethodPost {
		q.request.Options = q.network.coverageOptions()
		if q.request.Network, err = q.network.selection(ctx, f.catalog); err != nil {
			return nil, err
		}
	}
	if q.request.GetCompression() == canopyv1.Compression_COMPRESSION_UNSPECIFIED {
		q.request.Compression = canopyv1.Compression_COMPRESSION_DEFLATE
	}
	return f.floors.get(ctx, q.request)
}

func (f *Face) floorTIFF(w http.ResponseWriter, r *http.Request) error {
	q := newFloorQuery()
	file, err := f.ask(r, q, q.fileForm())
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // which was only read
	// Terrain may be another when the server starts again.
	w.Header().Set("Cache-Control", "no-cache")
	serveFloor(w, r, file)
	return nil
}

// serveFloor answers with the file, or with those bytes of it that are asked
// for.
func serveFloor(w http.ResponseWriter, r *http.Request, file *floor) {
	header := w.Header()
	header.Set("Content-Location", "/floors/"+file.names.file)
	header.Set("Link", "</floors/"+file.about+`>; rel="describedby"; type="`+jsonType+`"`)
	serveKept(w, r, file.names.file, file)
}

func serveKept(w http.ResponseWriter, r *http.Request, name string, content io.ReadSeeker) {
	digest, ending, _ := strings.Cut(name, ".")
	w.Header().Set("ETag", `"`+digest+`"`)
	w.Header().Set("Content-Type", keptTypes["."+ending])
	http.ServeContent(w, r, "", time.Time{}, content)
}

var keptTypes = map[string]string{floorEnding: "image/tiff; application=geotiff", aboutEnding: jsonType}

// keptFile answers with what is kept under a name.
func (f *Face) keptFile(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	if err := (form{}).read(r); err != nil {
		return err
	}
	file, err := f.floors.kept.open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refuse(codes.NotFound, problem.ReasonNotFound, "there is no %s here, or not any more: ask /floor.tif for it again", name)
	case err != nil:
		return err
	}
	defer func() { _ = file.Close() }() // which was only read
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	serveKept(w, r, name, file)
	return nil
}
