package command

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/draw"
	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/quantity"
)

type profileFlags struct {
	network networkFlags
	from    string
	to      parsed[*canopyv1.Point]
	samples int32
	// frequencyMHz is for the Fresnel zone.
	frequencyMHz parsed[float64]
}

func (a *App) profile() *cobra.Command {
	flags := &profileFlags{to: parsed[*canopyv1.Point]{kind: "point", parse: quantity.Point}}
	flags.frequencyMHz = parsed[float64]{kind: "frequency", parse: named("frequency", quantity.FrequencyMHz)}
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Terrain and ray between a radar and a point",
		Long: "Terrain and ray between a radar and a point: whether the ray is free, where it comes nearest to the\n" +
			"terrain, and the crest that blocks it. As a picture (svg, png), as numbers, or in words.",
		Example: "  canopy profile --to=-13.5,-72,FL100\n" +
			"  canopy profile --scenario four-modern --from mazamari --to=-12.519,-73.829,3000m-amsl -o csv\n" +
			"  canopy profile --to=-13.5,-72,FL100 --frequency 1300MHz --out profile.png",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runProfile(cmd.Context(), flags) },
	}
	cmd.Flags().StringVar(&flags.from, "from", "", "the `radar` by id; may be left out if there is only one")
	cmd.Flags().Var(&flags.to, "to", "LAT,LON,ALTITUDE such as -12.519,-73.829,3000m-amsl")
	cmd.Flags().Int32Var(&flags.samples, "samples", 0, "how many samples along the ray: a `number` (500 if not set)")
	cmd.Flags().Var(&flags.frequencyMHz, "frequency", "of the first Fresnel zone: 3000MHz, 3GHz (that of the radar's model if not set)")
	a.addNetworkFlags(cmd, &flags.network)
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON, output.CSV, output.SVG, output.PNG)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) runProfile(ctx context.Context, flags *profileFlags) error {
	if flags.to.value == nil {
		return fault.Badf("no --to: name the point: --to=-12.519,-73.829,3000m-amsl")
	}
	request := &canopyv1.GetProfileRequest{
		Options: flags.network.options(), RadarId: flags.from, Point: *flags.to.value,
		FrequencyMhz: flags.frequencyMHz.value,
	}
	if flags.samples != 0 {
		request.SampleCount = &flags.samples
	}
	answer, err := ask(ctx, a, "following the ray", func(ctx context.Context, s *link.Session) (_ *canopyv1.GetProfileResponse, err error) {
		if request.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		return s.Coverage.GetProfile(ctx, request)
	})
	if err != nil {
		return err
	}
	rows := document.ProfileRows(answer)
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Profile(answer, a.Screen.Plot) }),
		output.JSON:  jsonView(answer),
		output.CSV:   csvView(rows),
		output.SVG:   func(w io.Writer) error { return draw.ProfileSVG(w, answer) },
		output.PNG:   func(w io.Writer) error { return draw.ProfilePNG(w, answer) },
		output.GeoJSON: geoJSONView(document.Members(answer.GetWarnings(), answer.GetProvenance()),
			document.RayRows(answer), rows, document.RadarRows([]*canopyv1.ResolvedRadar{answer.GetRadar()})),
	})
}
