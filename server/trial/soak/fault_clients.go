package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/trial"
)

// during is how long clients misbehave.
const during = 10 * time.Second

// connect opens connections and begins something on each.
func connect(ctx context.Context, address string, n int, begin string) (conns []net.Conn, err error) {
	for range n {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return conns, err
		}
		conns = append(conns, conn)
		if _, err := conn.Write([]byte(begin)); err != nil {
			return conns, err
		}
	}
	return conns, nil
}

func hangUp(conns []net.Conn) {
	for _, c := range conns {
		_ = c.Close() // The server may have closed it before.
	}
}

// answersMeanwhile checks a point every 100 ms for a time, which is to be answered as
// at rest.
func (w *world) answersMeanwhile(ctx context.Context, lasting time.Duration) (string, error) {
	check := &questions[0]
	o := trial.AtRate(ctx, 10, lasting, func(ctx context.Context) error {
		answer, err := check.ask(ctx, w)
		if err == nil {
			err = w.compare(check.name, answer)
		}
		return err
	})
	if o.Failed > 0 {
		return "", fmt.Errorf("%d of %d checks failed: %w", o.Failed, o.Failed+len(o.Latencies), o.FirstErr)
	}
	return fmt.Sprintf("%d checks meanwhile, all answered, p99 %v", len(o.Latencies), o.Latencies.Quantile(0.99).Round(time.Millisecond)), nil
}

// slowClients send a byte a second, stop amid a request, or read a byte a second.
func slowClients(ctx context.Context, w *world) (seen string, err error) {
	const each = 50
	half, err := connect(ctx, w.http, each, "POST /v1/gaps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{\"network\":")
	defer func() { hangUp(half) }()
	if err != nil {
		return "", err
	}
	readers, err := connect(ctx, w.http, each, "GET /v1/scenarios HTTP/1.1\r\nHost: localhost\r\n\r\n")
	defer func() { hangUp(readers) }()
	if err != nil {
		return "", err
	}
	frames, err := connect(ctx, w.grpc, each, http2.ClientPreface+"\x00\x00")
	defer func() { hangUp(frames) }()
	if err != nil {
		return "", err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(time.Second) {
			for i := range each {
				_, _ = half[i].Write([]byte(" "))
				_, _ = readers[i].Read(make([]byte, 1))
			}
		}
	}()
	seen, err = w.answersMeanwhile(ctx, during)
	<-done
	return fmt.Sprintf("%d of each kind: %s", each, seen), err
}

// idleConnections are of both faces, half of each.
func idleConnections(ctx context.Context, w *world) (string, error) {
	const n = 1000
	overGRPC, err := connect(ctx, w.grpc, n/2, http2.ClientPreface+"\x00\x00\x00\x04\x00\x00\x00\x00\x00")
	defer func() { hangUp(overGRPC) }()
	if err != nil {
		return "", err
	}
	overHTTP, err := connect(ctx, w.http, n/2, "")
	defer func() { hangUp(overHTTP) }()
	if err != nil {
		return "", err
	}
	return w.answersMeanwhile(ctx, during)
}

// oversized sends requests that are longer than any may be, over both faces.
func oversized(ctx context.Context, w *world) (string, error) {
	tooLong := bytes.Repeat([]byte{' '}, 5<<20)
	refused := func(err error) error {
		if status.Code(err) == codes.ResourceExhausted {
			return nil
		}
		return fmt.Errorf("a request of %d bytes is not refused: %w", len(tooLong), err)
	}
	flooding, stop := context.WithTimeout(ctx, 2*during)
	defer stop()
	flooded := make(chan error, 1)
	var count int
	go func() {
		o := trial.AtOnce(flooding, 4, during, func(ctx context.Context) error {
			var answer []byte
			overGRPC := w.conn.Invoke(ctx, canopyv1.CoverageService_CheckPoints_FullMethodName, tooLong, &answer, grpc.ForceCodecV2(trial.Raw{}))
			_, overHTTP := w.fetch(ctx, http.MethodPost, "/v1/points:check", string(tooLong))
			return errors.Join(refused(overGRPC), refusedOrCut(overHTTP))
		})
		count = len(o.Latencies)
		flooded <- o.FirstErr
	}()
	seen, err := w.answersMeanwhile(ctx, during)
	err = errors.Join(err, <-flooded)
	return fmt.Sprintf("%d of 5 MiB over each face refused; %s", count, seen), err
}

// refusedOrCut: a server that has read enough closes the connection, which a client
// that still sends may see before the refusal.
func refusedOrCut(err error) error {
	if err == nil {
		return errors.New("a body of 5 MiB is taken")
	}
	return nil
}
