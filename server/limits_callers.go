package server

import (
	"context"
	"math"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/problem"
)

// DefaultBurstSeconds is how long a caller who asked for nothing has saved up
// posts.
const DefaultBurstSeconds = 10

// maxCallers is how many callers are remembered, those who asked last: one of whom
// nothing is known may have all that can be saved up.
const maxCallers = 10_000

// callPosts is what a call costs beside its posts: about as long as it takes to be
// received and answered.
const callPosts = 10_000

// callers bound how many posts each caller has worked through: the cost of a
// request is taken from what the caller has saved up, and the rest is owed. Nil
// bounds nobody.
type callers struct {
	perSecond, burst float64
	now              func() time.Time

	mu    sync.Mutex
	known *simplelru.LRU[string, *account]
}

// account is what a caller has saved up, in posts, at a time; below 0 where it is
// owed.
type account struct {
	posts float64
	at    time.Time
}

// newCallers returns nil for a rate of 0.
func newCallers(perSecond, burst float64) *callers {
	if perSecond <= 0 {
		return nil
	}
	if burst <= 0 {
		burst = DefaultBurstSeconds * perSecond
	}
	known, err := simplelru.NewLRU[string, *account](maxCallers, nil)
	if err != nil {
		panic(err) // of a size that is not positive
	}
	return &callers{perSecond: perSecond, burst: burst, now: time.Now, known: known}
}

// charge takes the cost of a request from the account of its caller. It returns a
// *problem.RateError to one who has not saved up as much: a request that costs more
// than can be is let in when all is, and the rest is owed.
func (c *callers) charge(ctx context.Context, cost coverage.Cost) (*bill, error) {
	if c == nil {
		return nil, nil
	}
	posts := cost.Posts + callPosts
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.account(callerOf(ctx))
	if short := min(posts, c.burst) - a.posts; short > 0 {
		wait := time.Duration(short / c.perSecond * float64(time.Second))
		return nil, &problem.RateError{Posts: posts, Left: a.posts, PerSecond: c.perSecond, Burst: c.burst, Wait: wait}
	}
	a.posts -= posts
	return &bill{callers: c, account: a, cost: cost}, nil
}

// account returns that of a caller as it is now. It is to be called with mu held.
func (c *callers) account(name string) *account {
	now := c.now()
	a, known := c.known.Get(name)
	if !known {
		a = &account{posts: c.burst, at: now}
		c.known.Add(name, a)
	}
	// Clocks of tests and of machines may step back.
	passed := max(0, now.Sub(a.at).Seconds())
	a.posts, a.at = min(c.burst, a.posts+passed*c.perSecond), now
	return a
}

// owing returns how many callers owe posts, and how many posts they do.
func (c *callers) owing() (callers int, posts float64) {
	if c == nil {
		return 0, 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range c.known.Keys() {
		if a, _ := c.known.Peek(name); a != nil {
			if owed := -a.posts - max(0, c.now().Sub(a.at).Seconds())*c.perSecond; owed > 0 {
				callers++
				posts += owed
			}
		}
	}
	return callers, posts
}

// bill is what one request is charged: its estimate, until it has ended. Nil is of
// a request that nobody pays for.
type bill struct {
	callers *callers
	account *account
	cost    coverage.Cost
	swept   atomic.Int64
}

// watch returns a context whose work is on the bill.
func (b *bill) watch(ctx context.Context) context.Context {
	if b == nil {
		return ctx
	}
	return coverage.WithTally(ctx, func(posts int) { b.swept.Add(int64(posts)) })
}

// settle puts what was swept in the place of what was estimated: surfaces that are
// kept cost nothing.
func (b *bill) settle() {
	if b != nil {
		b.giveBack(b.cost.SweptPosts - float64(b.swept.Load()))
	}
}

// tearUp is settle for a request that was not begun.
func (b *bill) tearUp() {
	if b != nil {
		b.giveBack(b.cost.Posts)
	}
}

func (b *bill) giveBack(posts float64) {
	b.callers.mu.Lock()
	defer b.callers.mu.Unlock()
	b.account.posts = math.Min(b.callers.burst, b.account.posts+posts)
}

// callerOf names who calls: by its token or certificate, or else by the address
// that it calls from.
func callerOf(ctx context.Context) string {
	if name := access.From(ctx).Name; name != "" {
		return "name " + name
	}
	return "address " + addressOf(ctx)
}

// addressOf returns the address that a call comes from, of which that of a network
// of IPv6 is enough: its machines have as many as they like. A call within the
// process is HTTP's, which says last in x-forwarded-for whose it is.
func addressOf(ctx context.Context) string {
	from, ok := peer.FromContext(ctx)
	if ok && from.Addr.Network() == "tcp" {
		address, err := netip.ParseAddrPort(from.Addr.String())
		if err == nil {
			return network(address.Addr())
		}
		return from.Addr.String()
	}
	said := metadata.ValueFromIncomingContext(ctx, "x-forwarded-for")
	if len(said) == 0 {
		return ""
	}
	last := said[len(said)-1]
	last = strings.TrimSpace(last[strings.LastIndex(last, ",")+1:])
	if address, err := netip.ParseAddr(last); err == nil {
		return network(address)
	}
	return last
}

func network(a netip.Addr) string {
	const bitsOfNetwork = 64
	a = a.Unmap()
	if a.Is6() {
		if whole, err := a.WithZone("").Prefix(bitsOfNetwork); err == nil {
			return whole.String()
		}
	}
	return a.String()
}
