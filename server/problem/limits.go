package problem

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/canopyradar/canopy/coverage"
)

// BusyError is returned when as many requests wait as may.
type BusyError struct{ Running, Waiting int }

func (e *BusyError) Error() string {
	return fmt.Sprintf("%d requests are running and %d wait, which is as many as may: try again in %v", e.Running, e.Waiting, busyRetry)
}

// busyRetry is when to try again what a full server refuses: requests take from
// seconds to minutes.
const busyRetry = 5 * time.Second

// MemoryError is returned when the memory of the server is taken.
type MemoryError struct {
	// NeededB is what the request needs, and TotalB what there is for all.
	NeededB, TotalB int64
}

func (e *MemoryError) Error() string {
	const mib = 1 << 20
	return fmt.Sprintf("the request needs %.1f MiB of memory, which cannot be had now of the %.0f MiB that all requests share: try again in %v",
		float64(e.NeededB)/mib, float64(e.TotalB)/mib, busyRetry)
}

// WatchedError is returned when as many watches are open as may.
type WatchedError struct{ Watches int }

func (e *WatchedError) Error() string {
	return fmt.Sprintf("%d watches of calls are open, and no more may be: go on without one, or try again in %v", e.Watches, busyRetry)
}

// RateError is returned to a caller who has had as much computed as it may.
type RateError struct {
	// Posts is what the request would cost, and Left what its caller has saved up,
	// less than 0 where it is owed. PerSecond is what a caller may have worked
	// through, and Burst what it can save up. All are terrain posts.
	Posts, Left, PerSecond, Burst float64
	// Wait is how long it is until the request is let in.
	Wait time.Duration
}

func (e *RateError) Error() string {
	if e.Left < 0 {
		return fmt.Sprintf("the request is estimated at %s posts, and its caller has had %s more than it had saved up, of which it may have %s a second and %s at once: try again in %v",
			thousands(e.Posts), thousands(-e.Left), thousands(e.PerSecond), thousands(e.Burst), e.retry())
	}
	return fmt.Sprintf("the request is estimated at %s posts, and its caller has %s left, of which it may have %s a second and %s at once: try again in %v, or ask for less",
		thousands(e.Posts), thousands(e.Left), thousands(e.PerSecond), thousands(e.Burst), e.retry())
}

// retry is rounded up to what people and Retry-After say.
func (e *RateError) retry() time.Duration {
	return time.Duration(math.Ceil(e.Wait.Seconds())) * time.Second
}

// thousands writes a count as people do who compare it: 12k, 3.4M, 1.5G.
func thousands(n float64) string {
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'e', 2, 64), 64)
	for _, unit := range []struct {
		name string
		of   float64
	}{{"G", 1e9}, {"M", 1e6}, {"k", 1e3}} {
		if n >= unit.of {
			return strconv.FormatFloat(n/unit.of, 'f', -1, 64) + unit.name
		}
	}
	return strconv.FormatFloat(n, 'f', 0, 64)
}

// AnswerTooLargeError is returned instead of an answer that is longer than its
// client takes, or than the server sends.
type AnswerTooLargeError struct {
	// Bytes is the length of the answer, Allowed the limit.
	Bytes, Allowed int
	// Remedy says what to do.
	Remedy string
}

func (e *AnswerTooLargeError) Error() string {
	const mib = 1 << 20
	return fmt.Sprintf("the answer has %.1f MiB, at most %.1f MiB can be sent: %s",
		float64(e.Bytes)/mib, float64(e.Allowed)/mib, e.Remedy)
}

// classifyLimit has the rows about limits: what was over one, how much of it came
// and how much is allowed, and where that helps when to try again.
func classifyLimit(err error) answer {
	var (
		limit   *coverage.LimitError
		busy    *BusyError
		memory  *MemoryError
		watched *WatchedError
		rate    *RateError
		large   *AnswerTooLargeError
	)
	a := answer{code: codes.ResourceExhausted}
	switch {
	case errors.As(err, &limit):
		a.reason, a.message = ReasonRequestTooLarge, limit.Error()
		a.metadata = measured(limit.What, limit.Have, limit.Allowed)
	case errors.As(err, &busy):
		a.reason, a.message, a.retry = ReasonServerBusy, busy.Error(), busyRetry
		a.metadata = measured("requests that wait", busy.Waiting+1, busy.Waiting)
	case errors.As(err, &memory):
		a.reason, a.message, a.retry = ReasonServerBusy, memory.Error(), busyRetry
		a.metadata = measured("bytes of memory", int(memory.NeededB), int(memory.TotalB))
	case errors.As(err, &watched):
		a.reason, a.message, a.retry = ReasonServerBusy, watched.Error(), busyRetry
		a.metadata = measured("watches", watched.Watches+1, watched.Watches)
	case errors.As(err, &rate):
		a.reason, a.message, a.retry = ReasonCallerRate, rate.Error(), rate.retry()
		a.metadata = measured("posts", int(rate.Posts), int(max(0, rate.Left)))
	case errors.As(err, &large):
		a.reason, a.message = ReasonAnswerTooLarge, large.Error()
		a.metadata = measured("bytes of the answer", large.Bytes, large.Allowed)
	default:
		return classifyOperation(err)
	}
	return a
}

// measured is for programs what a message says for people.
func measured(what string, have, allowed int) map[string]string {
	return map[string]string{"what": what, "have": strconv.Itoa(have), "allowed": strconv.Itoa(allowed)}
}
