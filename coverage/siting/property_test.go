package siting_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/coverage/siting/sitingtest"
)

// drawn returns a problem, and a source of chance for what is done to it.
func drawn(t *rapid.T) (*siting.Problem, *rand.Rand) {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
	return sitingtest.Chance(random, 14), random
}

func earned(p *siting.Problem) float64 {
	return siting.Solve(noEnd, p, siting.Options{Workers: 1}).Objective
}

func TestOneSiteMoreNeverLowersTheObjective(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawn(t)
		with := earned(p)
		without := *p
		without.Sites = slices.Clone(p.Sites)
		last := &without.Sites[len(p.Sites)-1]
		if last.Fixed {
			t.Skip("a fixed site in place of a better one may cost")
		}
		last.Forbidden = true
		if less := earned(&without); less > with && !near(less, with) {
			t.Fatalf("%v with the last site, %v without", with, less)
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, random := drawn(t)
		sites, elements := random.Perm(len(p.Sites)), random.Perm(len(p.Weights))
		other := *p
		other.Weights, other.Sites, other.Conflicts = slices.Clone(p.Weights), slices.Clone(p.Sites), slices.Clone(p.Conflicts)
		other.Already = slices.Clone(p.Already)
		for e, to := range elements {
			other.Weights[to] = p.Weights[e]
			if p.Already != nil {
				other.Already[to] = p.Already[e]
			}
		}
		for s, to := range sites {
			other.Sites[to] = p.Sites[s]
			other.Sites[to].Sees = make(siting.Set, len(p.Sites[s].Sees))
			for e, to2 := range elements {
				other.Sites[to].Sees[to2/64] |= p.Sites[s].Sees[e/64] >> (e % 64) & 1 << (to2 % 64)
			}
		}
		for i, pair := range p.Conflicts {
			other.Conflicts[i] = [2]int{sites[pair[1]], sites[pair[0]]}
		}
		if a, b := earned(p), earned(&other); !near(a, b) {
			t.Fatalf("%v, and %v in another order", a, b)
		}
	})
}

func TestTwiceTheWeightEarnsTwiceAsMuch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _ := drawn(t)
		twice := *p
		twice.Weights = slices.Clone(p.Weights)
		for e := range twice.Weights {
			twice.Weights[e] *= 2
		}
		once := siting.Solve(noEnd, p, siting.Options{Workers: 1})
		double := siting.Solve(noEnd, &twice, siting.Options{Workers: 1})
		if double.Objective != 2*once.Objective || !slices.Equal(double.Sites, once.Sites) {
			t.Fatalf("%v of %v, and %v of %v for twice the weight", once.Objective, once.Sites, double.Objective, double.Sites)
		}
	})
}

func TestHalvesOfAnElementAreTheElement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, random := drawn(t)
		split, e, half := *p, random.IntN(len(p.Weights)), len(p.Weights)
		split.Weights = append(slices.Clone(p.Weights), p.Weights[e]/2)
		split.Weights[e] /= 2
		if p.Already != nil {
			split.Already = append(slices.Clone(p.Already), p.Already[e])
		}
		split.Sites = slices.Clone(p.Sites)
		for s := range split.Sites {
			sees := make(siting.Set, half/64+1)
			copy(sees, p.Sites[s].Sees)
			sees[half/64] |= sees[e/64] >> (e % 64) & 1 << (half % 64)
			split.Sites[s].Sees = sees
		}
		if a, b := earned(p), earned(&split); !near(a, b) {
			t.Fatalf("%v whole, %v halved", a, b)
		}
	})
}

// TestWorkersDoNotMatter: more of them find the same plan, to the last bit.
func TestWorkersDoNotMatter(t *testing.T) {
	for _, apart := range []float64{0, 0.1} {
		p := sitingtest.Plane(rand.New(rand.NewPCG(7, 4)), 80, 2500, 0.2, apart)
		p.MaxCount = 9
		one := siting.Solve(noEnd, p, siting.Options{Workers: 1, Seed: 5, Effort: 64})
		if one.UpperBound <= one.Objective {
			t.Error("solved before the tree has grown: take a harder problem")
		}
		for _, workers := range []int{2, 3, 16} {
			if many := siting.Solve(noEnd, p, siting.Options{Workers: workers, Seed: 5, Effort: 64}); !reflect.DeepEqual(one, many) {
				t.Errorf("%v with one worker, %v with %d", one, many, workers)
			}
		}
	}
}
