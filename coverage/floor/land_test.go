package floor_test

import (
	"context"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

func computeOver(t *testing.T, site *sight.Site, land floor.Land) *surface {
	t.Helper()
	s, err := floor.Compute(context.Background(), site, sight.Terrain, land, 2)
	if err != nil {
		t.Fatal(err)
	}
	return above(s, land.Ground)
}

// A screen that is the ground changes nothing; one that is higher raises the
// floor, and leaves below aircraft what is there.
func TestScreen(t *testing.T) {
	s := stand(t, orb.Point{-70.003, -12.004}, 0, func(*sight.Site) {})
	plain := s.compute(t, sight.Terrain, 1)
	sameBytes(t, computeOver(t, s.site, floor.Land{Ground: s.ground.View(), Screen: s.ground.View()}), plain)

	raised := &terrain.Grid{Lattice: s.ground.Lattice, ElevationM: make([]float32, len(s.ground.ElevationM))}
	for i, z := range s.ground.ElevationM {
		raised.ElevationM[i] = z + 100
	}
	strict := computeOver(t, s.site, floor.Land{Ground: s.ground.View(), Screen: raised.View()})
	higher := 0
	for i, f := range strict.FloorAMSLM {
		switch was := plain.FloorAMSLM[i]; {
		case isNaN32(was) != isNaN32(f) && !isNaN32(f), f < was-0.001:
			t.Fatalf("post %d: floor %v m below a higher screen, %v m before", i, f, was)
		case f > was+1:
			higher++
		}
	}
	if higher < len(strict.FloorAMSLM)/4 {
		t.Errorf("the floor rises above %d of %d posts only", higher, len(strict.FloorAMSLM))
	}
}

// A wall that only the finer terrain around the antenna shows hides what is
// behind it, near and far, as if it stood there.
func TestNearGround(t *testing.T) {
	site := radarAt(orb.Point{-70, -12}, 60e3, 15)
	coarse := posts(120)
	s := build(t, site, coarse, 0, sea)
	w := floor.NearWindow(site, coarse, posts(1200))
	near := terrain.NewGrid(w)
	wall := math.Round(near.Col(-69.9))
	for r := range near.Rows {
		for c := range near.RowM(r) {
			near.RowM(r)[c] = 0
			if float64(c) == wall {
				near.RowM(r)[c] = 500
			}
		}
	}
	if nearM := floor.NearM(site, coarse); nearM < 20e3 || nearM > 40e3 {
		t.Fatalf("the near field reaches %v m", nearM)
	}
	got := computeOver(t, site, floor.Land{Ground: s.ground.View(), Near: near})
	fine := build(t, site, posts(1200), 0, sea)
	column := int(math.Round(fine.ground.Col(-69.9)))
	for r := range fine.ground.Rows {
		fine.ground.RowM(r)[column] = 500
	}
	oracle := sight.NewObserver(site, sight.Terrain, fine.ground)
	checked := 0
	for lon := -69.95; lon < -69.5; lon += 0.05 {
		p := orb.Point{lon, -12 + 1.0/120}
		c, r := int(math.Round(got.Col(p.Lon()))), int(math.Round(got.Row(p.Lat())))
		p = orb.Point{got.Lon(c), got.Lat(r)}
		look := oracle.Look(p)
		want, floorM := look.FloorAMSLM, float64(got.FloorAMSLM[r*got.Cols+c])
		// On the wall, the ground of the coarse terrain is lower.
		if math.IsNaN(want) || look.GroundAMSLM > 0 {
			continue
		}
		checked++
		// The sweep takes a post between two rays; behind the wall at 11 km a
		// ray climbs 40 m a kilometre.
		if math.Abs(floorM-want) > 0.01*math.Abs(want)+1 {
			t.Errorf("at %v: floor %v m, want %v", p, floorM, want)
		}
	}
	if checked < 8 {
		t.Errorf("%d posts were checked", checked)
	}
}

// Missing posts are counted with the area of their cells, and located.
func TestMissingTerrainIsMeasured(t *testing.T) {
	site := radarAt(orb.Point{-70.001, -12.001}, 30e3, 15)
	s := build(t, site, posts(240), 0, sea)
	nan := float32(math.NaN())
	for r := s.row - 10; r < s.row; r++ {
		for c := s.col - 3; c < s.col+3; c++ {
			s.ground.RowM(r)[c] = nan
		}
	}
	m := s.compute(t, sight.Terrain, 1).Missing
	// A cell is a 240th of a degree by a 240th: 110.65 km by 108.9 km over
	// 240² at 12° S.
	wantM2 := 60 * 110.65e3 * 108.9e3 / 240 / 240
	if m.Posts != 60 || math.Abs(m.AreaM2/wantM2-1) > 1e-3 {
		t.Errorf("%d posts, %v m²; want 60 and %v", m.Posts, m.AreaM2, wantM2)
	}
	want := orb.Bound{
		Min: orb.Point{s.ground.Lon(s.col - 3), s.ground.Lat(s.row - 1)},
		Max: orb.Point{s.ground.Lon(s.col + 2), s.ground.Lat(s.row - 10)},
	}
	if m.Bound != want {
		t.Errorf("between %v, want %v", m.Bound, want)
	}
}
