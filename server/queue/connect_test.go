package queue_test

import (
	"testing"
	"time"

	"github.com/canopyradar/canopy/server/queue"
)

// Who was let in comes back when NATS lets it in again, however often it was refused
// in between: as tokens are changed on one side and then on the other.
func TestRefusedForAWhile(t *testing.T) {
	p := newPlace(t)
	const token = "that of all"
	restart := func(token string) {
		p.server.Shutdown()
		p.nats.Token = token
		p.serve()
	}
	restart(token)
	conn, err := queue.Connect("nats://"+p.nats.Address, queue.Access{Token: token}, p.logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	restart("another")
	eventually(t, "NATS refuses", func() bool { return p.log.has("authorization violation") })
	time.Sleep(3 * time.Second) // in which one tries again, and again
	restart(token)
	eventually(t, "NATS is back", conn.IsConnected)
}
