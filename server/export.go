package server

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

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
	cost, err := s.engine.FloorCost(q.Query)
	if err != nil {
		return err
	}
	var result *coverage.FloorResult
	var summary *canopyv1.FloorSummary
	var file *geotiff.Raster
	// Rows are made as they are sent, so that all of the floor is in memory until
	// then.
	release := func() {}
	defer func() {
		if result != nil {
			err = cmp.Or(err, result.Floor.Close())
		}
		release()
	}()
	turn := coverage.Cost{Posts: cost.Posts, SweptPosts: cost.SweptPosts}
	err = s.compute(stream.Context(), turn, func(ctx context.Context) (err error) {
		held, err := s.entry.hold(ctx, cost)
		if err != nil {
			return err
		}
		release = held
		if result, err = s.engine.Floor(beforePacking(ctx, req.GetCompression()), q.Query); err != nil {
			return err
		}
		summary = s.summary(q, result)
		file, err = rasterOf(ctx, result, floorOptions(req.GetCompression(), summary))
		return err
	})
	if err != nil {
		return err
	}
	summary.GeotiffBytes = file.SizeB()
	if err := stream.Send(&canopyv1.ExportFloorResponse{Part: &canopyv1.ExportFloorResponse_Summary{Summary: summary}}); err != nil {
		return err
	}
	_, err = file.WriteTo(chunks{stream})
	return err
}

// computedShare is how much of the work on a packed floor is done when it is
// computed: to pack it takes about as long.
const computedShare = 0.5

// beforePacking returns the context of the computation of a floor.
func beforePacking(ctx context.Context, packing canopyv1.Compression) context.Context {
	if plain(packing) {
		return ctx
	}
	tell := coverage.ProgressOf(ctx)
	return coverage.WithProgress(ctx, func(share float64, doing string) { tell(computedShare*share, doing) })
}

// rasterOf packs a floor, unless it is to be plain.
func rasterOf(ctx context.Context, result *coverage.FloorResult, o geotiff.Options) (*geotiff.Raster, error) {
	switch {
	case !o.Plain:
		return geotiff.NewRaster(ctx, result.Lattice, packing(ctx, result), o)
	case result.AMSLM != nil:
		return geotiff.NewRasterOf(ctx, result.Lattice, result.AMSLM, o)
	}
	return geotiff.NewRaster(ctx, result.Lattice, result.Floor.Row, o)
}

// packing makes rows, and tells how many it has made: from several goroutines
// at a time, which watches take.
func packing(ctx context.Context, result *coverage.FloorResult) func(r int, dst []int16) error {
	tell := coverage.ProgressOf(ctx)
	var made atomic.Int64
	return func(r int, dst []int16) error {
		tell(computedShare+(1-computedShare)*float64(made.Add(1))/float64(result.Rows), "packing")
		return result.Floor.Row(r, dst)
	}
}

// What all floors refer to. Elevation models rarely name their geoid, and
// terrain.Info does not.
const (
	horizontalDatum = "EPSG:4326"
	verticalDatum   = "mean sea level, as in the elevation model"
)

// summary leaves open how long the file is.
func (s *coverageService) summary(q *request.Floor, result *coverage.FloorResult) *canopyv1.FloorSummary {
	const arcsecPerDeg = 3600
	return &canopyv1.FloorSummary{
		Columns:         int32(result.Cols),
		Rows:            int32(result.Rows),
		Radars:          wire.ResolvedRadars(result.Sites),
		Warnings:        warnings(result.Basis, q.Background),
		Provenance:      s.provenance(q.Background, q.Query, arcsecPerDeg/result.PerDegLat),
		Grid:            wire.PostGrid(result.Lattice),
		NodataAmslM:     geotiff.NoDataInt16,
		HorizontalDatum: horizontalDatum,
		VerticalDatum:   verticalDatum,
	}
}

// floorOptions have the file say what it is and what it stands on, as it goes
// to people who do not see the summary.
func floorOptions(packing canopyv1.Compression, summary *canopyv1.FloorSummary) geotiff.Options {
	o := geotiff.Options{Description: "coverage floor", Unit: "metres AMSL", Metadata: floorMetadata(summary)}
	o.Plain = plain(packing)
	if packing == canopyv1.Compression_COMPRESSION_ZSTD {
		o.Compression = geotiff.ZSTD
	}
	return o
}

// plain reports whether a file is not packed.
func plain(packing canopyv1.Compression) bool {
	return packing != canopyv1.Compression_COMPRESSION_DEFLATE && packing != canopyv1.Compression_COMPRESSION_ZSTD
}

// floorMetadata names facts as the messages do, and leaves out those that are
// not known.
func floorMetadata(summary *canopyv1.FloorSummary) map[string]string {
	var radars, warned []string
	for _, r := range summary.GetRadars() {
		radars = append(radars, r.GetRadarId())
	}
	for _, w := range summary.GetWarnings() {
		if !slices.Contains(warned, w.GetWarningId()) {
			warned = append(warned, w.GetWarningId())
		}
	}
	basis := summary.GetProvenance()
	ground := basis.GetTerrain()
	facts := map[string]string{
		"engine_version":          basis.GetEngineVersion(),
		"radars":                  strings.Join(radars, " "),
		"warnings":                strings.Join(warned, " "),
		"scenario_id":             basis.GetScenarioId(),
		"reach":                   strings.ToLower(strings.TrimPrefix(basis.GetReach().String(), "REACH_")),
		"min_radars":              fmt.Sprint(basis.GetMinRadars()),
		"effective_earth_k":       fmt.Sprint(basis.GetEffectiveEarthK()),
		"analysis_spacing_arcsec": fmt.Sprint(basis.GetAnalysisSpacingArcsec()),
		"terrain":                 ground.GetName(),
		"terrain_identity":        ground.GetIdentity(),
		"terrain_spacing_arcsec":  fmt.Sprint(ground.GetSpacingArcsec()),
		"terrain_source":          ground.GetSource(),
		"terrain_licence":         ground.GetLicence(),
		"horizontal_datum":        summary.GetHorizontalDatum(),
		"vertical_datum":          summary.GetVerticalDatum(),
	}
	maps.DeleteFunc(facts, func(_, said string) bool { return said == "" })
	return facts
}

// chunks sends what is written to it. It relies on that a message is encoded,
// or used up, when Send returns, as the bytes are overwritten then: the handler of
// statistics, which there is for traces, must keep none.
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
