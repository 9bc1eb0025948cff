package server

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// What one connection may take up. TCP asks a client that says nothing whether it is
// still there, as it does for all listeners of Go, so that what it began ends when
// its machine is gone: one that leaves something unanswered for so long is. gRPC
// would ask as well, but takes everyone for gone when the clock is set back, and is
// never to.
const (
	maxRequestB       = 4 << 20
	maxHeaderB        = 256 << 10
	maxCallsAtOnce    = 1000
	handshakeTimeout  = 20 * time.Second
	silenceUnanswered = 20 * time.Second
	never             = 100 * 365 * 24 * time.Hour
)

func transportLimits() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.MaxRecvMsgSize(maxRequestB),
		grpc.MaxHeaderListSize(maxHeaderB),
		grpc.MaxConcurrentStreams(maxCallsAtOnce),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: never, Timeout: silenceUnanswered}),
	}
}
