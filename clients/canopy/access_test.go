package main_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestServeRefusesHalfACertificate(t *testing.T) {
	wantFault(t, run(t, "serve", "--tls-cert", "cert.pem"), 2, "give a certificate and its key")
	wantFault(t, run(t, "serve", "--tls-cert", "nowhere.pem", "--tls-key", "nowhere.key"), 2, "nowhere.pem: no such file or directory")
}

func TestTokens(t *testing.T) {
	tokens := filepath.Join(t.TempDir(), "tokens")
	made := run(t, "token", "ops", "--role", "compute", "--expires", "90d")
	if line := strings.Fields(made.stdout); made.code != 0 || len(line) != 4 || line[0] != "ops" || line[1] != "compute" || strings.Count(made.stderr, "\n") != 1 {
		t.Fatalf("%d: %s", made.code, made.stdout)
	}
	token := strings.TrimSpace(made.stderr)
	ends := must(time.Parse(time.RFC3339, strings.Fields(made.stdout)[3]))(t)
	if lasts := time.Until(ends).Hours() / 24; lasts < 89.9 || lasts > 90 {
		t.Errorf("lasts %g days", lasts)
	}
	if err := os.WriteFile(tokens, []byte(made.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--tokens", tokens, "--http-address", "127.0.0.1:0")
	for authorization, want := range map[string]int{"": http.StatusUnauthorized, "Bearer " + token: http.StatusOK} {
		request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, s.web+"/v1/terrain", http.NoBody))(t)
		request.Header.Set("Authorization", authorization)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%d, want %d", response.StatusCode, want)
		}
	}
	if code := s.stop(t, os.Interrupt); code != 0 || strings.Contains(s.log.String(), token) {
		t.Errorf("%d: %s", code, s.log)
	}
}

func TestServeRefusesBadIssuers(t *testing.T) {
	wantFault(t, run(t, "serve", "--oidc-issuer", "http://login.example", "--oidc-audience", "canopy"), 2, "an issuer is asked over https alone")
	wantFault(t, run(t, "serve", "--oidc-issuer", "https://login.example"), 2, "name the audience")
	wantFault(t, run(t, "serve", "--oidc-audience", "canopy"), 2, "want an address such as https://login.example/realms/air")
}

// A server comes up while its issuer is down, and lets nobody in by it.
func TestServeWithoutItsIssuer(t *testing.T) {
	s := serve(t, "--oidc-issuer", "http://127.0.0.1:1", "--oidc-audience", "canopy", "--http-address", "127.0.0.1:0")
	for authorization, want := range map[string]int{"": http.StatusUnauthorized, "Bearer a.b.c": http.StatusServiceUnavailable} {
		request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, s.web+"/v1/terrain", http.NoBody))(t)
		request.Header.Set("Authorization", authorization)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%q: %d, want %d", authorization, response.StatusCode, want)
		}
	}
	if code := s.stop(t, os.Interrupt); code != 0 || !strings.Contains(s.log.String(), "the issuer does not answer") {
		t.Errorf("%d: %s", code, s.log)
	}
}

func TestTokenRefuses(t *testing.T) {
	wantFault(t, run(t, "token"), 2, "accepts 1 arg")
	wantFault(t, run(t, "token", "a b"), 2, "want 1 to 64 letters")
	wantFault(t, run(t, "token", "ops", "--role", "king"), 2, "--role: role \"king\": want read, compute or administer")
	for _, lasts := range []string{"90", "-1d", "0h", "4000d", "99999999999999999d", "soon"} {
		wantFault(t, run(t, "token", "ops", "--expires", lasts), 2, "want days or hours, such as 90d or 12h")
	}
	wantFault(t, run(t, "serve", "--tokens", "/nowhere"), 2, "tokens: open /nowhere: no such file")
}

// certificate writes one for 127.0.0.1, which is its own authority, and its key.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	own := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "canopy"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, own.Public(), own))(t)
	text := must(x509.MarshalPKCS8PrivateKey(own))(t)
	return write(t, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))),
		write(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text})))
}

// Other machines reach no server that does not know its callers.
func TestServeElsewhere(t *testing.T) {
	cert, key := certificate(t)
	tokens := write(t, "tokens", "")
	secured := []string{"--tls-cert", cert, "--tls-key", key}
	const open = "can be reached from other machines: give --tls-cert and --tls-key"
	for _, args := range [][]string{nil, secured, {"--tokens", tokens}} {
		for _, address := range []string{"0.0.0.0:0", ":0"} {
			wantFault(t, run(t, append([]string{"serve", "--address", address, "--http-address", "off"}, args...)...), 2, "--address "+address+" "+open)
			wantFault(t, run(t, append([]string{"serve", "--address", "127.0.0.1:0", "--http-address", address}, args...)...), 2, "--http-address "+address+" "+open)
			wantFault(t, run(t, append([]string{"serve", "--address", "127.0.0.1:0", "--http-address", "off", "--admin-address", address}, args...)...), 2, "--admin-address "+address+" "+open)
		}
	}
	for _, args := range [][]string{append(secured, "--tokens", tokens), append(secured, "--tls-client-ca", cert), {"--insecure"}} {
		s := serve(t, append([]string{"--address", "0.0.0.0:0", "--http-address", "0.0.0.0:0", "--admin-address", ":0"}, args...)...)
		if code := s.stop(t, os.Interrupt); code != 0 {
			t.Errorf("%v: %d: %s", args, code, s.log)
		}
	}
}

// The program asks a server that wants a certificate and a token of it.
func TestAskingWithCertificateAndToken(t *testing.T) {
	cert, key := certificate(t)
	made := run(t, "token", "reader")
	token := strings.TrimSpace(made.stderr)
	s := serve(t, "--tls-cert", cert, "--tls-key", key, "--tls-client-ca", cert, "--tokens", write(t, "tokens", made.stdout))
	ask := func(token string, args ...string) result {
		cmd := command(t, append(strings.Fields("models -o json --server "+s.address), args...)...)
		cmd.Env = append(cmd.Env, "CANOPY_TOKEN="+token)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		return result{exitCode(t, err), stdout.String(), stderr.String()}
	}
	all := []string{"--tls-ca", cert, "--tls-cert", cert, "--tls-key", key}
	if alone, got := run(t, "models", "-o", "json"), ask(token, all...); got != alone {
		t.Errorf("%d: %s, alone %d", got.code, got.stderr, alone.code)
	}
	wantFault(t, ask("", all...), 1, "no token came with the call: set CANOPY_TOKEN to one that it knows")
	wantFault(t, ask("canopy_ANOTHER", all...), 1, "the token is not one of this server's: set CANOPY_TOKEN")
	wantFault(t, ask(token), 5, "takes no such connection")
	wantFault(t, ask(token, "--tls"), 5, "certificate signed by unknown authority")
	// A client without a certificate is told why, or finds the line cut before it has
	// read that.
	wantFault(t, ask(token, "--tls-ca", cert), 5, "answers at "+s.address)
	wantFault(t, ask(token, append(all, "--server", strings.Replace(s.address, "127.0.0.1", "localhost", 1))...), 5, "wanted to match localhost")
	if code := s.stop(t, os.Interrupt); code != 0 || strings.Contains(s.log.String(), token) || strings.Contains(s.log.String(), "ANOTHER") {
		t.Errorf("%d: %s", code, s.log)
	}
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
