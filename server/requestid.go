package server

import (
	"context"
	"crypto/rand"
	"regexp"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// RequestIDKey is the metadata in which a call may say its id, and in which the
// headers of every answer do. It is in the log and in errors as well, so that
// who is told of an error can be told what is behind it.
const RequestIDKey = "canopy-request-id"

// requestIDField is its name in the log.
const requestIDField = "request_id"

var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// RequestID returns the id that a caller says, or else a new one where that can
// be none: it goes into logs and headers as it is.
func RequestID(said string) string {
	if requestIDPattern.MatchString(said) {
		return said
	}
	return rand.Text()
}

type requestIDContext struct{}

// requestIDOf returns the id of the call that ctx is of.
func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDContext{}).(string)
	return id
}

// identify returns the context of a call that has an id.
func identify(ctx context.Context) (_ context.Context, id string) {
	said := ""
	if all := metadata.ValueFromIncomingContext(ctx, RequestIDKey); len(all) > 0 {
		said = all[0]
	}
	id = RequestID(said)
	trace.SpanFromContext(ctx).SetAttributes(attribute.String("canopy.request_id", id))
	return context.WithValue(ctx, requestIDContext{}, id), id
}

func requestIDUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, id := identify(ctx)
	if err := grpc.SetHeader(ctx, metadata.Pairs(RequestIDKey, id)); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func requestIDStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, id := identify(stream.Context())
	if err := stream.SetHeader(metadata.Pairs(RequestIDKey, id)); err != nil {
		return err
	}
	return handler(srv, &streamWithContext{stream, ctx})
}
