package gap

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/canopyradar/canopy/coverage/airstrip"
	"github.com/canopyradar/canopy/coverage/network"
	"github.com/canopyradar/canopy/coverage/raster"
	"github.com/canopyradar/canopy/terrain"
)

// survey is one band of the airspace, cell by cell.
type survey struct {
	network *network.Network
	band    *network.Band
	// open holds the cells that too few radars see.
	open *raster.Mask
	// rowM2 is the area of a cell of each row.
	rowM2 []float64
	// strips stand on cells of the airspace, in the order of cells.
	strips []placed
}

// placed is an airstrip on the cell nearest to it.
type placed struct {
	cell  int
	strip *airstrip.Airstrip
}

// survey parts the airspace into covered, uncovered and underground.
func (f *Finder) survey(ctx context.Context, b *network.Band, found *Band) (*survey, error) {
	n := f.Network
	s := &survey{network: n, band: b, open: raster.NewMask(n.Ground.Lattice),
		rowM2: cellAreasM2(n.Ground.Lattice), strips: place(f.Airstrips, n.Inside)}
	for r := range n.Ground.Rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		covered, uncovered, underground := f.surveyRow(s, r)
		found.CoveredM2 += float64(covered) * s.rowM2[r]
		found.UncoveredM2 += float64(uncovered) * s.rowM2[r]
		found.UndergroundM2 += float64(underground) * s.rowM2[r]
	}
	found.AirspaceM2 = found.CoveredM2 + found.UncoveredM2 + found.UndergroundM2
	for _, p := range s.strips {
		switch {
		case s.open.Has(p.cell%n.Ground.Cols, p.cell/n.Ground.Cols):
			found.AirstripsUnseen++
		case n.Covered(b, p.cell):
			found.AirstripsSeen++
		}
	}
	return s, nil
}

// surveyRow opens the uncovered cells of a row, and counts them all.
func (f *Finder) surveyRow(s *survey, r int) (covered, uncovered, underground int) {
	n := f.Network
	for run := range n.Inside.RowRuns(r) {
		for c := int(run.Col0); c < int(run.Col1); c++ {
			cell := r*n.Ground.Cols + c
			switch {
			case n.Covered(s.band, cell):
				covered++
			case !f.IgnoreGround && n.HeightAMSLM(s.band, cell) < float64(n.Ground.ElevationM[cell]):
				underground++
			default:
				uncovered++
				s.open.Add(c, r)
			}
		}
	}
	return covered, uncovered, underground
}

// place puts the airstrips that lie on cells of a mask there.
func place(strips []*airstrip.Airstrip, inside *raster.Mask) []placed {
	var out []placed
	for _, a := range strips {
		if c, r, ok := cellOf(inside.Lattice, a); ok && inside.Has(c, r) {
			out = append(out, placed{r*inside.Cols + c, a})
		}
	}
	slices.SortStableFunc(out, func(a, b placed) int { return cmp.Compare(a.cell, b.cell) })
	return out
}

func cellOf(l terrain.Lattice, a *airstrip.Airstrip) (col, row int, ok bool) {
	col = int(math.Round(l.Col(a.Position.Lon())))
	row = int(math.Round(l.Row(a.Position.Lat())))
	return col, row, col >= 0 && row >= 0 && col < l.Cols && row < l.Rows
}

func byID(a, b *airstrip.Airstrip) int { return cmp.Compare(a.ID, b.ID) }
