package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/planning"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/request"
)

// caller returns the context of a call from an address.
func caller(address string) context.Context {
	return peer.NewContext(context.Background(), &peer.Peer{Addr: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address))})
}

// clocked are callers of a million posts a second and ten at once, by a clock that
// is set.
func clocked(now *time.Time) *callers {
	c := newCallers(1e6, 10e6)
	c.now = func() time.Time { return *now }
	return c
}

// TestRates asks for one thing after the other. Costs leave room for what a call
// costs by itself.
func TestRates(t *testing.T) {
	const m = 1e6
	steps := []struct {
		name string
		// after the step before, the caller asks for so many posts.
		after  time.Duration
		caller string
		posts  float64
		// wait is how long it is told to; 0 if it is let in.
		wait time.Duration
	}{
		{"half of what is saved up", 0, "10.0.0.1:1000", 5*m - callPosts, 0},
		{"as much again, from another port", 0, "10.0.0.1:2000", 5*m - callPosts, 0},
		{"nothing is left", 0, "10.0.0.1:1000", m - callPosts, time.Second},
		{"for others there is", 0, "10.0.0.2:1000", 10*m - callPosts, 0},
		{"half a second later", time.Second / 2, "10.0.0.1:1000", m - callPosts, time.Second / 2},
		{"and another", time.Second / 2, "10.0.0.1:1000", m - callPosts, 0},
		{"more than can be saved up needs all of that", 4 * time.Second, "10.0.0.1:1000", 50 * m, 6 * time.Second},
		{"which there is in time", 6 * time.Second, "10.0.0.1:1000", 50*m - callPosts, 0},
		{"and owes the rest", time.Second, "10.0.0.1:1000", 0, 39*time.Second + callPosts*time.Microsecond},
		{"until it is paid back", 39*time.Second + callPosts*time.Microsecond, "10.0.0.1:1000", 0, 0},
		{"no more is saved up than that", time.Hour, "10.0.0.1:1000", 10*m - callPosts, 0},
		{"nor ever is", 0, "10.0.0.1:1000", m - callPosts, time.Second},
		{"a clock that steps back takes nothing", -time.Hour, "10.0.0.1:1000", m - callPosts, time.Second},
	}
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	c := clocked(&now)
	for _, s := range steps {
		now = now.Add(s.after)
		_, err := c.charge(caller(s.caller), coverage.Cost{Posts: s.posts})
		var rate *problem.RateError
		switch {
		case s.wait == 0 && err != nil:
			t.Errorf("%s: %v", s.name, err)
		case s.wait > 0 && (!errors.As(err, &rate) || (rate.Wait-s.wait).Abs() > time.Microsecond):
			t.Errorf("%s: %v, want to wait for %v", s.name, err, s.wait)
		}
	}
}

// TestBills: a request pays for what is swept, not for surfaces that are kept, and
// one that is not begun for nothing but its call.
func TestBills(t *testing.T) {
	cost := coverage.Cost{Posts: 9e6, SweptPosts: 8e6}
	tests := []struct {
		name string
		end  func(*bill)
		left float64
	}{
		{"not ended yet", func(*bill) {}, 1e6},
		{"all is swept", func(b *bill) { b.swept.Add(8e6); b.settle() }, 1e6},
		{"some is kept", func(b *bill) { b.swept.Add(3e6); b.settle() }, 6e6},
		{"more than was estimated", func(b *bill) { b.swept.Add(20e6); b.settle() }, -11e6},
		{"not begun", (*bill).tearUp, 10e6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Now()
			c := clocked(&now)
			b, err := c.charge(caller("10.0.0.1:1"), cost)
			if err != nil {
				t.Fatal(err)
			}
			tt.end(b)
			if got := b.account.posts + callPosts; got != tt.left {
				t.Errorf("%v posts are left, want %v", got, tt.left)
			}
			if owe, owed := c.owing(); (owe == 1) != (tt.left < 0) || owed > 0 && owed != -tt.left+callPosts {
				t.Errorf("%d callers owe %v posts", owe, owed)
			}
		})
	}
}

// idle finds no plan in no time.
type idle struct{ planner }

func (idle) Plan(ctx context.Context, _ planning.PlanQuery, _ func(planning.Progress)) (*planning.Plan, error) {
	return nil, ctx.Err()
}

// TestPlanThatIsNotBegun: one that is cancelled while it waits for its turn costs no
// more than its call, as any other request.
func TestPlanThatIsNotBegun(t *testing.T) {
	now := time.Now()
	c := clocked(&now)
	cost := coverage.Cost{Posts: 9e6, SweptPosts: 1e6}
	b, err := c.charge(caller("10.0.0.1:1"), cost)
	if err != nil {
		t.Fatal(err)
	}
	plans := newGate(1, 1)
	leave, err := plans.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	turn, err := plans.admit()
	if err != nil {
		t.Fatal(err)
	}
	s := &sitingService{planner: idle{}, ended: newMetrics("", nil, nil).plans}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := &planWork{sitingService: s, query: &request.Plan{}, turn: turn, bill: b, cost: cost}
	if _, err := w.run(ctx, func(proto.Message) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if got := b.account.posts + callPosts; got != 10e6 {
		t.Errorf("%v posts are left, want all", got)
	}
}

// TestNobodyIsBoundWithoutARate, nor is anything kept of them.
func TestNobodyIsBoundWithoutARate(t *testing.T) {
	c := newCallers(0, 1)
	b, err := c.charge(caller("10.0.0.1:1"), coverage.Cost{Posts: 1e18})
	if err != nil || b != nil {
		t.Errorf("%v, %v", b, err)
	}
	b.settle()
	b.tearUp()
	if owe, owed := c.owing(); owe != 0 || owed != 0 {
		t.Errorf("%d callers owe %v", owe, owed)
	}
}

func TestCallersAreForgotten(t *testing.T) {
	now := time.Now()
	c := clocked(&now)
	for i := range 3 * maxCallers {
		if _, err := c.charge(caller(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255)), coverage.Cost{Posts: 10e6}); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.known.Len(); n != maxCallers {
		t.Errorf("%d callers are remembered, want %d", n, maxCallers)
	}
}

func TestCallersAreTold(t *testing.T) {
	forwarded := func(said string) context.Context {
		return metadata.NewIncomingContext(context.Background(), metadata.Pairs("x-forwarded-for", said))
	}
	tests := []struct {
		name string
		ctx  context.Context
		want string
	}{
		{"IPv4", caller("192.0.2.7:4711"), "address 192.0.2.7"},
		{"IPv4 as IPv6", caller("[::ffff:192.0.2.7]:4711"), "address 192.0.2.7"},
		{"IPv6, of which a caller has many", caller("[2001:db8:1:2:3:4:5:6]:4711"), "address 2001:db8:1:2::/64"},
		{"HTTP", forwarded("192.0.2.7"), "address 192.0.2.7"},
		{"HTTP from one who says it is another", forwarded("10.0.0.1, 192.0.2.7"), "address 192.0.2.7"},
		{"gRPC from one who says it is another", metadata.NewIncomingContext(caller("192.0.2.7:1"), metadata.Pairs("x-forwarded-for", "10.0.0.1")), "address 192.0.2.7"},
		{"this process", context.Background(), "address "},
	}
	for _, tt := range tests {
		if got := callerOf(tt.ctx); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
