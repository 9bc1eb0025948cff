package queue

import "time"

// NATSWasAhead has the queue find out at its next look that the clock of NATS was
// set back.
func (q *Queue) NATSWasAhead(by time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.clock.zero = q.clock.zero.Add(by)
}
