package server

import (
	"context"
	"log/slog"
	"path"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/problem"
)

func (i *interceptors) logUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	began := time.Now()
	resp, err := handler(ctx, req)
	i.logCall(ctx, info.FullMethod, began, err)
	return resp, err
}

func (i *interceptors) logStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	began := time.Now()
	err := handler(srv, stream)
	i.logCall(stream.Context(), info.FullMethod, began, err)
	return err
}

// logCall writes a line for a call that failed, and where everything is logged for
// each. It leaves out what an error says, as that repeats what the caller sent. Its
// reason stays.
func (i *interceptors) logCall(ctx context.Context, method string, began time.Time, err error) {
	level := slog.LevelDebug
	if err != nil {
		level = slog.LevelInfo
	}
	if !i.logger.Enabled(ctx, level) {
		return
	}
	fields := []any{
		requestIDField, requestIDOf(ctx),
		"grpc.service", strings.TrimPrefix(path.Dir(method), "/"), "grpc.method", path.Base(method),
		"grpc.code", status.Code(err).String(), "grpc.time_ms", float64(time.Since(began).Microseconds()) / 1000,
	}
	if from, ok := peer.FromContext(ctx); ok {
		fields = append(fields, "peer.address", from.Addr.String())
	}
	if err != nil {
		fields = append(fields, "reason", problem.Reason(status.Convert(err)))
	}
	i.logger.Log(ctx, level, "finished call", append(fields, access.From(ctx).LogFields()...)...)
}
