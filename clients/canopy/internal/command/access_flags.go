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
	insecure     bool
}

func (a *accessFlags) add(f *pflag.FlagSet) {
	f.StringVar(&a.certificates.Cert, "tls-cert", "", "encrypt connections, with the certificate and its chain in this PEM `file`; read again when it has changed")
	f.StringVar(&a.certificates.Key, "tls-key", "", "the key of that certificate, a PEM `file`")
	f.StringVar(&a.certificates.ClientCA, "tls-client-ca", "", "refuse clients without a certificate of an authority in this PEM `file`")
	f.StringVar(&a.tokens, "tokens", "", "let in callers alone that have a token of this `file`, of lines that canopy token writes; read again when it has changed")
	f.BoolVar(&a.insecure, "insecure", false, "listen on addresses that other machines can reach without encryption, or for all callers")
}

// guard is what the flags name.
type guard struct {
	certificates *access.Certificates // nil for plain text
	tokens       *access.Tokens       // nil for callers without
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
	if a.tokens != "" {
		g.tokens, err = access.OpenTokens(a.tokens, logger)
	}
	return g, fault.Bad(err)
}

// config is nil for plain text.
func (g guard) config(protocols ...string) *tls.Config {
	if g.certificates == nil {
		return nil
	}
	return g.certificates.Config(protocols...)
}

// admit refuses an address that other machines can reach, unless it is kept from
// those who have no business there.
func (g guard) admit(s socket, at net.Addr) error {
	known := g.tokens != nil || g.certificates != nil && g.certificates.Clients
	if !access.Exposed(at) || g.insecure || g.certificates != nil && known {
		return nil
	}
	return fault.Badf("%s %s can be reached from other machines: give --tls-cert and --tls-key, and --tokens or --tls-client-ca; or --insecure where something else keeps others out", s.flag, s.address)
}

func (g guard) protocol() string {
	if g.certificates == nil {
		return "HTTP"
	}
	return "HTTPS"
}
