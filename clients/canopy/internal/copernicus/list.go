package copernicus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
)

// List says which squares have a tile.
type List map[squares.Square]bool

// parseList reads a name a line. It refuses whatever else stands there, as a
// page of a proxy must not turn land into sea.
func (c Collection) parseList(text []byte) (List, error) {
	list := List{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		name := strings.TrimSpace(lines.Text())
		if name == "" {
			continue
		}
		s, err := c.square(name)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list[s] = true
	}
	if len(list) == 0 && lines.Err() == nil {
		return nil, errors.New("it names no tile")
	}
	return list, lines.Err()
}

// usualTiles is what a full list has, roughly.
const usualTiles = 26_000

// Partial reports whether the list looks like that of a copy of only some
// tiles, which does not tell land that the copy lacks from sea.
func (l List) Partial() bool { return len(l) < usualTiles/2 }

// Holdings are squares by what a collection has of them.
type Holdings struct {
	// Tiles have a tile. Sea has none, for there is no land.
	Tiles, Sea []squares.Square
	// Withheld have none in the public copy, and may have land.
	Withheld []squares.Square
	// Unlisted are left out by a list that is too short to tell why.
	Unlisted []squares.Square
}

// Sort parts squares by what the collection has of them.
func (c Collection) Sort(list List, wanted []squares.Square) Holdings {
	var h Holdings
	for _, s := range wanted {
		switch {
		case list[s]:
			h.Tiles = append(h.Tiles, s)
		case c.withholds(s):
			h.Withheld = append(h.Withheld, s)
		case list.Partial():
			h.Unlisted = append(h.Unlisted, s)
		default:
			h.Sea = append(h.Sea, s)
		}
	}
	return h
}

func (c Collection) withholds(s squares.Square) bool {
	return c.withheld.Max != orb.Point{} && c.withheld.Contains(orb.Point{float64(s.LonDeg) + 0.5, float64(s.LatDeg) + 0.5})
}
