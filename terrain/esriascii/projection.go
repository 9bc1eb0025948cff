package esriascii

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// mostProjectionB is more than any .prj file takes, in bytes.
const mostProjectionB = 1 << 16

// projection returns the text of the .prj file beside the grid at path, empty
// when there is none.
func projection(path string) (string, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for _, name := range []string{stem + ".prj", stem + ".PRJ"} {
		text, err := os.ReadFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return "", &terrain.FormatError{Path: name, Reason: "cannot be read", Err: err}
		}
		return string(text[:min(len(text), mostProjectionB)]), nil
	}
	return "", nil
}

// checkProjection refuses every coordinate reference system but longitude and
// latitude in WGS-84, whether it is given as well-known text or in the words
// of Arc/Info.
func checkProjection(text string) error {
	kind, name := wellKnown(text)
	if kind == "" {
		kind, name = words(text)
	}
	switch {
	case kind == "":
		return source.Unsupported(remedyName, "the .prj file beside it cannot be understood (%.40q)", strings.TrimSpace(text))
	case kind != geographic || !isWGS84(text):
		return source.Unsupported(remedyWarp, "the coordinate reference system is %s, not WGS-84 longitude and latitude", name)
	}
	return nil
}

// The kinds of coordinate reference system.
const (
	geographic = "geographic"
	projected  = "projected"
)

// wktStart finds the kind and the name that well-known text begins with.
var wktStart = regexp.MustCompile(`(?is)^\s*([A-Z_]+)\s*[\[(]\s*"([^"]{0,80})`)

// wellKnown returns the kind and the name of a coordinate reference system in
// well-known text; an empty kind when it is none.
func wellKnown(text string) (kind, name string) {
	found := wktStart.FindStringSubmatch(text)
	if found == nil {
		return "", ""
	}
	name = fmt.Sprintf("%q", found[2])
	switch strings.ToUpper(found[1]) {
	case "GEOGCS", "GEOGCRS", "GEODCRS", "GEOGRAPHICCRS", "GEODETICCRS":
		return geographic, name
	}
	return projected, name
}

// arcInfo finds the words of Arc/Info: "Projection GEOGRAPHIC".
var arcInfo = regexp.MustCompile(`(?im)^\s*(projection|datum|units)\s+(\S+)`)

// words is wellKnown for the words of Arc/Info.
func words(text string) (kind, name string) {
	said := map[string]string{}
	for _, found := range arcInfo.FindAllStringSubmatch(text, -1) {
		said[strings.ToLower(found[1])] = strings.ToUpper(found[2])
	}
	switch {
	case said["projection"] == "":
		return "", ""
	case said["projection"] == "GEOGRAPHIC" && (said["units"] == "" || said["units"] == "DD" || said["units"] == "DEGREES"):
		return geographic, fmt.Sprintf("%q", "GEOGRAPHIC "+said["datum"])
	}
	return projected, fmt.Sprintf("%q", said["projection"]+" "+said["units"])
}

// wgs84 finds the datum, in well-known text and in the words of Arc/Info.
var wgs84 = regexp.MustCompile(`(?im)(DATUM|ENSEMBLE)\s*[\[(]\s*"(D_)?(WGS[_ ]?(19)?84|World Geodetic System 1984)|^\s*datum\s+WGS_?(19)?84\s*$`)

func isWGS84(text string) bool { return wgs84.MatchString(text) }
