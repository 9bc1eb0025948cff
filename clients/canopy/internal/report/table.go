// Package report writes answers for people at a terminal: short, aligned, and
// no wider than the terminal.
package report

import (
	"strings"

	"github.com/rivo/uniseg"
)

// column is a column of a table.
type column struct {
	header string
	right  bool
	// flexible columns are cut where the table would be too wide.
	flexible bool
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

// lines returns the table, each line at most width wide if its flexible
// columns can make up for it.
func (t *table) lines(width int, s Style) []string {
	widths := t.widths(width)
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

func (t *table) widths(width int) []int {
	widths := make([]int, len(t.columns))
	total := len(between) * (len(t.columns) - 1)
	for i, c := range t.columns {
		widths[i] = uniseg.StringWidth(c.header)
		for _, row := range t.rows {
			widths[i] = max(widths[i], uniseg.StringWidth(row[i]))
		}
		total += widths[i]
	}
	for i := len(widths) - 1; i >= 0 && total > width; i-- {
		if t.columns[i].flexible {
			kept := max(minFlexible, widths[i]-(total-width))
			total -= widths[i] - kept
			widths[i] = kept
		}
	}
	return widths
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
