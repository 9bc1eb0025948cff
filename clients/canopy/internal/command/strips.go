package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/input"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// stripFlags say which airstrips there are.
type stripFlags struct {
	own            parsed[[]input.Placed[*canopyv1.Airstrip]]
	withoutBuiltin bool
}

func (s *stripFlags) add(cmd *cobra.Command) {
	s.own = parsed[[]input.Placed[*canopyv1.Airstrip]]{kind: "file", parse: input.Airstrips}
	cmd.Flags().Var(&s.own, "airstrips", "your own airstrips from a CSV or GeoJSON `file`: name, lat, lon and optional elevation_m, length_m, status, date")
	cmd.Flags().BoolVar(&s.withoutBuiltin, "without-builtin-airstrips", false, "leave the built-in airstrips out")
}

func (s *stripFlags) selection(a *App) *canopyv1.AirstripSelection {
	return s.selectionFor(a, "airstrips")
}

// selectionFor remembers places under a field of the request.
func (s *stripFlags) selectionFor(a *App, field string) *canopyv1.AirstripSelection {
	selection := &canopyv1.AirstripSelection{WithoutBuiltin: s.withoutBuiltin}
	if s.own.value == nil {
		return selection
	}
	for i, strip := range *s.own.value {
		selection.Airstrips = append(selection.Airstrips, strip.Value)
		a.places[fmt.Sprintf("%s.airstrips[%d]", field, i)] = strip.Place
	}
	return selection
}
