package main_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// covered is the part of a plan, of gaps and of criticality that the tests
// compare.
type covered struct {
	AreaKM2 float64 `json:"covered_area_km2"`
	Share   float64 `json:"covered_share"`
}

type stage struct {
	Bands []covered `json:"bands"`
}

// plan is the part of the JSON that the tests look at.
type plan struct {
	Steps []struct {
		Stage stage `json:"stage"`
	} `json:"steps"`
	Existing     stage   `json:"existing"`
	ObjectiveKM2 float64 `json:"objective_km2"`
	UpperBound   float64 `json:"upper_bound_km2"`
}

func decode(t *testing.T, got result, into any) {
	t.Helper()
	if got.code != 0 {
		t.Fatal(got.stderr)
	}
	if err := json.Unmarshal([]byte(got.stdout), into); err != nil {
		t.Fatal(err)
	}
}

// What a plan says that its radars cover is what gaps say that they do, read back
// from a file of any kind, to the digit: the existing ones too, one of which does
// not work, and one has a k and a mast of its own.
func TestPlanIsReadBackByGaps(t *testing.T) {
	folder := t.TempDir()
	options := []string{"--altitude", "300m-agl,FL100", "--airspace", "peru/madre-de-dios", "--max-elevation", "30deg"}
	standing := []string{
		"--radar", "name=A,lat=-12.612345678901234,lon=-69.2282,mast=31.5m,k=1.42,sector=200-100,range=217.3nmi",
		"--radar", "name=B,lat=-11,lon=-70.3,state=out-of-service",
	}
	for _, ending := range []string{"geojson", "csv"} {
		path := filepath.Join(folder, "plan."+ending)
		asked := append([]string{"plan", "--count", "2", "--near-access", "25km"}, append(options, standing...)...)
		var p plan
		decode(t, run(t, append(asked, "-o", "json")...), &p)
		if got := run(t, append(asked, "--out", path)...); got.code != 0 {
			t.Fatal(got.stderr)
		}
		var gaps, alone stage
		decode(t, run(t, append([]string{"gaps", "--sites", path, "-o", "json"}, options...)...), &gaps)
		decode(t, run(t, append(append([]string{"gaps", "-o", "json"}, options...), standing...)...), &alone)
		if len(p.Steps) != 2 || len(gaps.Bands) != 2 || p.ObjectiveKM2 > p.UpperBound {
			t.Fatalf("%d steps, %d altitudes, %v of at most %v km²", len(p.Steps), len(gaps.Bands), p.ObjectiveKM2, p.UpperBound)
		}
		if diff := cmp.Diff(gaps, p.Steps[1].Stage); diff != "" {
			t.Errorf("%s, the whole plan: %s", ending, diff)
		}
		if diff := cmp.Diff(alone, p.Existing); diff != "" {
			t.Errorf("%s, what stands: %s", ending, diff)
		}
	}
}

// Candidates that are found and given back from a file make the plan that is made
// of them as they are found.
func TestCandidatesAreReadBackByPlan(t *testing.T) {
	for _, ending := range []string{"csv", "geojson"} {
		path := filepath.Join(t.TempDir(), "candidates."+ending)
		if got := run(t, "candidates", "--within", "vraem", "--near-access", "40km", "--out", path); got.code != 0 {
			t.Fatal(got.stderr)
		}
		common := []string{"plan", "--count", "2", "--airspace", "vraem", "--altitude", "300m-agl", "-o", "csv"}
		found := run(t, append(common, "--near-access", "40km")...)
		given := run(t, append(common, "--candidates", path)...)
		if found.code != 0 || given.code != 0 {
			t.Fatalf("%s%s", found.stderr, given.stderr)
		}
		if diff := cmp.Diff(found.stdout, given.stdout); diff != "" {
			t.Errorf("%s: %s", ending, diff)
		}
	}
}

// The network of a plan is as critical by itself as the plan says.
func TestCriticalityOfAPlan(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.geojson")
	common := []string{"--airspace", "vraem", "--altitude", "3000m-amsl,FL200"}
	var p, c struct {
		Criticality json.RawMessage `json:"criticality"`
	}
	asked := append([]string{"plan", "--count", "3", "--near-access", "40km"}, common...)
	decode(t, run(t, append(asked, "-o", "json")...), &p)
	if got := run(t, append(asked, "--out", path)...); got.code != 0 {
		t.Fatal(got.stderr)
	}
	decode(t, run(t, append([]string{"criticality", "--sites", path, "-o", "json"}, common...)...), &c)
	type lost struct {
		Bands  []covered
		Radars []struct {
			RadarID string `json:"radar_id"`
			Bands   []struct {
				LostAreaKM2 float64 `json:"lost_area_km2"`
			}
		}
	}
	var ofPlan, ofNetwork lost
	for raw, into := range map[*json.RawMessage]*lost{&p.Criticality: &ofPlan, &c.Criticality: &ofNetwork} {
		if err := json.Unmarshal(*raw, into); err != nil {
			t.Fatal(err)
		}
	}
	if len(ofPlan.Radars) != 3 || len(ofPlan.Bands) != 2 {
		t.Errorf("%d radars, %d altitudes", len(ofPlan.Radars), len(ofPlan.Bands))
	}
	if diff := cmp.Diff(ofNetwork, ofPlan); diff != "" {
		t.Error(diff)
	}
}

func TestSuggestedSitesCloseGaps(t *testing.T) {
	got := run(t, "gaps", "--airspace", "vraem", "--altitude", "300m-agl", "--suggest", "--near-access", "25km")
	if got.code != 0 || !strings.Contains(got.stdout, "best site") {
		t.Errorf("got %+v", got)
	}
}

func TestBadPlans(t *testing.T) {
	one := write(t, "one.csv", "name,lat,lon\nPichari,-12.5,-73.85\n")
	both := write(t, "both.csv", "name,lat,lon,fixed,forbidden\nPichari,-12.5,-73.85,true,true\n")
	sea := write(t, "sea.csv", "name,lat,lon\nPichari,-12.5,-73.85\nNowhere,-12.5,120\n")
	tests := []struct{ name, args, want string }{
		{"more radars than candidates", "--count 5 --candidates " + one, "--count"},
		{"a budget below the cheapest", "--budget 5M", "--budget"},
		{"forbidden and fixed", "--count 1 --candidates " + both, "both.csv line 2"},
		{"forbidden and fixed by flags", "--count 1 --fixed pichari --forbid pichari --candidates " + one, "one.csv line 2"},
		{"a candidate outside the terrain", "--count 1 --candidates " + sea, "sea.csv line 3"},
		{"no candidates", "--count 1 --airspace vraem --without-builtin-airstrips", "candidates"},
		{"an unknown model", "--count 1 --model nosuch", "--model"},
		{"an unknown zone", "--count 1 --zone nowhere=5", "--zone"},
		{"an unknown area", "--count 1 --expose nowhere@FL100", "--expose"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantFault(t, run(t, append([]string{"plan"}, strings.Fields(tt.args)...)...), 2, tt.want)
		})
	}
}

// The scenario canopy-11 is what the command makes that its sources name.
func TestCanopyOfElevenIsMadeAgain(t *testing.T) {
	type place struct {
		LatDeg float64 `json:"lat_deg"`
		LonDeg float64 `json:"lon_deg"`
	}
	type radar struct {
		Position place `json:"position"`
	}
	var scenario struct {
		Scenario struct {
			Radars  []radar  `json:"radars"`
			Sources []string `json:"sources"`
		} `json:"scenario"`
	}
	decode(t, run(t, "scenarios", "canopy-11", "-o", "json"), &scenario)
	_, command, _ := strings.Cut(scenario.Scenario.Sources[0], "canopy plan ")
	command, _, found := strings.Cut(command, " makes it again")
	if !found {
		t.Fatalf("the sources name no command: %q", scenario.Scenario.Sources)
	}
	var p struct {
		Steps []struct {
			Candidate struct {
				Radar radar `json:"radar"`
			} `json:"candidate"`
		} `json:"steps"`
	}
	decode(t, run(t, append(append([]string{"plan"}, strings.Fields(command)...), "-o", "json")...), &p)
	var made []radar
	for _, step := range p.Steps {
		made = append(made, step.Candidate.Radar)
	}
	if diff := cmp.Diff(scenario.Scenario.Radars, made); diff != "" {
		t.Errorf("canopy plan %s: %s", command, diff)
	}
}
