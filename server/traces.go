package server

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/stats"
)

// spans give each call a span, in the trace of its caller if it says one in the
// metadata traceparent. A span has the method, the code, the times and the
// request id: nothing of requests and answers. Health probes have none. Nil where
// there is nowhere to send them.
func spans(to trace.TracerProvider) stats.Handler {
	if to == nil {
		return nil
	}
	return otelgrpc.NewServerHandler(
		otelgrpc.WithTracerProvider(to),
		otelgrpc.WithMeterProvider(noop.NewMeterProvider()), // metrics.go has them
		otelgrpc.WithPropagators(propagation.TraceContext{}),
		otelgrpc.WithFilter(func(call *stats.RPCTagInfo) bool {
			return !strings.HasPrefix(call.FullMethodName, "/"+healthv1.Health_ServiceDesc.ServiceName+"/")
		}),
	)
}

// beginSpan is for a call that comes by no connection; end is told its error.
func (s *Server) beginSpan(ctx context.Context, method string) (_ context.Context, end func(error)) {
	if s.spans == nil {
		return ctx, func(error) {}
	}
	begun := time.Now()
	ctx = s.spans.TagRPC(ctx, &stats.RPCTagInfo{FullMethodName: method})
	s.spans.HandleRPC(ctx, &stats.Begin{BeginTime: begun, IsServerStream: true})
	return ctx, func(err error) {
		s.spans.HandleRPC(ctx, &stats.End{BeginTime: begun, EndTime: time.Now(), Error: err})
	}
}
