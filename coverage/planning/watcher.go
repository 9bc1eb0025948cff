package planning

import "math"

// phaseEnds are the shares of the work that are done after each phase: a guess,
// as nobody knows how long a search takes.
var phaseEnds = [...]float64{Screening: 0.2, Sweeping: 0.5, Searching: 0.8, Measuring: 1}

// watcher tells of progress, to one who may be nil.
type watcher struct {
	tell func(Progress)
	now  Progress
}

func newWatcher(tell func(Progress)) *watcher {
	if tell == nil {
		tell = func(Progress) {}
	}
	return &watcher{tell: tell, now: Progress{ObjectiveKM2: math.NaN(), UpperBoundKM2: math.NaN()}}
}

// enter begins a phase.
func (w *watcher) enter(phase Phase, doing string) {
	w.now.Phase, w.now.Swept = phase, 0
	w.done(0, doing)
}

// done says which share of the phase is done.
func (w *watcher) done(share float64, doing string) {
	before := 0.0
	if w.now.Phase > 0 {
		before = phaseEnds[w.now.Phase-1]
	}
	w.now.Share = max(w.now.Share, before+share*(phaseEnds[w.now.Phase]-before))
	w.now.Doing = doing
	w.tell(w.now)
}

// found tells of a better plan or bound.
func (w *watcher) found(objectiveKM2, upperBoundKM2 float64) {
	w.now.ObjectiveKM2, w.now.UpperBoundKM2 = objectiveKM2, upperBoundKM2
	w.tell(w.now)
}
