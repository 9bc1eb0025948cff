package main_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"

	collectorv1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
)

// collector keeps the spans that it is sent.
type collector struct {
	collectorv1.UnimplementedTraceServiceServer
	mu    sync.Mutex
	spans []*tracev1.Span
	self  []*commonv1.KeyValue
}

func (c *collector) Export(_ context.Context, req *collectorv1.ExportTraceServiceRequest) (*collectorv1.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range req.GetResourceSpans() {
		c.self = of.GetResource().GetAttributes()
		for _, scope := range of.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	return &collectorv1.ExportTraceServiceResponse{}, nil
}

func collect(t *testing.T) (*collector, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c, s := &collector{}, grpc.NewServer()
	collectorv1.RegisterTraceServiceServer(s, c)
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(listener) })
	t.Cleanup(func() { s.Stop(); serving.Wait() })
	return c, "http://" + listener.Addr().String()
}

func attributeOf(all []*commonv1.KeyValue, key string) string {
	for _, a := range all {
		if a.GetKey() == key {
			return a.GetValue().GetStringValue()
		}
	}
	return ""
}

func TestCallsAreTraced(t *testing.T) {
	collector, endpoint := collect(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
	s := serve(t, "--http-address", "127.0.0.1:0")
	// A floor is made without a connection in between.
	asked := map[string]string{
		"canopy.v1.CatalogService/ListScenarios": "/v1/scenarios",
		"canopy.v1.CoverageService/ExportFloor":  "/floor.tif?radar=name=A,lat=-12.5,lon=-73.8,range=20km&resolution=240s",
	}
	for _, path := range asked {
		request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, s.web+path, http.NoBody))(t)
		request.Header.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
		request.Header.Set("Canopy-Request-Id", "tuesday")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", path, response.Status)
		}
	}
	get(t, s.web+"/healthz")
	if code := s.stop(t, syscall.SIGTERM); code != 0 {
		t.Fatalf("the server ended with %d: %s", code, s.log)
	}
	collector.mu.Lock()
	defer collector.mu.Unlock()
	if len(collector.spans) != len(asked) {
		t.Fatalf("spans %v, want one of each call, and none of the probe", collector.spans)
	}
	for _, span := range collector.spans {
		if asked[span.GetName()] == "" || attributeOf(span.GetAttributes(), "canopy.request_id") != "tuesday" || attributeOf(span.GetAttributes(), "rpc.response.status_code") != "OK" {
			t.Errorf("span %v", span)
		}
		delete(asked, span.GetName())
		if span.GetTraceId()[0] != 0x4b || span.GetParentSpanId()[0] != 0x00 || span.GetParentSpanId()[1] != 0xf0 {
			t.Errorf("trace %x, parent %x: not those of the request", span.GetTraceId(), span.GetParentSpanId())
		}
	}
	if got := attributeOf(collector.self, "service.name"); got != "canopy" {
		t.Errorf("the service is %q", got)
	}
}

func TestACollectorThatIsGoneHoldsUpNothing(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
	s := serve(t)
	if got := run(t, "scenarios", "--server", s.address); got.code != 0 {
		t.Error(got.stderr)
	}
	if code := s.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("the server ended with %d: %s", code, s.log)
	}
}
