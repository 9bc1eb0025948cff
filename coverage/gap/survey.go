package gap

import (
	"cmp"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
)

// survey is what the bands of a network share.
type survey struct {
	*Finder
	lattice terrain.Lattice
	// rowM2 is the area of a cell of each row.
	rowM2 []float64
	// strips stand on cells of the airspace.
	strips []placed
}

// placed is an airstrip on the cell nearest to it.
type placed struct {
	col, row    int
	groundAMSLM float64
	strip       *airstrip.Airstrip
}

func newSurvey(f *Finder) (*survey, error) {
	l := f.Network.Ground.Lattice
	s := &survey{Finder: f, lattice: l, rowM2: f.RowM2}
	if s.rowM2 == nil {
		s.rowM2 = CellAreasM2(l)
	}
	err := f.Network.Ground.Guard(func() error {
		for _, a := range f.Airstrips {
			col, row := int(math.Round(l.Col(a.Position.Lon()))), int(math.Round(l.Row(a.Position.Lat())))
			if col >= 0 && row >= 0 && col < l.Cols && row < l.Rows && f.Network.Inside.Has(col, row) {
				s.strips = append(s.strips, placed{col, row, s.groundAMSLM(col, row), a})
			}
		}
		return nil
	})
	slices.SortStableFunc(s.strips, func(a, b placed) int { return cmp.Compare(a.strip.ID, b.strip.ID) })
	return s, err
}

// groundAMSLM is the ground of a cell, sea level where it is missing.
func (s *survey) groundAMSLM(col, row int) float64 {
	var z [1]float32
	s.Network.Ground.CopyTo(z[:], s.lattice.Sub(col, row, 1, 1))
	if z[0] != z[0] {
		return 0
	}
	return float64(z[0])
}

// areas sums up the cells of a band.
func (s *survey) areas(b *network.Band) Band {
	out := Band{Altitude: b.Altitude}
	for r, m2 := range s.rowM2 {
		out.CoveredM2 += float64(b.Covered[r]) * m2
		out.UndergroundM2 += float64(b.Underground[r]) * m2
	}
	for _, stretch := range b.Open {
		out.UncoveredM2 += float64(stretch.Len()) * s.rowM2[stretch.Row]
	}
	out.AirspaceM2 = out.CoveredM2 + out.UncoveredM2 + out.UndergroundM2
	return out
}

// joined returns the runs of stretches, whatever their causes.
func joined(stretches []network.Stretch) []raster.Run {
	runs := make([]raster.Run, 0, len(stretches))
	for _, stretch := range stretches {
		if last := len(runs) - 1; last >= 0 && runs[last].Row == stretch.Row && runs[last].Col1 == stretch.Col0 {
			runs[last].Col1 = stretch.Col1
		} else {
			runs = append(runs, stretch.Run)
		}
	}
	return runs
}

// tally sums up the cells of one component.
type tally struct {
	areaM2   float64
	causesM2 CauseAreas
}

func (s *survey) tally(b *network.Band, runs []raster.Run, of []int32, components int) []tally {
	tallies := make([]tally, components)
	i := 0
	for _, stretch := range b.Open {
		for runs[i].Row < stretch.Row || runs[i].Col1 <= stretch.Col0 {
			i++
		}
		m2 := float64(stretch.Len()) * s.rowM2[stretch.Row]
		tallies[of[i]].areaM2 += m2
		tallies[of[i]].causesM2[stretch.Cause] += m2
	}
	return tallies
}

func (s *survey) addDepartments(b *band) {
	for d, cells := range s.Departments {
		raster.Meet(b.open.Runs, cells.Runs, func(i, _ int, shared raster.Run) {
			if gap := b.gapOf[i]; gap >= 0 {
				b.Gaps[gap].DepartmentsM2[d] += float64(shared.Len()) * s.rowM2[shared.Row]
			}
		})
	}
}

func (s *survey) addAirstrips(b *band) {
	for _, p := range s.strips {
		i, ok := b.open.Find(p.col, p.row)
		switch {
		case ok:
			b.AirstripsUnseen++
			if gap := b.gapOf[i]; gap >= 0 {
				b.Gaps[gap].Airstrips = append(b.Gaps[gap].Airstrips, p.strip)
			}
		case s.Network.Reach == sight.Disc || b.Altitude.AMSLM(p.groundAMSLM) >= p.groundAMSLM:
			b.AirstripsSeen++
		}
	}
}
