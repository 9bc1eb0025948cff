// Package paging makes and reads the tokens of pages.
//
// A token is the id of the last item of a page behind a checksum of that id and
// of the query, so that a token of another query, or a made-up one, is refused
// rather than answered with a page of something else. What the caller leaves out
// of the query, such as the size of pages, may change on the way.
package paging

import (
	"crypto/sha256"
	"encoding/base64"

	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/server/problem"
)

const checksumBytes = 8

// Token returns the token of the page that follows an id.
func Token(query proto.Message, lastID string) string {
	return base64.RawURLEncoding.EncodeToString(append(checksum(query, lastID), lastID...))
}

// After returns the id after which the page of a token starts; empty for the
// first page, which has none. It fails with a *problem.Invalid.
func After(query proto.Message, token string) (lastID string, err error) {
	if token == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil && len(raw) > checksumBytes {
		id := string(raw[checksumBytes:])
		if Token(query, id) == token {
			return id, nil
		}
	}
	return "", problem.Field("page_token", problem.ReasonPageTokenInvalid,
		"%q is not a token of this query: leave it empty to start over", token)
}

func checksum(query proto.Message, lastID string) []byte {
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
