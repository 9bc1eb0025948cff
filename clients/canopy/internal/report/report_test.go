package report

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

func TestNumbers(t *testing.T) {
	tests := []struct{ name, got, want string }{
		{"no thousands", words.Grouped(999, 0), "999"},
		{"thousands", words.Grouped(1285216, 0), "1,285,216"},
		{"thousands with decimals", words.Grouped(1234.56, 1), "1,234.6"},
		{"below zero", words.Grouped(-1234, 0), "-1,234"},
		{"a large area", area(1289850.4), "1,289,850"},
		{"a small area", area(56.78), "56.8"},
		{"no area", area(0), "0"},
		{"a share", percent(0.171), "17.1 %"},
		{"nothing", percent(0), "0.0 %"},
		{"all", percent(1), "100.0 %"},
		{"next to nothing", percent(0.0001), "<0.1 %"},
		{"nearly all", percent(0.99999), ">99.9 %"},
		{"roughly next to nothing", roughly(0.001), "<1 %"},
		{"roughly nearly all", roughly(0.999), ">99 %"},
		{"no height", words.MetresOr(nil, "never"), "never"},
		{"one", count(1, "gap", "gaps"), "1 gap"},
		{"many", count(1200, "gap", "gaps"), "1,200 gaps"},
		{"a short file", bytes(999), "999 bytes"},
		{"a long file", bytes(3 << 20), "3.0 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestFold(t *testing.T) {
	tests := []struct {
		name, text string
		width      int
		want       []string
	}{
		{"fits", "out of range", 20, []string{"out of range"}},
		{"between words", "out of range", 8, []string{"out of", "range"}},
		{"not before a unit", "in 12 % of", 6, []string{"in", "12 %", "of"}},
		{"a long word", "antidisestablishment of", 5, []string{"antidisestablishment", "of"}},
		{"nothing", "", 5, []string{""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, fold(tt.text, tt.width)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFitting(t *testing.T) {
	tests := []struct {
		name  string
		items []string
		width int
		want  string
	}{
		{"all", []string{"Loreto", "Puno"}, 40, "Loreto, Puno"},
		{"one of many", []string{"Loreto", "Ucayali", "Puno"}, 20, "Loreto and 2 more"},
		{"at least one", []string{"Madre de Dios", "Puno"}, 3, "Madre de Dios and 1 more"},
		{"none", nil, 10, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fitting(tt.items, tt.width); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTable(t *testing.T) {
	fill := func(columns ...column) *table {
		t := &table{columns: columns}
		t.add("SPJA", "Rioja, a long name", "", "822 m")
		t.add("ñandú", "B", "", "1 m")
		return t
	}
	id, elevation := column{header: "ID"}, column{header: "ELEVATION", right: true}
	tests := []struct {
		name  string
		table *table
		width int
		want  []string
	}{
		{"wide", fill(id, column{header: "NAME", flexible: true}, column{header: "EMPTY"}, elevation), 80, []string{
			"ID     NAME                ELEVATION",
			"SPJA   Rioja, a long name      822 m",
			"ñandú  B                         1 m",
		}},
		{"a name cut", fill(id, column{header: "NAME", flexible: true}, column{header: "EMPTY"}, elevation), 28, []string{
			"ID     NAME        ELEVATION",
			"SPJA   Rioja, a…       822 m",
			"ñandú  B                 1 m",
		}},
		{"a column left out", fill(id, column{header: "NAME", flexible: true, spare: true}, column{header: "EMPTY"}, elevation), 20, []string{
			"ID     ELEVATION",
			"SPJA       822 m",
			"ñandú        1 m",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.table.lines(tt.width, Style{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReasons(t *testing.T) {
	why := words.NewReasons([]*canopyv1.ResolvedRadar{
		{
			RadarId: "pem", State: canopyv1.RadarState_RADAR_STATE_IN_SERVICE,
			Limits: &canopyv1.RadarLimits{RangeKm: proto.Float64(400), MinRangeKm: proto.Float64(2), Sector: &canopyv1.Sector{FromDeg: 30, ToDeg: 120}},
		},
		{RadarId: "pcl", State: canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE},
	})
	sight := func(cause canopyv1.GapCause, change func(*canopyv1.Sight)) *canopyv1.Sight {
		s := &canopyv1.Sight{RadarId: "pem", DistanceKm: 212, SlantRangeKm: 212.1, AzimuthDeg: 272.04, Cause: cause}
		change(s)
		return s
	}
	asIs := func(*canopyv1.Sight) {}
	tests := []struct {
		name  string
		sight *canopyv1.Sight
		want  string
	}{
		{"seen", sight(0, func(s *canopyv1.Sight) { s.Sees = true }), "seen by pem, 212.0 km away"},
		{"out of service", sight(0, func(s *canopyv1.Sight) { s.Sees, s.RadarId = true, "pcl" }), "out of service: pcl, 212.0 km away, would see it"},
		{"out of range", sight(canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE, asIs), "out of range: 212.0 km from pem, whose range is 400 km"},
		{"too near", sight(canopyv1.GapCause_GAP_CAUSE_OUT_OF_RANGE, func(s *canopyv1.Sight) { s.DistanceKm, s.SlantRangeKm = 1, 1.1 }), "too near: 1.0 km from pem, whose smallest range is 2 km"},
		{"sector", sight(canopyv1.GapCause_GAP_CAUSE_OUTSIDE_SECTOR, asIs), "outside the sector of pem: it looks from 30° to 120°, and the point is at 272.0°"},
		{"horizon", sight(canopyv1.GapCause_GAP_CAUSE_BELOW_HORIZON, func(s *canopyv1.Sight) { s.FloorAmslM = proto.Float64(5200) }), "below the horizon of pem, 212.0 km away; it sees from 5,200 m AMSL up"},
		{"beam", sight(canopyv1.GapCause_GAP_CAUSE_ABOVE_BEAM, func(s *canopyv1.Sight) { s.CeilingAmslM = proto.Float64(9000) }), "above the beam of pem, 212.0 km away; it sees up to 9,000 m AMSL"},
		{"beam without a top", sight(canopyv1.GapCause_GAP_CAUSE_ABOVE_BEAM, asIs), "above the beam of pem, 212.0 km away"},
		{"terrain", sight(canopyv1.GapCause_GAP_CAUSE_TERRAIN, func(s *canopyv1.Sight) {
			s.Crest = &canopyv1.Crest{Position: &canopyv1.Position{LatDeg: -12.9, LonDeg: -72.1}, DistanceKm: 100, ElevationAmslM: 4120}
		}), "terrain: hidden from pem, 212.0 km away, by a crest of 4,120 m at -12.9000,-72.1000, 100.0 km from the radar"},
		{"terrain without a crest", sight(canopyv1.GapCause_GAP_CAUSE_TERRAIN, asIs), "terrain: hidden from pem, 212.0 km away"},
		{"a cause to come", sight(99, asIs), "not seen by pem, 212.0 km away: 99"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := why.Sight(tt.sight); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestManyWarningsOfAKind(t *testing.T) {
	page := &Page{Width: 100}
	page.warnings([]*canopyv1.Warning{
		{WarningId: "a", Message: "differs", Subject: "SPAT"}, {WarningId: "a", Message: "differs", Subject: "SPAG"},
		{WarningId: "b", Message: "radar pem is low", Subject: "pem"},
	})
	want := "\nWarnings\n! SPAT: differs (and 1 more of this kind: -o json lists them)\n! radar pem is low\n"
	if got := page.b.String(); got != want {
		t.Errorf("got %q", got)
	}
}

func TestProfileOfFlatGround(t *testing.T) {
	flat := &canopyv1.GetProfileResponse{Outcome: &canopyv1.PointOutcome{}}
	for i := range 3 {
		flat.Samples = append(flat.Samples, &canopyv1.ProfileSample{DistanceKm: float64(i), TerrainAmslM: proto.Float64(0)})
	}
	page := &Page{Width: 100}
	page.Profile(flat, true)
	if !strings.Contains(page.b.String(), "clearance unknown: no terrain is known below the ray") {
		t.Errorf("got %s", page.b.String())
	}
}

func TestClearances(t *testing.T) {
	at := func(clearanceM, radii float64) *canopyv1.Clearance {
		return &canopyv1.Clearance{Position: &canopyv1.Position{LatDeg: -12, LonDeg: -70}, DistanceKm: 43, ClearanceM: clearanceM, FresnelRadii: radii}
	}
	tests := []struct {
		name string
		c    *canopyv1.Clearance
		want string
	}{
		{"free", at(1320, 21.44), "1,320 m = 21.4 Fresnel radii at the least, 43.0 km from the radar at -12.0000,-70.0000: free"},
		{"within the zone", at(12, 0.2), "12 m = 0.2 Fresnel radii at the least, 43.0 km from the radar at -12.0000,-70.0000: less than the 0.6 radii from which the ray is free"},
		{"blocked", at(-700, -8), "-700 m = -8.0 Fresnel radii at the least, 43.0 km from the radar at -12.0000,-70.0000: blocked"},
		{"at an end", at(15, math.Inf(1)), "15 m at the least, 43.0 km from the radar at -12.0000,-70.0000: free"},
		{"near", &canopyv1.Clearance{Position: &canopyv1.Position{}, DistanceKm: 0.0444, ClearanceM: 33, FresnelRadii: 17.4}, "33 m = 17.4 Fresnel radii at the least, 44 m from the radar at 0.0000,0.0000: free"},
		{"unknown", nil, "unknown: no terrain is known below the ray"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clearanceText(tt.c); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSourcesOfOneOriginAreOneLine(t *testing.T) {
	file := func(name, source, licence string) *canopyv1.TerrainSource {
		return &canopyv1.TerrainSource{Name: name, Source: source, Licence: licence}
	}
	tests := []struct {
		name  string
		files []*canopyv1.TerrainSource
		want  []string
	}{
		{"none", nil, nil},
		{"one", []*canopyv1.TerrainSource{file("a", "NASA", "public domain")}, []string{"1 file: a; source NASA; licence public domain"}},
		{"of two origins", []*canopyv1.TerrainSource{file("a", "NASA", ""), file("b", "", "CC0"), file("c", "NASA", "")},
			[]string{"2 files: a, c; source NASA; licence unknown", "1 file: b; source unknown; licence CC0"}},
		{"many", []*canopyv1.TerrainSource{file("a", "", ""), file("b", "", ""), file("c", "", ""), file("d", "", "")},
			[]string{"4 files: a to d; source unknown; licence unknown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, sourceTexts(tt.files)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
