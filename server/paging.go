package server

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/coverage/airstrip"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
)

// A page token is the id of the last airstrip of a page behind a checksum of
// that id and of the query, so that a token of another query, or a made-up
// one, is refused rather than answered with a page of something else. The
// size of the pages may change on the way.
const checksumBytes = 8

func pageToken(req *canopyv1.ListAirstripsRequest, lastID string) string {
	return base64.RawURLEncoding.EncodeToString(append(checksum(req, lastID), lastID...))
}

// parsePageToken returns the id after which the page starts; empty for the
// first page.
func parsePageToken(req *canopyv1.ListAirstripsRequest) (afterID string, err error) {
	if req.GetPageToken() == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(req.GetPageToken())
	if err == nil && len(raw) > checksumBytes {
		id := string(raw[checksumBytes:])
		if pageToken(req, id) == req.GetPageToken() {
			return id, nil
		}
	}
	return "", problem.Field("page_token", problem.ReasonPageTokenInvalid,
		"%q is not a token of this query: leave it empty to start over", req.GetPageToken())
}

func checksum(req *canopyv1.ListAirstripsRequest, lastID string) []byte {
	query := &canopyv1.ListAirstripsRequest{Airstrips: req.GetAirstrips(), Statuses: req.GetStatuses()}
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(query)
	if err != nil {
		panic(err)
	}
	h := sha256.New()
	h.Write(raw)
	h.Write([]byte{0})
	h.Write([]byte(lastID))
	return h.Sum(nil)[:checksumBytes]
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
