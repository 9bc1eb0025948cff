package server

import (
	"cmp"
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

// ExportFloor sends the summary first, which tells how long the file is: known
// beforehand of one that is not packed, which is made as it is sent.
func (s *coverageService) ExportFloor(req *canopyv1.ExportFloorRequest, stream grpc.ServerStreamingServer[canopyv1.ExportFloorResponse]) (err error) {
	q, err := s.resolver.ExportFloor(req)
	if err != nil {
		return err
	}
	var result *coverage.FloorResult
	var file *geotiff.Raster
	defer func() {
		// Until then, rows are made.
		if result != nil {
			err = cmp.Or(err, result.Floor.Close())
		}
	}()
	err = s.compute(stream.Context(), func(ctx context.Context) (err error) {
		if result, err = s.engine.Floor(ctx, q.Query); err != nil {
			return err
		}
		options := floorOptions(s.version, req.GetCompression(), result)
		if result.AMSLM != nil {
			file, err = geotiff.NewRasterOf(ctx, result.Lattice, result.AMSLM, options)
		} else {
			file, err = geotiff.NewRaster(ctx, result.Lattice, result.Floor.Row, options)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := stream.Send(s.summary(q, result, file.SizeB())); err != nil {
		return err
	}
	_, err = file.WriteTo(chunks{stream})
	return err
}

// floorOptions names the band, so that a file on its own tells what it is.
func floorOptions(version string, packing canopyv1.Compression, result *coverage.FloorResult) geotiff.Options {
	ids := make([]string, len(result.Sites))
	for i := range result.Sites {
		ids[i] = result.Sites[i].ID
	}
	o := geotiff.Options{
		Description: "coverage floor",
		Unit:        "metres AMSL",
		Metadata:    map[string]string{"engine_version": version, "radars": strings.Join(ids, " ")},
	}
	switch packing {
	case canopyv1.Compression_COMPRESSION_DEFLATE:
		o.Compression = geotiff.Deflate
	case canopyv1.Compression_COMPRESSION_ZSTD:
		o.Compression = geotiff.ZSTD
	default:
		o.Plain = true
	}
	return o
}

func (s *coverageService) summary(q *request.Floor, result *coverage.FloorResult, fileBytes int64) *canopyv1.ExportFloorResponse {
	const arcsecPerDeg = 3600
	return &canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_Summary{Summary: &canopyv1.FloorSummary{
		GeotiffBytes: fileBytes,
		Columns:      int32(result.Cols),
		Rows:         int32(result.Rows),
		Radars:       wire.ResolvedRadars(result.Sites),
		Warnings:     warnings(result.Basis, q.Background),
		Provenance:   s.provenance(q.Background, q.Query, arcsecPerDeg/result.PerDegLat),
	}}}
}

// chunks sends what is written to it. It relies on that a message is encoded,
// or used up, when Send returns, as the bytes are overwritten then: no handler
// of statistics, which could keep it for longer, is installed.
type chunks struct {
	stream grpc.ServerStreamingServer[canopyv1.ExportFloorResponse]
}

func (c chunks) Write(p []byte) (sent int, err error) {
	for sent < len(p) {
		part := p[sent:min(len(p), sent+chunkBytes)]
		chunk := &canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_GeotiffChunk{GeotiffChunk: part}}
		if err := c.stream.Send(chunk); err != nil {
			return sent, err
		}
		sent += len(part)
	}
	return sent, nil
}
