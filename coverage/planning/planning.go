// Package planning asks where radars should stand, and what is lost without those
// that do. It puts questions of siting to a coverage.Engine: what candidates see,
// of which demand, and what the network is then like.
package planning

import (
	"time"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/altitude"
	"github.com/canopyradar/canopy/coverage/gap"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/siting"
)

// Planner answers questions of siting. It is safe for concurrent use.
type Planner struct {
	// Engine computes what radars see.
	Engine *coverage.Engine
}

// Candidate is a place where a radar could stand.
type Candidate struct {
	// Radar is what would stand there, in service.
	radar.Radar
	// CostUSD is its cost in US dollars; positive.
	CostUSD float64
	// Fixed candidates are in every plan, and forbidden ones in none.
	Fixed, Forbidden bool
	// Reason says for people why it is a candidate.
	Reason string
}

// Zone is a named area with a weight.
type Zone struct {
	Name string
	Area orb.MultiPolygon
	// Weight multiplies what its airspace counts.
	Weight float64
}

// WeightedAltitude is an altitude and what a km² of airspace at it counts.
type WeightedAltitude struct {
	altitude.Altitude
	Weight float64
}

// AreaExposure is an area over which aircraft at an altitude should be seen.
type AreaExposure struct {
	Name     string
	Area     orb.MultiPolygon
	Altitude altitude.Altitude
	// Weight is what a km² of it counts.
	Weight float64
}

// Airstrips are those over which aircraft should be seen at or below a height.
type Airstrips struct {
	// All of them, by ID; nil for none.
	All []*airstrip.Airstrip
	// MaxAGLM is the height above the airstrip in metres.
	MaxAGLM float64
	// WeightKM2 is what one airstrip counts.
	WeightKM2 float64
}

// Objective is what a plan is to achieve, counted in km².
type Objective struct {
	Altitudes []WeightedAltitude
	// CountWeights are those of siting.Problem.
	CountWeights []float64
	Zones        []Zone
	Areas        []AreaExposure
	Airstrips    Airstrips
}

// Constraints are what a plan must keep to; fixed candidates count.
type Constraints struct {
	// MaxCount is how many candidates may be built; 0 for no bound.
	MaxCount int
	// BudgetUSD is what they may cost together; +Inf for no bound.
	BudgetUSD float64
	// MinSpacingM is how far apart radars must stand, in metres.
	MinSpacingM float64
	// ModelLimits is how many of a model may be built, by its ID.
	ModelLimits map[string]int
}

// Effort is how hard a plan is searched for.
type Effort struct {
	// TimeLimit ends the search; 0 for none.
	TimeLimit time.Duration
	// Gap is that of siting.Options.
	Gap float64
	// Seed is that of siting.Options.
	Seed int64
	// WithoutScreening rules no candidate out on coarser terrain.
	WithoutScreening bool
}

// PlanQuery asks for a plan. The radars of its Query are those that stand
// already; there may be none.
type PlanQuery struct {
	coverage.Query
	// Airspace is the area that should be covered; valid.
	Airspace orb.MultiPolygon
	// Departments label gaps.
	Departments []orb.MultiPolygon
	// Candidates have distinct IDs, other than those of the radars.
	Candidates []Candidate
	Objective  Objective
	Constraints
	Effort
}

// Phase is what a plan's search is at.
type Phase int

// The phases, in their order.
const (
	Screening Phase = iota
	Sweeping
	Searching
	Measuring
)

// Progress is how far a plan is.
type Progress struct {
	Phase Phase
	// Share of all the work, 0 to 1; it never falls.
	Share float64
	// Doing is for people.
	Doing string
	// Swept candidates of this phase.
	Swept int
	// ObjectiveKM2 and UpperBoundKM2 are NaN before they are known.
	ObjectiveKM2, UpperBoundKM2 float64
}

// Ending is why a plan's search ended.
type Ending int

// The endings. Who calls tells a cancelled plan from one that had to end for
// another reason.
const (
	Proven Ending = iota
	Exhausted
	TimeLimit
	Stopped
)

// Plan is which candidates to build, in which order, and how good that provably
// is.
type Plan struct {
	coverage.Basis
	// Steps are in order.
	Steps []Step
	// Existing is what stands already.
	Existing Stage
	// ObjectiveKM2 is what the plan achieves with what stands, UpperBoundKM2 what
	// none exceeds, and PossibleKM2 what everything is worth.
	ObjectiveKM2, UpperBoundKM2, PossibleKM2 float64
	Ending                                   Ending
	// Curve is from no candidate built to as many as in the plan; objectives and
	// bounds are in km².
	Curve []siting.Point
	// Gaps are those of what stands already, by the altitudes of the objective,
	// each from 1 on, as FindGaps orders them.
	Gaps []gap.Band
	// Criticality is that of the whole network; nil if the search was stopped
	// before it was measured.
	Criticality *Criticality
	Considered  Considered
	// SpacingArcsec is the post spacing of the computation, in arc-seconds of
	// latitude.
	SpacingArcsec float64
}

// Considered says what became of candidates.
type Considered struct {
	Candidates, Excluded, ScreenedOut, Searched int
	// ScreeningSpacingArcsec is that of the terrain on which candidates were
	// screened; 0 where none were.
	ScreeningSpacingArcsec float64
	// Demand counts places at altitudes, DemandSpacingArcsec apart.
	Demand              int
	DemandSpacingArcsec float64
}

// Stage is what a network achieves.
type Stage struct {
	ObjectiveKM2 float64
	// CoveredM2 and AirspaceM2 are by altitude of the objective.
	CoveredM2, AirspaceM2 []float64
	AirstripsSeen         int
}

// Step is one candidate that is built.
type Step struct {
	// Candidate is an index in PlanQuery.Candidates.
	Candidate int
	// AddedKM2 is what it adds to the objective.
	AddedKM2 float64
	// Stage is the network with it.
	Stage Stage
	// CostUSD is that of all steps up to this one.
	CostUSD float64
	// Closes are the gaps of Plan.Gaps that it closes, by altitude, most area first.
	Closes []ClosedGap
}

// ClosedGap is a part of a gap that a radar closes.
type ClosedGap struct {
	// Band and Gap are indices in Plan.Gaps.
	Band, Gap int
	AreaM2    float64
}

// CandidateQuery asks for places where radars could stand.
type CandidateQuery struct {
	// Within is where they may stand; valid.
	Within orb.MultiPolygon
	// Airstrips to stand at, or near to, those first that come first.
	Airstrips []*airstrip.Airstrip
	// WithoutAirstrips takes high points alone.
	WithoutAirstrips bool
	// NearAccessM is how far from an airstrip high points may lie, in metres; 0 for
	// none of them.
	NearAccessM float64
	// ThinM is how far apart in metres two of those found stand at least.
	ThinM float64
	// MaxCount of candidates.
	MaxCount int
}

// Found is a place where a radar could stand.
type Found struct {
	Position orb.Point
	// Name is unique among those found.
	Name string
	// Airstrip that it stands at, or has its access by.
	Airstrip *airstrip.Airstrip
	// AwayM is its distance from the airstrip in metres; 0 for the airstrip itself.
	AwayM float64
	// GroundAMSLM is NaN where the terrain is missing.
	GroundAMSLM float64
}

// CandidateResult holds places where radars could stand.
type CandidateResult struct {
	// Found are airstrips first, then high points.
	Found []Found
	// Warnings of the terrain, and of its own:
	//
	//	candidates.more     there are more places than were asked for
	//	candidates.thinned  no high point is far enough from other candidates
	Warnings []coverage.Warning
}

// Suggestion is the candidate that would close most of a gap.
type Suggestion struct {
	// Band and Gap are indices in GapResult.Bands, Candidate one of the candidates.
	Band, Gap, Candidate int
	ClosedM2             float64
	// Airstrips in the gap that would be seen, by ID.
	Airstrips []*airstrip.Airstrip
}

// SuggestResult holds gaps, and for each that a candidate closes some of the one
// that closes most, in the order of the gaps.
type SuggestResult struct {
	*coverage.GapResult
	Suggestions []Suggestion
	// Notes are what there is to warn of beside the warnings of the gaps.
	Notes []coverage.Warning
}

// CriticalityQuery asks what is lost when radars fail.
type CriticalityQuery struct {
	coverage.Query
	Airspace  orb.MultiPolygon
	Altitudes []altitude.Altitude
	// Zones to look at on their own; their weights do not matter.
	Zones []Zone
	// Airstrips to look at; those inside the airspace count.
	Airstrips Airstrips
	// Availabilities are the shares of time that radars work, 0 to 1, by radar of
	// the query.
	Availabilities []float64
}

// Criticality is what a network loses with its radars. Areas are in m².
type Criticality struct {
	coverage.Basis
	Bands []CriticalityBand
	// Losses are of the radars in service, the largest first, summed over bands.
	Losses []Loss
	// Pair are the two radars that back each other up over the largest area; nil
	// for none.
	Pair          *Pair
	AirstripsSeen int
	SpacingArcsec float64
}

// CriticalityBand is an airspace at one altitude.
type CriticalityBand struct {
	Altitude altitude.Altitude
	// ExpectedM2 is what is covered on average. ByCountM2 is by how many radars see
	// it, none first; ground above the altitude is in none of it.
	AirspaceM2, CoveredM2, ExpectedM2 float64
	ByCountM2                         []float64
}

// Loss is what is lost with one radar.
type Loss struct {
	// Site is its index in Basis.Sites.
	Site int
	// LostM2 is by band; ZonesLostM2 by band and zone.
	LostM2      []float64
	ZonesLostM2 [][]float64
	// Airstrips that are no longer seen, by ID.
	Airstrips []*airstrip.Airstrip
}

// Pair are two radars that back each other up.
type Pair struct {
	// Sites are indices in Basis.Sites, and AreasM2 what is covered with either and
	// lost with both, by band.
	Sites   [2]int
	AreasM2 []float64
}
