package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/server/specimen"
)

// What each command writes in each format.
func TestOutputs(t *testing.T) {
	tests := []struct {
		file string
		code int
		args string
	}{
		{"gaps.txt", 0, "gaps"},
		{"gaps.json", 0, "gaps -o json"},
		{"gaps.geojson", 0, "gaps -o geojson"},
		{"gaps.csv", 0, "gaps -o csv"},
		{"gaps.kml", 0, "gaps -o kml"},
		{"check.txt", 3, "check --point=-12,-70,1000m-agl"},
		{"check.json", 3, "check --point=-12,-70,1000m-agl -o json"},
		{"check.geojson", 3, "check --point=-12,-70,1000m-agl -o geojson"},
		{"check.csv", 3, "check --point=-12,-70,1000m-agl -o csv"},
		{"airstrips.txt", 0, "airstrips"},
		{"airstrips.json", 0, "airstrips -o json"},
		{"airstrips.csv", 0, "airstrips -o csv"},
		{"airstrips.kml", 0, "airstrips -o kml"},
		{"near.txt", 0, "airstrips --near=-12,-74"},
		{"near.geojson", 0, "airstrips --near=-12,-74 -o geojson"},
		{"within.txt", 0, "airstrips --within vraem"},
		{"within.csv", 0, "airstrips --within=-12,-74,50km -o csv"},
		{"exposure.txt", 0, "airstrips --exposure"},
		{"exposure.csv", 0, "airstrips --exposure -o csv"},
		{"exposure.geojson", 0, "airstrips --exposure -o geojson"},
		{"profile.txt", 0, "profile --to=-13.5,-72,FL100"},
		{"profile.csv", 0, "profile --to=-13.5,-72,FL100 -o csv"},
		{"profile.geojson", 0, "profile --to=-13.5,-72,FL100 -o geojson"},
		{"scenarios.txt", 0, "scenarios"},
		{"scenario.txt", 0, "scenarios show tps70-pair"},
		{"scenario.csv", 0, "scenarios tps70-pair -o csv"},
		{"models.txt", 0, "models"},
		{"airspaces.txt", 0, "airspaces"},
		{"airspace.txt", 0, "airspaces peru"},
		{"airspace.geojson", 0, "airspaces peru -o geojson"},
		{"terrain.txt", 0, "terrain info"},
		{"terrain.json", 0, "terrain info -o json"},
		{"extent.txt", 0, "terrain extent"},
		{"extent.json", 0, "terrain extent -o json"},
		{"gaps-bracket.txt", 0, "gaps --bracket"},
		{"help-gaps.txt", 0, "gaps --help"},
		{"gaps-suggest.txt", 0, "gaps --suggest"},
		{"gaps-suggest.json", 0, "gaps --suggest -o json"},
		{"gaps-suggest.geojson", 0, "gaps --suggest -o geojson"},
		{"gaps-suggest.csv", 0, "gaps --suggest -o csv"},
		{"gaps-suggest.kml", 0, "gaps --suggest -o kml"},
		{"plan.txt", 0, "plan --count 2"},
		{"plan.json", 0, "plan --count 2 -o json"},
		{"plan.geojson", 0, "plan --count 2 -o geojson"},
		{"plan.csv", 0, "plan --count 2 -o csv"},
		{"plan.kml", 0, "plan --count 2 -o kml"},
		{"criticality.txt", 0, "criticality"},
		{"criticality.json", 0, "criticality -o json"},
		{"criticality.geojson", 0, "criticality -o geojson"},
		{"criticality.csv", 0, "criticality -o csv"},
		{"candidates.txt", 0, "candidates"},
		{"candidates.json", 0, "candidates -o json"},
		{"candidates.geojson", 0, "candidates -o geojson"},
		{"candidates.csv", 0, "candidates -o csv"},
		{"candidates.kml", 0, "candidates -o kml"},
		{"operations.txt", 0, "operations --server a:1"},
		{"operations.json", 0, "operations --server a:1 -o json"},
		{"help-plan.txt", 0, "plan --help"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got := run(t, &fake.Server{}, strings.Fields(tt.args)...)
			if got.code != tt.code {
				t.Errorf("exit code %d, want %d: %s", got.code, tt.code, got.stderr)
			}
			golden(t, tt.file, got.stdout)
		})
	}
}

func TestInfoOfImportedTerrain(t *testing.T) {
	golden(t, "terrain-imported.txt", run(t, &fake.Server{Terrain: specimen.Imported()}, "terrain", "info").stdout)
}

func TestProfileAsAPicture(t *testing.T) {
	tests := []struct{ name, args, begins string }{
		{"svg on stdout", "-o svg", "<?xml"},
		{"png into a pipe", "-o png", "\x89PNG"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, &fake.Server{}, strings.Fields("profile --to=-13.5,-72,FL100 "+tt.args)...)
			if got.code != 0 || !strings.HasPrefix(got.stdout, tt.begins) {
				t.Errorf("code %d: %s", got.code, got.stderr)
			}
		})
	}
}

func TestPicturesInFiles(t *testing.T) {
	tests := []struct{ name, args, file, begins, table string }{
		{"an svg by its ending", "profile --to=-13.5,-72,FL100 --out", "ray.svg", "<?xml", "profile.txt"},
		{"a png by its ending", "profile --to=-13.5,-72,FL100 --out", "ray.PNG", "\x89PNG", "profile.txt"},
		{"a relief", "terrain info --png", "relief", "\x89PNG", "terrain.txt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.file)
			got := run(t, &fake.Server{}, append(strings.Fields(tt.args), path)...)
			if got.code != 0 || got.stderr != "canopy: wrote "+path+"\n" {
				t.Errorf("code %d: %s", got.code, got.stderr)
			}
			golden(t, tt.table, got.stdout)
			if picture, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(picture), tt.begins) {
				t.Errorf("%.10q, %v", picture, err)
			}
		})
	}
}

func TestNoPNGOnATerminal(t *testing.T) {
	got := runWith(t, &fake.Server{}, func(a *command.App) { a.Screen.Plot = true }, "profile", "--to=1,2,FL100", "-o", "png")
	if got.code != 2 || got.stdout != "" || got.stderr != "canopy: -o png is not for a terminal: name a file: --out picture.png\n" {
		t.Errorf("got %+v", got)
	}
}

func TestProfileIsDrawnOnATerminal(t *testing.T) {
	got := runWith(t, &fake.Server{}, func(a *command.App) { a.Screen = command.Screen{Width: 80, Plot: true} },
		"profile", "--to=-13.5,-72,FL100")
	golden(t, "profile-plot.txt", got.stdout)
}

func TestTablesFitTheTerminal(t *testing.T) {
	commands := []string{
		"gaps", "check --point=-12,-70,1000m-agl", "airstrips", "airstrips --exposure", "airstrips --near 1,2",
		"scenarios", "scenarios tps70-pair", "models", "airspaces", "profile --to=-13.5,-72,FL100",
		"gaps --bracket", "terrain extent", "gaps --suggest", "plan --count 2", "criticality", "candidates", "operations --server a:1",
	}
	for _, args := range commands {
		for _, width := range []int{80, 100, 160} {
			screen := command.Screen{Width: width, Plot: true}
			got := runWith(t, &fake.Server{}, func(a *command.App) { a.Screen = screen }, strings.Fields(args)...)
			for line := range strings.SplitSeq(got.stdout, "\n") {
				if n := utf8.RuneCountInString(line); n > width {
					t.Errorf("%s at %d columns: a line of %d: %s", args, width, n, line)
				}
			}
		}
	}
}

func TestColoursOnlyWhereWanted(t *testing.T) {
	plain := run(t, &fake.Server{}, "gaps")
	coloured := runWith(t, &fake.Server{}, func(a *command.App) { a.Screen.Colour = true }, "gaps")
	if strings.Contains(plain.stdout, "\x1b") || !strings.Contains(coloured.stdout, "\x1b[1m") {
		t.Error("colours are not where they should be")
	}
}

func TestOutWritesTheFileAndTheTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gaps.geojson")
	got := run(t, &fake.Server{}, "gaps", "--out", path)
	golden(t, "gaps.txt", got.stdout)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "gaps.geojson", string(text))
	if got.stderr != "canopy: wrote "+path+"\n" {
		t.Errorf("stderr %q", got.stderr)
	}
}

func TestFormatsOfAFileTakenFromItsEnding(t *testing.T) {
	for _, ending := range []string{"json", "csv", "kml"} {
		path := filepath.Join(t.TempDir(), "gaps."+ending)
		if got := run(t, &fake.Server{}, "gaps", "--out", path); got.code != 0 {
			t.Fatal(got.stderr)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "gaps."+ending, string(text))
	}
}
