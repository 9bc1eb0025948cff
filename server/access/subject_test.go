package access_test

import (
	"encoding/base64"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/credentials"

	"github.com/canopyradar/canopy/server/access"
)

// withClients are the files of a server that wants certificates of an authority.
func withClients(t *testing.T, own, clients *authority) access.CertificateFiles {
	t.Helper()
	files := certificateFiles(t, own, 2)
	files.ClientCA = filepath.Join(filepath.Dir(files.Cert), "clients.pem")
	write(t, files.ClientCA, clients.pem)
	return files
}

func TestCertificatesHaveRoles(t *testing.T) {
	own, clients := newAuthority(t), newAuthority(t)
	at := serve(t, withClients(t, own, clients))
	tests := []struct {
		name    string
		units   []string
		allowed []string
	}{
		{"none named", []string{"Air defence"}, []string{"read", "compute", "delete"}},
		{"read", []string{"canopy-read"}, []string{"read"}},
		{"the highest", []string{"canopy-read", "Air defence", "canopy-administer"}, []string{"read", "compute", "delete"}},
		{"misspelt", []string{"canopy-reader"}, nil},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			config := own.trusting(clients.pair(t, int64(10+i), tt.units...))
			calls := kinds(dial(t, at.grpc, credentials.NewTLS(config)))
			for _, kind := range []string{"read", "compute", "delete"} {
				err := calls[kind](testContext(t))
				if !slices.Contains(tt.allowed, kind) {
					wantRefusal(t, err, "ROLE_TOO_LOW")
				} else if err != nil {
					t.Errorf("%s: %v", kind, err)
				}
			}
			want := http.StatusOK
			if !slices.Contains(tt.allowed, "read") {
				want = http.StatusForbidden
			}
			if status, _, err := get(t, "https://"+at.http, config); err != nil || status != want {
				t.Errorf("over HTTP: %d, %v, want %d", status, err, want)
			}
		})
	}
	for _, want := range []string{"caller=cn:leaf", "grpc.code=PermissionDenied", "request refused"} {
		if !strings.Contains(at.log.String(), want) {
			t.Errorf("the log has no %s: %s", want, at.log)
		}
	}
}

// Over HTTP what a certificate may not do is refused by the call behind it as
// well: it is made for the caller, whatever the request says of itself.
func TestNobodyVouchesForThemselves(t *testing.T) {
	own, clients := newAuthority(t), newAuthority(t)
	at := serve(t, withClients(t, own, clients))
	client := &http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: own.trusting(clients.pair(t, 3, "canopy-read")),
	}}
	request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+at.http+"/v1/scenarios", http.NoBody))(t)
	compute := must(http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+at.http+"/v1/points:check", strings.NewReader(`{"points":[{"position":{"lat_deg":-12,"lon_deg":-73},"altitude":{"amsl_m":3000}}]}`)))(t)
	for want, request := range map[int]*http.Request{http.StatusOK: request, http.StatusForbidden: compute} {
		for _, name := range []string{"Vouched-Caller-Bin", "Grpc-Metadata-Vouched-Caller-Bin", "Canopy-Vouched-Caller-Bin"} {
			request.Header.Set(name, base64.StdEncoding.EncodeToString([]byte("administer root")))
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", request.URL.Path, response.StatusCode, want)
		}
	}
	// Nor over gRPC, from outside of the process.
	conn := dial(t, at.grpc, credentials.NewTLS(own.trusting(clients.pair(t, 4, "canopy-read"))))
	ctx := outgoing(t, "vouched-caller-bin", "administer root")
	if err := kinds(conn)["read"](ctx); err != nil {
		t.Error(err)
	}
	wantRefusal(t, kinds(conn)["compute"](ctx), "ROLE_TOO_LOW")
}

// Where there are tokens, a certificate is good for no more than to connect.
func TestCertificateIsNoToken(t *testing.T) {
	own, clients, m := newAuthority(t), newAuthority(t), makeTokens(t)
	at := serve(t, withClients(t, own, clients), m.path)
	calls := kinds(dial(t, at.grpc, credentials.NewTLS(own.trusting(clients.pair(t, 3, "canopy-administer")))))
	wantRefusal(t, calls["read"](as(t)), "TOKEN_MISSING")
	if err := calls["read"](as(t, m.authorization("read")...)); err != nil {
		t.Error(err)
	}
	wantRefusal(t, calls["compute"](as(t, m.authorization("read")...)), "ROLE_TOO_LOW")
}
