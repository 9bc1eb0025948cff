package request

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/canopyradar/canopy/coverage/airstrip"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/wire"
)

// Airstrips returns the airstrips that a request selects: the built-in list,
// all of it where s is nil, and the caller's own.
func (r *Resolver) Airstrips(s *canopyv1.AirstripSelection) (*airstrip.Index, error) {
	d := &draft{Resolver: r}
	return d.airstrips(s), d.err()
}

// airstrips returns an empty index after a violation.
func (d *draft) airstrips(s *canopyv1.AirstripSelection) *airstrip.Index {
	builtin := d.Catalogue.Airstrips()
	if s.GetWithoutBuiltin() {
		builtin = new(airstrip.Index)
	}
	if len(s.GetAirstrips()) == 0 {
		return builtin
	}
	ids := d.airstripIDs(s.GetAirstrips(), builtin)
	strips := make([]airstrip.Airstrip, len(ids), len(ids)+builtin.Len())
	for i, g := range s.GetAirstrips() {
		strips[i] = wire.ToAirstrip(g, ids[i])
		d.checkPlace(strips[i].Position, func() string { return airstripPath(i) + ".position" })
	}
	for _, a := range builtin.All() {
		strips = append(strips, *a)
	}
	return d.index(strips)
}

func (d *draft) airstripIDs(given []*canopyv1.Airstrip, builtin *airstrip.Index) []string {
	isBuiltin := func(id string) bool {
		_, is := builtin.ByID(id)
		return is
	}
	names := make([]named, len(given))
	for i, g := range given {
		names[i] = named{id: g.GetAirstripId(), name: g.GetName()}
		if isBuiltin(g.GetAirstripId()) {
			d.refuse(airstripPath(i)+".airstrip_id", problem.ReasonDuplicate,
				"%q is that of a built-in airstrip: choose another, or set without_builtin", g.GetAirstripId())
		}
	}
	ids, twice := identify(names, "airstrip", isBuiltin)
	for _, t := range twice {
		d.refuse(airstripPath(t.index)+".airstrip_id", problem.ReasonDuplicate,
			"%q is already that of airstrips[%d]: give each airstrip its own", given[t.index].GetAirstripId(), t.first)
	}
	return ids
}

func airstripPath(i int) string { return fmt.Sprintf("airstrips.airstrips[%d]", i) }

func (d *draft) index(strips []airstrip.Airstrip) *airstrip.Index {
	if len(d.violations) > 0 {
		return new(airstrip.Index)
	}
	x, err := airstrip.NewIndex(strips)
	var bad *airstrip.FieldError
	if errors.As(err, &bad) {
		d.refuse(airstripPath(bad.Index)+"."+airstripField(bad.Field), problem.ReasonFieldInvalid, "%q is not allowed: want %s", bad.Value, bad.Want)
		return new(airstrip.Index)
	}
	return x
}

func airstripField(field string) string {
	switch field {
	case "id":
		return "airstrip_id"
	case "lat_deg", "lon_deg":
		return "position." + field
	default:
		return field
	}
}

// ByID returns the airstrips in the order of their ids.
func ByID(strips []*airstrip.Airstrip) []*airstrip.Airstrip {
	slices.SortFunc(strips, func(a, b *airstrip.Airstrip) int { return cmp.Compare(a.ID, b.ID) })
	return strips
}

// WithStatus returns a filter that keeps the airstrips of any of these
// statuses; nil, which keeps all, where there are none.
func WithStatus(statuses []canopyv1.AirstripStatus) func(*airstrip.Airstrip) bool {
	if len(statuses) == 0 {
		return nil
	}
	return func(a *airstrip.Airstrip) bool { return slices.Contains(statuses, wire.Status(a.Status)) }
}
