package problem_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/server/problem"
)

// TestReadmeListsReasons: proto/README.md tells callers of each reason, and of
// no other.
func TestReadmeListsReasons(t *testing.T) {
	page, err := os.ReadFile("../../proto/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "| reason |")
	table, _, ended := strings.Cut(table, "\n\n")
	if !found || !ended {
		t.Fatal("proto/README.md has no table of reasons")
	}
	listed := map[string]bool{}
	for _, row := range strings.Split(table, "\n")[2:] {
		for i, part := range strings.Split(strings.Split(row, "|")[1], "`") {
			if i%2 == 1 {
				listed[part] = true
			}
		}
	}
	for _, reason := range reasons(t) {
		if !listed[reason] {
			t.Errorf("%s is not in the table", reason)
		}
		delete(listed, reason)
	}
	for reason := range listed {
		t.Errorf("the table has %s, which is no reason", reason)
	}
}

// reasons are the values of the constants in problem.go that begin with Reason.
func reasons(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && strings.HasPrefix(spec.Names[0].Name, "Reason") {
			reason, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, reason)
		}
		return true
	})
	return all
}

// TestReadmeRefusesForKnownReasons: what proto/README.md says of limits names
// reasons that there are, and each reason about a limit stands there.
func TestReadmeRefusesForKnownReasons(t *testing.T) {
	page, err := os.ReadFile("../../proto/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "| what | most | over it |")
	table, _, ended := strings.Cut(table, "\n\n")
	if !found || !ended {
		t.Fatal("proto/README.md has no table of limits")
	}
	known := reasons(t)
	for _, row := range strings.Split(table, "\n")[2:] {
		for i, part := range strings.Split(strings.Split(row, "|")[3], "`") {
			if i%2 == 1 && part != "RESOURCE_EXHAUSTED" && !slices.Contains(known, part) {
				t.Errorf("%s is no reason: %s", part, row)
			}
		}
	}
	for _, reason := range []string{
		problem.ReasonRequestTooLarge, problem.ReasonAnswerTooLarge, problem.ReasonServerBusy, problem.ReasonCallerRate,
		problem.ReasonBodyTooLarge, problem.ReasonServerTimeout,
	} {
		if !strings.Contains(table, "`"+reason+"`") {
			t.Errorf("no limit is told of that is refused as %s", reason)
		}
	}
}
