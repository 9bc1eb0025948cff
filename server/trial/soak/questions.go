package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// question has one answer, whoever else asks what.
type question struct {
	name string
	// weight is how often it is asked. Large questions are so many that the server
	// has to refuse some: the others have a queue of their own, which is longer.
	weight int
	ask    func(ctx context.Context, w *world) ([]byte, error)
}

var questions = []question{
	{"check a point", 20, func(ctx context.Context, w *world) ([]byte, error) {
		return encoded(canopyv1.NewCoverageServiceClient(w.conn).CheckPoints(ctx, &canopyv1.CheckPointsRequest{Points: []*canopyv1.Point{at(-11.6, -70.2)}}))
	}},
	{"check 200 points", 5, func(ctx context.Context, w *world) ([]byte, error) {
		q := &canopyv1.CheckPointsRequest{Network: four}
		for i := range 200 {
			q.Points = append(q.Points, at(-14+float64(i)*0.05, -74+float64(i)*0.02))
		}
		return encoded(canopyv1.NewCoverageServiceClient(w.conn).CheckPoints(ctx, q))
	}},
	{"gaps of a country", 30, func(ctx context.Context, w *world) ([]byte, error) {
		return encoded(canopyv1.NewCoverageServiceClient(w.conn).FindGaps(ctx, &canopyv1.FindGapsRequest{Network: four, Altitudes: agl(300, 1000, 3000)}))
	}},
	{"gaps of a department", 5, func(ctx context.Context, w *world) ([]byte, error) {
		return encoded(canopyv1.NewCoverageServiceClient(w.conn).FindGaps(ctx, &canopyv1.FindGapsRequest{Airspace: madreDeDios, Altitudes: agl(100, 500)}))
	}},
	{"profile", 10, func(ctx context.Context, w *world) ([]byte, error) {
		return encoded(canopyv1.NewCoverageServiceClient(w.conn).GetProfile(ctx, &canopyv1.GetProfileRequest{Point: at(-13, -71)}))
	}},
	{"airstrips", 5, func(ctx context.Context, w *world) ([]byte, error) {
		return encoded(canopyv1.NewCatalogServiceClient(w.conn).ListAirstrips(ctx, &canopyv1.ListAirstripsRequest{PageSize: 200}))
	}},
	{"floor", 1, exportFloor},
	{"plan", 5, plan},
	{"check over HTTP", 10, func(ctx context.Context, w *world) ([]byte, error) {
		return w.fetch(ctx, http.MethodPost, "/v1/points:check", `{"points":[{"position":{"lat_deg":-11.6,"lon_deg":-70.2},"altitude":{"agl_m":300}}]}`)
	}},
	{"gaps as GeoJSON", 2, func(ctx context.Context, w *world) ([]byte, error) {
		return w.fetch(ctx, http.MethodGet, "/gaps.geojson?airspace=peru/madre-de-dios&altitude=500m-agl", "")
	}},
	{"catalogue over HTTP", 10, func(ctx context.Context, w *world) ([]byte, error) {
		return w.fetch(ctx, http.MethodGet, "/v1/scenarios", "")
	}},
}

var (
	four        = &canopyv1.NetworkSelection{ScenarioId: "four-modern"}
	madreDeDios = &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: "peru/madre-de-dios"}}
)

func at(latDeg, lonDeg float64) *canopyv1.Point {
	return &canopyv1.Point{Position: &canopyv1.Position{LatDeg: latDeg, LonDeg: lonDeg}, Altitude: agl(300)[0]}
}

func agl(heightsM ...float64) (all []*canopyv1.Altitude) {
	for _, m := range heightsM {
		all = append(all, &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: m}})
	}
	return all
}

func encoded(answer proto.Message, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(answer)
}

func exportFloor(ctx context.Context, w *world) ([]byte, error) {
	stream, err := canopyv1.NewCoverageServiceClient(w.conn).ExportFloor(ctx, &canopyv1.ExportFloorRequest{})
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	for {
		chunk, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return all.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
		raw, err := encoded(chunk, nil)
		if err != nil {
			return nil, err
		}
		all.Write(raw)
	}
}

// small is a plan that is proven within a second or two.
func small() *canopyv1.PlanNetworkRequest {
	return &canopyv1.PlanNetworkRequest{
		Airspace: madreDeDios, Candidates: &canopyv1.CandidateSelection{Search: &canopyv1.CandidateSearch{MaxCount: proto.Int32(30)}},
		Constraints: &canopyv1.PlanConstraints{MaxCount: proto.Int32(2)},
	}
}

func plan(ctx context.Context, w *world) ([]byte, error) {
	operation, err := canopyv1.NewSitingServiceClient(w.conn).PlanNetwork(ctx, small())
	if err != nil {
		return nil, err
	}
	return w.planned(ctx, operation.GetName())
}

// planned waits for a plan, and removes it.
func (w *world) planned(ctx context.Context, name string) ([]byte, error) {
	operation, err := w.wait(ctx, name)
	if err != nil {
		return nil, err
	}
	if operation.GetError() != nil {
		return nil, status.ErrorProto(operation.GetError())
	}
	if err := ordered(operation); err != nil {
		return nil, err
	}
	answer := &canopyv1.PlanNetworkResponse{}
	if err := operation.GetResponse().UnmarshalTo(answer); err != nil {
		return nil, err
	}
	_, err = longrunningpb.NewOperationsClient(w.conn).DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: name})
	if err != nil {
		return nil, err
	}
	return encoded(answer, nil)
}

// ordered refuses a plan that ended before it began.
func ordered(operation *longrunningpb.Operation) error {
	told := &canopyv1.PlanNetworkMetadata{}
	if err := operation.GetMetadata().UnmarshalTo(told); err != nil {
		return err
	}
	if created, ended := told.GetCreateTime().AsTime(), told.GetEndTime().AsTime(); ended.Before(created) {
		return fmt.Errorf("a plan of %v has ended at %v", created, ended)
	}
	return nil
}

// begin begins a plan, and asks again for as long as the server is busy.
func (w *world) begin(ctx context.Context, request *canopyv1.PlanNetworkRequest) (*longrunningpb.Operation, error) {
	for {
		operation, err := canopyv1.NewSitingServiceClient(w.conn).PlanNetwork(ctx, request)
		if err == nil || !busy(err) || ctx.Err() != nil {
			return operation, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// busy reports whether an error is the server's that has enough to do. Others that
// say RESOURCE_EXHAUSTED are none that these questions may come upon.
func busy(err error) bool {
	said, _ := status.FromError(err)
	for _, detail := range said.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason() == "SERVER_BUSY"
		}
	}
	return errors.Is(err, errBusyOverHTTP)
}

var errBusyOverHTTP = errors.New("SERVER_BUSY over HTTP")

// wait waits for an operation to end.
func (w *world) wait(ctx context.Context, name string) (*longrunningpb.Operation, error) {
	for {
		operation, err := longrunningpb.NewOperationsClient(w.conn).WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name, Timeout: durationpb.New(10 * time.Second)})
		if err != nil || operation.GetDone() {
			return operation, err
		}
	}
}

// fetch asks over HTTP. A status of an error becomes one of gRPC.
func (w *world) fetch(ctx context.Context, method, path, body string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+w.http+path, bytes.NewBufferString(body))
	if err != nil {
		return nil, err
	}
	response, err := w.web.Do(request)
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, status.Error(codes.Unavailable, err.Error())
	case response.StatusCode == http.StatusTooManyRequests && bytes.Contains(answer, []byte("SERVER_BUSY")):
		return nil, errBusyOverHTTP
	case response.StatusCode == http.StatusServiceUnavailable:
		return nil, status.Error(codes.Unavailable, string(answer))
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%d: %s", response.StatusCode, answer)
	}
	return answer, nil
}
