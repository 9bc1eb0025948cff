package server

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// accepting tells which connections it accepts.
type accepting struct {
	net.Listener
	accepted chan *net.TCPConn
}

func (a accepting) Accept() (net.Conn, error) {
	conn, err := a.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		a.accepted <- tcp
	}
	return conn, err
}

// A client whose machine is gone is found out by the kernel, which does not look at
// the clock that people set.
func TestTheKernelFindsOutWhoIsGone(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := accepting{listener, make(chan *net.TCPConn, 1)}
	s := grpc.NewServer(transportLimits()...)
	defer s.Stop()
	go func() { _ = s.Serve(at) }()
	client, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	client.Connect()
	raw, err := (<-at.accepted).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	option := func(level, name int) (value int) {
		if failed := raw.Control(func(fd uintptr) { value, err = unix.GetsockoptInt(int(fd), level, name) }); failed != nil || err != nil {
			t.Fatal(failed, err)
		}
		return value
	}
	if option(unix.SOL_SOCKET, unix.SO_KEEPALIVE) == 0 || option(unix.IPPROTO_TCP, unix.TCP_KEEPIDLE) > 60 {
		t.Error("TCP does not ask a client that is silent for a minute")
	}
	const wantMS = int(silenceUnanswered / time.Millisecond)
	for begun := time.Now(); option(unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT) != wantMS; time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatalf("TCP waits %d ms for answers, want %d", option(unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT), wantMS)
		}
	}
}
