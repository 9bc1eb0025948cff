package command

import (
	"math"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server"
)

func (a *App) addMemoryFlag(cmd *cobra.Command) {
	a.memory = newSize("memory")
	cmd.Flags().Var(&a.memory, "memory", "memory that the computation may take: 2GiB (CANOPY_MEMORY; 4GiB if not set)")
}

// memoryB weighs the flag before the environment.
func (a *App) memoryB() (int64, error) {
	m := a.memory
	if text := a.Getenv("CANOPY_MEMORY"); m.value == nil && text != "" {
		m = newSize("CANOPY_MEMORY")
		if err := m.Set(text); err != nil {
			return 0, fault.Bad(err)
		}
	}
	if m.value == nil {
		return server.DefaultMemoryB, nil
	}
	return *m.value, nil
}

// besidesB is what the program takes besides computations.
const besidesB = 256 << 20

// goLimitB is what GOMEMLIMIT says; math.MaxInt64 for nothing.
var goLimitB = debug.SetMemoryLimit(-1)

// keepTo has garbage collected before it makes the program much larger than its
// computations may become, unless GOMEMLIMIT says otherwise.
func keepTo(computationsB int64) {
	if goLimitB == math.MaxInt64 && computationsB < math.MaxInt64-besidesB {
		debug.SetMemoryLimit(computationsB + besidesB)
	}
}
