package request

import (
	"fmt"
	"slices"
	"strings"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/radar"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// The warnings that a request alone gives rise to.
const (
	warnCooperative = "radar.cooperative"
	warnTooFew      = "radar.too_few_in_service"

	warnCandidatesOutside = "candidates.outside_terrain"
	warnCandidatesBuilt   = "candidates.standing"
)

// assume adds what is assumed about a subject, each once.
func (d *draft) assume(subject string, assumptions []string) {
	for _, a := range assumptions {
		line := subject + ": " + a
		if !slices.Contains(d.background.Assumptions, line) {
			d.background.Assumptions = append(d.background.Assumptions, line)
		}
	}
}

// assumeModels adds the assumptions of the models of radars, and says which of
// their limits the request replaces.
func (d *draft) assumeModels(radars []radar.Radar, limits *canopyv1.RadarLimits) {
	for _, r := range radars {
		if m, err := d.Catalogue.Model(r.ModelID); err == nil {
			d.assume(m.Name, m.Assumptions)
		}
	}
	if names := setFields(limits); len(names) > 0 {
		d.assume("Request", []string{"replaces " + strings.Join(names, ", ") + " of every radar."})
	}
}

func (d *draft) warnOfCooperative(radars []radar.Radar) {
	var cooperative []string
	for _, r := range radars {
		if r.Cooperative {
			cooperative = append(cooperative, r.ID)
		}
	}
	if len(cooperative) > 0 {
		d.warn(warnCooperative, cooperative, "%s: secondary radar sees only aircraft with a working transponder, so not those that hide",
			strings.Join(cooperative, ", "))
	}
}

func (d *draft) warnOfTooFew() {
	inService := 0
	for _, r := range d.query.Radars {
		if r.InService {
			inService++
		}
	}
	if inService < d.query.MinRadars {
		d.warn(warnTooFew, nil, "%d must see a place for it to be covered, but %d of %d radars are in service: nothing is covered",
			d.query.MinRadars, inService, len(d.query.Radars))
	}
}

// warn adds a warning whose subject is the only one of ids, if it is one.
func (d *draft) warn(id string, ids []string, format string, args ...any) {
	w := coverage.Warning{ID: id, Message: fmt.Sprintf(format, args...)}
	if len(ids) == 1 {
		w.Subject = ids[0]
	}
	d.background.Warnings = append(d.background.Warnings, w)
}
