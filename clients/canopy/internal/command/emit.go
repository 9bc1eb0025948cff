package command

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	"github.com/canopyradar/canopy/server/document"
)

func (a *App) addOutputFlags(cmd *cobra.Command, offered ...output.Format) {
	names := make([]string, len(offered))
	for i, f := range offered {
		names[i] = string(f)
	}
	cmd.Flags().StringVarP(&a.output.Format, "output", "o", "", "`format`: "+joinOr(names))
	cmd.Flags().StringVar(&a.output.File, "out", "", "write to this `file` (its ending tells the format), and the table to stdout")
	complete(cmd, "output", names)
	cmd.PreRunE = func(*cobra.Command, []string) error {
		a.output.Terminal = a.Screen.Plot
		return a.output.Check(offered...)
	}
}

// page returns a view that writes a report.
func (a *App) page(write func(*report.Page)) output.View {
	return func(w io.Writer) error {
		page := &report.Page{Width: a.Screen.Width, Style: report.Style{Colour: a.Screen.Colour}}
		write(page)
		_, err := page.WriteTo(w)
		return err
	}
}

func jsonView(m proto.Message) output.View {
	return func(w io.Writer) error { return document.JSON(w, m) }
}

func csvView(rows document.Rows) output.View {
	return func(w io.Writer) error { return document.CSV(w, rows) }
}

func geoJSONView(foreign map[string]any, sorts ...document.Rows) output.View {
	return func(w io.Writer) error { return document.GeoJSON(w, foreign, sorts...) }
}

func (a *App) emit(views output.Views) error {
	toFile, err := a.output.Write(a.Stdout, views)
	if toFile && err == nil {
		fmt.Fprintf(a.Stderr, "canopy: wrote %s\n", a.output.File)
	}
	return err
}
