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
}

func (a *accessFlags) add(f *pflag.FlagSet) {
	f.StringVar(&a.certificates.Cert, "tls-cert", "", "encrypt connections, with the certificate and its chain in this PEM `file`; read again when it has changed")
	f.StringVar(&a.certificates.Key, "tls-key", "", "the key of that certificate, a PEM `file`")
	f.StringVar(&a.certificates.ClientCA, "tls-client-ca", "", "refuse clients without a certificate of an authority in this PEM `file`")
}

// guard is what the flags name.
type guard struct {
	certificates *access.Certificates // nil for plain text
}

func (a *accessFlags) open(logger *slog.Logger) (guard, error) {
	c := a.certificates
	switch {
	case c == access.CertificateFiles{}:
		return guard{}, nil
	case c.Cert == "" || c.Key == "":
		return guard{}, fault.Badf("--tls-cert, --tls-key and --tls-client-ca: give a certificate and its key, or none of the three")
	}
	certificates, err := access.OpenCertificates(c, logger)
	return guard{certificates: certificates}, fault.Bad(err)
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
