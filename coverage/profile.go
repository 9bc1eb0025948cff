package coverage

import (
	"context"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// ProfileQuery asks for the ray from the only radar of the query to a point.
type ProfileQuery struct {
	Query
	To Point
	// Count is how many samples are taken at equal distances, both ends
	// included; at least 2.
	Count int
	// FrequencyMHz is that of the Fresnel zone; positive.
	FrequencyMHz float64
}

// ProfileResult is the ray from a radar to a point.
type ProfileResult struct {
	Basis
	Outcome Outcome
	Samples []Sample
	// Clearance is where the ray comes nearest to the terrain; nil where all
	// of that is missing.
	Clearance *Clearance
}

// Sample is one place on a ray. Heights are metres above mean sea level, NaN
// where there is none.
type Sample struct {
	Position                           orb.Point
	DistanceM                          float64
	TerrainAMSLM, RayAMSLM, FloorAMSLM float64
	// FresnelRadiusM is the radius of the first Fresnel zone in metres.
	FresnelRadiusM float64
}

// Clearance is how far above the terrain a ray passes.
type Clearance struct {
	Position  orb.Point
	DistanceM float64
	// ClearanceM is in metres, and FresnelRadii in radii of the first Fresnel
	// zone there: negative where the ray is blocked.
	ClearanceM, FresnelRadii float64
}

// Profile follows a ray, and samples it.
func (e *Engine) Profile(ctx context.Context, q ProfileQuery) (*ProfileResult, error) {
	if len(q.Radars) != 1 || q.Count < 2 || !(q.FrequencyMHz > 0) {
		return nil, fmt.Errorf("a profile has one radar, at least two samples and a frequency, not %d, %d and %v MHz", len(q.Radars), q.Count, q.FrequencyMHz)
	}
	checked, err := e.CheckPoints(ctx, PointQuery{Query: q.Query, Points: []Point{q.To}})
	if err != nil {
		return nil, err
	}
	r := &ProfileResult{Basis: checked.Basis, Outcome: checked.Outcomes[0]}
	track := newTrack(r, q.FrequencyMHz)
	if r.Samples, err = e.sample(ctx, track, q.Count); err != nil {
		return nil, err
	}
	if err := e.clearance(ctx, track, r); err != nil {
		return nil, err
	}
	return r, e.sampleFloors(ctx, q.Query, r)
}

// sampleFloors looks up from the ground below every sample.
func (e *Engine) sampleFloors(ctx context.Context, q Query, r *ProfileResult) error {
	path, ground := make([]orb.Point, len(r.Samples)), make([]float64, len(r.Samples))
	for i, s := range r.Samples {
		path[i], ground[i] = s.Position, s.TerrainAMSLM
	}
	// Its warnings were given when the point was checked.
	scratch := Basis{Sites: r.Sites}
	boxes := rayBoxes(q.Reach, r.Sites, path)
	stage, err := e.stage(q, &scratch, e.boxLoad(boxes))
	if err != nil {
		return err
	}
	rays := &rays{stage: stage, site: &r.Sites[0], places: path, groundAMSLM: ground, box: boxes[0]}
	return rays.look(ctx, q, &scratch, func(i int, s sight.Sight) {
		r.Samples[i].FloorAMSLM = flyable(s.FloorAMSLM, ground[i])
	})
}

// track is the ray from the antenna to the point, which may or may not arrive.
type track struct {
	line        earth.Line
	effective   earth.Effective
	tan         float64
	distanceM   float64
	wavelengthM float64
}

func newTrack(r *ProfileResult, frequencyMHz float64) *track {
	const speedOfLight = 299_792_458
	look, site := &r.Outcome.Looks[0], &r.Sites[0]
	return &track{
		line: earth.NewLine(site.Position, look.AzimuthDeg), effective: site.Effective(look.AzimuthDeg),
		tan: math.Tan(look.ElevationDeg * math.Pi / 180), distanceM: look.DistanceM,
		wavelengthM: speedOfLight / (frequencyMHz * 1e6),
	}
}

// at returns the place at a distance, but for its terrain and its floor.
func (t *track) at(distanceM float64) Sample {
	return Sample{
		Position: t.line.At(distanceM), DistanceM: distanceM,
		RayAMSLM: t.effective.RayHeightM(t.tan, distanceM), FresnelRadiusM: t.fresnelRadiusM(distanceM),
	}
}

// fresnelRadiusM is the radius of the first Fresnel zone at a distance d₁ from
// one end and d₂ from the other: √(λ·d₁·d₂/(d₁+d₂)).
//
// Source: Recommendation ITU-R P.526, section 2 (Fresnel ellipsoids).
func (t *track) fresnelRadiusM(distanceM float64) float64 {
	if t.distanceM == 0 {
		return 0
	}
	return math.Sqrt(t.wavelengthM * distanceM * math.Max(t.distanceM-distanceM, 0) / t.distanceM)
}

// sample takes count samples of a track, with their terrain.
func (e *Engine) sample(ctx context.Context, t *track, count int) ([]Sample, error) {
	samples, path := make([]Sample, count), make([]orb.Point, count)
	for i := range samples {
		samples[i] = t.at(t.distanceM * float64(i) / float64(count-1))
		path[i] = samples[i].Position
	}
	ground, err := terrain.Elevations(ctx, e.Terrain, path)
	for i, z := range ground {
		samples[i].TerrainAMSLM = z
	}
	return samples, err
}

// mostSteps bounds the places at which clearance is looked at.
const mostSteps = 100_000

// clearance finds where the ray comes nearest to the terrain, in steps of half
// a post.
func (e *Engine) clearance(ctx context.Context, t *track, r *ProfileResult) error {
	steps := t.distanceM / r.Sites[0].StepM(e.Terrain.Lattice())
	all, err := e.sample(ctx, t, 3+int(math.Min(steps, mostSteps)))
	if err != nil {
		return err
	}
	for _, s := range all[1 : len(all)-1] {
		over := s.RayAMSLM - s.TerrainAMSLM
		radii := over / s.FresnelRadiusM
		if radii == radii && (r.Clearance == nil || radii < r.Clearance.FresnelRadii) {
			r.Clearance = &Clearance{Position: s.Position, DistanceM: s.DistanceM, ClearanceM: over, FresnelRadii: radii}
		}
	}
	return nil
}
