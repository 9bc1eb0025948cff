// Package sitingtest makes problems of siting for tests, and has them solved by
// others: by trying all plans, and by HiGHS.
package sitingtest

import (
	"math"
	"math/rand/v2"

	"github.com/canopyradar/canopy/coverage/siting"
)

// Chance returns a valid problem of up to so many sites that is drawn at random,
// with all that a problem can have: counts, budgets, groups, conflicts, fixed and
// forbidden sites.
func Chance(random *rand.Rand, sites int) *siting.Problem {
	elements := 1 + random.IntN(150)
	p := &siting.Problem{
		Weights:      make([]float64, elements),
		CountWeights: [][]float64{{1}, {1, 0.5}, {3, 3, 1, 0}}[random.IntN(3)],
		Sites:        make([]siting.Site, 1+random.IntN(sites)),
		GroupLimits:  make([]int, random.IntN(3)),
		Budget:       math.Inf(1),
	}
	for e := range p.Weights {
		p.Weights[e] = float64(random.IntN(5)) * random.Float64()
	}
	if random.IntN(2) == 0 {
		p.Already = make([]uint8, elements)
		for e := range p.Already {
			p.Already[e] = uint8(random.IntN(3) * random.IntN(2))
		}
	}
	for g := range p.GroupLimits {
		p.GroupLimits[g] = random.IntN(4)
	}
	density, whole := random.Float64(), random.IntN(2) == 0
	for s := range p.Sites {
		site := &p.Sites[s]
		site.Sees = make(siting.Set, (elements+63)/64)
		for e := range elements {
			if random.Float64() < density {
				site.Sees[e/64] |= 1 << (e % 64)
			}
		}
		site.Group = random.IntN(len(p.GroupLimits)+1) - 1
		if site.Cost = 1 + 4*random.Float64(); whole {
			site.Cost = math.Floor(site.Cost)
		}
		site.Forbidden = random.IntN(10) == 0
	}
	p.MaxCount = 1 + random.IntN(len(p.Sites))
	if random.IntN(2) == 0 {
		p.Budget = math.Round(1 + 3*random.Float64()*float64(len(p.Sites)))
	}
	for range random.IntN(2) * random.IntN(2*len(p.Sites)) {
		if pair := [2]int{random.IntN(len(p.Sites)), random.IntN(len(p.Sites))}; pair[0] != pair[1] {
			p.Conflicts = append(p.Conflicts, pair)
		}
	}
	fix(p, random)
	return p
}

// fix fixes some sites, as far as the problem remains valid.
func fix(p *siting.Problem, random *rand.Rand) {
	for range random.IntN(3) {
		s := &p.Sites[random.IntN(len(p.Sites))]
		forbidden := s.Forbidden
		s.Fixed, s.Forbidden = true, false
		if p.Validate() != nil {
			s.Fixed, s.Forbidden = false, forbidden
		}
	}
}

// Plane returns a problem in the unit square: demand on a lattice of so many
// places, heavier around a few towns, and sites that see to about a radius, as far
// as the hills between let them. No two sites nearer than apart can be built both.
func Plane(random *rand.Rand, sites, places int, radius, apart float64) *siting.Problem {
	side := int(math.Sqrt(float64(places)))
	p := &siting.Problem{
		Weights:      make([]float64, side*side),
		CountWeights: []float64{1},
		Sites:        make([]siting.Site, sites),
		MaxCount:     sites,
		Budget:       math.Inf(1),
	}
	towns := make([][2]float64, 8)
	for i := range towns {
		towns[i] = [2]float64{random.Float64(), random.Float64()}
	}
	for e := range p.Weights {
		x, y := place(e, side)
		p.Weights[e] = 1
		for _, town := range towns {
			p.Weights[e] += 3 * math.Exp(-200*(math.Pow(x-town[0], 2)+math.Pow(y-town[1], 2)))
		}
	}
	stand := make([][2]float64, sites)
	for s := range p.Sites {
		stand[s] = [2]float64{random.Float64(), random.Float64()}
		p.Sites[s] = siting.Site{Sees: view(random, stand[s], side, radius), Cost: 1, Group: -1}
		for other := range s {
			if math.Hypot(stand[s][0]-stand[other][0], stand[s][1]-stand[other][1]) < apart {
				p.Conflicts = append(p.Conflicts, [2]int{other, s})
			}
		}
	}
	return p
}

func place(e, side int) (x, y float64) {
	return (float64(e%side) + 0.5) / float64(side), (float64(e/side) + 0.5) / float64(side)
}

// view returns what is seen from a place. How far that is waves with the bearing,
// and shadows lie behind hills.
func view(random *rand.Rand, from [2]float64, side int, radius float64) siting.Set {
	sees := make(siting.Set, (side*side+63)/64)
	reach := radius * (0.7 + 0.6*random.Float64())
	phase, waves := 2*math.Pi*random.Float64(), float64(2+random.IntN(7))
	for e := range side * side {
		x, y := place(e, side)
		away, bearing := math.Hypot(x-from[0], y-from[1]), math.Atan2(y-from[1], x-from[0])
		far := reach * (1 + 0.2*math.Sin(waves*bearing+phase))
		shadow := away > 0.4*far && math.Sin(23*bearing+phase) > 0.9
		if away < far && !shadow {
			sees[e/64] |= 1 << (e % 64)
		}
	}
	return sees
}
