package command_test

import (
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
)

func TestCompletion(t *testing.T) {
	tests := []struct{ name, args, want string }{
		{"scenarios", "gaps --scenario ", "tps70-2015\tOne TPS-70"},
		{"airspaces", "gaps --airspace ", "vraem\tVRAEM"},
		{"airspace as argument", "airspaces ", "peru\tPeru"},
		{"models in a radar", "gaps --radar name=A,model=", "name=A,model=an-tps-70\tAN/TPS-70"},
		{"formats", "gaps -o ", "geojson"},
		{"reach", "check --reach ", "horizon"},
		{"existing radars of a plan", "plan --scenario ", "tps70-2015\tOne TPS-70"},
		{"models of candidates", "candidates --model ", "an-tps-70\tAN/TPS-70"},
		{"models with a limit", "plan --max-of ", "an-tps-70\tAN/TPS-70"},
		{"zones with a weight", "plan --zone ", "vraem\tVRAEM"},
		{"zones to look at", "criticality --zone ", "vraem\tVRAEM"},
		{"where candidates may stand", "candidates --within ", "vraem\tVRAEM"},
		{"plans to come back to", "plan --operation ", "operations/plan-3"},
		{"plans to cancel", "operations cancel ", "operations/plan-3"},
		{"compressions", "floor --compress ", "deflate"},
		{"statuses", "airstrips --status ", "destroyed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{}, append([]string{"__complete"}, strings.Split(tt.args, " ")...)...)
			if !strings.Contains(got.stdout, tt.want+"\n") {
				t.Errorf("got %q", got.stdout)
			}
		})
	}
}

func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := run(t, &fake.Server{}, "completion", shell); got.code != 0 || got.stdout == "" {
			t.Errorf("%s: %+v", shell, got)
		}
	}
}
