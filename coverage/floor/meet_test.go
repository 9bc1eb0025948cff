package floor

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/canopyradar/canopy/terrain"
)

// TestTops: the highest posts off 16 bits are those among all reduced ones.
func TestTops(t *testing.T) {
	eachQuickKernel(t, func(t *testing.T, k kernel) {
		eachTrial(t, func(t trial) {
			c := &cut{rows: 1 + t.IntN(blockSteps+1), columns: 1 + t.IntN(70)}
			asRows := t.chance(0.5)
			if !asRows {
				c.rows, c.columns = c.columns, c.rows
			}
			n := max(c.rows, c.columns)
			c.first = t.IntN(50)
			c.panel = &terrain.Panel{Stride: c.columns + t.IntN(9)}
			c.panel.Int16 = fenced[int16](t, c.first+(c.rows-1)*c.panel.Stride+c.columns, t.chance(0.5))
			for i := range c.panel.Int16 {
				c.panel.Int16[i] = int16(t.IntN(1<<16) - 1<<15)
			}
			r := reducer{float32(t.between(-400, 9000)), float32(1 / t.scaled(3e6, 9e7))}
			want := *c
			c.patch, want.patch = t.floats(n, untouched), make([]float32, n)
			if asRows {
				n = c.columns
				topsOfColumns(&want, &r)
				k.topsOfColumns(c, &r)
			} else {
				n = c.rows
				topsOfRows(&want, &r)
				k.topsOfRows(c, &r)
			}
			for i, z := range c.patch {
				w := want.patch[i]
				if i >= n {
					w = untouched(i)
				}
				if math.Abs(float64(z)-float64(w)) > 4*ulp*math.Abs(float64(w)) {
					t.Fatalf("%d × %d posts, rows %v: %v at %d, want %v", c.rows, c.columns, asRows, z, i, w)
				}
			}
		})
	})
}

// TestOverlooking: altitudes whose rays look at the highest posts first, and at no
// others where none hides anything, are those of rays that look at all. Panels that
// hold a block, and borders of panels, change places.
func TestOverlooking(t *testing.T) {
	for name, n := range map[string]noise{
		"low mast":           {lat: -12, rangeM: 40e3, perDeg: 240, spreadM: 60, mastM: 90, whole: true},
		"high mast":          {lat: -12, rangeM: 40e3, perDeg: 240, spreadM: 300, mastM: 900, whole: true, offPost: true},
		"north, 3 arc-secs.": {lat: 60, rangeM: 12e3, perDeg: 1200, spreadM: 100, mastM: 150, whole: true, offPost: true},
	} {
		t.Run(name, func(t *testing.T) {
			site, land := n.lay(7)
			window := land.Ground.Lattice
			all := land.Ground.Panels[0]
			all.HasVoid, all.Void = true, math.MinInt16 // Then they are not overlooked.
			plain := terrain.NewView(window, []terrain.Panel{all})
			parted := terrain.NewView(window, parts(land.Ground.Panels[0]))
			eachKernel(t, func(t *testing.T, k kernel) {
				defer only(k)()
				var floors [3]*Altitudes
				for i, view := range []*terrain.View{plain, land.Ground, parted} {
					var err error
					if floors[i], err = ComputeAltitudes(context.Background(), site, Land{Ground: view}, 2); err != nil {
						t.Fatal(err)
					}
				}
				want := floors[0].AMSLM
				if levels := len(slices.Compact(slices.Sorted(slices.Values(want)))); levels < 50 {
					t.Errorf("floors of %d altitudes show nothing", levels)
				}
				for _, got := range floors[1:] {
					for i, z := range got.AMSLM {
						if z != want[i] {
							t.Fatalf("post %d: %d m, want %d m", i, z, want[i])
						}
					}
				}
			})
		})
	}
}

// parts cuts a panel into rectangles.
func parts(p terrain.Panel) (all []terrain.Panel) {
	random := rand.New(rand.NewPCG(1, 2))
	for row := 0; row < p.Rows; {
		rows := min(20+random.IntN(60), p.Rows-row)
		for col := 0; col < p.Cols; {
			cols := min(20+random.IntN(200), p.Cols-col)
			part := p
			part.Lattice = p.Sub(col, row, cols, rows)
			part.Int16 = p.Int16[row*p.Stride+col:]
			all = append(all, part)
			col += cols
		}
		row += rows
	}
	return all
}

// TestHiddenAboveTheBeam: behind a wall that stands above the highest beam nothing is
// seen, however far behind it the ground is flat.
func TestHiddenAboveTheBeam(t *testing.T) {
	n := noise{lat: -12, rangeM: 60e3, perDeg: 240, whole: true}
	site, land := n.lay(1)
	site.MaxElevationDeg = 1
	p := land.Ground.Panels[0]
	row, col := int(math.Round(land.Ground.Row(site.Position.Lat()))), int(math.Round(land.Ground.Col(site.Position.Lon())))
	from := func(r, c int) int { return max(r-row, row-r, c-col, col-c) }
	const wall, behind = 40, 43
	for r := range p.Rows {
		for c := range p.Cols {
			if from(r, c) == wall {
				p.Int16[r*p.Stride+c] = 1000
			}
		}
	}
	eachKernel(t, func(t *testing.T, k kernel) {
		s := computeBy(t, k, site, land)
		for i, a := range s.Floor {
			if at := from(i/s.Cols, i%s.Cols); (a != Unseen) != (at < wall) && (at < wall-1 || at > behind) {
				t.Fatalf("%d posts from the radar the floor is %v m", at, a.M())
			}
		}
	})
}
