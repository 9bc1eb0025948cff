package fuzz

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/trial"
)

// methods are those of the contract, and what is served beside it.
var methods = func() (all []protoreflect.MethodDescriptor) {
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			if !strings.HasPrefix(string(service.FullName()), "canopy.v1.") && service.FullName() != "google.longrunning.Operations" {
				continue
			}
			for j := range service.Methods().Len() {
				all = append(all, service.Methods().Get(j))
			}
		}
		return true
	})
	// Files come in any order, and a number is to stand for the same request again.
	slices.SortFunc(all, func(a, b protoreflect.MethodDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return all
}()

func path(m protoreflect.MethodDescriptor) string {
	return fmt.Sprintf("/%s/%s", m.Parent().FullName(), m.Name())
}

// blamed are the codes by which a server says that it is at fault.
var blamed = map[codes.Code]bool{codes.Internal: true, codes.Unknown: true, codes.DataLoss: true}

// message sends one message to any method and reads the answer to its end.
func (at *site) message(ctx context.Context, r *rand.Rand) error {
	s := newSorcerer(r)
	m := methods[r.IntN(len(methods))]
	request := s.encoded(m.Input())
	ctx = s.metadata(ctx)
	// Who watches a call that never comes gives up by himself; who waits for a plan
	// says for how long.
	patience := hang
	if m.IsStreamingServer() || strings.HasPrefix(string(m.Name()), "Wait") {
		patience = 200 * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	start := time.Now()
	stream, err := at.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: m.IsStreamingServer()}, path(m), grpc.ForceCodecV2(trial.Raw{}))
	if err == nil {
		err = exchange(stream, request)
	}
	code := status.Code(err)
	at.answers.add(code.String())
	if blamed[code] {
		return fmt.Errorf("%s of %x: %w", m.Name(), request, err)
	}
	if time.Since(start) >= hang {
		return fmt.Errorf("%s of %x: no answer after %v", m.Name(), request, hang)
	}
	return nil
}

func exchange(stream grpc.ClientStream, request []byte) error {
	err := stream.SendMsg(request)
	if err == nil {
		err = stream.CloseSend()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for {
		var answer []byte
		if err := stream.RecvMsg(&answer); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// metadata says at times what a caller may, and at times nonsense.
func (s *sorcerer) metadata(ctx context.Context) context.Context {
	for _, key := range []string{server.CallIDKey, server.RequestIDKey, server.AnswerLimitKey, "authorization"} {
		if s.IntN(6) == 0 {
			value := []string{"", "1", "-1", "9223372036854775807", "x", strings.Repeat("a", 36), "Bearer x", strings.Repeat("y", 4000)}[s.IntN(8)]
			ctx = metadata.AppendToOutgoingContext(ctx, key, value)
		}
	}
	return ctx
}

// alive fails the test unless the server is well, and much of what came was good.
func (at *site) alive(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hang)
	defer cancel()
	answer, err := healthv1.NewHealthClient(at.conn).Check(ctx, &healthv1.HealthCheckRequest{})
	if err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_SERVING {
		t.Errorf("health: %v, %v", answer.GetStatus(), err)
	}
	if *requests == 0 && (at.answers.count("OK") == 0 || at.answers.count("InvalidArgument") == 0 || at.answers.count("200") == 0 || at.answers.count("400") == 0) {
		t.Errorf("nothing good came, or nothing bad: %v", at.answers.String())
	}
}

// frames speaks HTTP/2 itself: messages that are not as long as they say, that say
// that they are packed, in pieces, cut off, or to methods that there are not.
func (at *site) frames(ctx context.Context, r *rand.Rand) error {
	s := newSorcerer(r)
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at.grpc)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(hang))
	m := methods[r.IntN(len(methods))]
	to := path(m)
	if r.IntN(8) == 0 {
		to = []string{"", "/", "//", "/canopy.v1.CoverageService/", "/x/y", to + "x", "\x00", strings.Repeat("/", 5000)}[r.IntN(8)]
	}
	framer := http2.NewFramer(conn, conn)
	honest, err := s.call(conn, framer, to, s.encoded(m.Input()))
	if err != nil {
		return nil // The server may hang up on nonsense before all of it was sent.
	}
	if r.IntN(2) == 0 || m.IsStreamingServer() || strings.HasPrefix(string(m.Name()), "Wait") {
		return nil // Gone before the answer.
	}
	code, err := at.answer(framer)
	at.answers.add("frames " + code)
	if err != nil && honest {
		return fmt.Errorf("%q: %w", to, err)
	}
	return nil
}

// call reports whether the message was framed as it should be. INTERNAL is the
// answer to others that gRPC's own documents ask for.
func (s *sorcerer) call(conn net.Conn, framer *http2.Framer, to string, message []byte) (honest bool, err error) {
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		return false, err
	}
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	timeout := []string{"30S", "1n", "99999999H", "-1S", "x"}[s.oddly(5)]
	for _, field := range [][2]string{
		{":method", "POST"}, {":scheme", "http"}, {":path", to}, {":authority", "localhost"},
		{"content-type", "application/grpc"}, {"te", "trailers"},
		{"grpc-timeout", timeout},
		{"grpc-encoding", []string{"identity", "gzip", "nonsense"}[s.oddly(3)]},
	} {
		if err := encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
			return false, err
		}
	}
	head := make([]byte, 5)
	head[0] = []byte{0, 1, 2, 255}[s.oddly(4)]
	length := []int{len(message), len(message) + 1, max(len(message)-1, 0), 1 << 31, 5 << 20}[s.oddly(5)]
	binary.BigEndian.PutUint32(head[1:], uint32(length))
	data := slices.Concat(head, message)
	data = data[:len(data)-s.oddly(len(data))]
	honest = head[0] == 0 && length == len(message) && len(data) == len(head)+length && timeout != "-1S" && timeout != "x"
	if err := framer.WriteSettings(); err != nil {
		return false, err
	}
	if err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true}); err != nil {
		return false, err
	}
	for len(data) > 0 {
		n := min(1+s.IntN(4096), len(data))
		if err := framer.WriteData(1, len(data) == n && s.IntN(8) > 0, data[:n]); err != nil {
			return false, err
		}
		data = data[n:]
	}
	if s.IntN(6) == 0 {
		return false, framer.WriteRSTStream(1, http2.ErrCode(s.IntN(16)))
	}
	return honest, nil
}

// oddly is 0 more often than not, else less than n.
func (s *sorcerer) oddly(n int) int {
	if s.IntN(3) > 0 {
		return 0
	}
	return s.IntN(n)
}

// patienceOfFrames is for answers to requests that may be waiting for their end.
const patienceOfFrames = 500 * time.Millisecond

// answer reads until the status of stream 1, or its end.
func (at *site) answer(framer *http2.Framer) (code string, err error) {
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	answered := make(chan string, 1)
	go func() {
		defer close(answered)
		for {
			frame, err := framer.ReadFrame()
			if err != nil {
				return
			}
			switch frame := frame.(type) {
			case *http2.RSTStreamFrame, *http2.GoAwayFrame:
				return
			case *http2.MetaHeadersFrame:
				for _, f := range frame.Fields {
					if f.Name == "grpc-status" {
						answered <- f.Value
					}
				}
			}
		}
	}()
	select {
	case code = <-answered:
	case <-time.After(patienceOfFrames):
		return "none", nil
	}
	for c := range blamed {
		if code == fmt.Sprint(int(c)) {
			return code, fmt.Errorf("answered %v", c)
		}
	}
	return code, nil
}
