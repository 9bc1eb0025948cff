package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// floorOf returns a floor as a GeoTIFF, from a call within the process.
func floorOf(t *testing.T, s *server.Server, packing canopyv1.Compression) []byte {
	t.Helper()
	file, summary := exported(t, s, &canopyv1.ExportFloorRequest{Network: plain(), Compression: packing})
	if summary.GetGeotiffBytes() != int64(len(file)) {
		t.Fatalf("%d bytes, %v", len(file), summary)
	}
	return file
}

func gridOf(t *testing.T, file []byte) *terrain.Grid {
	t.Helper()
	m, err := geotiff.Parse("floor", string(file))
	if err != nil {
		t.Fatal(err)
	}
	g, err := m.Read(t.Context(), m.Lattice())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestFloorIsTheSameOverSocketAndDirectly(t *testing.T) {
	s, conn := serve(t, server.Config{Limits: server.Limits{Workers: 2}})
	for _, packing := range []canopyv1.Compression{
		canopyv1.Compression_COMPRESSION_UNSPECIFIED, canopyv1.Compression_COMPRESSION_DEFLATE, canopyv1.Compression_COMPRESSION_ZSTD,
	} {
		request := &canopyv1.ExportFloorRequest{Network: plain(), Compression: packing}
		stream, err := canopyv1.NewCoverageServiceClient(conn).ExportFloor(testContext(t), request)
		if err != nil {
			t.Fatal(err)
		}
		var sent bytes.Buffer
		for {
			part, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			sent.Write(part.GetGeotiffChunk())
		}
		if direct := floorOf(t, s, packing); !bytes.Equal(sent.Bytes(), direct) {
			t.Errorf("%v: %d bytes directly, %d over a socket", packing, len(direct), sent.Len())
		}
	}
}

func TestPackedFloorsAreSmallerAndMeanTheSame(t *testing.T) {
	s, _ := serve(t, server.Config{})
	flat := floorOf(t, s, canopyv1.Compression_COMPRESSION_NONE)
	want := gridOf(t, flat)
	for _, packing := range []canopyv1.Compression{canopyv1.Compression_COMPRESSION_DEFLATE, canopyv1.Compression_COMPRESSION_ZSTD} {
		packed := floorOf(t, s, packing)
		if got := gridOf(t, packed); got.Lattice != want.Lattice || !same(got.ElevationM, want.ElevationM) {
			t.Errorf("%v: other values", packing)
		}
		if len(packed) > len(flat)/2 {
			t.Errorf("%v: %d bytes, of %d", packing, len(packed), len(flat))
		}
	}
}

func same(a, b []float32) bool {
	for i, z := range a {
		if z != b[i] && (z == z || b[i] == b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

// A floor of the raster is that of a single point, in whole metres.
func TestFloorIsWhatPointsSay(t *testing.T) {
	s, conn := serve(t, server.Config{})
	g := gridOf(t, floorOf(t, s, canopyv1.Compression_COMPRESSION_NONE))
	if corner := g.ElevationM[0]; corner == corner {
		t.Errorf("out of range the floor is at %v m", corner)
	}
	request := &canopyv1.CheckPointsRequest{Network: plain()}
	var floors []float64
	row := g.Rows / 2
	for col := g.Cols / 10; col < g.Cols; col += g.Cols / 10 {
		request.Points = append(request.Points, &canopyv1.Point{Position: position(g.Lat(row), g.Lon(col)), Altitude: agl(300)})
		floors = append(floors, float64(g.RowM(row)[col]))
	}
	answer, err := canopyv1.NewCoverageServiceClient(conn).CheckPoints(testContext(t), request)
	if err != nil {
		t.Fatal(err)
	}
	for i, outcome := range answer.GetOutcomes() {
		// Half a metre of rounding, and what the floor surface may be off.
		const tolerance = 2
		if want := outcome.GetFloorAmslM(); !(math.Abs(floors[i]-want) <= tolerance) || floors[i] != math.Trunc(floors[i]) {
			t.Errorf("point %d: the floor is at %v m, want %v", i, floors[i], want)
		}
	}
}

func TestDirectCallsAreIntercepted(t *testing.T) {
	s, _ := serve(t, server.Config{Terrain: newBlocking(), Limits: server.Limits{Timeout: 50 * time.Millisecond}})
	none := func(*canopyv1.ExportFloorResponse) error { return nil }
	err := s.ExportFloor(testContext(t), &canopyv1.ExportFloorRequest{Compression: 99}, none)
	if fields := wantStatus(t, err, codes.InvalidArgument, problem.ReasonFieldInvalid); len(fields) != 1 || fields[0].GetField() != "compression" {
		t.Errorf("the fields are %v", fields)
	}
	err = s.ExportFloor(testContext(t), &canopyv1.ExportFloorRequest{}, none)
	wantStatus(t, err, codes.DeadlineExceeded, problem.ReasonServerTimeout)
	ctx, cancel := context.WithCancel(testContext(t))
	cancel()
	err = s.ExportFloor(ctx, &canopyv1.ExportFloorRequest{}, none)
	wantStatus(t, err, codes.Canceled, problem.ReasonCancelled)
}

// A caller that cannot take the file gets its own error back, and it is no
// fault of the server's.
func TestDirectCallerThatFails(t *testing.T) {
	var log bytes.Buffer
	s, _ := serve(t, server.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	full := errors.New("no space left on device")
	for _, packing := range []canopyv1.Compression{canopyv1.Compression_COMPRESSION_NONE, canopyv1.Compression_COMPRESSION_ZSTD} {
		request := &canopyv1.ExportFloorRequest{Network: plain(), Compression: packing}
		err := s.ExportFloor(testContext(t), request, func(part *canopyv1.ExportFloorResponse) error {
			if part.GetSummary() == nil {
				return full
			}
			return nil
		})
		if !errors.Is(err, full) {
			t.Errorf("%v: got %v", packing, err)
		}
	}
	if strings.Contains(log.String(), "internal") {
		t.Errorf("the log says %s", log.String())
	}
}
