package input

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// rows reads a CSV whose first line names the columns, in any order. Columns
// that the schema does not know are left alone.
func (f file) rows(s schema) ([]record, error) {
	r := csv.NewReader(bytes.NewReader(f.data))
	r.Comma = f.delimiter()
	r.TrimLeadingSpace = true
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, f.csvError(err)
	}
	columns, err := f.columns(s, header)
	if err != nil {
		return nil, err
	}
	var records []record
	for {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			return f.nonEmpty(records)
		}
		if err != nil {
			return nil, f.csvError(err)
		}
		line, _ := r.FieldPos(0)
		if len(values) != len(header) {
			return nil, fmt.Errorf("%s line %d: %d values, but the header names %d columns", f.name, line, len(values), len(header))
		}
		records = append(records, f.row(line, columns, header, values))
	}
}

// delimiter is what separates the names in the first line: some spreadsheets
// write semicolons or tabs.
func (f file) delimiter() rune {
	first, _, _ := bytes.Cut(f.data, []byte("\n"))
	for _, mark := range []rune{',', ';', '\t'} {
		if bytes.ContainsRune(first, mark) {
			return mark
		}
	}
	return ','
}

// columns returns the schema's name of each column of the file, empty where it
// has none.
func (f file) columns(s schema, header []string) ([]string, error) {
	names := make([]string, len(header))
	seen := map[string]string{}
	for i, spelled := range header {
		c, ok := s.find(spelled)
		if !ok {
			continue
		}
		if first, twice := seen[c.name()]; twice {
			return nil, fmt.Errorf("%s line 1: columns %s and %s mean the same: keep one", f.name, first, spelled)
		}
		seen[c.name()] = spelled
		names[i] = c.name()
	}
	for _, c := range s {
		if _, ok := seen[c.name()]; c.required && !ok {
			return nil, fmt.Errorf("%s line 1: no column %s: the header is %q, want at least %s",
				f.name, c.short(), strings.Join(header, ","), s.example())
		}
	}
	return names, nil
}

func (f file) row(line int, columns, header, values []string) record {
	r := record{
		place: fmt.Sprintf("%s line %d", f.name, line), part: "column",
		values: map[string]string{}, spelled: map[string]string{},
	}
	for i, name := range columns {
		if name != "" {
			r.values[name], r.spelled[name] = values[i], strings.TrimSpace(header[i])
		}
	}
	return r
}

func (f file) csvError(err error) error {
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return fmt.Errorf("%s line %d, character %d: %w", f.name, bad.Line, bad.Column, bad.Err)
	}
	return fmt.Errorf("%s is empty", f.name)
}

func (f file) nonEmpty(records []record) ([]record, error) {
	if len(records) == 0 {
		return nil, fmt.Errorf("%s holds nothing but its header", f.name)
	}
	return records, nil
}
