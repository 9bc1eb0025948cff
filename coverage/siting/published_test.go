package siting_test

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/coverage/siting"
)

// TestPublished solves SJC402 of Lorena and Pereira, the maximal covering problem
// of 402 blocks of São José dos Campos within 800 m, to the values that are
// published for 1 to 6 sites (Arakaki & Lorena 2001; Senne, Pereira & Lorena 2010).
// Its files carry no licence, so that they are looked for with the real terrain.
func TestPublished(t *testing.T) {
	const folder = "../../../shared/data/covering/"
	at, demand := numbers(t, folder+"SJC402.txt"), numbers(t, folder+"demand-SJC402.dat")
	count := int(at[0])
	at = at[1:]
	p := &siting.Problem{Weights: demand, CountWeights: []float64{1}, Budget: math.Inf(1)}
	for s := range count {
		site := siting.Site{Sees: make(siting.Set, (count+63)/64), Cost: 1, Group: -1}
		for e := range count {
			if math.Hypot(at[2*s]-at[2*e], at[2*s+1]-at[2*e+1]) <= 800 {
				site.Sees[e/64] |= 1 << (e % 64)
			}
		}
		p.Sites = append(p.Sites, site)
	}
	for i, published := range []float64{6555, 11339, 14690, 15658, 15970, 15984} {
		p.MaxCount = i + 1
		plan := siting.Solve(t.Context(), p, siting.Options{Workers: 2})
		if plan.Objective != published || plan.Ending != siting.Proven {
			t.Errorf("%d sites: %v of at most %v, published is %v", i+1, plan.Objective, plan.UpperBound, published)
		}
	}
}

// numbers returns those of a file; it skips the test where there is none.
func numbers(t *testing.T, path string) []float64 {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the published problem is not here: ", err)
	}
	var all []float64
	words := bufio.NewScanner(strings.NewReader(string(content)))
	words.Split(bufio.ScanWords)
	for words.Scan() {
		number, err := strconv.ParseFloat(words.Text(), 64)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, number)
	}
	return all
}
