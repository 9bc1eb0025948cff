package access

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"
)

// CertificateFiles are PEM files.
type CertificateFiles struct {
	// Cert and Key are the server's own, with the chain of its certificate.
	Cert, Key string
	// ClientCA has those that sign certificates of clients: a client without one
	// of them is refused. Empty for clients without certificates.
	ClientCA string
}

// Certificates are those of a server. They are read again when their files have
// changed.
type Certificates struct {
	current *current[*tls.Config]
	// Clients says that clients must have a certificate.
	Clients bool
}

// OpenCertificates reads files. It fails with an error that names the file.
func OpenCertificates(files CertificateFiles, logger *slog.Logger) (*Certificates, error) {
	paths := []string{files.Cert, files.Key}
	if files.ClientCA != "" {
		paths = append(paths, files.ClientCA)
	}
	current, err := newCurrent(paths, files.read, logger)
	if err != nil {
		return nil, err
	}
	return &Certificates{current: current, Clients: files.ClientCA != ""}, nil
}

// Config returns the configuration of a listener whose clients speak one of the
// protocols (h2, http/1.1).
func (c *Certificates) Config(protocols ...string) *tls.Config {
	return c.config(func(config *tls.Config) { config.NextProtos = protocols })
}

// OpenConfig is Config for HTTP/1.1 that takes clients without a certificate as
// well. One that no authority has signed is refused.
func (c *Certificates) OpenConfig() *tls.Config {
	return c.config(func(config *tls.Config) {
		config.NextProtos = []string{"http/1.1"}
		if c.Clients {
			config.ClientAuth = tls.VerifyClientCertIfGiven
		}
	})
}

func (c *Certificates) config(adapt func(*tls.Config)) *tls.Config {
	first := &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			config := c.current.get().Clone()
			adapt(config)
			return config, nil
		},
	}
	adapt(first)
	return first
}

// Ends returns when the certificate ends that a listener with a configuration of
// Config shows now; zero for none.
func Ends(config *tls.Config) time.Time {
	if config.GetConfigForClient != nil {
		if now, err := config.GetConfigForClient(&tls.ClientHelloInfo{}); err == nil {
			config = now
		}
	}
	if len(config.Certificates) == 0 || config.Certificates[0].Leaf == nil {
		return time.Time{}
	}
	return config.Certificates[0].Leaf.NotAfter
}

func (f CertificateFiles) read() (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
	if err != nil {
		return nil, fmt.Errorf("certificate %s and key %s: %w", f.Cert, f.Key, err)
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	if f.ClientCA == "" {
		return config, nil
	}
	text, err := os.ReadFile(f.ClientCA)
	if err != nil {
		return nil, fmt.Errorf("client CA: %w", err)
	}
	config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
	// A session that is resumed would outlive the certificates that let it begin.
	config.SessionTicketsDisabled = true
	if !config.ClientCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("client CA %s: %w", f.ClientCA, errNoCertificate)
	}
	return config, nil
}

var errNoCertificate = errors.New("no certificate in it: give a PEM file with BEGIN CERTIFICATE")
