// Package command is the canopy program: one file a command.
//
// A command turns flags into a request (flags.go, network.go), asks a server
// (ask.go), and writes the answer as the user wants it (emit.go). Packages
// input and the server's quantity and notation read what users give, report and
// the server's document write what they get, fault words what went wrong.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/garbage"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
	"github.com/canopyradar/canopy/terrain"
)

// App is the program with all that it touches.
type App struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Open           func(context.Context, link.Target) (*link.Session, error)
	OpenTerrain    func(ctx context.Context, path string) (terrain.Model, error)
	Screen         Screen
	Version        string

	connection connectionFlags
	cache      cacheFlags
	memory     parsed[int64]
	output     output.Target
	places     fault.Places
	// asked is the server that was asked, for errors.
	asked string
	// started tells errors of the command line from those of the work.
	started bool
}

// Screen is what is known of the terminal.
type Screen struct {
	// Width of stdout in columns.
	Width int
	// Colour: stdout is a terminal, and NO_COLOR is not set.
	Colour bool
	// Plot: stdout is a terminal.
	Plot bool
	// Progress: stderr is a terminal.
	Progress bool
}

// widthWithoutTerminal is for tables that go into files and pipes.
const widthWithoutTerminal = 100

// Main runs the program and returns its exit code. The first interrupt stops
// the work in order, a second one at once.
func Main(version string) int {
	defer garbage.Keep()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	cobra.EnableCommandSorting = false
	app := &App{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Open: link.Open, OpenTerrain: link.OpenTerrain,
		Screen: screen(), Version: version,
	}
	return app.Run(ctx, os.Args[1:])
}

func screen() Screen {
	s := Screen{Width: widthWithoutTerminal, Progress: term.IsTerminal(int(os.Stderr.Fd()))}
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && width > 0 {
		s.Width, s.Plot = width, true
		s.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return s
}

// Run runs a command line and returns the exit code.
func (a *App) Run(ctx context.Context, args []string) int {
	a.places = fault.Places{}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	failed, err := root.ExecuteContextC(ctx)
	if err == nil {
		return fault.OK
	}
	if !a.started && fault.Code(err) == fault.Failed {
		err = fault.Badf("%s; see %s --help", suggestion(err.Error()), failed.CommandPath())
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	explainer := fault.Explainer{Server: a.asked, Places: a.places}
	fmt.Fprintln(a.Stderr, "canopy: "+explainer.Explain(err))
	return fault.Code(err)
}

func (a *App) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "canopy",
		Short: "Where can an aircraft fly unseen, how low, and why",
		Long: "Canopy says where radars leave an airspace uncovered, how low they see there, and why.\n" +
			"It needs nothing running: without --server it computes in its own process.",
		Example: "  canopy gaps\n" +
			"  canopy gaps --scenario four-modern --altitude 300m-agl,FL100 --out gaps.geojson\n" +
			"  canopy check --point=-12.519,-73.829,3000m-amsl",
		Version:       a.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRun: func(*cobra.Command, []string) {
			a.started = true
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("canopy {{.Version}}\n")
	root.AddCommand(
		a.gaps(), a.plan(), a.criticality(), a.candidates(), a.operations(), a.check(), a.airstrips(), a.floor(), a.profile(), a.scenarios(),
		a.models(), a.airspaces(), a.terrain(), a.serve(), a.worker(), a.token(), a.version())
	return root
}

// suggestion puts what cobra says in several lines into one.
func suggestion(text string) string {
	what, names, found := strings.Cut(text, "\n\nDid you mean this?\n")
	if !found {
		return text
	}
	return what + ": did you mean " + joinOr(strings.Fields(names)) + "?"
}

// flagError says which flag is wrong, and why, in one line.
func flagError(_ *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	cause := plainer(invalid)
	if strings.HasPrefix(cause.Error(), "--") {
		return fault.Bad(cause)
	}
	return fault.Badf("--%s: %w", invalid.GetFlag().Name, cause)
}

// plainer puts the errors of strconv into words.
func plainer(invalid *pflag.InvalidValueError) error {
	cause := invalid.Unwrap()
	if strings.HasPrefix(cause.Error(), "strconv.") || strings.HasPrefix(cause.Error(), "time: ") {
		return fmt.Errorf("%q is not a value of this kind: want %s", invalid.GetValue(), kindWord(invalid.GetFlag().Value.Type()))
	}
	return cause
}

func kindWord(kind string) string {
	switch kind {
	case "duration":
		return "a time such as 30s or 5m"
	case "bool":
		return "true or false"
	}
	return "a whole number"
}

// logger tells what is behind internal errors of a server in-process.
func (a *App) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

// connectionFlags say which server is asked, and for how long.
type connectionFlags struct {
	server, terrain string
	security        link.Security
	timeout         time.Duration
	quiet           bool
}
