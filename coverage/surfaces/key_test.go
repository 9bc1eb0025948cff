package surfaces_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/coverage/surfaces"
	"github.com/canopyradar/canopy/terrain"
)

// question asks about a radar in the plain; a test changes what it is about.
func question(changes ...func(*surfaces.Question)) surfaces.Question {
	site := sight.NewSite(radar.Radar{
		ID: "a", Name: "A", ModelID: "m", Position: orb.Point{-70, -10}, MastM: 15, InService: true,
		Limits: radar.Limits{RangeM: 2000, MinRangeM: 100, MinElevationDeg: -1, MaxElevationDeg: 20, HeightLimitAMSLM: 9000},
	}, 200, 1.25)
	q := surfaces.Question{
		Site: &site, Reach: sight.Terrain,
		Ground: surfaces.Land{Identity: "plain:1", Window: terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Col0: 26395, Row0: 23995, Cols: 11, Rows: 12}},
	}
	for _, change := range changes {
		change(&q)
	}
	return q
}

// ofSite changes the radar.
func ofSite(change func(*sight.Site)) func(*surfaces.Question) {
	return func(q *surfaces.Question) { change(q.Site) }
}

func TestKeyTellsQuestionsApart(t *testing.T) {
	window := func(change func(*terrain.Lattice)) func(*surfaces.Question) {
		return func(q *surfaces.Question) { change(&q.Ground.Window) }
	}
	changes := map[string]func(*surfaces.Question){
		"nothing":            func(*surfaces.Question) {},
		"longitude":          ofSite(func(s *sight.Site) { s.Position[0] = math.Nextafter(s.Position[0], 0) }),
		"latitude":           ofSite(func(s *sight.Site) { s.Position[1] += 1e-9 }),
		"ground":             ofSite(func(s *sight.Site) { s.GroundAMSLM, s.MastM = 201, 14 }),
		"mast":               ofSite(func(s *sight.Site) { s.MastM++ }),
		"k":                  ofSite(func(s *sight.Site) { s.EarthFactor = 4.0 / 3 }),
		"range":              ofSite(func(s *sight.Site) { s.RangeM++ }),
		"smallest range":     ofSite(func(s *sight.Site) { s.MinRangeM++ }),
		"lowest beam":        ofSite(func(s *sight.Site) { s.MinElevationDeg = 0 }),
		"highest beam":       ofSite(func(s *sight.Site) { s.MaxElevationDeg++ }),
		"height limit":       ofSite(func(s *sight.Site) { s.HeightLimitAMSLM = radar.NoHeightLimit }),
		"sector":             ofSite(func(s *sight.Site) { s.Sector = &radar.Sector{ToDeg: 360} }),
		"sector's end":       ofSite(func(s *sight.Site) { s.Sector = &radar.Sector{ToDeg: 359} }),
		"sector's start":     ofSite(func(s *sight.Site) { s.Sector = &radar.Sector{FromDeg: 1, ToDeg: 360} }),
		"reach":              func(q *surfaces.Question) { q.Reach = sight.Horizon },
		"terrain":            func(q *surfaces.Question) { q.Ground.Identity = "plain:2" },
		"screen":             func(q *surfaces.Question) { q.Screen = q.Ground },
		"near":               func(q *surfaces.Question) { q.Near = q.Ground },
		"terrain and near":   func(q *surfaces.Question) { q.Ground.Identity, q.Near.Identity = "plain:", "1" },
		"columns per degree": window(func(l *terrain.Lattice) { l.PerDegLon++ }),
		"rows per degree":    window(func(l *terrain.Lattice) { l.PerDegLat++ }),
		"column offset":      window(func(l *terrain.Lattice) { l.OffLon = 0.5 }),
		"row offset":         window(func(l *terrain.Lattice) { l.OffLat = 0.5 }),
		"first column":       window(func(l *terrain.Lattice) { l.Col0++ }),
		"first row":          window(func(l *terrain.Lattice) { l.Row0++ }),
		"columns":            window(func(l *terrain.Lattice) { l.Cols++ }),
		"rows":               window(func(l *terrain.Lattice) { l.Rows++ }),
	}
	names := map[surfaces.Key]string{}
	for name, change := range changes {
		key := question(change).Key()
		if other, twice := names[key]; twice {
			t.Errorf("the keys do not tell %s from %s", name, other)
		}
		names[key] = name
	}
}

func TestKeyLeavesOutWhatASurfaceDoesNotDependOn(t *testing.T) {
	want := question().Key()
	for name, change := range map[string]func(*sight.Site){
		"names":                               func(s *sight.Site) { s.ID, s.Name, s.ModelID = "b", "B", "n" },
		"service":                             func(s *sight.Site) { s.InService = false },
		"cooperation":                         func(s *sight.Site) { s.Cooperative = true },
		"k of its own where that is in force": func(s *sight.Site) { s.K = s.EarthFactor },
	} {
		if question(ofSite(change)).Key() != want {
			t.Errorf("%s make another surface", name)
		}
	}
}

// TestKeyKnowsAllFields fails when something was added to what a surface may
// depend on, and the key was forgotten.
func TestKeyKnowsAllFields(t *testing.T) {
	for _, tt := range []struct {
		of   any
		want int
	}{
		{radar.Radar{}, 9}, {radar.Limits{}, 6}, {radar.Sector{}, 2}, {sight.Site{}, 6}, {terrain.Lattice{}, 8},
	} {
		if got := reflect.TypeOf(tt.of).NumField(); got != tt.want {
			t.Errorf("%T has %d fields, not %d: see to encoder, then here", tt.of, got, tt.want)
		}
	}
}

func TestKeysOfWhatIsMadeOfSurfaces(t *testing.T) {
	l := terrain.Lattice{PerDegLon: 240, PerDegLat: 240, Cols: 11, Rows: 12}
	box := func(east float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{0, 0}, {east, 0}, {east, 1}, {0, 0}}}}
	}
	cells, a, b := surfaces.MaskKey(box(1), l), question().Key(), question(ofSite(func(s *sight.Site) { s.MastM++ })).Key()
	land, low := surfaces.LandKey("plain:1", cells), []altitude.Altitude{{Reference: altitude.AGL, Value: 300}}
	keys := map[surfaces.Key]string{}
	for name, key := range map[string]surfaces.Key{
		"cells": cells, "of another area": surfaces.MaskKey(box(2), l), "on another lattice": surfaces.MaskKey(box(1), l.Sub(0, 0, 11, 11)),
		"of two areas": surfaces.MaskKey(append(box(1), box(1)...), l),
		"land":         land, "of other terrain": surfaces.LandKey("plain:2", cells), "of other cells": surfaces.LandKey("plain:1", a),
		"floors": surfaces.FloorsKey(land, 1, []surfaces.Key{a, b}), "of one radar": surfaces.FloorsKey(land, 1, []surfaces.Key{a}),
		"of the other": surfaces.FloorsKey(land, 1, []surfaces.Key{b}), "of none": surfaces.FloorsKey(land, 1, nil),
		"look": surfaces.LookKey(land, sight.Terrain, 1, low, ""), "by another reach": surfaces.LookKey(land, sight.Horizon, 1, low, ""),
		"for two":         surfaces.LookKey(land, sight.Terrain, 2, low, ""),
		"at no altitude":  surfaces.LookKey(land, sight.Terrain, 1, nil, ""),
		"at another":      surfaces.LookKey(land, sight.Terrain, 1, []altitude.Altitude{{Reference: altitude.AMSL, Value: 300}}, ""),
		"behind a screen": surfaces.LookKey(land, sight.Terrain, 1, low, "plain:1"),
		"at another land": surfaces.LookKey(cells, sight.Terrain, 1, low, ""),
		"twice":           surfaces.FloorsKey(land, 1, []surfaces.Key{a, a, b}),
		"second":          surfaces.FloorsKey(land, 2, []surfaces.Key{a, b}), "over other land": surfaces.FloorsKey(cells, 1, []surfaces.Key{a, b}),
	} {
		if other, twice := keys[key]; twice {
			t.Errorf("%s and %s have one key", name, other)
		}
		keys[key] = name
	}
	if surfaces.FloorsKey(land, 1, []surfaces.Key{b, a}) != surfaces.FloorsKey(land, 1, []surfaces.Key{a, b}) {
		t.Error("the order of surfaces tells")
	}
}
