package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// requestSeconds are the bounds of the histogram of how long requests take: what
// is kept takes a millisecond, a floor that is computed a minute.
var requestSeconds = []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10, 30, 100, 300, 600}

// newRequests counts requests by the paths of the description, never by those
// that were asked for, which may say anything.
func newRequests() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "canopy_http_request_seconds", Help: "How long HTTP requests take, by path, method and status.", Buckets: requestSeconds,
	}, []string{"path", "method", "code"})
}

// timed counts the requests of a path, as it is written in the description.
func (f *Face) timed(path string, h http.Handler) http.Handler {
	return promhttp.InstrumentHandlerDuration(f.requests.MustCurryWith(prometheus.Labels{"path": path}), h)
}

// turnAway answers a request that does not get as far as its path; it is counted
// under an empty one.
func (f *Face) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	f.timed("", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.fail(w, r, err) })).ServeHTTP(w, r)
}
