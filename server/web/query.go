package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/server/problem"
)

// parameter is one name that the query of a path may have. Its value is
// written as on the command line.
type parameter struct {
	name, about string
	// example is a value; without one, the value may be empty.
	example string
	// many: it may be given several times.
	many bool
	// set is called with each value.
	set func(text string) error
}

// form is what a path takes: a query that says all, or, where body is a message
// of the contract, that message as JSON.
type form struct {
	// typed is in the place of a body, beside stands beside one as well.
	typed, beside []parameter
	body          proto.Message
}

// read reads a request.
func (f form) read(r *http.Request) error {
	if r.Method != http.MethodPost {
		return readQuery(r.URL.RawQuery, slices.Concat(f.typed, f.beside))
	}
	if err := readQuery(r.URL.RawQuery, f.beside); err != nil {
		return err
	}
	return body(r, f.body)
}

var errNotUTF8 = errors.New("it is not UTF-8")

// readQuery sets the parameters that a query names. Everything that is wrong
// with it comes in one error.
func readQuery(query string, known []parameter) error {
	values, err := url.ParseQuery(query)
	if whole, _ := url.QueryUnescape(query); err == nil && !utf8.ValidString(whole) {
		err = errNotUTF8
	}
	if err != nil {
		return problem.Field("query", problem.ReasonFieldInvalid, "cannot be read: %s: write name=value&name=value, with other characters as %%XX", err)
	}
	bad := &problem.Invalid{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		i := slices.IndexFunc(known, func(p parameter) bool { return p.name == name })
		if i < 0 {
			bad.Violations = append(bad.Violations, unknown(name, known))
			continue
		}
		if err := known[i].read(values[name]); err != nil {
			bad.Violations = append(bad.Violations, problem.Violation{Field: name, Reason: problem.ReasonFieldInvalid, Text: err.Error()})
		}
	}
	if len(bad.Violations) > 0 {
		return bad
	}
	return nil
}

func unknown(name string, known []parameter) problem.Violation {
	names := make([]string, len(known))
	for i, p := range known {
		names[i] = p.name
	}
	text := "unknown parameter: want one of " + strings.Join(names, ", ")
	if len(names) == 0 {
		text = "unknown parameter: leave it out, as this takes none"
	}
	return problem.Violation{Field: name, Reason: problem.ReasonParameterUnknown, Text: text}
}

func (p parameter) read(values []string) error {
	if len(values) > 1 && !p.many {
		return fmt.Errorf("given %d times: give it once", len(values))
	}
	for _, text := range values {
		if text == "" && p.example != "" {
			return fmt.Errorf("has no value: write %s=%s, or leave it out", p.name, p.example)
		}
		if err := p.set(text); err != nil {
			return err
		}
	}
	return nil
}

// text keeps a value as it is.
func text(dst *string) func(string) error {
	return func(text string) error {
		*dst = text
		return nil
	}
}

// one reads one value.
func one[T any](dst *T, parse func(string) (T, error)) func(string) error {
	return func(text string) (err error) {
		*dst, err = parse(text)
		return err
	}
}

// each appends a value.
func each[T any](dst *[]T, parse func(string) (T, error)) func(string) error {
	return func(text string) error {
		v, err := parse(text)
		*dst = append(*dst, v)
		return err
	}
}

// quantityOf reads a number with its unit; what names it in the error.
func quantityOf(dst **float64, what string, parse func(what, text string) (float64, error)) func(string) error {
	return func(text string) error {
		v, err := parse(what, text)
		*dst = &v
		return err
	}
}

// flag reads true or false.
func flag(dst *bool) func(string) error {
	return func(text string) error {
		if text != "true" && text != "false" {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		*dst = text == "true"
		return nil
	}
}

func whole(text string) (int32, error) {
	v, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is no whole number", text)
	}
	return int32(v), nil
}
