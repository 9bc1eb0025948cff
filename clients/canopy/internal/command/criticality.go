package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/quantity"
)

// criticalityFlags are those of criticality alone.
type criticalityFlags struct {
	network        networkFlags
	strips         stripFlags
	airspace       string
	altitudes      repeated[*canopyv1.Altitude]
	zones          []string
	stripHeight    parsed[float64]
	availabilities repeated[availability]
}

// availability is the share of time that a radar works; of every radar without
// one of its own where it has no name.
type availability struct {
	radarID string
	share   float64
	text    string
}

func oneAvailability(text string) ([]availability, error) {
	if share, err := quantity.Share("availability", text); err == nil {
		return []availability{{share: share, text: text}}, nil
	}
	named, err := notation.NamedValue(text, "0.9 for all radars, or RADAR=0.8")
	if err != nil {
		return nil, err
	}
	share, err := quantity.Share("availability", named.Value)
	return []availability{{radarID: named.Name, share: share, text: text}}, err
}

func (a *App) criticality() *cobra.Command {
	flags := &criticalityFlags{
		altitudes:      repeated[*canopyv1.Altitude]{kind: "altitude", parse: quantity.Altitudes},
		stripHeight:    parsed[float64]{kind: "height", parse: named("height", notation.HeightAGLM)},
		availabilities: repeated[availability]{kind: "share", parse: oneAvailability},
	}
	cmd := &cobra.Command{
		Use:   "criticality",
		Short: "What is lost when each radar of a network fails",
		Long: "What is lost when each radar of a network fails: area, airstrips and zones; which two back each other\n" +
			"up; and what is covered on average, when each radar works for a share of the time only.",
		Example: "  canopy criticality --scenario four-modern\n" +
			"  canopy criticality --scenario four-modern --altitude 300m-agl --zone vraem --availability 80%\n" +
			"  canopy criticality --sites plan.geojson --availability iquitos=0.7",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runCriticality(cmd.Context(), flags) },
	}
	f := cmd.Flags()
	f.Var(&flags.altitudes, "altitude", "altitudes: 300m-agl, 3000ft-amsl, FL100; repeatable (the scenario's if none)")
	a.addAirspaceFlag(cmd, &flags.airspace)
	f.StringArrayVar(&flags.zones, "zone", nil, "look at this zone on its own: an airspace's `name` or a GeoJSON file; repeatable")
	f.Var(&flags.stripHeight, "airstrip-height", "an airstrip counts as seen if aircraft are at or below this height over it: 300m-agl (300 m if not set)")
	f.Var(&flags.availabilities, "availability", "`share` of the time that radars work: 0.9 or 90% (0.9 if not set); of one radar by its id, iquitos=0.8; repeatable")
	completeWith(cmd, "zone", completeNames(a, airspaceNames))
	flags.strips.add(cmd)
	a.addNetworkFlags(cmd, &flags.network)
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON, output.CSV)
	a.addConnectionFlags(cmd)
	return cmd
}

func (a *App) runCriticality(ctx context.Context, flags *criticalityFlags) error {
	request, err := a.criticalityRequest(flags)
	if err != nil {
		return err
	}
	answer, err := ask(ctx, a, "assessing radars", func(ctx context.Context, s *link.Session) (_ *canopyv1.AssessCriticalityResponse, err error) {
		if request.Network, err = flags.network.selection(ctx, a, s); err != nil {
			return nil, err
		}
		return s.Siting.AssessCriticality(ctx, request)
	})
	if err != nil {
		return err
	}
	rows := document.CriticalityRows(answer)
	return a.emit(output.Views{
		output.Table:   a.page(func(p *report.Page) { p.Criticality(answer) }),
		output.JSON:    jsonView(answer),
		output.CSV:     csvView(rows),
		output.GeoJSON: geoJSONView(document.CriticalityMembers(answer), rows),
	})
}

func (a *App) criticalityRequest(flags *criticalityFlags) (_ *canopyv1.AssessCriticalityRequest, err error) {
	request := &canopyv1.AssessCriticalityRequest{
		Options: flags.network.options(), Altitudes: flags.altitudes.values,
		Airstrips: flags.strips.selection(a), MaxAirstripAglM: flags.stripHeight.value,
	}
	a.placeAltitudes(flags.altitudes.values)
	if request.Airspace, err = a.airspaceSelection(flags.airspace); err != nil {
		return nil, err
	}
	for i, name := range flags.zones {
		zone, err := a.airspaceIn(name, fmt.Sprintf("zones[%d]", i), "--zone "+name)
		if err != nil {
			return nil, err
		}
		request.Zones = append(request.Zones, zone)
	}
	for _, v := range flags.availabilities.values {
		if v.radarID == "" {
			request.Availability = &v.share
			continue
		}
		a.places[fmt.Sprintf("availabilities[%d]", len(request.GetAvailabilities()))] = "--availability " + v.text
		request.Availabilities = append(request.Availabilities, &canopyv1.RadarAvailability{RadarId: v.radarID, Availability: v.share})
	}
	return request, nil
}
