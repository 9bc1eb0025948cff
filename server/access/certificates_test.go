package access_test

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/access"
)

// call asks over gRPC what terrain a server has.
func call(t *testing.T, address string, secured credentials.TransportCredentials) error {
	t.Helper()
	_, err := canopyv1.NewTerrainServiceClient(dial(t, address, secured)).GetTerrain(testContext(t), &canopyv1.GetTerrainRequest{})
	return err
}

// get asks the same over HTTP.
func get(t *testing.T, url string, config *tls.Config) (status int, version string, err error) {
	t.Helper()
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: config, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	response, err := client.Get(url + "/v1/terrain")
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, response.Proto, err
}

func TestEncrypted(t *testing.T) {
	own := newAuthority(t)
	at := serve(t, certificateFiles(t, own, 2))
	if err := call(t, at.grpc, credentials.NewTLS(own.trusting())); err != nil {
		t.Errorf("over gRPC: %v", err)
	}
	if status, version, err := get(t, "https://"+at.http, own.trusting()); err != nil || status != http.StatusOK || version != "HTTP/2.0" {
		t.Errorf("over HTTP: %d, %s, %v", status, version, err)
	}
	for name, address := range map[string]string{"gRPC": at.grpc, "HTTP": at.http} {
		old := own.trusting()
		old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		if conn, err := tls.Dial("tcp", address, old); err == nil {
			conn.Close()
			t.Errorf("%s takes TLS 1.1", name)
		}
	}
}

func TestPlainTextIsRefused(t *testing.T) {
	at := serve(t, certificateFiles(t, newAuthority(t), 2))
	if err := call(t, at.grpc, insecure.NewCredentials()); err == nil {
		t.Error("a call in plain text has an answer")
	}
	awaitLog(t, at, "connection refused", func() {})
	if status, _, err := get(t, "http://"+at.http, nil); err != nil || status != http.StatusBadRequest {
		t.Errorf("over HTTP: %d, %v", status, err)
	}
	for name, address := range map[string]string{"gRPC": at.grpc, "HTTP": at.http} {
		conn := must(net.Dial("tcp", address))(t)
		begun := time.Now()
		_ = conn.SetDeadline(begun.Add(patience))
		_, _ = conn.Write([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
		if _, err := io.ReadAll(conn); err != nil && time.Since(begun) >= patience {
			t.Errorf("%s leaves who speaks in plain text waiting: %v", name, err)
		}
		conn.Close()
	}
}

func TestClientsNeedACertificate(t *testing.T) {
	own, clients, others := newAuthority(t), newAuthority(t), newAuthority(t)
	files := certificateFiles(t, own, 2)
	files.ClientCA = filepath.Join(filepath.Dir(files.Cert), "clients.pem")
	write(t, files.ClientCA, clients.pem)
	at := serve(t, files)
	tests := []struct {
		name    string
		config  *tls.Config
		allowed bool
	}{
		{"one that is known", own.trusting(clients.pair(t, 3)), true},
		{"one of another authority", own.trusting(others.pair(t, 4)), false},
		{"none", own.trusting(), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := call(t, at.grpc, credentials.NewTLS(tt.config)); (err == nil) != tt.allowed {
				t.Errorf("over gRPC: %v", err)
			}
			if _, _, err := get(t, "https://"+at.http, tt.config); (err == nil) != tt.allowed {
				t.Errorf("over HTTP: %v", err)
			}
		})
	}
	for begun := time.Now(); strings.Count(at.log.String(), `msg="connection refused"`) < 2; time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatalf("the log has fewer than two refusals: %s", at.log)
		}
	}
}

func TestRenewedCertificate(t *testing.T) {
	own := newAuthority(t)
	files := certificateFiles(t, own, 2)
	at := serve(t, files)
	cert, key := own.sign(t, 3)
	write(t, files.Cert, cert)
	// Its key is still the old one.
	awaitLog(t, at, "stays in use", func() { serial(t, at.grpc, own) })
	if got := serial(t, at.http, own); got != 2 {
		t.Errorf("certificate %d while the pair does not match", got)
	}
	if got := strings.Count(at.log.String(), "stays in use"); got != 1 {
		t.Errorf("%d lines: %s", got, at.log)
	}
	write(t, files.Key, key)
	for _, address := range []string{at.grpc, at.http} {
		for begun := time.Now(); serial(t, address, own) != 3; time.Sleep(50 * time.Millisecond) {
			if time.Since(begun) > patience {
				t.Fatalf("the renewed certificate is not taken up: %s", at.log)
			}
		}
	}
}

// The metric is of the certificate that is shown, also when that is renewed.
func TestEndOfTheCertificate(t *testing.T) {
	own := newAuthority(t)
	files := certificateFiles(t, own, 2)
	at := serve(t, files)
	ends := func() string {
		_, text := watch(t, at, "/metrics", own.trusting(), nil)
		_, value, _ := strings.Cut(text, "\ncanopy_certificate_expiry_timestamp_seconds ")
		value, _, _ = strings.Cut(value, "\n")
		return value
	}
	first := own.ends
	if got := must(strconv.ParseFloat(ends(), 64))(t); int64(got) != first.Unix() {
		t.Errorf("ends at %s, want %d", ends(), first.Unix())
	}
	own.ends = first.Add(24 * time.Hour)
	cert, key := own.sign(t, 3)
	write(t, files.Cert, cert)
	write(t, files.Key, key)
	for begun := time.Now(); int64(must(strconv.ParseFloat(ends(), 64))(t)) != own.ends.Unix(); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatalf("the metric stays: %s", ends())
		}
	}
}

// awaitLog does something until the log says so.
func awaitLog(t *testing.T, at *site, saying string, do func()) {
	t.Helper()
	for begun := time.Now(); !strings.Contains(at.log.String(), saying); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatalf("the log does not say %q: %s", saying, at.log)
		}
		do()
	}
}

// serial is that of the certificate which a server shows.
func serial(t *testing.T, address string, own *authority) int64 {
	t.Helper()
	config := own.trusting()
	config.NextProtos = []string{"h2"}
	conn := must(tls.Dial("tcp", address, config))(t)
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestBadCertificateFiles(t *testing.T) {
	good := certificateFiles(t, newAuthority(t), 2)
	other := certificateFiles(t, newAuthority(t), 2)
	tests := []struct {
		name  string
		files access.CertificateFiles
		want  string
	}{
		{"no such file", access.CertificateFiles{Cert: "/nowhere.pem", Key: good.Key}, "/nowhere.pem"},
		{"the key of another", access.CertificateFiles{Cert: good.Cert, Key: other.Key}, other.Key},
		{"no authority", access.CertificateFiles{Cert: good.Cert, Key: good.Key, ClientCA: good.Key}, "no certificate in it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := access.OpenCertificates(tt.files, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, tt.want)
			}
		})
	}
}
