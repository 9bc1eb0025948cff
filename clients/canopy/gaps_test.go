package main_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// answer is the part of the JSON that the tests look at.
type answer struct {
	Bands []struct {
		AirspaceAreaKM2 float64 `json:"airspace_area_km2"`
		CoveredShare    float64 `json:"covered_share"`
		Gaps            []struct {
			AreaKM2  float64           `json:"area_km2"`
			Boundary json.RawMessage   `json:"boundary"`
			Causes   []json.RawMessage `json:"causes"`
		} `json:"gaps"`
	} `json:"bands"`
	Warnings []struct {
		ID string `json:"warning_id"`
	} `json:"warnings"`
	Provenance struct {
		EngineVersion string `json:"engine_version"`
	} `json:"provenance"`
}

func TestGapsWithNothingRunning(t *testing.T) {
	got := run(t, "gaps")
	if got.code != 0 {
		t.Fatal(got.stderr)
	}
	for _, want := range []string{"300 m AGL", "1000 m AGL", "3000 m AGL", "FL100", "out of range", "demonstration", "Airstrips"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("no %q in:\n%s", want, got.stdout)
		}
	}
	if got.stderr != "" {
		t.Errorf("stderr is no terminal, and got %q", got.stderr)
	}
	if strings.Contains(got.stdout, "\x1b") {
		t.Error("stdout is no terminal, and got colours")
	}
}

// The shares are those of the design: an independent computation of discs on
// the ellipsoid over the same outline.
func TestSharesOfDiscs(t *testing.T) {
	const peruKM2 = 1289850
	tests := []struct {
		name, args       string
		share, tolerance float64
	}{
		{"400 km around Puerto Maldonado", "--scenario tps70-2015", 0.171, 0.002},
		{"240 NM around Puerto Maldonado", "--scenario tps70-2015 --range 444.48km", 0.206, 0.002},
		{"240 NM around four", "--scenario four-modern --range 240nmi", 0.825, 0.004},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, append([]string{"gaps", "--reach", "disc", "--altitude", "FL100", "-o", "json"}, strings.Fields(tt.args)...)...)
			var a answer
			if err := json.Unmarshal([]byte(got.stdout), &a); err != nil {
				t.Fatalf("%v: %s", err, got.stderr)
			}
			band := a.Bands[0]
			if math.Abs(band.CoveredShare-tt.share) > tt.tolerance {
				t.Errorf("share %v, want %v ± %v", band.CoveredShare, tt.share, tt.tolerance)
			}
			if math.Abs(band.AirspaceAreaKM2/peruKM2-1) > 0.001 {
				t.Errorf("Peru has %v km²", band.AirspaceAreaKM2)
			}
			if len(band.Gaps) == 0 || len(band.Gaps[0].Causes) == 0 || a.Provenance.EngineVersion == "" || len(a.Warnings) == 0 {
				t.Errorf("the answer lacks something: %+v", a)
			}
		})
	}
}

func TestGapsToAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gaps.geojson")
	got := run(t, "gaps", "--altitude", "FL100", "--out", path)
	if got.code != 0 || !strings.HasPrefix(got.stdout, "Gaps over Peru") || got.stderr != "canopy: wrote "+path+"\n" {
		t.Fatalf("got %+v", got)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var c collection
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	if c.Type != "FeatureCollection" || len(c.Features) < 2 {
		t.Fatalf("a %s of %d features", c.Type, len(c.Features))
	}
	for _, f := range c.Features {
		f.check(t)
	}
}

// collection is a GeoJSON of gaps and radars.
type collection struct {
	Type     string
	Features []feature
}

type feature struct {
	Geometry struct {
		Type        string
		Coordinates json.RawMessage
	}
	Properties map[string]any
}

// check holds a gap to RFC 7946: closed rings, the outer one
// counter-clockwise, the others clockwise.
func (f feature) check(t *testing.T) {
	t.Helper()
	if f.Geometry.Type == "Point" {
		return
	}
	if fill, _ := f.Properties["fill"].(string); len(fill) != 7 {
		t.Errorf("fill %q", fill)
	}
	var rings [][][2]float64
	if err := json.Unmarshal(f.Geometry.Coordinates, &rings); err != nil {
		t.Fatal(err)
	}
	for i, ring := range rings {
		if ring[0] != ring[len(ring)-1] {
			t.Errorf("ring %d of %v is open", i, f.Properties["gap_id"])
		}
		if counterClockwise := turn(ring) > 0; counterClockwise != (i == 0) {
			t.Errorf("ring %d of %v turns the wrong way", i, f.Properties["gap_id"])
		}
	}
}

// turn is twice the area inside of a ring, negative if it runs clockwise.
func turn(ring [][2]float64) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		sum += ring[i-1][0]*ring[i][1] - ring[i][0]*ring[i-1][1]
	}
	return sum
}

func TestCheckOutOfRange(t *testing.T) {
	got := run(t, "check", "--scenario", "tps70-2015", "--point=-12.519,-73.829,3000m-amsl")
	if got.code != 3 || got.stderr != "canopy: not seen: 1 of 1 points\n" {
		t.Errorf("exit code %d, said %q", got.code, got.stderr)
	}
	if want := "out of range: 500.1 km from puerto-maldonado, whose range is 400 km"; !strings.Contains(got.stdout, want) {
		t.Errorf("no %q in:\n%s", want, got.stdout)
	}
}

func TestCheckSeen(t *testing.T) {
	if got := run(t, "check", "--point=-12.6,-70,3000m-amsl"); got.code != 0 || got.stderr != "" {
		t.Errorf("got %+v", got)
	}
}

func TestFloorIsAGeoTIFF(t *testing.T) {
	path := filepath.Join(t.TempDir(), "floor.tif")
	got := run(t, "floor", "--radar", "name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=100km", "--out", path)
	if got.code != 0 {
		t.Fatal(got.stderr)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "II*\x00") {
		t.Errorf("%v, begins with %q", err, text[:min(4, len(text))])
	}
}

// needsFile are examples of what the user has.
var needsFile = regexp.MustCompile(`route\.csv|\./srtm|\./peru|--candidates sites\.csv|--sites plan\.geojson`)

func TestExamplesInHelpWork(t *testing.T) {
	for _, command := range []string{"gaps", "plan", "criticality", "candidates", "check", "airstrips", "floor", "profile", "scenarios", "airspaces", "terrain info"} {
		help := run(t, append(strings.Fields(command), "--help")...).stdout
		_, examples, _ := strings.Cut(help, "Examples:\n")
		examples, _, _ = strings.Cut(examples, "\n\n")
		for example := range strings.SplitSeq(examples, "\n") {
			if needsFile.MatchString(example) {
				continue
			}
			t.Run(strings.TrimSpace(example), func(t *testing.T) { runExample(t, example) })
		}
	}
}

func runExample(t *testing.T, example string) {
	t.Helper()
	cmd := command(t, words(example)[1:]...)
	cmd.Dir = t.TempDir()
	text, err := cmd.CombinedOutput()
	if code := exitCode(t, err); code != 0 && code != 3 {
		t.Errorf("exit code %d: %s", code, text)
	}
}

// words splits a line as a shell does that knows only single quotes.
func words(line string) []string {
	var all []string
	for i, part := range strings.Split(strings.TrimSpace(line), "'") {
		if i%2 == 1 {
			all = append(all, part)
		} else {
			all = append(all, strings.Fields(part)...)
		}
	}
	return all
}
