package server

import (
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/canopyradar/canopy/server/problem"
)

// refusals counts what was over a limit, by the reason that its caller was told.
type refusals struct{ byReason *prometheus.CounterVec }

func newRefusals(registry *prometheus.Registry) refusals {
	r := refusals{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "canopy_refused_total", Help: "Calls that were refused as they were over a limit, by reason.",
	}, []string{"reason"})}
	for _, reason := range []string{problem.ReasonServerBusy, problem.ReasonCallerRate, problem.ReasonRequestTooLarge, problem.ReasonAnswerTooLarge} {
		r.byReason.WithLabelValues(reason)
	}
	registry.MustRegister(r.byReason)
	return r
}

func (r refusals) count(err error) {
	if s := status.Convert(err); s.Code() == codes.ResourceExhausted {
		r.byReason.WithLabelValues(problem.Reason(s)).Inc()
	}
}

// owingCollector asks how much callers owe when it is asked itself.
type owingCollector struct {
	*callers
	owe, owed *prometheus.Desc
}

// watchCallers shows who has had more computed than it had saved up: how many, not
// who.
func (m *metrics) watchCallers(c *callers) {
	m.registry.MustRegister(&owingCollector{
		callers: c,
		owe:     prometheus.NewDesc("canopy_callers_owing", "Callers who had more posts worked through than they had saved up, and wait.", nil, nil),
		owed:    prometheus.NewDesc("canopy_callers_owed_posts", "How many posts these callers are over.", nil, nil),
	})
}

// watchMemory shows how much of the budget is reserved.
func (m *metrics) watchMemory(b *budget) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "canopy_memory_reserved_bytes", Help: "Memory that large computations have reserved."}, func() float64 { return float64(b.inUse()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "canopy_memory_total_bytes", Help: "Memory that large computations and kept surfaces share."}, func() float64 { return float64(b.totalB) }),
	)
}

func (c *owingCollector) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, to) }

func (c *owingCollector) Collect(to chan<- prometheus.Metric) {
	callers, posts := c.owing()
	to <- prometheus.MustNewConstMetric(c.owe, prometheus.GaugeValue, float64(callers))
	to <- prometheus.MustNewConstMetric(c.owed, prometheus.GaugeValue, posts)
}
