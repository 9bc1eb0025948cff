package command

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
)

type floorFlags struct {
	network networkFlags
	// out is the raster; the summary goes to stdout as format.
	out, format string
	compress    parsed[canopyv1.Compression]
}

func (a *App) floor() *cobra.Command {
	flags := &floorFlags{}
	cmd := &cobra.Command{
		Use:   "floor",
		Short: "The coverage floor as a GeoTIFF, on the terrain's own posts",
		Long: "The coverage floor as a GeoTIFF: one band of whole metres AMSL (Int16, EPSG:4326), nodata where nothing is seen.\n" +
			"It is on the terrain's own posts, unless --resolution or the budget asks for coarser ones.\n" +
			"A post takes 2 bytes; --compress packs the file to a fifth of that or less, as a Cloud Optimized GeoTIFF with overviews.\n" +
			"A summary goes to stdout.",
		Example: "  canopy floor --out floor.tif\n" +
			"  canopy floor --radar 'name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=400km' --out floor.tif",
		Args:    cobra.NoArgs,
		PreRunE: func(*cobra.Command, []string) error { return flags.check() },
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.runFloor(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.out, "out", "", "write the GeoTIFF to this `file` (required)")
	flags.compress = parsed[canopyv1.Compression]{kind: "compression", parse: notation.Compression}
	cmd.Flags().Var(&flags.compress, "compress", "pack the GeoTIFF: none (default), deflate or zstd")
	cmd.Flags().StringVarP(&flags.format, "output", "o", "", "`format` of the summary: table or json")
	complete(cmd, "output", []string{"table", "json"})
	complete(cmd, "compress", []string{"none", "deflate", "zstd"})
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
	if flags.compress.value != nil {
		request.Compression = *flags.compress.value
	}
	summary, err := ask(ctx, a, "computing the floor", func(ctx context.Context, s *link.Session) (_ *canopyv1.FloorSummary, err error) {
		if request.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		return download(ctx, s, request, flags.out)
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

// download writes the file that a server makes. One that ends early leaves
// none.
func download(ctx context.Context, s *link.Session, request *canopyv1.ExportFloorRequest, path string) (summary *canopyv1.FloorSummary, err error) {
	err = output.Replace(path, func(w io.Writer) error {
		written := int64(0)
		err := s.ExportFloor(ctx, request, func(part *canopyv1.ExportFloorResponse) error {
			if part.GetSummary() != nil {
				summary = part.GetSummary()
				return output.Reserve(w, summary.GetGeotiffBytes())
			}
			n, err := w.Write(part.GetGeotiffChunk())
			written += int64(n)
			return err
		})
		if err == nil && written != summary.GetGeotiffBytes() {
			err = fmt.Errorf("the server sent %d of %d bytes: try again", written, summary.GetGeotiffBytes())
		}
		return err
	})
	return summary, err
}
