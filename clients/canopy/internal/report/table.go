// Package report writes answers for people at a terminal: short, aligned, and
// no wider than the terminal.
package report

import (
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

// column is a column of a table.
type column struct {
	header string
	right  bool
	// flexible columns are cut where the table would be too wide, and spare
	// ones left out if that is not enough.
	flexible, spare bool
}

// table is rows under headers.
type table struct {
	columns []column
	rows    [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// between is the space between two columns.
const between = "  "

// minFlexible is what a flexible column keeps at least.
const minFlexible = 8

// lines returns the table without columns that are empty throughout, each
// line at most width wide if its flexible columns can make up for it.
func (t *table) lines(width int, s Style) []string {
	t = t.without(func(i int) bool { return t.empty(i) })
	widths := t.widths(width)
	if t.total(widths) > width {
		t = t.without(func(i int) bool { return t.columns[i].spare })
		widths = t.widths(width)
	}
	headers := make([]string, len(t.columns))
	for i, c := range t.columns {
		headers[i] = c.header
	}
	lines := []string{s.bold(t.line(headers, widths))}
	for _, row := range t.rows {
		lines = append(lines, t.line(row, widths))
	}
	return lines
}

// withoutLast returns the table without its last column.
func (t *table) withoutLast() *table {
	last := len(t.columns) - 1
	return t.without(func(i int) bool { return i == last })
}

func (t *table) empty(i int) bool {
	return len(t.rows) > 0 && !slices.ContainsFunc(t.rows, func(row []string) bool { return row[i] != "" })
}

// without returns the table without some columns.
func (t *table) without(dropped func(i int) bool) *table {
	kept := &table{rows: make([][]string, len(t.rows))}
	for i, c := range t.columns {
		if dropped(i) {
			continue
		}
		kept.columns = append(kept.columns, c)
		for r, row := range t.rows {
			kept.rows[r] = append(kept.rows[r], row[i])
		}
	}
	return kept
}

// widths narrows the widest flexible column until the table fits.
func (t *table) widths(width int) []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		widths[i] = uniseg.StringWidth(c.header)
		for _, row := range t.rows {
			widths[i] = max(widths[i], uniseg.StringWidth(row[i]))
		}
	}
	for t.total(widths) > width {
		widest := t.widestFlexible(widths)
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return widths
}

func (t *table) total(widths []int) int {
	total := len(between) * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	return total
}

// widestFlexible returns −1 if there is nothing more to cut.
func (t *table) widestFlexible(widths []int) int {
	widest := -1
	for i, c := range t.columns {
		if c.flexible && widths[i] > minFlexible && (widest < 0 || widths[i] > widths[widest]) {
			widest = i
		}
	}
	return widest
}

func (t *table) line(cells []string, widths []int) string {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteString(between)
		}
		cell = cut(cell, widths[i])
		padding := strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell))
		if t.columns[i].right {
			b.WriteString(padding + cell)
		} else {
			b.WriteString(cell + padding)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// cut shortens text to a width, with an ellipsis for what is left out.
func cut(text string, width int) string {
	if uniseg.StringWidth(text) <= width {
		return text
	}
	var b strings.Builder
	room := width - 1
	graphemes := uniseg.NewGraphemes(text)
	for graphemes.Next() && room >= graphemes.Width() {
		b.WriteString(graphemes.Str())
		room -= graphemes.Width()
	}
	return strings.TrimRight(b.String(), " ,") + "…"
}
