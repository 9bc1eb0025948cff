package command

import (
	"context"
	"fmt"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
)

func (a *App) operations() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "operations",
		Short: "The plans that a server is at, or keeps",
		Long: "The plans that a server is at, or keeps: canopy plan --operation NAME prints one. Cancelled plans end\n" +
			"with the best that was found.",
		Example: "  canopy operations --server 127.0.0.1:50051\n" +
			"  canopy operations cancel NAME --server 127.0.0.1:50051",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.listOperations(cmd.Context()) },
	}
	a.addOutputFlags(cmd, output.Table, output.JSON)
	a.addConnectionFlags(cmd)
	cmd.AddCommand(
		a.changeOperation("cancel", "End the search of a plan with the best so far", "cancelled", func(ctx context.Context, s *link.Session, name string) error {
			_, err := s.Operations.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: name})
			return err
		}),
		a.changeOperation("delete", "Forget a plan", "deleted", func(ctx context.Context, s *link.Session, name string) error {
			_, err := s.Operations.DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: name})
			return err
		}))
	return cmd
}

func (a *App) listOperations(ctx context.Context) error {
	if err := a.needServer("canopy operations"); err != nil {
		return err
	}
	all, err := ask(ctx, a, "", allOperations)
	if err != nil {
		return err
	}
	return a.emit(output.Views{
		output.Table: a.page(func(p *report.Page) { p.Operations(all.GetOperations()) }),
		output.JSON:  jsonView(all),
	})
}

// allOperations reads page after page.
func allOperations(ctx context.Context, s *link.Session) (*longrunningpb.ListOperationsResponse, error) {
	request := &longrunningpb.ListOperationsRequest{Name: "operations", PageSize: pageSize}
	all := &longrunningpb.ListOperationsResponse{}
	for {
		page, err := s.Operations.ListOperations(ctx, request)
		if err != nil {
			return nil, err
		}
		all.Operations = append(all.Operations, page.GetOperations()...)
		if page.GetNextPageToken() == "" {
			return all, nil
		}
		request.PageToken = page.GetNextPageToken()
	}
}

func operationNames(ctx context.Context, s *link.Session) ([]string, error) {
	all, err := allOperations(ctx, s)
	var names []string
	for _, operation := range all.GetOperations() {
		names = append(names, operation.GetName())
	}
	return names, err
}

// changeOperation is a command that does something to one operation.
func (a *App) changeOperation(verb, short, done string, change func(context.Context, *link.Session, string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use:               verb + " NAME",
		Short:             short,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeNames(a, operationNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.needServer("canopy operations " + verb); err != nil {
				return err
			}
			name, err := ask(cmd.Context(), a, "", func(ctx context.Context, s *link.Session) (string, error) {
				return fullName(args[0]), change(ctx, s, fullName(args[0]))
			})
			if err == nil {
				fmt.Fprintf(a.Stderr, "canopy: %s %s\n", done, name)
			}
			return err
		},
	}
	a.addConnectionFlags(cmd)
	return cmd
}
