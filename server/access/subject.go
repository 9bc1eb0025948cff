package access

import (
	"crypto/tls"
	"crypto/x509"
	"strings"

	"github.com/canopyradar/canopy/server/problem"
)

// rolePrefix begins an organizational unit that is a role: canopy-read.
const rolePrefix = "canopy-"

var certificateMissing = &problem.TokenError{
	Reason: problem.ReasonCertificateMissing, Text: "no certificate came with the connection: show one of an authority that the server names",
}

// ofCertificate returns the caller by the certificate that its connection began
// with, once an authority of the server was found to have signed it.
func ofCertificate(secured *tls.ConnectionState) Caller {
	if secured == nil || len(secured.VerifiedChains) == 0 {
		return Caller{refused: certificateMissing}
	}
	own := secured.VerifiedChains[0][0]
	return Caller{Name: nameOf(own), role: roleOf(own.Subject.OrganizationalUnit)}
}

// nameOf has a colon, which no name of a token has.
func nameOf(c *x509.Certificate) string {
	if c.Subject.CommonName == "" {
		return "serial:" + c.SerialNumber.Text(16)
	}
	return "cn:" + c.Subject.CommonName
}

// roleOf returns the highest role that units name. Those that name none have a
// certificate be good for Compute: who may do less, or more, is named. One that is
// misspelt is good for nothing.
func roleOf(units []string) Role {
	role, named := Nobody, false
	for _, unit := range units {
		if name, ok := strings.CutPrefix(unit, rolePrefix); ok {
			named = true
			said, _ := ParseRole(name)
			role = max(role, said)
		}
	}
	if !named {
		return Compute
	}
	return role
}
