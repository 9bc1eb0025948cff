package command

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server/access"
)

func (a *App) token() *cobra.Command {
	role := access.Read
	roleFlag := parsed[access.Role]{value: &role, text: role.String(), kind: "role", parse: access.ParseRole}
	expires := parsed[time.Duration]{kind: "time", parse: parseLifetime}
	cmd := &cobra.Command{
		Use:   "token NAME",
		Short: "Make a token for canopy serve --tokens",
		Long: "Make a token for canopy serve --tokens.\n" +
			"The line for the file of tokens goes to stdout. The token itself goes to stderr, this once, and is kept nowhere:\n" +
			"who calls gives it in CANOPY_TOKEN. The file has its hash alone.",
		Example: "  canopy token ops --role compute --expires 90d >>tokens\n" +
			"  canopy token dashboard 2>dashboard.token >>tokens",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var ends time.Time
			if expires.value != nil {
				ends = time.Now().Add(*expires.value)
			}
			token, line, err := access.NewToken(args[0], *roleFlag.value, ends)
			if err != nil {
				return fault.Bad(err)
			}
			// Nobody has a token whose line is lost.
			if _, err := fmt.Fprintln(a.Stdout, line); err != nil {
				return err
			}
			fmt.Fprintln(a.Stderr, token)
			return nil
		},
	}
	cmd.Flags().Var(&roleFlag, "role", "what it lets: read, compute as well, or administer")
	cmd.Flags().Var(&expires, "expires", "how long it lasts: 90d or 12h (for ever if not set)")
	complete(cmd, "role", []string{"read", "compute", "administer"})
	return cmd
}

// maxDays is more than any token should last, and fits a Duration.
const maxDays = 3650

func parseLifetime(text string) (time.Duration, error) {
	lasts, err := time.ParseDuration(text)
	if count, inDays := strings.CutSuffix(text, "d"); inDays {
		var days int
		days, err = strconv.Atoi(count)
		lasts = time.Duration(min(days, maxDays+1)) * 24 * time.Hour
	}
	if err != nil || lasts <= 0 || lasts > maxDays*24*time.Hour {
		return 0, fmt.Errorf("%q: want days or hours, such as 90d or 12h, of at most %dd", text, maxDays)
	}
	return lasts, nil
}
