package request

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// named is something that has a name, and perhaps an id.
type named struct{ id, name string }

// duplicate is an id that was given twice: at index, and at first before.
type duplicate struct{ index, first int }

// identify returns an id for each of all: its own, or else one made of its
// name, or else of fallback and its number. An id that is made steps aside
// for those that are given, and for those in reserved, by a number at its
// end; one that is given twice is reported.
func identify(all []named, fallback string, reserved func(id string) bool) ([]string, []duplicate) {
	ids := make([]string, len(all))
	holder := make(map[string]int, len(all))
	var twice []duplicate
	for i, n := range all {
		if n.id == "" {
			continue
		}
		if first, taken := holder[n.id]; taken {
			twice = append(twice, duplicate{index: i, first: first})
			continue
		}
		ids[i], holder[n.id] = n.id, i
	}
	free := func(id string) bool {
		_, taken := holder[id]
		return !taken && (reserved == nil || !reserved(id))
	}
	next := map[string]int{}
	for i, n := range all {
		if n.id != "" {
			continue
		}
		base := slug(n.name)
		if base == "" {
			base = fmt.Sprintf("%s-%d", fallback, i+1)
		}
		ids[i] = numbered(base, next, free)
		holder[ids[i]] = i
	}
	return ids, twice
}

// numbered returns base, or base with the next number at its end that makes
// it free. next remembers the numbers, so that many of the same name take no
// longer than as many different ones.
func numbered(base string, next map[string]int, free func(string) bool) string {
	id := base
	for !free(id) {
		next[base]++
		id = fmt.Sprintf("%s-%d", base, next[base]+1)
	}
	return id
}

// slug returns a name in lower case without accents, and a hyphen for
// whatever is neither letter nor digit: "Cerro Colpayoc (N)" gives
// "cerro-colpayoc-n".
func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}
