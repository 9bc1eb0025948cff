package command

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// otlpEndpoint turns traces on. It and its relatives in the environment, such as
// OTEL_EXPORTER_OTLP_HEADERS and OTEL_TRACES_SAMPLER, are OpenTelemetry's own.
const otlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

// lastTraces is how long a collector that does not answer may hold up the end.
const lastTraces = 2 * time.Second

// traces returns where spans go, nil for nowhere, and what sends the last of them.
func (a *App) traces(ctx context.Context, logger *slog.Logger) (to trace.TracerProvider, stop func(), err error) {
	if a.Getenv(otlpEndpoint) == "" {
		return nil, func() {}, nil
	}
	// What cannot be sent is no reason to stop: calls go on without spans.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { logger.Warn("traces cannot be sent", "error", err) }))
	exporter, err := otlptracegrpc.New(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("%s %q: %w", otlpEndpoint, a.Getenv(otlpEndpoint), err)
	}
	self, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "canopy"), attribute.String("service.version", cmp.Or(a.Version, "unknown"))),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES %q: %w", a.Getenv("OTEL_RESOURCE_ATTRIBUTES"), err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(self))
	return provider, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTraces)
		defer cancel()
		if err := provider.Shutdown(ctx); err != nil {
			logger.Warn("the last traces cannot be sent", "error", err)
		}
	}, nil
}
