package main_test

import (
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

func TestTokenRefuses(t *testing.T) {
	wantFault(t, run(t, "token"), 2, "accepts 1 arg")
	wantFault(t, run(t, "token", "a b"), 2, "want 1 to 64 letters")
	wantFault(t, run(t, "token", "ops", "--role", "king"), 2, "--role: role \"king\": want read, compute or administer")
	for _, lasts := range []string{"90", "-1d", "0h", "4000d", "99999999999999999d", "soon"} {
		wantFault(t, run(t, "token", "ops", "--expires", lasts), 2, "want days or hours, such as 90d or 12h")
	}
	wantFault(t, run(t, "serve", "--tokens", "/nowhere"), 2, "tokens: open /nowhere: no such file")
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
