package server

import (
	"context"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// ExportFloor is CoverageService.ExportFloor for a caller in this process. It
// passes through the same interceptors and limits, and has a span as others do,
// with the metadata that ctx holds for calls, but its answer, which may be hundreds
// of megabytes, is neither encoded nor copied: each message goes to send as it is,
// and is overwritten when send returns. It fails as the call does, and as send.
func (s *Server) ExportFloor(ctx context.Context, req *canopyv1.ExportFloorRequest, send func(*canopyv1.ExportFloorResponse) error) error {
	if said, ok := metadata.FromOutgoingContext(ctx); ok {
		ctx = metadata.NewIncomingContext(ctx, said)
	}
	ctx, end := s.beginSpan(ctx, canopyv1.CoverageService_ExportFloor_FullMethodName)
	info := &grpc.StreamServerInfo{FullMethod: canopyv1.CoverageService_ExportFloor_FullMethodName, IsServerStream: true}
	handler := func(_ any, stream grpc.ServerStream) error {
		if err := stream.RecvMsg(req); err != nil {
			return err
		}
		return s.coverage.ExportFloor(req, &grpc.GenericServerStream[canopyv1.ExportFloorRequest, canopyv1.ExportFloorResponse]{ServerStream: stream})
	}
	for _, intercept := range slices.Backward(s.streams) {
		next := handler
		handler = func(srv any, stream grpc.ServerStream) error { return intercept(srv, stream, info, next) }
	}
	stream := &directStream{ctx: ctx, send: send}
	err := handler(s.coverage, stream)
	end(err)
	if stream.failed != nil {
		return stream.failed
	}
	return err
}

// directStream is a stream to a caller in this process, which needs no headers.
type directStream struct {
	grpc.ServerStream
	ctx  context.Context
	send func(*canopyv1.ExportFloorResponse) error
	// failed is the error of send.
	failed error
}

func (d *directStream) Context() context.Context { return d.ctx }

// SetHeader tells a caller nothing that it has not said itself.
func (d *directStream) SetHeader(metadata.MD) error { return nil }

// RecvMsg leaves the request as it came.
func (d *directStream) RecvMsg(any) error { return nil }

// SendMsg takes a caller that fails for one that has gone, as over a socket:
// that is no fault of the server's.
func (d *directStream) SendMsg(m any) error {
	if d.failed = d.send(m.(*canopyv1.ExportFloorResponse)); d.failed != nil {
		return context.Canceled
	}
	return nil
}
