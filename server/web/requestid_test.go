package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
)

// syncBuffer is a log that a server may write while a test reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestRequestsHaveTheIDOfTheirCalls(t *testing.T) {
	var log syncBuffer
	at := serve(t, server.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}, web.Config{})
	// A call through the gateway, one beside it, one that is not encoded, and none.
	for _, path := range []string{"/v1/airspaces/nowhere", "/gaps.geojson?scenario=nowhere", "/floor.tif?scenario=nowhere", "/nowhere"} {
		const said = "tuesday-7"
		reply := at.ask(t, http.MethodGet, path, "", server.RequestIDKey, said)
		if got := reply.header.Get(server.RequestIDKey); got != said {
			t.Errorf("%s: the header has %q", path, got)
		}
		if got := requestIDs(t, reply.body); len(got) != 1 || got[0] != said {
			t.Errorf("%s: the error has the ids %q: %s", path, got, reply.body)
		}
	}
	if n := strings.Count(log.String(), "request_id=tuesday-7"); n != 3 {
		t.Errorf("%d lines of the log have the id: %s", n, log.String())
	}
	if got := at.ask(t, http.MethodGet, "/healthz", "").header.Get(server.RequestIDKey); len(got) < 16 {
		t.Errorf("the id that was made is %q", got)
	}
}

func requestIDs(t *testing.T, body []byte) (ids []string) {
	t.Helper()
	said := &spb.Status{}
	if err := protojson.Unmarshal(body, said); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for _, d := range status.FromProto(said).Details() {
		if info, ok := d.(*errdetails.RequestInfo); ok {
			ids = append(ids, info.GetRequestId())
		}
	}
	return ids
}
