package link

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"regexp"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server/access"
)

// Security is how a server that listens is spoken to: in plain text, by itself.
type Security struct {
	// TLS encrypts; files have it as well.
	TLS bool
	// CA has the authorities that are trusted; empty for those of the system.
	CA string
	// Cert and Key are the client's own, for a server that asks for them.
	Cert, Key string
}

func (s Security) on() bool { return s != Security{} }

// secured has no token go where others could read it.
func (t Target) secured() ([]grpc.DialOption, error) {
	transport := insecure.NewCredentials()
	if t.Security.on() {
		config, err := t.Security.config()
		if err != nil {
			return nil, err
		}
		transport = credentials.NewTLS(config)
	}
	options := []grpc.DialOption{grpc.WithTransportCredentials(transport)}
	switch {
	case t.Token == "":
		return options, nil
	case !plainToken.MatchString(t.Token):
		return nil, fault.Badf("CANOPY_TOKEN has characters that no token has: set it as it was issued, without spaces and line breaks around it")
	case !t.Security.on() && !access.IsLocal(t.Server):
		return nil, fault.Badf("CANOPY_TOKEN would go to %s for all to read: give --tls, or unset it", t.Server)
	}
	return append(options, grpc.WithPerRPCCredentials(bearer{t.Token, t.Security.on()})), nil
}

var plainToken = regexp.MustCompile(`^[\x21-\x7e]+$`)

func (s Security) config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.CA != "" {
		text, err := os.ReadFile(s.CA)
		if err != nil {
			return nil, fault.Badf("--tls-ca: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fault.Badf("--tls-ca %s has no certificate: give a PEM file with BEGIN CERTIFICATE", s.CA)
		}
	}
	if s.Cert == "" && s.Key == "" {
		return config, nil
	}
	if s.Cert == "" || s.Key == "" {
		return nil, fault.Badf("--tls-cert and --tls-key belong together: give both, or neither")
	}
	pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
	if err != nil {
		return nil, fault.Badf("--tls-cert %s and --tls-key %s: %w", s.Cert, s.Key, err)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

// bearer sends a token with every call.
type bearer struct {
	token     string
	encrypted bool
}

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + b.token}, nil
}

func (b bearer) RequireTransportSecurity() bool { return b.encrypted }
