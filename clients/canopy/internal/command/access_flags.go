package command

import (
	"crypto/tls"
	"log/slog"

	"github.com/spf13/pflag"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server/access"
)

// accessFlags say who may call canopy serve.
type accessFlags struct {
	certificates access.CertificateFiles
	tokens       string
}

func (a *accessFlags) add(f *pflag.FlagSet) {
	f.StringVar(&a.certificates.Cert, "tls-cert", "", "encrypt connections, with the certificate and its chain in this PEM `file`; read again when it has changed")
	f.StringVar(&a.certificates.Key, "tls-key", "", "the key of that certificate, a PEM `file`")
	f.StringVar(&a.certificates.ClientCA, "tls-client-ca", "", "refuse clients without a certificate of an authority in this PEM `file`")
	f.StringVar(&a.tokens, "tokens", "", "let in callers alone that have a token of this `file`, of lines that canopy token writes; read again when it has changed")
}

// guard is what the flags name.
type guard struct {
	certificates *access.Certificates // nil for plain text
	tokens       *access.Tokens       // nil for callers without
}

func (a *accessFlags) open(logger *slog.Logger) (g guard, err error) {
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

func (g guard) protocol() string {
	if g.certificates == nil {
		return "HTTP"
	}
	return "HTTPS"
}
