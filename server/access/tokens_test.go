package access_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/access"
)

// made is a file of tokens, and the tokens by their names.
type made struct {
	path   string
	lines  []string
	tokens map[string]string
}

// makeTokens has a token for each role, named as the role, and one that has
// ended, named old.
func makeTokens(t *testing.T) *made {
	t.Helper()
	m := &made{path: filepath.Join(t.TempDir(), "tokens"), tokens: map[string]string{"unheard of": "canopy_UNHEARDOF"}, lines: []string{"# who may call", ""}}
	for _, role := range []access.Role{access.Read, access.Compute, access.Administer} {
		m.add(t, role.String(), role, time.Now().Add(time.Hour))
	}
	m.add(t, "old", access.Administer, time.Now().Add(-time.Second))
	return m
}

func (m *made) add(t *testing.T, name string, role access.Role, expires time.Time) {
	t.Helper()
	token, line, err := access.NewToken(name, role, expires)
	if err != nil {
		t.Fatal(err)
	}
	m.tokens[name] = token
	m.lines = append(m.lines, line+" # made by a test")
	write(t, m.path, []byte(strings.Join(m.lines, "\n")))
}

// authorization is what the bearer of a token sends; of an empty name, nothing.
func (m *made) authorization(name string) []string {
	if name == "" {
		return nil
	}
	return []string{"Bearer " + m.tokens[name]}
}

func as(t *testing.T, authorization ...string) context.Context {
	return outgoing(t, "authorization", authorization...)
}

// outgoing is the context of a call with metadata.
func outgoing(t *testing.T, key string, values ...string) context.Context {
	ctx := testContext(t)
	for _, value := range values {
		ctx = metadata.AppendToOutgoingContext(ctx, key, value)
	}
	return ctx
}

var check = &canopyv1.CheckPointsRequest{
	Network: &canopyv1.NetworkSelection{ScenarioId: "four-modern"},
	Points:  []*canopyv1.Point{{Position: &canopyv1.Position{LatDeg: -12.5, LonDeg: -73.8}, Altitude: &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: 3000}}}},
}

// kinds are a call of each kind over gRPC.
func kinds(conn *grpc.ClientConn) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"health": func(ctx context.Context) error {
			_, err := healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{})
			return err
		},
		"read": func(ctx context.Context) error {
			_, err := canopyv1.NewCatalogServiceClient(conn).ListScenarios(ctx, &canopyv1.ListScenariosRequest{})
			return err
		},
		"reflect": func(ctx context.Context) error {
			stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
			if err != nil {
				return err
			}
			_ = stream.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}})
			_ = stream.CloseSend()
			if _, err := stream.Recv(); err != nil {
				return err
			}
			_, err = stream.Recv()
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		},
		"compute": func(ctx context.Context) error {
			_, err := canopyv1.NewCoverageServiceClient(conn).CheckPoints(ctx, check)
			return err
		},
		"stream": func(ctx context.Context) error {
			stream, err := canopyv1.NewCoverageServiceClient(conn).ExportFloor(ctx, &canopyv1.ExportFloorRequest{Network: &canopyv1.NetworkSelection{
				Radars: []*canopyv1.Radar{{Position: &canopyv1.Position{LatDeg: -12.5, LonDeg: -73.8}, Limits: &canopyv1.RadarLimits{RangeKm: proto.Float64(20)}}},
			}})
			for err == nil {
				_, err = stream.Recv()
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		},
		"delete": func(ctx context.Context) error {
			_, err := longrunningpb.NewOperationsClient(conn).DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: "operations/none"})
			if status.Code(err) == codes.NotFound {
				return nil // it came as far as that
			}
			return err
		},
	}
}

func TestWhoMayCall(t *testing.T) {
	m := makeTokens(t)
	at := serve(t, access.CertificateFiles{}, m.path)
	calls := kinds(dial(t, at.grpc, insecure.NewCredentials()))
	tests := []struct {
		name    string
		token   []string
		allowed []string
		reason  string
	}{
		{"none", nil, []string{"health"}, "TOKEN_MISSING"},
		{"another scheme", []string{"Basic " + m.tokens["compute"]}, []string{"health"}, "TOKEN_MISSING"},
		{"empty", []string{"Bearer "}, []string{"health"}, "TOKEN_MISSING"},
		{"two", []string{"Bearer " + m.tokens["compute"], "Bearer " + m.tokens["read"]}, []string{"health"}, "TOKEN_MISSING"},
		{"unknown", m.authorization("unheard of"), []string{"health"}, "TOKEN_UNKNOWN"},
		{"a part of one", []string{"Bearer " + m.tokens["compute"][:20]}, []string{"health"}, "TOKEN_UNKNOWN"},
		{"expired", m.authorization("old"), []string{"health"}, "TOKEN_EXPIRED"},
		{"read", m.authorization("read"), []string{"health", "read", "reflect"}, "ROLE_TOO_LOW"},
		{"compute", m.authorization("compute"), []string{"health", "read", "reflect", "compute", "stream", "delete"}, ""},
		{"lower case", []string{"bearer  " + m.tokens["compute"]}, []string{"health", "read", "reflect", "compute", "stream", "delete"}, ""},
		{"administer", m.authorization("administer"), []string{"health", "read", "reflect", "compute", "stream", "delete"}, ""},
	}
	for _, tt := range tests {
		for kind, call := range calls {
			t.Run(tt.name+"/"+kind, func(t *testing.T) {
				err := call(as(t, tt.token...))
				if slices.Contains(tt.allowed, kind) {
					if err != nil {
						t.Errorf("refused: %v", err)
					}
					return
				}
				wantRefusal(t, err, tt.reason)
				m.wantNoSecret(t, err.Error())
			})
		}
	}
	m.wantNoSecret(t, at.log.String())
	for _, want := range []string{"caller=compute", "caller=read", "caller=old", "grpc.code=Unauthenticated", "grpc.code=PermissionDenied"} {
		if !strings.Contains(at.log.String(), want) {
			t.Errorf("the log has no %s: %s", want, at.log)
		}
	}
}

func wantRefusal(t *testing.T, err error, reason string) {
	t.Helper()
	code := codes.Unauthenticated
	if reason == "ROLE_TOO_LOW" {
		code = codes.PermissionDenied
	}
	s := status.Convert(err)
	if s.Code() != code || len(s.Details()) != 2 { // what is wrong, and the request's id
		t.Fatalf("got %v, want %v with details", err, code)
	}
	if info, ok := s.Details()[0].(*errdetails.ErrorInfo); !ok || info.GetReason() != reason || info.GetDomain() != "canopy" {
		t.Errorf("details %v, want %s", s.Details(), reason)
	}
}

// wantNoSecret: neither a token, nor a part of one long enough to be worth
// anything, nor its hash.
func (m *made) wantNoSecret(t *testing.T, text string) {
	t.Helper()
	for name, token := range m.tokens {
		if strings.Contains(text, token) || strings.Contains(text, token[len("canopy_"):][:8]) {
			t.Errorf("the token %s shows in %s", name, text)
		}
	}
	for _, line := range m.lines[2:] {
		if strings.Contains(text, strings.Fields(line)[2]) {
			t.Errorf("a hash shows in %s", text)
		}
	}
}

func TestWhoMayAskOverHTTP(t *testing.T) {
	m := makeTokens(t)
	at := serve(t, access.CertificateFiles{}, m.path)
	const floor = "/floor.tif?radar=name=A,lat=-12.5,lon=-73.8,range=20km&resolution=240s"
	// A floor that is kept is for those alone who could have it computed.
	if got, _, text := fetch(t, at, floor, m.authorization("compute")); got != http.StatusOK {
		t.Fatalf("%d: %s", got, text)
	}
	paths := map[string][]string{
		"/healthz":                            {"", "unheard of", "old", "read", "compute"},
		"/v1/scenarios":                       {"read", "compute"},
		"/v1/operations":                      {"read", "compute"},
		"/openapi.json":                       {"read", "compute"},
		"/airspaces/vraem.geojson":            {"read", "compute"},
		"/sites.geojson?scenario=four-modern": {"read", "compute"},
		"/gaps.geojson?altitude=FL100&airspace=vraem&resolution=240s": {"compute"},
		floor: {"compute"},
	}
	reasons := map[string]string{"": "TOKEN_MISSING", "unheard of": "TOKEN_UNKNOWN", "old": "TOKEN_EXPIRED", "read": "ROLE_TOO_LOW"}
	for path, allowed := range paths {
		for _, name := range []string{"", "unheard of", "old", "read", "compute"} {
			t.Run(path+"/"+name, func(t *testing.T) {
				got, header, text := fetch(t, at, path, m.authorization(name))
				if slices.Contains(allowed, name) {
					if got != http.StatusOK {
						t.Errorf("%d: %s", got, text)
					}
					return
				}
				want := http.StatusUnauthorized
				if name == "read" {
					want = http.StatusForbidden
				}
				var said struct{ Details []struct{ Reason string } }
				if err := json.Unmarshal([]byte(text), &said); err != nil || got != want || said.Details[0].Reason != reasons[name] {
					t.Errorf("%d: %s, want %d for %s", got, text, want, reasons[name])
				}
				if asks := header.Get("WWW-Authenticate") == "Bearer"; asks != (want == http.StatusUnauthorized) {
					t.Errorf("headers %v", header)
				}
				m.wantNoSecret(t, text)
			})
		}
	}
	if got, _, text := fetch(t, at, "/v1/nothing", nil); got != http.StatusUnauthorized {
		t.Errorf("which paths there are is told to all: %d, %s", got, text)
	}
	m.wantNoSecret(t, at.log.String())
	if !strings.Contains(at.log.String(), "request refused") || !strings.Contains(at.log.String(), "caller=old") {
		t.Errorf("the log has no refusals: %s", at.log)
	}
}

func fetch(t *testing.T, at *site, path string, authorization []string) (code int, header http.Header, text string) {
	t.Helper()
	request := must(http.NewRequestWithContext(testContext(t), http.MethodGet, "http://"+at.http+path, http.NoBody))(t)
	for _, value := range authorization {
		request.Header.Set("Authorization", value)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body := must(io.ReadAll(response.Body))(t)
	return response.StatusCode, response.Header, string(body)
}

func TestTokensAreReadAgain(t *testing.T) {
	m := makeTokens(t)
	at := serve(t, access.CertificateFiles{}, m.path)
	read := kinds(dial(t, at.grpc, insecure.NewCredentials()))["read"]
	m.add(t, "new", access.Read, time.Time{})
	awaitCall(t, func() bool { return read(as(t, m.authorization("new")...)) == nil })
	// A file that cannot be read ends no token.
	good := strings.Join(m.lines, "\n")
	write(t, m.path, []byte(good+"\nhalf a line"))
	awaitLog(t, at, "stays in use", func() { _ = read(as(t, m.authorization("new")...)) })
	if err := read(as(t, m.authorization("new")...)); err != nil {
		t.Errorf("with a bad file: %v", err)
	}
	write(t, m.path, []byte(strings.Join(m.lines[:len(m.lines)-1], "\n")))
	awaitCall(t, func() bool { return status.Code(read(as(t, m.authorization("new")...))) == codes.Unauthenticated })
}

func awaitCall(t *testing.T, done func() bool) {
	t.Helper()
	for begun := time.Now(); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatal("the file is not read again")
		}
	}
}

func TestBadTokenFiles(t *testing.T) {
	const sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	tests := []struct{ name, text, want string }{
		{"too few words", "ops read", "line 1: 2 words"},
		{"too many words", "ops read " + sum + " 2027-01-31T00:00:00Z more", "line 1: 5 words"},
		{"a comment first", "# ops\nops write " + sum, `line 2: token ops has no role: want read, compute or administer`},
		{"a token for its hash", "ops read canopy_SECRET", "token ops has no SHA-256"},
		{"a token for its role", "ops canopy_SECRET " + sum, "token ops has no role"},
		{"a token for its end", "ops read " + sum + " canopy_SECRET", "token ops ends at no time"},
		{"a hash that is too long", "ops read " + sum + "ab", "token ops has no SHA-256"},
		{"no name", "SECRET:SECRET read " + sum, "line 1: it begins with no name"},
		{"a date", "ops read " + sum + " 2027-01-31", `token ops ends at no time`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "tokens")
			write(t, path, []byte(tt.text))
			_, err := access.OpenTokens(path, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "SECRET") {
				t.Errorf("got %v, want %q of %s", err, tt.want, path)
			}
		})
	}
	if _, err := access.OpenTokens("/nowhere", slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a file that is not there is read")
	}
}

func TestTokensDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		token, line, err := access.NewToken("ops", access.Compute, time.Time{})
		if err != nil || seen[token] || len(token) < 30 || strings.Contains(line, token) {
			t.Fatalf("%v, %d characters", err, len(token))
		}
		seen[token] = true
	}
	if _, _, err := access.NewToken("two words", access.Read, time.Time{}); err == nil || !strings.Contains(fmt.Sprint(err), "1 to 64") {
		t.Errorf("got %v", err)
	}
}
