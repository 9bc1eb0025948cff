package command

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/input"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/quantity"
)

// gapsFlags are those of gaps alone.
type gapsFlags struct {
	network    networkFlags
	strips     stripFlags
	airspace   string
	altitudes  repeated[*canopyv1.Altitude]
	minArea    parsed[float64]
	tolerance  parsed[float64]
	top        int
	bracket    bool
	suggest    bool
	candidates candidateFlags
}

func (a *App) gaps() *cobra.Command {
	flags := &gapsFlags{
		altitudes: repeated[*canopyv1.Altitude]{kind: "altitude", parse: quantity.Altitudes},
		minArea:   parsed[float64]{kind: "area", parse: named("area", quantity.AreaKm2)},
		tolerance: parsed[float64]{kind: "length", parse: named("tolerance", quantity.LengthM)},
	}
	cmd := &cobra.Command{
		Use:   "gaps",
		Short: "Where an airspace is uncovered at an altitude, how low it is seen there, and why",
		Example: "  canopy gaps\n" +
			"  canopy gaps --scenario four-modern --range 444.48km --altitude 300m-agl,FL100\n" +
			"  canopy gaps --airspace vraem --radar 'name=Pichari,lat=-12.5190,lon=-73.8290,mast=15m,range=400km'\n" +
			"  canopy gaps --scenario tps70-pair --out-of-service Pucallpa --out gaps.geojson\n" +
			"  canopy gaps --airspace vraem --altitude 300m-agl --suggest --near-access 25km",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runGaps(cmd.Context(), flags) },
	}
	f := cmd.Flags()
	f.Var(&flags.altitudes, "altitude", "altitudes: 300m-agl, 3000ft-amsl, FL100; repeatable (the scenario's if none)")
	a.addAirspaceFlag(cmd, &flags.airspace)
	f.Var(&flags.minArea, "min-area", "sum up smaller gaps instead of listing them (25km2 if not set)")
	f.Var(&flags.tolerance, "tolerance", "how far outlines may depart from their cells, such as 500m")
	f.IntVar(&flags.top, "top", 3, "how many gaps the table lists for each altitude: a `number`")
	f.BoolVar(&flags.bracket, "bracket", false, "compute on means and on maxima of the terrain, and tell how far apart the answers lie")
	f.BoolVar(&flags.suggest, "suggest", false, "name for each gap the candidate that would close most of it")
	a.addCandidateFlags(cmd, &flags.candidates)
	flags.strips.add(cmd)
	a.addNetworkFlags(cmd, &flags.network)
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON, output.CSV, output.KML)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) addAirspaceFlag(cmd *cobra.Command, airspace *string) {
	cmd.Flags().StringVar(airspace, "airspace", "", "an airspace's `name` (canopy airspaces) or a GeoJSON file with polygons")
	completeWith(cmd, "airspace", completeNames(a, airspaceNames))
}

func (a *App) runGaps(ctx context.Context, flags *gapsFlags) error {
	switch {
	case flags.top < 0:
		return fault.Badf("--top %d: want 0 or more", flags.top)
	case !flags.suggest && flags.candidates.given():
		return fault.Badf("flags about candidates do nothing without --suggest: add it, or leave them out")
	}
	request, err := a.gapsRequest(flags)
	if err != nil {
		return err
	}
	if flags.suggest {
		return a.runSuggest(ctx, flags, request)
	}
	answer, err := ask(ctx, a, "finding gaps", func(ctx context.Context, s *link.Session) (*canopyv1.FindGapsResponse, error) {
		if request.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		return s.Coverage.FindGaps(ctx, request)
	})
	if err != nil {
		return err
	}
	return a.emit(a.gapsViews(answer, flags.top))
}

func (a *App) gapsRequest(flags *gapsFlags) (*canopyv1.FindGapsRequest, error) {
	request := &canopyv1.FindGapsRequest{
		Options: flags.network.options(), Altitudes: flags.altitudes.values,
		MinAreaKm2: flags.minArea.value, ToleranceM: flags.tolerance.value,
		Airstrips: flags.strips.selection(a), Bracket: flags.bracket,
	}
	a.placeAltitudes(flags.altitudes.values)
	var err error
	request.Airspace, err = a.airspaceSelection(flags.airspace)
	return request, err
}

// placeAltitudes remembers where the altitudes of a request are from.
func (a *App) placeAltitudes(all []*canopyv1.Altitude) {
	for i, altitude := range all {
		a.places[fmt.Sprintf("altitudes[%d]", i)] = "--altitude " + quantity.FormatAltitude(altitude)
	}
}

// airspaceSelection returns nil for no name, which means the scenario's.
func (a *App) airspaceSelection(name string) (*canopyv1.AirspaceSelection, error) {
	return a.airspaceIn(name, "airspace", "--airspace")
}

// airspaceIn is airspaceSelection for a field of the request, and a flag.
func (a *App) airspaceIn(name, field, flag string) (*canopyv1.AirspaceSelection, error) {
	a.places[field+".airspace_id"] = flag
	switch {
	case name == "":
		return nil, nil
	case !input.IsAirspaceFile(name):
		return &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: name}}, nil
	}
	area, err := a.userArea(name, field+".area")
	if err != nil {
		return nil, err
	}
	return &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_Area{Area: area}}, nil
}

// userArea reads polygons and remembers their places under a field.
func (a *App) userArea(path, field string) (*canopyv1.Area, error) {
	area, places, err := input.Airspace(path)
	if err != nil {
		return nil, fault.Bad(err)
	}
	a.places[field] = path
	for i, place := range places {
		a.places[fmt.Sprintf("%s.polygons[%d]", field, i)] = place
	}
	return area, nil
}

func (a *App) gapsViews(answer *canopyv1.FindGapsResponse, top int) output.Views {
	gaps := document.GapRows(answer)
	return output.Views{
		output.Table:   a.page(func(p *report.Page) { p.Gaps(answer, top) }),
		output.JSON:    jsonView(answer),
		output.CSV:     csvView(gaps),
		output.GeoJSON: geoJSONView(document.GapMembers(answer), gaps, document.RadarRows(answer.GetRadars())),
		output.KML:     func(w io.Writer) error { return document.GapKML(w, answer) },
	}
}
