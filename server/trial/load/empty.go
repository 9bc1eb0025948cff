package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// serveEmpty serves CheckPoints by a handler that does nothing, with nothing around
// it. Its messages have a single field of bytes, the cheapest to decode and to
// encode, of the length that makes an answer of answerB bytes.
func serveEmpty(ctx context.Context, answerB int) error {
	answer := wrapperspb.Bytes(make([]byte, answerB))
	if over := proto.Size(answer) - answerB; over < answerB {
		answer.Value = answer.GetValue()[over:]
	}
	handle := func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		if err := decode(&wrapperspb.BytesValue{}); err != nil {
			return nil, err
		}
		return answer, ctx.Err()
	}
	s := grpc.NewServer()
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: "canopy.v1.CoverageService",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "CheckPoints", Handler: handle}},
	}, struct{}{})
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { <-ctx.Done(); s.Stop() }()
	fmt.Fprintf(os.Stderr, "canopy: serving on %s; interrupt to stop\nmsg=serving\n", listener.Addr())
	return s.Serve(listener)
}
