package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// parsed is a flag whose text is turned into a T as it is read.
type parsed[T any] struct {
	value *T
	text  string
	kind  string
	parse func(string) (T, error)
}

func (p *parsed[T]) Set(text string) error {
	v, err := p.parse(text)
	if err != nil {
		return err
	}
	p.value, p.text = &v, text
	return nil
}

func (p *parsed[T]) String() string { return p.text }
func (p *parsed[T]) Type() string   { return p.kind }

// repeated is parsed for a flag that may be given several times.
type repeated[T any] struct {
	values []T
	texts  []string
	kind   string
	parse  func(string) ([]T, error)
}

func (r *repeated[T]) Set(text string) error {
	values, err := r.parse(text)
	if err != nil {
		return err
	}
	r.values = append(r.values, values...)
	r.texts = append(r.texts, text)
	return nil
}

func (r *repeated[T]) String() string { return strings.Join(r.texts, " ") }
func (r *repeated[T]) Type() string   { return r.kind }

// named makes a parser of quantities from one that is told what it parses.
func named(what string, parse func(what, text string) (float64, error)) func(string) (float64, error) {
	return func(text string) (float64, error) { return parse(what, text) }
}

func joinOr(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// complete completes a flag from a list. It fails only for a flag that does
// not exist, which every test of the command would show.
func complete(cmd *cobra.Command, flag string, values []string) {
	completeWith(cmd, flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values, cobra.ShellCompDirectiveNoFileComp
	})
}

func completeWith(cmd *cobra.Command, flag string, values completion) {
	if err := cmd.RegisterFlagCompletionFunc(flag, values); err != nil {
		panic(err)
	}
}

// completeNames completes from what a server has. A server that does not
// answer completes nothing.
func completeNames(a *App, list func(context.Context, *link.Session) ([]string, error)) completion {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		names, err := ask(cmd.Context(), a, "", list)
		if err != nil {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return names, cobra.ShellCompDirectiveDefault
	}
}

func scenarioNames(ctx context.Context, s *link.Session) ([]string, error) {
	answer, err := s.Catalog.ListScenarios(ctx, &canopyv1.ListScenariosRequest{})
	var names []string
	for _, scenario := range answer.GetScenarios() {
		names = append(names, scenario.GetScenarioId()+"\t"+scenario.GetName())
	}
	return names, err
}

func airspaceNames(ctx context.Context, s *link.Session) ([]string, error) {
	answer, err := s.Catalog.ListAirspaces(ctx, &canopyv1.ListAirspacesRequest{})
	var names []string
	for _, airspace := range answer.GetAirspaces() {
		names = append(names, airspace.GetAirspaceId()+"\t"+airspace.GetName())
	}
	return names, err
}

func modelNames(ctx context.Context, s *link.Session) ([]string, error) {
	answer, err := s.Catalog.ListRadarModels(ctx, &canopyv1.ListRadarModelsRequest{})
	var names []string
	for _, model := range answer.GetRadarModels() {
		names = append(names, model.GetModelId()+"\t"+model.GetName())
	}
	return names, err
}
