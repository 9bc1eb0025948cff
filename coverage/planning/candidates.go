package planning

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airspace"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// FindCandidates finds places where radars could stand: airstrips in the area,
// those with the longest runway first, and then, where the query asks for them,
// high points of the terrain near airstrips, the highest first. None is taken that
// stands too near to one before it.
func (p *Planner) FindCandidates(ctx context.Context, q CandidateQuery) (*CandidateResult, error) {
	m := p.Engine.Terrain
	f := &finding{CandidateQuery: q, terrain: m, names: map[string]bool{}}
	f.Warnings = coverage.TerrainWarnings(m.Info(), sight.Terrain)
	report := coverage.ProgressOf(ctx)
	report(0, "airstrips")
	if !q.WithoutAirstrips {
		f.takeAirstrips()
	}
	if q.NearAccessM > 0 && !f.more {
		if err := f.takeHighPoints(ctx); err != nil {
			return nil, err
		}
	}
	if f.more {
		f.warn("candidates.more", "only the first %d places are taken: there are more", len(f.Found))
	}
	if err := f.findGround(ctx); err != nil {
		return nil, err
	}
	report(1, "done")
	return &f.CandidateResult, ctx.Err()
}

// finding is a search for candidates.
type finding struct {
	CandidateQuery
	CandidateResult
	terrain terrain.Model
	taken   spacing
	names   map[string]bool
	// more says that there are more places than may be found.
	more bool
}

func (f *finding) warn(id, format string, args ...any) {
	f.Warnings = append(f.Warnings, coverage.Warning{ID: id, Message: fmt.Sprintf(format, args...)})
}

// full reports whether no other place may be found, and says so of one that could
// be.
func (f *finding) full() bool {
	f.more = f.more || len(f.Found) >= f.MaxCount
	return f.more
}

func (f *finding) take(found Found) {
	found.Name = f.unique(found.Name, found.Airstrip.ID)
	f.Found = append(f.Found, found)
	f.taken.add(found.Position)
}

// unique returns a name that none before has.
func (f *finding) unique(name, id string) string {
	unique := cmp.Or(name, id)
	for n := 1; f.names[unique]; n++ {
		if unique = fmt.Sprintf("%s (%s)", name, id); n > 1 {
			unique = fmt.Sprintf("%s (%s, %d)", name, id, n)
		}
	}
	f.names[unique] = true
	return unique
}

func (f *finding) takeAirstrips() {
	strips := slices.Clone(f.Airstrips)
	slices.SortStableFunc(strips, func(a, b *airstrip.Airstrip) int {
		return cmp.Or(cmp.Compare(orNone(b.LengthM), orNone(a.LengthM)), cmp.Compare(a.ID, b.ID))
	})
	for _, a := range strips {
		if !airspace.Contains(f.Within, a.Position) || !f.taken.free(a.Position, f.ThinM) {
			continue
		}
		if f.full() {
			return
		}
		f.take(Found{Position: a.Position, Name: a.Name, Airstrip: a, GroundAMSLM: math.NaN()})
	}
}

// orNone takes a length that is not known for shorter than any other.
func orNone(lengthM float64) float64 {
	if math.IsNaN(lengthM) {
		return -1
	}
	return lengthM
}

// findGround looks the ground up under airstrips.
func (f *finding) findGround(ctx context.Context) error {
	var strips []*Found
	var places []orb.Point
	for i := range f.Found {
		if found := &f.Found[i]; found.AwayM == 0 {
			strips, places = append(strips, found), append(places, found.Position)
		}
	}
	ground, err := terrain.Elevations(ctx, f.terrain, places)
	if err != nil {
		return err
	}
	missing := 0
	for i, found := range strips {
		if found.GroundAMSLM = ground[i]; math.IsNaN(ground[i]) {
			missing++
		}
	}
	if missing > 0 {
		f.warn("terrain.missing_site", "the terrain under %d of the candidates is missing: their antennas are taken to stand at sea level", missing)
	}
	return nil
}

// compass are the points of the compass, clockwise from north.
var compass = []string{"N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"}

// pointOf returns the point of the compass nearest to an azimuth in degrees.
func pointOf(azimuthDeg float64) string {
	n := len(compass)
	i := int(math.Round(azimuthDeg / 360 * float64(n)))
	return compass[(i%n+n)%n]
}
