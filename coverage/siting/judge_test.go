package siting_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage/siting"
	"github.com/canopyradar/canopy/coverage/siting/sitingtest"
)

// judged are cases of sites in the plane that HiGHS is asked about.
func judged() map[string]*siting.Problem {
	cases := make(map[string]*siting.Problem)
	for i := range 56 {
		random := rand.New(rand.NewPCG(uint64(i), 2))
		sites := []int{12, 20, 25, 50, 100, 150, 200}[i%7]
		radius := []float64{0.07, 0.1, 0.14, 0.2}[i/7%4]
		kind := []string{"count", "budget", "twice", "apart", "models", "all"}[i%6]
		apart := 0.0
		if kind == "apart" || kind == "all" {
			apart = 0.9 * radius
		}
		p := sitingtest.Plane(random, sites, 2500, radius, apart)
		p.MaxCount = min(sites, 3+random.IntN(20))
		if kind == "budget" || kind == "all" || kind == "models" {
			cost(p, random, kind == "budget")
		}
		if kind == "twice" || kind == "all" {
			p.CountWeights = []float64{1, 0.5}
			p.Already = make([]uint8, len(p.Weights))
			for e := range p.Already {
				p.Already[e] = uint8(e / 3 % 7 / 5)
			}
		}
		cases[fmt.Sprintf("%02d-%s-%d-of-%d-radius-%v", i, kind, p.MaxCount, sites, radius)] = p
	}
	return cases
}

// cost gives sites costs of their own, or one of two models of which there are
// only some.
func cost(p *siting.Problem, random *rand.Rand, own bool) {
	sum := 0.0
	for s := range p.Sites {
		site := &p.Sites[s]
		if own {
			site.Cost = math.Round(1000 * (5 + 20*random.Float64()))
		} else {
			site.Group = random.IntN(2)
			site.Cost = []float64{17_750_000, 9_500_000}[site.Group]
		}
		sum += site.Cost
	}
	p.Budget = sum / float64(len(p.Sites)) * float64(p.MaxCount) * 0.7
	if !own {
		p.GroupLimits = []int{1 + p.MaxCount/2, p.MaxCount / 2}
	}
	p.MaxCount = len(p.Sites)
}

// TestAgainstHiGHS holds plans and bounds to those of a solver of mixed integer
// programs.
func TestAgainstHiGHS(t *testing.T) {
	if testing.Short() {
		t.Skip("HiGHS takes minutes")
	}
	for name, p := range judged() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := siting.Solve(t.Context(), p, siting.Options{Workers: 2, Effort: 500})
			checkPlan(t, p, plan)
			sitingtest.Hold(t, p, plan, 15*time.Second)
		})
	}
}
