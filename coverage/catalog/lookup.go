package catalog

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/canopyradar/canopy/coverage/radar"
)

// NotFoundError is returned for a name that the catalogue does not hold. Its
// message is one line.
type NotFoundError struct {
	// Kind is what was looked for, such as "radar model".
	Kind string
	// ID is the name that was asked for.
	ID string
	// Known are the ids of all that there are of this kind.
	Known []string
	// Suggestion is the id most like ID; empty if none is like it.
	Suggestion string
}

func (e *NotFoundError) Error() string {
	if e.Suggestion != "" {
		return fmt.Sprintf("unknown %s %q: did you mean %q?", e.Kind, e.ID, e.Suggestion)
	}
	return fmt.Sprintf("unknown %s %q: want one of %s", e.Kind, e.ID, strings.Join(e.Known, ", "))
}

// Model returns the radar model with an id or a name. Case, accents, spaces
// and hyphens make no difference. It returns a *NotFoundError if there is
// none.
func (c *Catalogue) Model(id string) (radar.Model, error) {
	return find("radar model", c.models, id, func(m radar.Model) names { return names{m.ID, m.Name} })
}

// Scenario returns the scenario with an id or a name, as Model does.
func (c *Catalogue) Scenario(id string) (Scenario, error) {
	return find("scenario", c.scenarios, id, func(s Scenario) names { return names{s.ID, s.Name} })
}

// Airspace returns the airspace with an id or a name, as Model does.
func (c *Catalogue) Airspace(id string) (*Airspace, error) {
	return find("airspace", c.airspaces(), id, func(a *Airspace) names { return names{a.ID, a.Name} })
}

// names are an id and a name that both find the same thing.
type names struct{ id, name string }

// maxTypoShare is the part of a name that may be wrong for a suggestion.
const maxTypoShare = 1.0 / 3

func find[T any](kind string, all []T, id string, namesOf func(T) names) (T, error) {
	if i := slices.IndexFunc(all, func(x T) bool { return namesOf(x).id == id }); i >= 0 {
		return all[i], nil
	}
	wanted := fold(id)
	missing := &NotFoundError{Kind: kind, ID: id}
	closest := int(float64(len([]rune(wanted))) * maxTypoShare)
	for _, x := range all {
		n := namesOf(x)
		typos := min(editDistance(wanted, fold(n.id)), editDistance(wanted, fold(n.name)))
		if typos == 0 {
			return x, nil
		}
		if typos <= closest {
			// Later ones must be strictly closer, so that the first wins a tie.
			missing.Suggestion, closest = n.id, typos-1
		}
		missing.Known = append(missing.Known, n.id)
	}
	var none T
	return none, missing
}

// fold returns what is left of a name without case, accents, and the
// difference between spaces, hyphens and underscores.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '-' || r == '_' || unicode.IsSpace(r):
			return ' '
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.TrimSpace(name)))
}

// editDistance returns how many insertions, deletions and replacements of
// characters turn a into b (Levenshtein's distance).
func editDistance(a, b string) int {
	to := []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range []rune(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			replaced := diagonal
			if r != s {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
