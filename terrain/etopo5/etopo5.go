// Package etopo5 holds the built-in demonstration terrain: NOAA's ETOPO5, cut
// to Peru and its surroundings, longitude −86 to −64 and latitude −23 to 5.
//
// Its posts are 5′ (about 9 km) apart, and it is off by hundreds of metres in
// the Andes: it serves to try Canopy out, never to plan. The sea and the few
// places of dry land below it are at 0 m. derive.sh made the file.
package etopo5

import (
	_ "embed"
	"sync"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

//go:embed etopo5.tif
var content string

// Note rides along with every answer that stands on this terrain.
const Note = "DEMONSTRATION TERRAIN: ETOPO5 has a post every 9 km and is off by about 450 m rms in Peru; " +
	"do not plan on it: give a real elevation model with --terrain"

var parse = sync.OnceValues(func() (terrain.Model, error) {
	return geotiff.Parse("ETOPO5", content)
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
	info.Name = "ETOPO5 (built-in demonstration terrain)"
	info.Source = "NOAA National Geophysical Data Center, 5-minute Gridded Global Relief Data (ETOPO5), 1993"
	info.Licence = "public domain"
	info.Demonstration = true
	info.Notes = append(info.Notes, Note)
	return info
}
