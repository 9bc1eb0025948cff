package command

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

type floorFlags struct {
	network networkFlags
	// out is the raster; the summary goes to stdout as format.
	out, format string
}

func (a *App) floor() *cobra.Command {
	flags := &floorFlags{}
	cmd := &cobra.Command{
		Use:   "floor",
		Short: "The coverage floor as a GeoTIFF, on the terrain's own posts",
		Long: "The coverage floor as a GeoTIFF: one band of metres AMSL (EPSG:4326), nodata where nothing is seen.\n" +
			"It is on the terrain's own posts, unless --resolution or the budget asks for coarser ones.\n" +
			"A summary goes to stdout.",
		Example: "  canopy floor --out floor.tif\n" +
			"  canopy floor --radar 'name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=400km' --out floor.tif",
		Args:    cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error { return flags.check() },
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runFloor(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.out, "out", "", "write the GeoTIFF to this `file` (required)")
	cmd.Flags().StringVarP(&flags.format, "output", "o", "", "`format` of the summary: table or json")
	complete(cmd, "output", []string{"table", "json"})
	a.addNetworkFlags(cmd, &flags.network)
	a.addConnectionFlags(cmd)
	return cmd
}

func (flags *floorFlags) check() error {
	if flags.out == "" {
		return fault.Badf("no --out: name the GeoTIFF to write: --out floor.tif")
	}
	if err := (output.Target{Format: flags.format}).Check(output.Table, output.JSON); err != nil {
		return err
	}
	return output.CheckFile("--out", flags.out)
}

func (a *App) runFloor(ctx context.Context, flags *floorFlags) error {
	request := &canopyv1.ExportFloorRequest{Options: flags.network.options()}
	summary, err := ask(ctx, a, "computing the floor", func(ctx context.Context, s *link.Session) (_ *canopyv1.FloorSummary, err error) {
		if request.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		stream, err := s.Coverage.ExportFloor(ctx, request)
		if err != nil {
			return nil, err
		}
		return download(stream, flags.out)
	})
	if err != nil {
		return err
	}
	_, err = output.Target{Format: flags.format}.Write(a.Stdout, output.Views{
		output.Table: a.page(func(p *report.Page) { p.Floor(summary, flags.out) }),
		output.JSON:  jsonView(summary),
	})
	return err
}

// download writes the chunks of a stream to a file. A stream that ends early
// leaves no file.
func download(stream grpc.ServerStreamingClient[canopyv1.ExportFloorResponse], path string) (*canopyv1.FloorSummary, error) {
	first, err := stream.Recv()
	if err != nil {
		return nil, err
	}
	summary := first.GetSummary()
	err = output.Replace(path, func(w io.Writer) error {
		written, err := copyChunks(w, stream)
		if err == nil && written != summary.GetGeotiffBytes() {
			err = fmt.Errorf("the server sent %d of %d bytes: try again", written, summary.GetGeotiffBytes())
		}
		return err
	})
	return summary, err
}

func copyChunks(w io.Writer, stream grpc.ServerStreamingClient[canopyv1.ExportFloorResponse]) (written int64, err error) {
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return written, nil
		}
		if err != nil {
			return written, err
		}
		n, err := w.Write(part.GetGeotiffChunk())
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
}
