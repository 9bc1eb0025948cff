package server

import (
	"context"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"

	"github.com/canopyradar/canopy/server/problem"
)

// incoming is a message to be received, and why it could not be read. gRPC itself
// would answer INTERNAL, which says that the server is at fault, before anyone is
// asked.
type incoming struct {
	message any
	err     error
}

// problem blames who sent it.
func (in *incoming) problem() error {
	if in.err == nil {
		return nil
	}
	return problem.Field("", problem.ReasonBodyInvalid, "the message cannot be read (%s): send one of the contract's, as protobuf encodes it", in.err)
}

// tolerant is the usual codec, which leaves it to others to refuse what comes in.
type tolerant struct{ encoding.CodecV2 }

func newCodec() tolerant { return tolerant{encoding.GetCodecV2(proto.Name)} }

// Unmarshal fails for what is not to be received as incoming.
func (c tolerant) Unmarshal(data mem.BufferSlice, v any) error {
	in, ok := v.(*incoming)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	in.err = c.CodecV2.Unmarshal(data, in.message)
	return nil
}

// registrar registers services so that a message that cannot be read is an error of
// its call like any other: with an id, a reason and a line in the log.
type registrar struct{ *grpc.Server }

// RegisterService is part of grpc.ServiceRegistrar.
func (r registrar) RegisterService(desc *grpc.ServiceDesc, service any) {
	own := *desc
	own.Methods = slices.Clone(desc.Methods)
	for i := range own.Methods {
		own.Methods[i].Handler = told(own.Methods[i].Handler)
	}
	r.Server.RegisterService(&own, service)
}

// told has interceptors told of a message that cannot be read.
func told(handle grpc.MethodHandler) grpc.MethodHandler {
	return func(service any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
		var in incoming
		return handle(service, ctx, func(request any) error {
			in.message = request
			return decode(&in)
		}, func(ctx context.Context, request any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
			if err := in.problem(); err != nil {
				return intercept(ctx, nil, info, func(context.Context, any) (any, error) { return nil, err })
			}
			return intercept(ctx, request, info, next)
		})
	}
}
