package access_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/server/access"
)

// watch asks the port for those who run a server, which ends the connection for a
// status of 0.
func watch(t *testing.T, at *site, path string, config *tls.Config, authorization []string) (code int, text string) {
	t.Helper()
	url := "https://" + at.admin + path
	if config == nil {
		url = "http://" + at.admin + path
	}
	request := must(http.NewRequestWithContext(testContext(t), http.MethodGet, url, http.NoBody))(t)
	request.Header["Authorization"] = authorization
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: config}}
	response, err := client.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	return response.StatusCode, string(must(io.ReadAll(response.Body))(t))
}

var watchedPaths = []string{"/metrics", "/debug/pprof/", "/debug/pprof/cmdline", "/nowhere"}

func TestMetricsAreForAdministrators(t *testing.T) {
	own, m := newAuthority(t), makeTokens(t)
	at := serve(t, certificateFiles(t, own, 2), m.path)
	for name, want := range map[string]int{
		"": http.StatusUnauthorized, "unheard of": http.StatusUnauthorized, "old": http.StatusUnauthorized,
		"read": http.StatusForbidden, "compute": http.StatusForbidden, "administer": http.StatusOK,
	} {
		for _, path := range watchedPaths {
			if path == "/nowhere" && want == http.StatusOK {
				want = http.StatusNotFound
			}
			got, text := watch(t, at, path, own.trusting(), m.authorization(name))
			if got != want {
				t.Errorf("%s with %q: %d, want %d: %s", path, name, got, want, text)
			}
			m.wantNoSecret(t, text)
		}
		for _, path := range []string{"/healthz", "/readyz"} {
			if got, text := watch(t, at, path, own.trusting(), m.authorization(name)); got != http.StatusOK {
				t.Errorf("%s with %q: %d: %s", path, name, got, text)
			}
		}
	}
	if got, _ := watch(t, at, "/healthz", nil, nil); got != http.StatusBadRequest {
		t.Errorf("in plain text: %d", got)
	}
	m.wantNoSecret(t, at.log.String())
	if !strings.Contains(at.log.String(), "path=/metrics") || !strings.Contains(at.log.String(), "caller=compute") {
		t.Errorf("the log has no refusals: %s", at.log)
	}
}

// Probes have no certificate, and administrators have one where there are no
// tokens.
func TestMetricsByCertificate(t *testing.T) {
	own, clients, others := newAuthority(t), newAuthority(t), newAuthority(t)
	at := serve(t, withClients(t, own, clients))
	tests := []struct {
		name             string
		config           *tls.Config
		healthz, metrics int
	}{
		{"none", own.trusting(), http.StatusOK, http.StatusUnauthorized},
		{"one without a role", own.trusting(clients.pair(t, 3)), http.StatusOK, http.StatusForbidden},
		{"an administrator's", own.trusting(clients.pair(t, 4, "canopy-administer")), http.StatusOK, http.StatusOK},
		{"of another authority", own.trusting(others.pair(t, 5, "canopy-administer")), 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// One of another authority is sent all the same.
			if len(tt.config.Certificates) > 0 {
				tt.config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &tt.config.Certificates[0], nil }
			}
			if got, text := watch(t, at, "/healthz", tt.config, nil); got != tt.healthz {
				t.Errorf("/healthz: %d, want %d: %s", got, tt.healthz, text)
			}
			if got, text := watch(t, at, "/metrics", tt.config, nil); got != tt.metrics {
				t.Errorf("/metrics: %d, want %d: %s", got, tt.metrics, text)
			}
		})
	}
}

func TestMetricsAreOpenWhereAllIs(t *testing.T) {
	at := serve(t, access.CertificateFiles{})
	for _, path := range watchedPaths[:3] {
		if got, text := watch(t, at, path, nil, nil); got != http.StatusOK {
			t.Errorf("%s: %d: %s", path, got, text)
		}
	}
}
