package server

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// What one connection may take up. A client that says nothing is asked whether it
// is still there, so that what it began ends when its machine is gone.
const (
	maxRequestB       = 4 << 20
	maxHeaderB        = 256 << 10
	maxCallsAtOnce    = 1000
	handshakeTimeout  = 20 * time.Second
	silence           = time.Minute
	silenceUnanswered = 20 * time.Second
)

func transportLimits() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.MaxRecvMsgSize(maxRequestB),
		grpc.MaxHeaderListSize(maxHeaderB),
		grpc.MaxConcurrentStreams(maxCallsAtOnce),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: silence, Timeout: silenceUnanswered}),
	}
}
