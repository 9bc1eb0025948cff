package server

import (
	"crypto/tls"
	"strings"
	"sync/atomic"
	"time"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/canopyradar/canopy/coverage/surfaces"
	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/shelf"
	"github.com/canopyradar/canopy/terrain"
)

// callSeconds are the bounds of the histogram of how long calls take: lists take
// a millisecond, a country at 3 arc-seconds a minute, and none more than
// DefaultTimeout.
var callSeconds = []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10, 30, 100, 300, 600}

// metrics are what those who watch a server see of it: never what was asked for,
// nor by whom. A label has few values, all of which are known beforehand.
type metrics struct {
	registry *prometheus.Registry
	calls    *grpcprom.ServerMetrics
	plans    *prometheus.CounterVec
	// swept counts the posts that were swept.
	swept atomic.Int64
	reads reads
}

func newMetrics(version string, kept *surfaces.Cache, onShelf *shelf.Shelf) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		calls:    grpcprom.NewServerMetrics(grpcprom.WithServerHandlingTimeHistogram(grpcprom.WithHistogramBuckets(callSeconds))),
		plans:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "canopy_plans_total", Help: "Plans that have ended, by what ended them."}, []string{"ending"}),
	}
	m.registry.MustRegister(m.calls, m.plans,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		always("canopy_build_info", "The version of the engine.", prometheus.Labels{"version": version}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "canopy_swept_posts_total", Help: "Terrain posts in range of the radars whose floors were computed."},
			func() float64 { return float64(m.swept.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "canopy_terrain_read_posts_total", Help: "Terrain posts in the windows that were read, or looked at where they lie."},
			func() float64 { return float64(m.reads.posts.Load()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "canopy_terrain_read_seconds_total", Help: "How long reading terrain took, of all requests together; what is looked at where it lies takes none of it."},
			func() float64 { return time.Duration(m.reads.nanoseconds.Load()).Seconds() }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "canopy_cache_failures_total", Help: "How often the directory or bucket of the cache could not be read or written."},
			func() float64 {
				if onShelf == nil {
					return 0
				}
				return float64(onShelf.Failures())
			}),
	)
	if kept != nil {
		m.registry.MustRegister(newCacheCollector(kept))
	}
	for number := range canopyv1.PlanEnding_name {
		m.plans.WithLabelValues(endingLabel(canopyv1.PlanEnding(number)))
	}
	return m
}

// standOn shows the terrain.
func (m *metrics) standOn(info terrain.Info) {
	m.registry.MustRegister(always("canopy_terrain_info", "The terrain that all answers stand on.", prometheus.Labels{"name": info.Name, "identity": info.Identity}))
}

// secureBy shows when the certificate of connections ends, as that is renewed.
func (m *metrics) secureBy(secured *tls.Config) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "canopy_certificate_expiry_timestamp_seconds", Help: "When the certificate ends that clients are shown, in seconds since 1970.",
	}, func() float64 { return float64(access.Ends(secured).Unix()) }))
}

// always is a gauge of 1, for the sake of its labels.
func always(name, help string, labels prometheus.Labels) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels})
	g.Set(1)
	return g
}

// watch shows how busy a gate is; what is let through it: "computations".
func (m *metrics) watch(g *gate, what string) {
	words := strings.ReplaceAll(what, "_", " ")
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "canopy_" + what + "_running", Help: "How many " + words + " run."}, func() float64 { return float64(g.runs()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "canopy_" + what + "_waiting", Help: "How many " + words + " wait for their turn."}, func() float64 { return float64(g.waits()) }),
	)
}

// endingLabel is the name of an ending without its prefix; failed for none.
func endingLabel(e canopyv1.PlanEnding) string {
	if e == canopyv1.PlanEnding_PLAN_ENDING_UNSPECIFIED {
		return "failed"
	}
	return strings.ToLower(strings.TrimPrefix(e.String(), "PLAN_ENDING_"))
}

// Metrics returns what there is to see of the server, for Prometheus, and takes
// what other faces of it add.
func (s *Server) Metrics() *prometheus.Registry { return s.metrics.registry }

// cacheCollector asks a cache when it is asked itself.
type cacheCollector struct {
	cache                              *surfaces.Cache
	questions, evicted, surfaces, size *prometheus.Desc
}

func newCacheCollector(c *surfaces.Cache) *cacheCollector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("canopy_cache_"+name, help, labels, nil)
	}
	return &cacheCollector{
		cache:     c,
		questions: desc("questions_total", "Floor surfaces that were asked for, by where they came from: memory, shelf (the directory or bucket), or computed.", "from"),
		evicted:   desc("evictions_total", "What had to leave the memory for others."),
		surfaces:  desc("surfaces", "Floor surfaces in memory."),
		size:      desc("bytes", "Memory taken by floor surfaces and by what is made of them."),
	}
}

func (c *cacheCollector) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, to) }

func (c *cacheCollector) Collect(to chan<- prometheus.Metric) {
	stats := c.cache.Stats()
	send := func(desc *prometheus.Desc, kind prometheus.ValueType, value int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, kind, float64(value), labels...)
	}
	send(c.questions, prometheus.CounterValue, int64(stats.FromMemory), "memory")
	send(c.questions, prometheus.CounterValue, int64(stats.FromShelf), "shelf")
	send(c.questions, prometheus.CounterValue, int64(stats.Computed), "computed")
	send(c.evicted, prometheus.CounterValue, int64(stats.Evicted))
	send(c.surfaces, prometheus.GaugeValue, int64(stats.Surfaces))
	send(c.size, prometheus.GaugeValue, stats.SizeB)
}
