package server_test

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/trial"
)

// TestUnread: who sends no protobuf is told so, by calls and by streams.
func TestUnread(t *testing.T) {
	_, conn := serve(t, server.Config{})
	spoiled := []byte{0xff, 0xff}
	t.Run("call", func(t *testing.T) {
		err := conn.Invoke(testContext(t), canopyv1.CoverageService_CheckPoints_FullMethodName, spoiled, new([]byte), grpc.ForceCodecV2(trial.Raw{}))
		wantStatus(t, err, codes.InvalidArgument, problem.ReasonBodyInvalid)
	})
	t.Run("stream", func(t *testing.T) {
		stream, err := conn.NewStream(testContext(t), &grpc.StreamDesc{ServerStreams: true}, canopyv1.CoverageService_ExportFloor_FullMethodName, grpc.ForceCodecV2(trial.Raw{}))
		if err == nil {
			err = stream.SendMsg(spoiled)
		}
		if err == nil {
			err = stream.CloseSend()
		}
		if err != nil {
			t.Fatal(err)
		}
		wantStatus(t, stream.RecvMsg(new([]byte)), codes.InvalidArgument, problem.ReasonBodyInvalid)
	})
}
