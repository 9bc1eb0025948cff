package sitingtest

import (
	"bytes"
	_ "embed" // the judge is a program in Python
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage/siting"
)

//go:embed highs.py
var program string

// Judge has HiGHS solve a problem as a mixed integer program. It returns the best
// objective that HiGHS found in that time, and a bound that no plan exceeds: the
// same number, but for its tolerance, where HiGHS has proven it. It skips the test
// where HiGHS is absent; `make judge` installs it.
func Judge(t testing.TB, p *siting.Problem, within time.Duration) (objective, bound float64) {
	t.Helper()
	python := judge(t)
	question, err := json.Marshal(asJSON(p, within))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", program) //nolint:gosec // the path is the test's own
	var complaints strings.Builder
	cmd.Stdin, cmd.Stderr = bytes.NewReader(question), &complaints
	reply, err := cmd.Output()
	if err != nil {
		t.Fatalf("HiGHS: %v: %s", err, complaints.String())
	}
	var answer struct{ Objective, Bound float64 }
	if err := json.Unmarshal(reply, &answer); err != nil {
		t.Fatalf("HiGHS printed %q: %v", reply, err)
	}
	return answer.Objective, answer.Bound
}

// Hold holds a plan and its bound to what HiGHS finds in that time: the plan is never
// worse than 1 % below the best that is known, the bound never below it nor 2 %
// above the plan, and of up to 25 sites the plan is the best there is.
func Hold(t testing.TB, p *siting.Problem, plan *siting.Plan, within time.Duration) {
	t.Helper()
	const tolerance = 1e-6 // that of HiGHS
	best, bound := Judge(t, p, within)
	t.Logf("%v of at most %v; HiGHS: %v of at most %v", plan.Objective, plan.UpperBound, best, bound)
	if plan.Objective < 0.99*best || plan.Objective > bound*(1+tolerance) {
		t.Errorf("the plan earns %v; HiGHS found one of %v, and none of more than %v", plan.Objective, best, bound)
	}
	if plan.UpperBound < best*(1-tolerance) {
		t.Errorf("the bound is %v; HiGHS found a plan of %v", plan.UpperBound, best)
	}
	if plan.UpperBound > 1.02*plan.Objective {
		t.Errorf("the bound %v is more than 2 %% above the plan's %v", plan.UpperBound, plan.Objective)
	}
	if len(p.Sites) <= 25 && math.Abs(plan.Objective-best) > tolerance*best {
		t.Errorf("the plan earns %v, and the best of so few sites %v", plan.Objective, best)
	}
}

// judge returns the Python that has HiGHS: that of `make judge`, in .cache of the
// module.
func judge(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		python := filepath.Join(folder, ".cache", "judge", "bin", "python")
		if _, err := os.Stat(python); err == nil {
			return python
		}
	}
	t.Skip("HiGHS is not installed; run make judge")
	return ""
}

type problemJSON struct {
	Weights      []float64  `json:"weights"`
	CountWeights []float64  `json:"count_weights"`
	Already      []int      `json:"already"`
	Sites        []siteJSON `json:"sites"`
	MaxCount     int        `json:"max_count"`
	Budget       *float64   `json:"budget"`
	GroupLimits  []int      `json:"group_limits"`
	Conflicts    [][2]int   `json:"conflicts"`
	Seconds      float64    `json:"seconds"`
}

type siteJSON struct {
	Sees      string  `json:"sees"`
	Cost      float64 `json:"cost"`
	Group     int     `json:"group"`
	Fixed     bool    `json:"fixed"`
	Forbidden bool    `json:"forbidden"`
}

func asJSON(p *siting.Problem, within time.Duration) problemJSON {
	question := problemJSON{
		Weights: p.Weights, CountWeights: p.CountWeights, MaxCount: p.MaxCount,
		GroupLimits: append([]int{}, p.GroupLimits...), Conflicts: p.Conflicts, Seconds: within.Seconds(),
	}
	if !math.IsInf(p.Budget, 1) {
		question.Budget = &p.Budget
	}
	for _, count := range p.Already {
		question.Already = append(question.Already, int(count))
	}
	for i := range p.Sites {
		s := &p.Sites[i]
		var sees []byte
		for _, word := range s.Sees {
			sees = binary.LittleEndian.AppendUint64(sees, word)
		}
		question.Sites = append(question.Sites, siteJSON{
			Sees: base64.StdEncoding.EncodeToString(sees), Cost: s.Cost, Group: s.Group, Fixed: s.Fixed, Forbidden: s.Forbidden,
		})
	}
	return question
}
