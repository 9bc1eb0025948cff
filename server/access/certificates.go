package access

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
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
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: protocols,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			config := c.current.get().Clone()
			config.NextProtos = protocols
			return config, nil
		},
	}
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
