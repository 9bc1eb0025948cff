package main

import (
	"fmt"
	"io"
	"strings"
)

// writePage writes what is in the program for people, with each text once.
func writePage(to io.Writer, modules []component) error {
	var page strings.Builder
	page.WriteString("# What Canopy is made of\n\n" +
		"The Go modules in the program, made by `make licences`, unchanged as they are public under these names and versions. Data is listed in [DATA.md](../DATA.md). What the Python package needs is installed by its users; the bill of materials of `make sbom` has it as well, with licences.\n\n" +
		"| module | version | licences | texts below |\n|---|---|---|---|\n")
	texts, number := numbered(modules)
	for _, c := range modules {
		var numbers []string
		for _, t := range c.texts {
			numbers = append(numbers, fmt.Sprint(number[t.content]))
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", c.name, c.version, strings.Join(c.licences, ", "), strings.Join(numbers, ", "))
	}
	page.WriteString("\n## Texts\n")
	for i, t := range texts {
		fmt.Fprintf(&page, "\n### %d. %s\n\n````\n%s\n````\n", i+1, t.name, plain(t.content))
	}
	_, err := io.WriteString(to, page.String())
	return err
}

// numbered returns the texts of components, each once, and the number of each by
// its content.
func numbered(components []component) (texts []text, number map[string]int) {
	number = map[string]int{}
	for _, c := range components {
		for _, t := range c.texts {
			if number[t.content] == 0 {
				texts = append(texts, text{c.name + ": " + t.name, t.content})
				number[t.content] = len(texts)
			}
		}
	}
	return texts, number
}

// plain is a text without what an editor would strip.
func plain(content string) string {
	lines := strings.Split(strings.ReplaceAll(content, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\f")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
