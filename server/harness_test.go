package server_test

import (
	"context"
	"math"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/terrain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ridge is terrain around Peru with a post every 30″: a plain 200 m high, and
// along the meridian 71° west a ridge of 2200 m.
type ridge struct{}

func (ridge) Info() terrain.Info {
	return terrain.Info{Name: "ridge", Identity: "test:ridge", SpacingArcsec: 30}
}

func (ridge) Lattice() terrain.Lattice {
	return terrain.Lattice{PerDegLon: 120, PerDegLat: 120, Col0: 98 * 120, Row0: 88 * 120, Cols: 15*120 + 1, Rows: 20*120 + 1}
}

func (ridge) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	g := terrain.NewGrid(l)
	whole := ridge{}.Lattice().Bound()
	for r := range l.Rows {
		for c := range l.Cols {
			if lon, lat := l.Lon(c), l.Lat(r); lon >= whole.Left() && lon <= whole.Right() && lat >= whole.Bottom() && lat <= whole.Top() {
				g.ElevationM[r*l.Cols+c] = float32(200 + 2000*math.Exp(-math.Pow((lon+71)*20, 2)))
			}
		}
	}
	return g, ctx.Err()
}

// hooked is ridge with something that happens before every read.
type hooked struct {
	ridge
	before func(context.Context) error
}

func (m hooked) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	if err := m.before(ctx); err != nil {
		return nil, err
	}
	return m.ridge.Read(ctx, l)
}

// blocking is terrain that is never read to the end, and tells when a read
// starts and stops.
type blocking struct {
	ridge
	started, stopped chan struct{}
}

func newBlocking() blocking {
	return blocking{started: make(chan struct{}, 100), stopped: make(chan struct{}, 100)}
}

func (m blocking) Read(ctx context.Context, _ terrain.Lattice) (*terrain.Grid, error) {
	m.started <- struct{}{}
	<-ctx.Done()
	m.stopped <- struct{}{}
	return nil, ctx.Err()
}

// patience is how long a test waits for what should happen at once.
const patience = 30 * time.Second

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// serve starts a server on a socket and returns it with a connection to it;
// both end with the test.
func serve(t *testing.T, cfg server.Config) (*server.Server, *grpc.ClientConn) {
	t.Helper()
	if cfg.Terrain == nil {
		cfg.Terrain = ridge{}
	}
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.Serve(context.Background(), listener); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { s.Close(); serving.Wait() })
	return s, dial(t, listener.Addr().String())
}

func dial(t *testing.T, address string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// wantStatus checks the code and the ErrorInfo of an error, and returns its
// field violations.
func wantStatus(t *testing.T, err error, code codes.Code, reason string) []*errdetails.BadRequest_FieldViolation {
	t.Helper()
	if got := status.Code(err); got != code {
		t.Fatalf("code = %v, want %v: %v", got, code, err)
	}
	var info *errdetails.ErrorInfo
	var violations []*errdetails.BadRequest_FieldViolation
	for _, d := range status.Convert(err).Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			info = d
		case *errdetails.BadRequest:
			violations = d.GetFieldViolations()
		}
	}
	if info.GetReason() != reason || info.GetDomain() != "canopy" {
		t.Errorf("ErrorInfo = %v, want reason %s of domain canopy", info, reason)
	}
	return violations
}

// await fails the test if nothing comes.
func await[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain")
		panic("not reached")
	}
}

func ptr[T any](v T) *T { return &v }

func position(lat, lon float64) *canopyv1.Position {
	return &canopyv1.Position{LatDeg: lat, LonDeg: lon}
}

func agl(m float64) *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: m}}
}

// ring returns a ring of latitude, longitude pairs as they are.
func ring(latLon ...float64) *canopyv1.Ring {
	r := &canopyv1.Ring{}
	for i := 0; i < len(latLon); i += 2 {
		r.Positions = append(r.Positions, position(latLon[i], latLon[i+1]))
	}
	return r
}

func area(rings ...*canopyv1.Ring) *canopyv1.AirspaceSelection {
	return &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_Area{
		Area: &canopyv1.Area{Polygons: []*canopyv1.Polygon{{Rings: rings}}},
	}}
}

func namedAirspace(id string) *canopyv1.AirspaceSelection {
	return &canopyv1.AirspaceSelection{Airspace: &canopyv1.AirspaceSelection_AirspaceId{AirspaceId: id}}
}

// plain is a small network in the plain east of the ridge: one radar of
// 60 km.
func plain() *canopyv1.NetworkSelection {
	return &canopyv1.NetworkSelection{Radars: []*canopyv1.Radar{{
		Name: "Puesto Ñ", Position: position(-12.6, -69.2), Limits: &canopyv1.RadarLimits{RangeKm: ptr(60.0)},
	}}}
}
