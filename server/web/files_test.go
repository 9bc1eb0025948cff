package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
)

const smallFloor = "/floor.tif?radar=name=PEM,lat=-12.6131,lon=-69.2282,range=60km"

// overGRPC returns the same floor as the other face gives it.
func overGRPC(t *testing.T, s *site) []byte {
	t.Helper()
	stream, err := canopyv1.NewCoverageServiceClient(s.conn).ExportFloor(t.Context(), &canopyv1.ExportFloorRequest{
		Network: smallNetwork(), Compression: canopyv1.Compression_COMPRESSION_DEFLATE,
	})
	if err != nil {
		t.Fatal(err)
	}
	var content []byte
	for {
		message, err := stream.Recv()
		if err != nil {
			return content
		}
		content = append(content, message.GetGeotiffChunk()...)
	}
}

func TestFloor(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, server.Config{}, web.Config{Dir: dir})
	got := s.found(t, smallFloor)
	sum := sha256.Sum256(got.body)
	digest := hex.EncodeToString(sum[:])
	if !bytes.Equal(got.body, overGRPC(t, s)) {
		t.Error("the floor is another than over gRPC")
	}
	for name, want := range map[string]string{
		"ETag": `"` + digest + `"`, "Content-Type": "image/tiff; application=geotiff", "Content-Location": "/floors/" + digest + ".tif",
		"Cache-Control": "no-cache", "Accept-Ranges": "bytes",
	} {
		if have := got.header.Get(name); have != want {
			t.Errorf("%s: %s, want %s", name, have, want)
		}
	}
	posted := s.ask(t, http.MethodPost, "/floor.tif", `{`+small+`}`)
	if !bytes.Equal(posted.body, got.body) {
		t.Errorf("posted: %d, %.300s", posted.status, posted.body)
	}
	if plain := s.found(t, smallFloor+"&compress=none"); bytes.Equal(plain.body, got.body) {
		t.Error("the floor that is not packed is the packed one")
	}
	head := s.ask(t, http.MethodHead, smallFloor, "")
	if head.status != http.StatusOK || len(head.body) != 0 || head.header.Get("ETag") != `"`+digest+`"` {
		t.Errorf("HEAD: %d, %v", head.status, head.header)
	}
	kept := s.found(t, got.header.Get("Content-Location"))
	if !bytes.Equal(kept.body, got.body) || kept.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("kept: %v", kept.header)
	}
	if names := readDir(t, dir+"/floors"); len(names) != 4 {
		t.Errorf("kept are %v, want two floors and what they stand on", names)
	}
}

func TestWhatAFloorStandsOn(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	link := s.found(t, smallFloor).header.Get("Link")
	path, rest, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	if rest != `; rel="describedby"; type="application/json"` {
		t.Errorf("Link: %s", link)
	}
	got := s.found(t, path)
	var summary struct {
		Warnings []struct {
			WarningID string `json:"warning_id"`
		}
		Provenance struct {
			EngineVersion string `json:"engine_version"`
		}
	}
	if err := json.Unmarshal(got.body, &summary); err != nil || got.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%v, %s: %v", got.header, got.body, err)
	}
	if len(summary.Warnings) == 0 || summary.Warnings[0].WarningID != "terrain.demonstration" || summary.Provenance.EngineVersion != "test" {
		t.Errorf("%+v", summary)
	}
}

func TestPartsOfAFloor(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	whole := s.found(t, smallFloor)
	etag := whole.header.Get("ETag")
	tests := []struct {
		name    string
		headers []string
		status  int
		want    []byte
	}{
		{"a range", []string{"Range", "bytes=8-15"}, http.StatusPartialContent, whole.body[8:16]},
		{"the end", []string{"Range", "bytes=-4"}, http.StatusPartialContent, whole.body[len(whole.body)-4:]},
		{"a range of the same", []string{"Range", "bytes=8-15", "If-Range", etag}, http.StatusPartialContent, whole.body[8:16]},
		{"a range of another", []string{"Range", "bytes=8-15", "If-Range", `"other"`}, http.StatusOK, whole.body},
		{"the same again", []string{"If-None-Match", etag}, http.StatusNotModified, nil},
		{"another", []string{"If-None-Match", `"other"`}, http.StatusOK, whole.body},
		{"beyond the end", []string{"Range", "bytes=999999999-"}, http.StatusRequestedRangeNotSatisfiable, nil},
	}
	for _, path := range []string{smallFloor, whole.header.Get("Content-Location")} {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				got := s.get(t, path, tt.headers...)
				if got.status != tt.status || tt.want != nil && !bytes.Equal(got.body, tt.want) {
					t.Errorf("%d, %d bytes, %v", got.status, len(got.body), got.header)
				}
			})
		}
	}
}

func TestMapsThatTheClientHasAlready(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{})
	for _, path := range []string{"/gaps.geojson?" + smallQuery, "/gaps.kmz?" + smallQuery, smallPicture, "/sites.geojson", "/openapi.json"} {
		got := s.found(t, path)
		again := s.get(t, path, "If-None-Match", got.header.Get("ETag"))
		if again.status != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("%s: %d, %d bytes", path, again.status, len(again.body))
		}
	}
}

func TestFloorThatIsTooLarge(t *testing.T) {
	s := serve(t, server.Config{}, web.Config{FloorsB: 1000})
	wantFailure(t, s.get(t, smallFloor), http.StatusBadRequest, "REQUEST_TOO_LARGE", "at most 1000 are kept: ask for a coarser resolution")
}

func TestGDALReadsAFloorByItsAddress(t *testing.T) {
	if _, err := exec.LookPath("gdalinfo"); err != nil {
		t.Skip("gdalinfo is not installed")
	}
	s := serve(t, server.Config{}, web.Config{})
	text, err := exec.CommandContext(t.Context(), "gdalinfo", "-json", "-stats", "--config", "GDAL_PAM_ENABLED", "NO", "/vsicurl/"+s.url+smallFloor).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var info struct {
		Bands []struct {
			NoDataValue float64
			Minimum     float64
		}
		Corners struct {
			UpperLeft, LowerRight [2]float64
		} `json:"cornerCoordinates"`
		Stac struct {
			Epsg int `json:"proj:epsg"`
		}
	}
	if err := json.Unmarshal(text, &info); err != nil {
		t.Fatal(err)
	}
	if len(info.Bands) != 1 || info.Bands[0].NoDataValue != -32768 || info.Bands[0].Minimum <= 0 || info.Stac.Epsg != 4326 {
		t.Errorf("%+v", info)
	}
	// The picture lies where GDAL has the floor, to the digits that it writes.
	box := s.found(t, smallPicture).header.Get("Canopy-Bounding-Box")
	var west, south, east, north float64
	if _, err := fmt.Sscanf(box, "%g,%g,%g,%g", &west, &south, &east, &north); err != nil {
		t.Fatal(err)
	}
	upper, lower := info.Corners.UpperLeft, info.Corners.LowerRight
	for _, far := range []float64{west - upper[0], north - upper[1], east - lower[0], south - lower[1]} {
		if math.Abs(far) > 1e-7 {
			t.Errorf("the picture lies at %s, the floor from %v to %v", box, upper, lower)
		}
	}
}
