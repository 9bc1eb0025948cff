package server

import (
	"slices"
	"strings"

	"github.com/canopyradar/canopy/coverage/airstrip"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// pagedQuery is what all pages of a query have in common.
func pagedQuery(req *canopyv1.ListAirstripsRequest) *canopyv1.ListAirstripsRequest {
	return &canopyv1.ListAirstripsRequest{Airstrips: req.GetAirstrips(), Statuses: req.GetStatuses()}
}

// pageAfter returns up to size of all, which are by id, from after an id on,
// and whether they are the last.
func pageAfter(all []*airstrip.Airstrip, afterID string, size int) (page []*airstrip.Airstrip, last bool) {
	from, found := slices.BinarySearchFunc(all, afterID, func(a *airstrip.Airstrip, id string) int {
		return strings.Compare(a.ID, id)
	})
	if found {
		from++
	}
	to := min(from+size, len(all))
	return all[from:to], to == len(all)
}
