package coverage_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/earth"
)

func TestExtent(t *testing.T) {
	m := holed(valley.Lon() + 0.3)
	area := orb.MultiPolygon{around(valley, 0.4)[0]}
	e := &coverage.Engine{Terrain: m}
	r, err := e.Extent(context.Background(), area)
	if err != nil {
		t.Fatal(err)
	}
	// East of the meridian lies an eighth of the box, and the spot is another
	// part. Posts lie a 240th of a degree apart, of which the meridian may cut
	// one.
	if len(r.Missing) != 2 || math.Abs(r.MissingM2/r.AreaM2-1.0/8) > 1.0/240/0.8+1e-3 {
		t.Fatalf("%d parts, %v of %v m² missing", len(r.Missing), r.MissingM2, r.AreaM2)
	}
	strip, spot := r.Missing[0], r.Missing[1]
	if math.Abs(strip.Bound.Left()-(valley.Lon()+0.3)) > 0.005 || !spot.Bound.Contains(valley) || strip.AreaM2+spot.AreaM2 != r.MissingM2 {
		t.Errorf("parts %+v", r.Missing)
	}
}

func TestExtentOfTooMuch(t *testing.T) {
	e := &coverage.Engine{Terrain: andes(), MaxPosts: 10}
	_, err := e.Extent(context.Background(), around(valley, 1))
	if limit := new(coverage.LimitError); !errors.As(err, &limit) {
		t.Errorf("error %v, want a limit", err)
	}
}

func TestGroundProfile(t *testing.T) {
	e := &coverage.Engine{Terrain: andes()}
	to := east(valley, 0.5)
	samples, err := e.GroundProfile(context.Background(), valley, to, 11)
	if err != nil {
		t.Fatal(err)
	}
	last := samples[len(samples)-1]
	if len(samples) != 11 || math.Abs(last.DistanceM-earth.DistanceM(valley, to)) > 1e-6 || math.Abs(last.Position.Lon()-to.Lon()) > 1e-9 {
		t.Fatalf("%d samples, the last %+v", len(samples), last)
	}
	for _, s := range samples {
		want := checkPoints(t, andes(), query(site("r", valley, 5e3)), coverage.Point{Position: s.Position, Altitude: agl(0)}).Outcomes[0].GroundAMSLM
		if s.TerrainAMSLM != want {
			t.Errorf("%v m at %v, want %v", s.TerrainAMSLM, s.Position, want)
		}
	}
	if _, err := e.GroundProfile(context.Background(), valley, to, 1); err == nil {
		t.Error("a profile of one sample is not refused")
	}
	if same, err := e.GroundProfile(context.Background(), valley, valley, 2); err != nil || same[1].DistanceM != 0 {
		t.Errorf("from a place to itself: %+v, %v", same, err)
	}
}

// Warnings of missing terrain say how much, and where.
func TestMissingTerrainIsLocated(t *testing.T) {
	m := holed(valley.Lon() + 0.3) // 69.73° W
	r := findGaps(t, m, exactGaps(query(site("r", east(valley, 0.2), 20e3)), around(east(valley, 0.25), 0.2), agl(300)))
	for _, id := range []string{"terrain.missing", "terrain.missing_airspace"} {
		i := slices.IndexFunc(r.Warnings, func(w coverage.Warning) bool { return w.ID == id })
		if i < 0 || !strings.Contains(r.Warnings[i].Message, " km² between ") || !strings.Contains(r.Warnings[i].Message, "69.73° W") {
			t.Errorf("%s: %v", id, r.Warnings)
		}
	}
}
