package command

import (
	"cmp"
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/clients/canopy/internal/input"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/clients/canopy/internal/squares"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

const (
	// usualMarginM is how far most radars look.
	usualMarginM = 400e3
	mostMarginM  = 2000e3
)

// wantedArea is the area whose terrain is to be fetched.
type wantedArea struct {
	// name is what people call it, with the margin.
	name    string
	squares []squares.Square
}

func (a *App) fetchArea(ctx context.Context, flags *fetchFlags) (wantedArea, error) {
	if box := flags.box.value; box != nil {
		return boxArea(*box, flags), nil
	}
	area, err := a.airspaceArea(ctx, flags.airspace)
	if err != nil {
		return wantedArea{}, err
	}
	marginM := usualMarginM
	if flags.margin.value != nil {
		marginM = *flags.margin.value
	}
	name := cmp.Or(area.GetName(), flags.airspace)
	return wantedArea{name + around(marginM), squares.Near(toOrb(area), marginM)}, nil
}

// boxArea takes a box at its word: without a margin, squares that only touch
// it are not wanted.
func boxArea(box orb.Bound, flags *fetchFlags) wantedArea {
	name := "the box " + flags.box.text
	if flags.margin.value == nil || *flags.margin.value == 0 {
		return wantedArea{name, squares.Within(box)}
	}
	return wantedArea{name + around(*flags.margin.value), squares.Near(orb.MultiPolygon{box.ToPolygon()}, *flags.margin.value)}
}

func around(marginM float64) string {
	if marginM == 0 {
		return ""
	}
	return fmt.Sprintf(" and %s km around it", quantity.Plain(marginM/1000))
}

// airspaceArea reads a file of the user's, or asks the catalogue. No terrain
// is opened for that, least of all the one that is to be fetched.
func (a *App) airspaceArea(ctx context.Context, name string) (*canopyv1.Area, error) {
	if input.IsAirspaceFile(name) {
		return a.userArea(name, "area")
	}
	a.asked = cmp.Or(a.connection.server, a.Getenv("CANOPY_SERVER"))
	a.places["airspace_id"] = "--airspace"
	session, err := a.Open(ctx, link.Target{Server: a.asked, Security: a.connection.security, Token: a.Getenv("CANOPY_TOKEN"), Version: a.Version, Logger: a.logger()})
	if err != nil {
		return nil, err
	}
	defer session.Close()
	answer, err := session.Catalog.GetAirspace(ctx, &canopyv1.GetAirspaceRequest{AirspaceId: name})
	return answer.GetAirspace().GetArea(), err
}

// toOrb closes rings that are open.
func toOrb(area *canopyv1.Area) orb.MultiPolygon {
	var all orb.MultiPolygon
	for _, polygon := range area.GetPolygons() {
		var p orb.Polygon
		for _, r := range polygon.GetRings() {
			var ring orb.Ring
			for _, at := range r.GetPositions() {
				ring = append(ring, orb.Point{at.GetLonDeg(), at.GetLatDeg()})
			}
			if len(ring) > 0 && !ring.Closed() {
				ring = append(ring, ring[0])
			}
			p = append(p, ring)
		}
		all = append(all, p)
	}
	return all
}
