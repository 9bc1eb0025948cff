package queue

import (
	"testing"
	"time"
)

func TestClockIsWatched(t *testing.T) {
	began := time.Now()
	var c clock
	for _, step := range []struct {
		name string
		// steady is how long it is since the beginning, ahead how far NATS is then.
		steady, ahead time.Duration
		want          bool
	}{
		{"the first look tells nothing", time.Second, -time.Hour, false},
		{"as before", 5 * time.Second, -time.Hour, false},
		{"slow by less than a lease", 10 * time.Second, -time.Hour - 9*time.Second, false},
		{"set ahead", 15 * time.Second, time.Hour, false},
		{"set back a day", 20 * time.Second, -23 * time.Hour, true},
		{"which is told once", 25 * time.Second, -23 * time.Hour, false},
		{"nothing for a day", 24 * time.Hour, -23 * time.Hour, false},
		{"set back by more than a lease", 25 * time.Hour, -23*time.Hour - 11*time.Second, true},
	} {
		if got := c.setBack(began.Round(0).Add(step.steady+step.ahead), step.steady, 10*time.Second); got != step.want {
			t.Errorf("%s: %t, want %t", step.name, got, step.want)
		}
	}
}
