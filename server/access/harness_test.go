package access_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/admin"
	"github.com/canopyradar/canopy/server/web"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what should happen soon.
const patience = 30 * time.Second

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
	// ends is when what it signs does.
	ends time.Time
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))(t)
	return &authority{cert: must(x509.ParseCertificate(der))(t), key: key, pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), ends: time.Now().Add(time.Hour)}
}

// sign returns a certificate for 127.0.0.1 with its key, as PEM.
func (a *authority) sign(t *testing.T, serial int64, units ...string) (cert, key []byte) {
	t.Helper()
	own := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "leaf", OrganizationalUnit: units}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: a.ends, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der := must(x509.CreateCertificate(rand.Reader, template, a.cert, own.Public(), a.key))(t)
	text := must(x509.MarshalPKCS8PrivateKey(own))(t)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text})
}

// pair is sign for a client.
func (a *authority) pair(t *testing.T, serial int64, units ...string) tls.Certificate {
	t.Helper()
	return must(tls.X509KeyPair(a.sign(t, serial, units...)))(t)
}

// trusting is the configuration of a client.
func (a *authority) trusting(own ...tls.Certificate) *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return &tls.Config{RootCAs: pool, Certificates: own}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
}

// must returns a function that ends the test for an error.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// log is one that a server may write while a test reads.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *log) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// site is a server with all of its faces on sockets.
type site struct {
	grpc, http, admin string // addresses
	log               *log
}

// certificateFiles writes what an authority signed for a server into a folder.
func certificateFiles(t *testing.T, own *authority, serial int64) access.CertificateFiles {
	t.Helper()
	folder := t.TempDir()
	files := access.CertificateFiles{Cert: filepath.Join(folder, "cert.pem"), Key: filepath.Join(folder, "key.pem")}
	cert, key := own.sign(t, serial)
	write(t, files.Cert, cert)
	write(t, files.Key, key)
	return files
}

// serve starts a site that ends with the test, encrypted where files says so, and
// open to the tokens of a file where there is one.
func serve(t *testing.T, files access.CertificateFiles, tokens ...string) *site {
	t.Helper()
	at := &site{log: &log{}}
	var callers *access.Callers
	if files.ClientCA != "" {
		callers = &access.Callers{}
	}
	for _, path := range tokens {
		callers = &access.Callers{Tokens: must(access.OpenTokens(path, at.log.logger()))(t)}
	}
	at.serve(t, files, callers)
	return at
}

// serve is for callers that are known already.
func (at *site) serve(t *testing.T, files access.CertificateFiles, callers *access.Callers) {
	t.Helper()
	cfg := server.Config{Terrain: srtm30.Model(), Logger: at.log.logger(), Callers: callers}
	face, watched := web.Config{Logger: cfg.Logger}, admin.Config{Logger: cfg.Logger}
	if files.Cert != "" {
		certificates := must(access.OpenCertificates(files, cfg.Logger))(t)
		cfg.TLS, face.TLS = certificates.Config("h2"), certificates.Config("h2", "http/1.1")
		watched.TLS = certificates.OpenConfig()
	}
	s := must(server.New(cfg))(t)
	f := must(web.New(s, face))(t)
	grpcListener, httpListener, adminListener := listen(t), listen(t), listen(t)
	at.grpc, at.http, at.admin = grpcListener.Addr().String(), httpListener.Addr().String(), adminListener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.Serve(context.Background(), grpcListener); err != nil {
			t.Error(err)
		}
	})
	serving.Go(func() {
		if err := f.Serve(ctx, httpListener); err != nil {
			t.Error(err)
		}
	})
	serving.Go(func() {
		if err := admin.Serve(ctx, adminListener, s, watched); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		s.Close()
		serving.Wait()
	})
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	return must(net.Listen("tcp", "127.0.0.1:0"))(t)
}

func dial(t *testing.T, address string, secured credentials.TransportCredentials) *grpc.ClientConn {
	t.Helper()
	conn := must(grpc.NewClient(address, grpc.WithTransportCredentials(secured)))(t)
	t.Cleanup(func() { conn.Close() })
	return conn
}
