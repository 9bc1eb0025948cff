// Package srtm30 holds the built-in demonstration terrain: SRTM30 at 2′, as a
// relief map shows it, cut to Peru and its surroundings, longitude −86 to −64
// and latitude −23 to 5.
//
// Its posts are 2′ (about 3.7 km) apart, and it was read off the greys of a
// map: it is off by hundreds of metres in the Andes and shows no crests. It
// serves to try Canopy out, never to plan. The sea and the few places of dry
// land below it are at 0 m. derive.sh made the file.
package srtm30

import (
	_ "embed"
	"sync"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

//go:embed srtm30.tif
var content string

// Note rides along with every answer that stands on this terrain.
const Note = "DEMONSTRATION TERRAIN: the built-in SRTM30 has a post every 4 km and is off by about 170 m rms in Peru, " +
	"250 m in the Andes; it hides the crests, so coverage comes out too good; " +
	"do not plan on it: give a real elevation model with --terrain"

var parse = sync.OnceValues(func() (terrain.Model, error) {
	return geotiff.Parse("SRTM30", content)
})

// Model returns the terrain. It panics only in a build whose embedded file is
// damaged, which the tests rule out.
func Model() terrain.Model {
	m, err := parse()
	if err != nil {
		panic(err)
	}
	return demonstration{m}
}

type demonstration struct{ terrain.Model }

func (m demonstration) Info() terrain.Info {
	info := m.Model.Info()
	info.Name = "SRTM30 at 2′ (built-in demonstration terrain)"
	info.Source = "NASA Jet Propulsion Laboratory, SRTM30, by way of the relief map of KDE's Marble"
	info.Licence = "public domain"
	info.Demonstration = true
	info.Notes = append(info.Notes, Note)
	return info
}
