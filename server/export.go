package server

import (
	"bytes"
	"context"
	"strings"

	"google.golang.org/grpc"

	"github.com/canopyradar/canopy/coverage"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/request"
	"github.com/canopyradar/canopy/server/wire"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// chunkBytes is the largest part of a file in one message.
const chunkBytes = 1 << 20

// ExportFloor sends the summary first, as it tells how long the file is; so
// the whole file is in memory before it is sent.
func (s *coverageService) ExportFloor(req *canopyv1.ExportFloorRequest, stream grpc.ServerStreamingServer[canopyv1.ExportFloorResponse]) error {
	q, err := s.resolver.ExportFloor(req)
	if err != nil {
		return err
	}
	var result *coverage.FloorResult
	var file bytes.Buffer
	err = s.compute(stream.Context(), func(ctx context.Context) (err error) {
		if result, err = s.engine.Floor(ctx, q.Query); err != nil {
			return err
		}
		return geotiff.Write(&file, result.Floor, floorOptions(s.version, result))
	})
	if err != nil {
		return err
	}
	if err := stream.Send(s.summary(q, result, file.Len())); err != nil {
		return err
	}
	return sendChunks(stream, file.Bytes())
}

// floorOptions names the band, so that a file on its own tells what it is.
func floorOptions(version string, result *coverage.FloorResult) geotiff.Options {
	ids := make([]string, len(result.Sites))
	for i := range result.Sites {
		ids[i] = result.Sites[i].ID
	}
	return geotiff.Options{
		Description: "coverage floor",
		Unit:        "metres AMSL",
		Metadata:    map[string]string{"engine_version": version, "radars": strings.Join(ids, " ")},
	}
}

func (s *coverageService) summary(q *request.Floor, result *coverage.FloorResult, fileBytes int) *canopyv1.ExportFloorResponse {
	const arcsecPerDeg = 3600
	return &canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_Summary{Summary: &canopyv1.FloorSummary{
		GeotiffBytes: int64(fileBytes),
		Columns:      int32(result.Floor.Cols),
		Rows:         int32(result.Floor.Rows),
		Radars:       wire.ResolvedRadars(result.Sites),
		Warnings:     warnings(result.Basis, q.Background),
		Provenance:   s.provenance(q.Background, q.Query, arcsecPerDeg/result.Floor.PerDegLat),
	}}}
}

func sendChunks(stream grpc.ServerStreamingServer[canopyv1.ExportFloorResponse], file []byte) error {
	for len(file) > 0 {
		n := min(len(file), chunkBytes)
		chunk := &canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_GeotiffChunk{GeotiffChunk: file[:n]}}
		if err := stream.Send(chunk); err != nil {
			return err
		}
		file = file[n:]
	}
	return nil
}
