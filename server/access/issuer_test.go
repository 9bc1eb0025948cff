package access_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/server/access"
)

const audience = "canopy.example"

// issuer makes tokens, and says how they can be checked.
type issuer struct {
	url     string
	http    *httptest.Server
	keys    atomic.Pointer[jose.JSONWebKeySet]
	current jose.JSONWebKey // that it signs with
	asked   atomic.Int64    // for keys
	ill     atomic.Bool     // answers that it cannot
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{}
	i.rotate(t, "first")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.say(w, map[string]any{"issuer": i.url, "jwks_uri": i.url + "/keys", "id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.asked.Add(1)
		i.say(w, i.keys.Load())
	})
	i.http = httptest.NewServer(mux)
	i.url = i.http.URL
	t.Cleanup(i.http.Close)
	return i
}

func (i *issuer) say(w http.ResponseWriter, what any) {
	if i.ill.Load() {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(what)
}

var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// rotate has the issuer sign with another key from now on.
func (i *issuer) rotate(t *testing.T, id string) {
	t.Helper()
	i.current = jose.JSONWebKey{Key: must(rsaKey())(t), KeyID: id, Algorithm: "RS256", Use: "sig"}
	if id != "first" {
		i.current.Key, i.current.Algorithm = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t), "ES256"
	}
	i.keys.Store(&jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.current.Public()}})
}

// claims are of a good token for an hour, with changes.
func (i *issuer) claims(changes map[string]any) map[string]any {
	all := map[string]any{
		"iss": i.url, "aud": audience, "sub": "ana", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "canopy_role": "compute",
	}
	for name, value := range changes {
		all[name] = value
		if value == nil {
			delete(all, name)
		}
	}
	return all
}

// token returns what a caller sends.
func (i *issuer) token(t *testing.T, changes map[string]any) string {
	t.Helper()
	return signed(t, jose.SignatureAlgorithm(i.current.Algorithm), i.current, i.claims(changes))
}

func signed(t *testing.T, algorithm jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer := must(jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil))(t)
	jws := must(signer.Sign(must(json.Marshal(claims))(t)))(t)
	return "Bearer " + must(jws.CompactSerialize())(t)
}

// trusting starts a site that takes tokens of the issuer, and of a file.
func (i *issuer) trusting(t *testing.T, tokens string) *site {
	t.Helper()
	at := &site{log: &log{}}
	callers := &access.Callers{Issuer: must(access.OpenIssuer(access.IssuerConfig{URL: i.url, Audience: audience}, at.log.logger()))(t)}
	if tokens != "" {
		callers.Tokens = must(access.OpenTokens(tokens, at.log.logger()))(t)
	}
	at.serve(t, access.CertificateFiles{}, callers)
	return at
}

func TestIssuersTokens(t *testing.T) {
	i, other := newIssuer(t), newIssuer(t)
	at := i.trusting(t, "")
	calls := kinds(dial(t, at.grpc, insecure.NewCredentials()))
	changed := func(name string, value any) string { return i.token(t, map[string]any{name: value}) }
	public := must(x509.MarshalPKIXPublicKey(must(rsaKey())(t).Public()))(t)
	unsigned := "Bearer " + base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." +
		base64.RawURLEncoding.EncodeToString(must(json.Marshal(i.claims(nil)))(t)) + "."
	foreign := jose.JSONWebKey{Key: must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t), KeyID: "foreign"}
	// Of an issuer with the same key, who may say what it likes.
	good := i.token(t, nil)
	tests := []struct {
		name, token     string
		read, computing string // reasons, empty for what is allowed
	}{
		{"good", good, "", ""},
		{"read", changed("canopy_role", "read"), "", "ROLE_TOO_LOW"},
		{"a list", changed("canopy_role", []any{"pilots", "read", 7, "administer"}), "", ""},
		{"a list without roles", changed("canopy_role", []string{"pilots"}), "ROLE_TOO_LOW", "ROLE_TOO_LOW"},
		{"no role", changed("canopy_role", nil), "ROLE_TOO_LOW", "ROLE_TOO_LOW"},
		{"a role that is an object", changed("canopy_role", map[string]any{"read": true}), "ROLE_TOO_LOW", "ROLE_TOO_LOW"},
		{"several audiences", changed("aud", []string{"another", audience}), "", ""},
		{"just ended", changed("exp", time.Now().Add(-50*time.Second).Unix()), "", ""},
		{"ended", changed("exp", time.Now().Add(-70*time.Second).Unix()), "TOKEN_EXPIRED", "TOKEN_EXPIRED"},
		{"begins soon", changed("nbf", time.Now().Add(50*time.Second).Unix()), "", ""},
		{"begins later", changed("nbf", time.Now().Add(time.Hour).Unix()), "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"another audience", changed("aud", "another"), "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"another issuer's name", changed("iss", other.url), "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"another issuer", other.token(t, nil), "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"a key that it has not", signed(t, jose.ES256, foreign, i.claims(nil)), "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"signed by nobody", unsigned, "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"signed with the public key", signed(t, jose.HS256, public, i.claims(nil)), "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"its end cut off", good[:len(good)-8], "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"no token of an issuer", "Bearer canopy_UNHEARDOF", "TOKEN_UNKNOWN", "TOKEN_UNKNOWN"},
		{"none", "", "TOKEN_MISSING", "TOKEN_MISSING"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for kind, reason := range map[string]string{"read": tt.read, "compute": tt.computing} {
				var sent []string
				if tt.token != "" {
					sent = []string{tt.token}
				}
				err := calls[kind](as(t, sent...))
				if reason == "" {
					if err != nil {
						t.Errorf("%s: %v", kind, err)
					}
					continue
				}
				wantRefusal(t, err, reason)
				wantNoPart(t, tt.token, err.Error())
			}
			wantNoPart(t, tt.token, at.log.String())
		})
	}
	if !strings.Contains(at.log.String(), "caller=oidc:ana") {
		t.Errorf("the log does not say who called: %s", at.log)
	}
}

// Anyone can send a token that is none: the log has a line of it, and no more.
func TestLongTokens(t *testing.T) {
	i := newIssuer(t)
	at := i.trusting(t, "")
	said := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + strings.Repeat("x", 4000) + `"}`))
	wantRefusal(t, kinds(dial(t, at.grpc, insecure.NewCredentials()))["read"](as(t, "Bearer "+said+".e30.AAAA")), "TOKEN_UNKNOWN")
	if n := len(at.log.String()); n > 2000 {
		t.Errorf("the log has %d bytes", n)
	}
}

// wantNoPart: no part of a token that is one.
func wantNoPart(t *testing.T, token, text string) {
	t.Helper()
	for part := range strings.SplitSeq(strings.TrimPrefix(token, "Bearer "), ".") {
		if len(part) > 8 && strings.Contains(text, part) {
			t.Errorf("a part of the token shows in %s", text)
		}
	}
}

func TestTokensOfAFileBesideAnIssuer(t *testing.T) {
	i, m := newIssuer(t), makeTokens(t)
	at := i.trusting(t, m.path)
	for _, tt := range []struct {
		authorization, path string
		want                int
	}{
		{i.token(t, nil), "/v1/scenarios", http.StatusOK},
		{"Bearer " + m.tokens["read"], "/v1/scenarios", http.StatusOK},
		{i.token(t, map[string]any{"canopy_role": "read"}), "/gaps.geojson?altitude=FL100&airspace=vraem&resolution=240s", http.StatusForbidden},
		{i.token(t, nil), "/gaps.geojson?altitude=FL100&airspace=vraem&resolution=240s", http.StatusOK},
		{"Bearer " + m.tokens["old"], "/v1/scenarios", http.StatusUnauthorized},
		{"Bearer " + m.tokens["unheard of"], "/v1/scenarios", http.StatusUnauthorized},
	} {
		if got, _, text := fetch(t, at, tt.path, []string{tt.authorization}); got != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.path, got, tt.want, text)
		}
	}
}

func TestIssuersKeysChange(t *testing.T) {
	i := newIssuer(t)
	at := i.trusting(t, "")
	read := kinds(dial(t, at.grpc, insecure.NewCredentials()))["read"]
	old := i.token(t, nil)
	for range 20 {
		if err := read(as(t, old)); err != nil {
			t.Fatal(err)
		}
	}
	if got := i.asked.Load(); got != 1 {
		t.Errorf("asked for its keys %d times", got)
	}
	i.rotate(t, "second")
	fresh := i.token(t, nil)
	awaitCall(t, func() bool { return read(as(t, fresh)) == nil })
	wantRefusal(t, read(as(t, old)), "TOKEN_UNKNOWN")
}

// Who makes up tokens does not have the issuer flooded with questions.
func TestIssuerIsAskedSeldom(t *testing.T) {
	i := newIssuer(t)
	at := i.trusting(t, "")
	read := kinds(dial(t, at.grpc, insecure.NewCredentials()))["read"]
	foreign := jose.JSONWebKey{Key: must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t), KeyID: "foreign"}
	begun := time.Now()
	for range 200 {
		wantRefusal(t, read(as(t, signed(t, jose.ES256, foreign, i.claims(nil)))), "TOKEN_UNKNOWN")
	}
	if most := 2 + int64(time.Since(begun)/time.Second); i.asked.Load() > most {
		t.Errorf("asked %d times, want %d at most", i.asked.Load(), most)
	}
}

// A server comes up without its issuer, and goes on once that answers.
func TestSilentIssuer(t *testing.T) {
	i := newIssuer(t)
	i.ill.Store(true)
	at := i.trusting(t, makeTokens(t).path)
	read := kinds(dial(t, at.grpc, insecure.NewCredentials()))["read"]
	err := read(as(t, i.token(t, nil)))
	if s := status.Convert(err); s.Code() != codes.Unavailable || !strings.Contains(s.Message(), i.url+", does not answer this server") {
		t.Errorf("got %v", err)
	}
	if got, _, text := fetch(t, at, "/v1/scenarios", []string{i.token(t, nil)}); got != http.StatusServiceUnavailable || !strings.Contains(text, "ISSUER_SILENT") {
		t.Errorf("over HTTP: %d, %s", got, text)
	}
	i.ill.Store(false)
	awaitCall(t, func() bool { return read(as(t, i.token(t, nil))) == nil })
	// Keys that it has fetched are good without it, and others are not.
	i.ill.Store(true)
	if err := read(as(t, i.token(t, nil))); err != nil {
		t.Errorf("with a key that is known: %v", err)
	}
	i.rotate(t, "second")
	awaitCall(t, func() bool { return status.Code(read(as(t, i.token(t, nil)))) == codes.Unavailable })
	i.ill.Store(false)
	awaitCall(t, func() bool { return read(as(t, i.token(t, nil))) == nil })
	for _, want := range []string{"the issuer does not answer", "502 Bad Gateway", "the issuer answers again"} {
		if !strings.Contains(at.log.String(), want) {
			t.Errorf("the log has no %q: %s", want, at.log)
		}
	}
}

func TestIssuerThatCannotBeReached(t *testing.T) {
	closed := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	closed.Close()
	at := &log{}
	if _, err := access.OpenIssuer(access.IssuerConfig{URL: "http://" + closed.Addr().String(), Audience: audience}, at.logger()); err != nil {
		t.Errorf("one that may come yet: %v", err)
	}
	if !strings.Contains(at.String(), "the issuer does not answer") {
		t.Errorf("the log has nothing of it: %s", at)
	}
}

func TestBadIssuers(t *testing.T) {
	i := newIssuer(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/page") {
			_, _ = w.Write([]byte("<html>"))
			return
		}
		http.Redirect(w, r, "http://login.example"+r.URL.Path, http.StatusFound)
	}))
	defer elsewhere.Close()
	tests := []struct{ name, url, audience, want string }{
		{"plain text", "http://login.example", audience, "http://login.example: an issuer is asked over https alone"},
		{"no address", "login.example", audience, `issuer "login.example": want an address such as`},
		{"a password", "https://ops:secret@login.example", audience, "want an address such as"},
		{"no audience", i.url, "", "name the audience"},
		{"another path", i.url + "/realms", audience, "404 Not Found"},
		{"another name", strings.Replace(i.url, "127.0.0.1", "localhost", 1), audience, "did not match"},
		{"a page", elsewhere.URL + "/page", audience, "answers no JSON"},
		{"sent elsewhere", elsewhere.URL, audience, "302 Found"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := access.OpenIssuer(access.IssuerConfig{URL: tt.url, Audience: tt.audience}, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want one line with %q", err, tt.want)
			}
		})
	}
}
