package input

import (
	"slices"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
	"github.com/canopyradar/canopy/server/quantity"
)

// candidateColumns are those of sites, and what a plan asks beyond them.
var candidateColumns = slices.Concat(siteColumns, schema{
	optional("cost_usd", "cost"), optional("fixed"), optional("forbidden"), optional("reason", "why"),
})

// Candidates reads places where radars could stand.
func Candidates(path string) ([]Placed[*canopyv1.Candidate], error) {
	return readEach(path, candidateColumns, candidateOf)
}

func candidateOf(r record) (*canopyv1.Candidate, error) {
	radar, err := radarOf(r)
	if err != nil {
		return nil, err
	}
	c := &canopyv1.Candidate{Radar: radar, Reason: r.text("reason")}
	if text := r.text("cost_usd"); text != "" {
		costUSD, err := quantity.USD("", text)
		if err != nil {
			return nil, r.fail("cost_usd", "%q is not an amount of US dollars: write 17750000 or 17.75M", text)
		}
		c.CostUsd = &costUSD
	}
	if c.Fixed, err = r.yesNo("fixed"); err != nil {
		return nil, err
	}
	c.Forbidden, err = r.yesNo("forbidden")
	return c, err
}

func (r record) yesNo(name string) (bool, error) {
	v, err := notation.YesNo(r.text(name))
	if err != nil {
		return false, r.fail(name, "%v: write true or false, or leave it empty", err)
	}
	return v, nil
}
