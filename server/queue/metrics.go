package queue

import (
	"github.com/prometheus/client_golang/prometheus"
)

// counts are what those who watch see of a queue.
type counts struct {
	published, done, failed, aside prometheus.Counter
	// worked is what this process did for others.
	worked  *prometheus.CounterVec
	running prometheus.Gauge
}

func newCounts() *counts {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	c := &counts{
		published: counter("canopy_tasks_published_total", "Tasks that this process put into the queue."),
		done:      counter("canopy_tasks_done_total", "Tasks that this process waited for, and that were done."),
		failed:    counter("canopy_tasks_failed_total", "Failures of workers, and refusals, at tasks that this process waited for."),
		aside:     counter("canopy_tasks_poisoned_total", "Tasks that this process waited for, and that were set aside."),
		worked: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "canopy_tasks_worked_total", Help: "Tasks that this process began as a worker, by what became of them.",
		}, []string{"outcome"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "canopy_tasks_running", Help: "Tasks that this process works on."}),
	}
	for _, outcome := range []state{done, failed, aside, refused, unkept, unwanted, givenBack} {
		c.worked.WithLabelValues(string(outcome))
	}
	return c
}

// Metrics returns what there is to see of the queue.
func (q *Queue) Metrics() []prometheus.Collector {
	return []prometheus.Collector{
		q.counts.published, q.counts.done, q.counts.failed, q.counts.aside, q.counts.worked, q.counts.running,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "canopy_tasks_waiting", Help: "Tasks that this process waits for."}, func() float64 {
			q.mu.Lock()
			defer q.mu.Unlock()
			return float64(len(q.waits))
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "canopy_workers", Help: "Workers of the same terrain that were heard of in the last seconds."}, func() float64 {
			return float64(q.workers())
		}),
	}
}
