package access

import (
	"context"
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"github.com/canopyradar/canopy/server/problem"
)

// Callers tell who calls. Nil has everyone be let do everything.
//
// Where there are tokens, of a file or of an issuer, they alone say who calls, and
// a certificate lets its bearer connect and no more. Without them a certificate
// does.
type Callers struct {
	// Tokens are those of a file; nil for none.
	Tokens *Tokens
	// Issuer is another that makes tokens; nil for none.
	Issuer *Issuer
}

// ByToken tells whether callers are known by tokens.
func (c *Callers) ByToken() bool { return c != nil && (c.Tokens != nil || c.Issuer != nil) }

const remedy = "send a token that the server knows, as authorization: Bearer TOKEN"

var (
	missing = &problem.TokenError{Reason: problem.ReasonTokenMissing, Text: "no token came with the call: " + remedy}
	unknown = &problem.TokenError{Reason: problem.ReasonTokenUnknown, Text: "the token is not one of this server's: " + remedy}
)

func expired(what string, at time.Time) error {
	return &problem.TokenError{
		Reason: problem.ReasonTokenExpired,
		Text:   fmt.Sprintf("%s ended at %s: have a new one made", what, at.UTC().Format(time.RFC3339)),
	}
}

// Identify returns the caller by the values of its header or metadata
// authorization, and by its connection; nil for one in plain text.
func (c *Callers) Identify(ctx context.Context, authorization []string, secured *tls.ConnectionState) Caller {
	switch {
	case c == nil:
		return Caller{role: Administer}
	case !c.ByToken():
		return ofCertificate(secured)
	}
	token, ok := bearer(authorization)
	if !ok {
		return Caller{refused: missing}
	}
	if c.Tokens != nil {
		if caller, known := c.Tokens.identify(token); known {
			return caller
		}
	}
	if c.Issuer != nil {
		return c.Issuer.identify(ctx, token)
	}
	return Caller{refused: unknown}
}

func bearer(authorization []string) (token string, ok bool) {
	if len(authorization) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(authorization[0], " ")
	token = strings.TrimSpace(token)
	return token, strings.EqualFold(scheme, "bearer") && token != ""
}
