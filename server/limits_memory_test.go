package server_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
)

// livePeak returns how much more memory is in use while f runs than before, in
// bytes, at the most. Garbage does not count.
func livePeak(f func()) (peakB int64) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	look := func() int64 {
		runtime.GC()
		metrics.Read(live)
		return int64(live[0].Value.Uint64())
	}
	before := look()
	done := make(chan struct{})
	go func() {
		f()
		close(done)
	}()
	for {
		select {
		case <-done:
			return peakB - before
		case <-time.After(time.Millisecond):
			peakB = max(peakB, look())
		}
	}
}

// TestMemoryOfAllIsKeptTo has six requests of some 100 MiB each come at a time, to
// a server that keeps surfaces: all of that together keeps to the budget, unless
// that allows for all.
func TestMemoryOfAllIsKeptTo(t *testing.T) {
	if slowdown > 1 {
		t.Skip("the race detector takes time and memory of its own")
	}
	const mib = 1 << 20
	peak := func(totalB int64) int64 {
		_, conn := serve(t, server.Config{
			Terrain: flat{}, Cache: server.Cache{MemoryB: 100 * mib},
			Limits: server.Limits{MaxConcurrent: 6, MemoryB: 200 * mib, TotalMemoryB: totalB},
		})
		client := canopyv1.NewCoverageServiceClient(conn)
		return livePeak(func() {
			var all sync.WaitGroup
			for i := range 6 {
				all.Go(func() {
					if _, err := client.FindGaps(context.Background(), quarterOfPeru(i)); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		})
	}
	const totalB = 250 * mib
	bounded, unbounded := peak(totalB), peak(0)
	if bounded > totalB {
		t.Errorf("%d MiB are taken, and %d allowed", bounded/mib, totalB/mib)
	}
	if unbounded <= bounded {
		t.Errorf("%d MiB are taken where all may run at a time, and %d where they may not: nothing was held back", unbounded/mib, bounded/mib)
	}
}

// quarterOfPeru asks for gaps of some radars, other ones for each number.
func quarterOfPeru(i int) *canopyv1.FindGapsRequest {
	req := &canopyv1.FindGapsRequest{
		Network: &canopyv1.NetworkSelection{}, Airspace: area(ring(-13, -77, -13, -71, -5, -71, -5, -77, -13, -77)), Altitudes: []*canopyv1.Altitude{agl(300)},
	}
	for r := range 3 {
		req.Network.Radars = append(req.Network.Radars, &canopyv1.Radar{
			RadarId: fmt.Sprint("r", r), Position: position(-11+2*float64(r), -74+0.01*float64(i)), Limits: &canopyv1.RadarLimits{RangeKm: ptr(400.0)},
		})
	}
	return req
}
