package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
)

// Style is how text stands out; without colour, not at all.
type Style struct{ Colour bool }

func (s Style) paint(code, text string) string {
	if !s.Colour || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s Style) bold(text string) string   { return s.paint("1", text) }
func (s Style) red(text string) string    { return s.paint("31", text) }
func (s Style) green(text string) string  { return s.paint("32", text) }
func (s Style) yellow(text string) string { return s.paint("33", text) }

// Page is what a report is written on.
type Page struct {
	// Width is the terminal's, in columns.
	Width int
	Style Style
	b     strings.Builder
}

// WriteTo writes the page.
func (p *Page) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, p.b.String())
	return int64(n), err
}

func (p *Page) line(text string) {
	p.b.WriteString(text)
	p.b.WriteByte('\n')
}

func (p *Page) blank() { p.line("") }

func (p *Page) table(t *table) {
	for _, l := range t.lines(p.Width, p.Style) {
		p.line(l)
	}
}

// bandsTable writes a table whose columns from fixed on are altitudes: as many of
// them as fit, and at least one.
func (p *Page) bandsTable(t *table, fixed int) {
	leftOut := 0
	for len(t.columns) > fixed+1 && t.total(t.widths(p.Width)) > p.Width {
		t = t.withoutLast()
		leftOut++
	}
	p.table(t)
	if leftOut > 0 {
		p.line(fmt.Sprintf("%s more: -o csv lists all", count(leftOut, "altitude", "altitudes")))
	}
}

// title writes a line that stands out, folded at the page's width.
func (p *Page) title(text string) {
	for _, l := range fold(text, p.Width) {
		p.line(p.Style.bold(l))
	}
}

// paragraph writes text after a first prefix, folded at the page's width;
// further lines are indented as far as the first.
func (p *Page) paragraph(prefix, text string) {
	indent := strings.Repeat(" ", uniseg.StringWidth(prefix))
	for _, l := range fold(text, p.Width-len(indent)) {
		p.line(prefix + l)
		prefix = indent
	}
}

// fold breaks text between words, but not before a unit. A longer word stands
// on a line of its own.
func fold(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range glued(text) {
		switch {
		case line == "":
			line = word
		case uniseg.StringWidth(line)+1+uniseg.StringWidth(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// units stay with the number before them.
var units = map[string]bool{"%": true, "m": true, "km": true, "km²": true, "AGL": true, "AMSL": true}

func glued(text string) []string {
	var words []string
	for word := range strings.FieldsSeq(text) {
		if last := len(words) - 1; last >= 0 && units[strings.TrimRight(word, ",;.)")] {
			words[last] += " " + word
		} else {
			words = append(words, word)
		}
	}
	return words
}

// fitting joins as many items as fit into a width, and counts the others.
func fitting(items []string, width int) string {
	const reserve = len(" and 9999 more")
	text := ""
	for i, item := range items {
		separator := ", "
		if i == 0 {
			separator = ""
		}
		room := width
		if i < len(items)-1 {
			room -= reserve
		}
		if i > 0 && uniseg.StringWidth(text+separator+item) > room {
			return text + more(len(items)-i)
		}
		text += separator + item
	}
	return text
}
