package command

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/meter"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/clients/canopy/internal/report"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/quantity"
)

// planFlags are those of plan alone.
type planFlags struct {
	existing   networkFlags
	strips     stripFlags
	candidates candidateFlags
	objective  objectiveFlags
	limits     planLimitFlags

	airspace    string
	timeLimit   time.Duration
	gapPercent  parsed[float64]
	seed        int64
	noScreening bool

	detach    bool
	operation string
}

const planLong = "Which candidates to build, in which order, what each one adds, and how far the plan can be from the best\n" +
	"possible. Say how many radars (--count), what they may cost (--budget), or both. Without --candidates, the\n" +
	"airports in use are candidates; --near-access adds the high points near them.\n\n" +
	"Radars that stand already are kept, and a plan adds to them. There are none unless --scenario, --sites or\n" +
	"--radar name some:\n"

const planAfter = "\n\nCtrl-C ends the search with the best plan so far, a second one at once. --out plan.geojson is read back by\n" +
	"canopy gaps --sites plan.geojson."

func (a *App) plan() *cobra.Command {
	flags := &planFlags{gapPercent: parsed[float64]{kind: "percentage", parse: named("gap", quantity.Percent)}}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Which candidates to build, in which order, and how good that provably is",
		Long:  planLong + radarKeysHelp + planAfter,
		Example: "  canopy plan --count 4\n" +
			"  canopy plan --count 11 --airspace peru --near-access 25km --out plan.geojson\n" +
			"  canopy plan --budget 71M --scenario tps70-2015 --altitude 300m-agl=2,FL100 --zone vraem=5\n" +
			"  canopy plan --count 3 --candidates sites.csv --min-spacing 150km --fixed Iquitos",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runPlan(cmd.Context(), flags, cmd.Flags()) },
	}
	f := cmd.Flags()
	a.addAirspaceFlag(cmd, &flags.airspace)
	f.DurationVar(&flags.timeLimit, "time", 0, "search for this `time` at most, such as 60s, and take the best plan so far")
	f.Var(&flags.gapPercent, "gap", "enough if the plan is proven to be this near to the best: 1% (0.1% if not set)")
	f.Int64Var(&flags.seed, "seed", 0, "`number` to draw random numbers from: the same plan for the same seed")
	f.BoolVar(&flags.noScreening, "no-screening", false, "compute all candidates on the full terrain, and rule none out on coarser terrain")
	f.BoolVar(&flags.detach, "detach", false, "with --server: print the name of the operation, and leave it to the server")
	f.StringVar(&flags.operation, "operation", "", "come back to the plan of this `name` (canopy operations): wait for it, and print it")
	f.StringArrayVar(&flags.candidates.fixed, "fixed", nil, "build the candidate of this `name` in any case; repeatable")
	f.StringArrayVar(&flags.candidates.forbidden, "forbid", nil, "do not build the candidate of this `name`; repeatable")
	completeWith(cmd, "operation", completeNames(a, operationNames))
	a.addObjectiveFlags(cmd, &flags.objective)
	a.addPlanLimitFlags(cmd, &flags.limits)
	flags.strips.add(cmd)
	a.addCandidateFlags(cmd, &flags.candidates)
	a.addExistingFlags(cmd, &flags.existing)
	a.addOutputFlags(cmd, output.Table, output.JSON, output.GeoJSON, output.CSV, output.KML)
	a.addConnectionFlags(cmd)
	return cmd
}

// ofComingBack are the flags that make sense with --operation.
var ofComingBack = []string{"operation", "server", "timeout", "no-progress", "output", "out"}

func (flags *planFlags) check(a *App, set *pflag.FlagSet) error {
	if flags.operation != "" {
		var others []string
		set.Visit(func(f *pflag.Flag) {
			if !slices.Contains(ofComingBack, f.Name) {
				others = append(others, "--"+f.Name)
			}
		})
		if len(others) > 0 {
			return fault.Badf("%s does nothing with --operation, which comes back to a plan as it was asked for", others[0])
		}
		return a.needServer("--operation")
	}
	if flags.limits.budget.value == nil && !set.Changed("count") {
		return fault.Badf("no --count and no --budget: say how many radars, or what they may cost: --count 11, --budget 71M")
	}
	if err := flags.candidates.check(); err != nil || !flags.detach {
		return err
	}
	return a.needServer("--detach")
}

func (a *App) runPlan(ctx context.Context, flags *planFlags, set *pflag.FlagSet) error {
	if err := flags.check(a, set); err != nil {
		return err
	}
	request, err := a.planRequest(flags, set)
	if err != nil {
		return err
	}
	found, err := askMetered(ctx, a, "asking for a plan", func(ctx context.Context, s *link.Session, m *meter.Meter) (*planned, error) {
		if flags.operation != "" {
			return follow(ctx, s, fullName(flags.operation), m.Set)
		}
		name, err := a.startPlan(ctx, s, flags, request)
		switch {
		case err != nil:
			return nil, err
		case flags.detach:
			return &planned{name: name}, nil
		}
		return seeThrough(ctx, s, name, m.Set)
	})
	switch {
	case found == nil:
		return err
	case found.plan != nil:
		if err := a.emit(a.planViews(found)); err != nil {
			return err
		}
	case a.asked != "":
		fmt.Fprintf(a.Stderr, "canopy: to come back to the plan: canopy plan --server %s --operation %s\n", a.asked, found.name)
	}
	if flags.detach && err == nil {
		fmt.Fprintln(a.Stdout, found.name)
	}
	return err
}

// startPlan returns the name of the operation.
func (a *App) startPlan(ctx context.Context, s *link.Session, flags *planFlags, request *canopyv1.PlanNetworkRequest) (_ string, err error) {
	if request.Existing, err = flags.existing.selection(ctx, a, s); err != nil {
		return "", err
	}
	within := request.GetAirspace()
	if flags.existing.scenario != "" && within == nil {
		scenario, err := getScenario(ctx, s, flags.existing.scenario)
		if err != nil {
			return "", err
		}
		within = &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: scenario.GetAirspaceId()}}
	}
	if request.Candidates, err = flags.candidates.selection(ctx, a, s, &flags.strips, within); err != nil {
		return "", err
	}
	operation, err := s.Siting.PlanNetwork(ctx, request)
	return operation.GetName(), err
}

func (a *App) planRequest(flags *planFlags, set *pflag.FlagSet) (_ *canopyv1.PlanNetworkRequest, err error) {
	request := &canopyv1.PlanNetworkRequest{
		Options: flags.existing.options(), Constraints: flags.limits.constraints(a, set),
		Effort: &canopyv1.PlanEffort{GapPercent: flags.gapPercent.value, Seed: flags.seed, WithoutScreening: flags.noScreening},
	}
	if set.Changed("time") {
		request.Effort.TimeLimit = durationpb.New(flags.timeLimit)
	}
	if request.Airspace, err = a.airspaceSelection(flags.airspace); err != nil {
		return nil, err
	}
	request.Objective, err = flags.objective.objective(a, &flags.strips)
	return request, err
}

func (a *App) planViews(found *planned) output.Views {
	plan := found.plan
	rows := document.PlanRows(plan)
	return output.Views{
		output.Table:   a.page(func(p *report.Page) { p.Plan(plan, found.request) }),
		output.JSON:    jsonView(plan),
		output.CSV:     csvView(rows),
		output.GeoJSON: geoJSONView(document.PlanMembers(plan), rows),
		output.KML:     func(w io.Writer) error { return document.PlanKML(w, plan) },
	}
}
