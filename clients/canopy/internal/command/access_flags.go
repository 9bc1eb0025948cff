package command

import (
	"crypto/tls"
	"log/slog"
	"net"

	"github.com/spf13/pflag"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server/access"
)

// accessFlags say who may call canopy serve.
type accessFlags struct {
	certificates access.CertificateFiles
	tokens       string
	issuer       access.IssuerConfig
	insecure     bool
}

func (a *accessFlags) add(f *pflag.FlagSet) {
	f.StringVar(&a.certificates.Cert, "tls-cert", "", "encrypt connections, with the certificate and its chain in this PEM `file`; read again when it has changed")
	f.StringVar(&a.certificates.Key, "tls-key", "", "the key of that certificate, a PEM `file`")
	f.StringVar(&a.certificates.ClientCA, "tls-client-ca", "", "refuse clients without a certificate of an authority in this PEM `file`")
	f.StringVar(&a.tokens, "tokens", "", "let in callers alone that have a token of this `file`, of lines that canopy token writes; read again when it has changed")
	f.StringVar(&a.issuer.URL, "oidc-issuer", "", "let in callers who have a token of this issuer of OpenID Connect, an `address` such as https://login.example/realms/air")
	f.StringVar(&a.issuer.Audience, "oidc-audience", "", "the `audience` that such a token must be for")
	f.StringVar(&a.issuer.RoleClaim, "oidc-role-claim", access.DefaultRoleClaim, "the `claim` of such a token that says its role: read, compute or administer, or a list with one of them")
	f.BoolVar(&a.insecure, "insecure", false, "listen on addresses that other machines can reach without encryption, or for all callers")
}

// guard is what the flags name.
type guard struct {
	certificates *access.Certificates // nil for plain text
	callers      *access.Callers      // nil for all
	insecure     bool
}

func (a *accessFlags) open(logger *slog.Logger) (g guard, err error) {
	g.insecure = a.insecure
	c := a.certificates
	if c != (access.CertificateFiles{}) {
		if c.Cert == "" || c.Key == "" {
			return g, fault.Badf("--tls-cert, --tls-key and --tls-client-ca: give a certificate and its key, or none of the three")
		}
		if g.certificates, err = access.OpenCertificates(c, logger); err != nil {
			return g, fault.Bad(err)
		}
	}
	known := access.Callers{}
	if a.tokens != "" {
		if known.Tokens, err = access.OpenTokens(a.tokens, logger); err != nil {
			return g, fault.Bad(err)
		}
	}
	if a.issuer.URL != "" || a.issuer.Audience != "" {
		if known.Issuer, err = access.OpenIssuer(a.issuer, logger); err != nil {
			return g, fault.Badf("--oidc-issuer and --oidc-audience: %w", err)
		}
	}
	if known.ByToken() || c.ClientCA != "" {
		g.callers = &known
	}
	return g, nil
}

// config is nil for plain text.
func (g guard) config(protocols ...string) *tls.Config {
	if g.certificates == nil {
		return nil
	}
	return g.certificates.Config(protocols...)
}

// openConfig is for those who run the server, whose probes have no certificate.
func (g guard) openConfig() *tls.Config {
	if g.certificates == nil {
		return nil
	}
	return g.certificates.OpenConfig()
}

// admit refuses an address that other machines can reach, unless it is kept from
// those who have no business there.
func (g guard) admit(s socket, at net.Addr) error {
	if !access.Exposed(at) || g.insecure || g.certificates != nil && g.callers != nil {
		return nil
	}
	return fault.Badf("%s %s can be reached from other machines: give --tls-cert and --tls-key, and --tokens, --oidc-issuer or --tls-client-ca; or --insecure where something else keeps others out", s.flag, s.address)
}

func (g guard) protocol() string {
	if g.certificates == nil {
		return "HTTP"
	}
	return "HTTPS"
}
