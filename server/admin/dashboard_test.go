package admin_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/queue"
	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/server/web"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

// dashboard is what of Grafana's model there is to check.
type dashboard struct {
	Templating struct {
		List []struct{ Query string }
	}
	Panels []panel
}

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Targets                  []struct{ Expr string }
}

// overlaps reports whether panels lie over each other.
func (p panel) overlaps(q panel) bool {
	a, b := p.GridPos, q.GridPos
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	text, err := os.ReadFile("../../deploy/grafana/canopy.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&d); err != nil {
		t.Fatal(err)
	}
	if decoder.More() {
		t.Error("there is more than one dashboard in the file")
	}
	return d
}

// workers is a queue of tasks on a NATS of its own.
func workers(t *testing.T) *queue.Queue {
	t.Helper()
	nats, err := queue.Serve(queue.Embedded{Dir: t.TempDir(), Address: "127.0.0.1:0", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nats.Shutdown(); nats.WaitForShutdown() })
	conn, err := nats.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	results, err := store.OpenDirectory(t.TempDir(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	q, err := queue.Open(testContext(t), queue.Config{Conn: conn, Store: results, Terrain: srtm30.Model().Info().Identity, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// gathered is what a server with all that it may have shows.
func gathered(t *testing.T) []*dto.MetricFamily {
	t.Helper()
	at := serve(t, server.Config{Cache: server.Cache{MemoryB: 1 << 20}, TLS: &tls.Config{MinVersion: tls.VersionTLS12}})
	face, err := web.New(at.Server, web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	at.Metrics().MustRegister(workers(t).Metrics()...)
	// A histogram with labels is there once it has a value.
	face.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/healthz", http.NoBody))
	families, err := at.Metrics().Gather()
	if err != nil {
		t.Fatal(err)
	}
	return families
}

// existing returns the labels of each metric, those of a histogram by the names
// of its series as well.
func existing(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, f := range gathered(t) {
		var labels []string
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName())
			}
		}
		all[f.GetName()] = labels
		if f.GetMetric()[0].GetHistogram() != nil {
			all[f.GetName()+"_count"] = labels
			all[f.GetName()+"_bucket"] = append(labels, "le")
		}
	}
	return all
}

var (
	metricName = regexp.MustCompile(`\b(?:canopy|grpc_server|go|process)_[a-z0-9_]+`)
	// histogramSeries are what a histogram consists of.
	histogramSeries = regexp.MustCompile(`_seconds_(?:bucket|count)$`)
	// labelName is one that a query selects or groups by.
	labelName = regexp.MustCompile(`(\w+)(?:=|!=)~?"|by \(([^)]*)\)`)
)

// labelsOf returns the labels that a query names.
func labelsOf(query string) (names []string) {
	for _, found := range labelName.FindAllStringSubmatch(query, -1) {
		for name := range strings.SplitSeq(found[1]+found[2], ",") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// check holds a query to the metrics that there are. The labels instance
// and job are added by Prometheus.
func check(t *testing.T, where, query string, metrics map[string][]string) {
	t.Helper()
	labels := []string{"instance", "job"}
	names := metricName.FindAllString(query, -1)
	if len(names) == 0 {
		t.Errorf("%s: %s names no metric", where, query)
	}
	for _, name := range names {
		if _, exists := metrics[name]; !exists {
			t.Errorf("%s: there is no metric %s", where, name)
		}
		labels = append(labels, metrics[name]...)
	}
	for _, label := range labelsOf(query) {
		if !slices.Contains(labels, label) {
			t.Errorf("%s: %s: none of %q has the label %q", where, query, names, label)
		}
	}
}

func TestDashboardShowsWhatThereIs(t *testing.T) {
	d, metrics := readDashboard(t), existing(t)
	check(t, "templating", d.Templating.List[1].Query, metrics)
	shown := map[string]bool{}
	for _, p := range d.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %q shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			check(t, p.Title, target.Expr, metrics)
			for _, name := range metricName.FindAllString(target.Expr, -1) {
				shown[name] = true
			}
		}
	}
	for name := range metrics {
		if strings.HasPrefix(name, "canopy_") && !shown[name] && !shown[name+"_bucket"] && !histogramSeries.MatchString(name) {
			t.Errorf("no panel shows %s", name)
		}
	}
}

func TestDashboardIsInOrder(t *testing.T) {
	panels := readDashboard(t).Panels
	for i, p := range panels {
		if p.Title == "" || p.Type != "row" && p.Description == "" {
			t.Errorf("panel %d, %q, does not say what it shows", p.ID, p.Title)
		}
		if p.GridPos.W < 1 || p.GridPos.H < 1 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %q has no place: %+v", p.Title, p.GridPos)
		}
		for _, q := range panels[:i] {
			if p.ID == q.ID || p.overlaps(q) {
				t.Errorf("panels %q and %q have one id or one place", p.Title, q.Title)
			}
		}
	}
}

// tableRow is where a page lists metrics; its text may name what is none.
var tableRow = regexp.MustCompile(`(?m)^\|.*$`)

// TestPageListsMetrics: deploy/README.md tells of each metric of Canopy's own,
// and of none that there is not.
func TestPageListsMetrics(t *testing.T) {
	page, err := os.ReadFile("../../deploy/README.md")
	if err != nil {
		t.Fatal(err)
	}
	metrics := existing(t)
	listed := metricName.FindAllString(strings.Join(tableRow.FindAllString(string(page), -1), "\n"), -1)
	for _, name := range listed {
		if _, exists := metrics[name]; !exists {
			t.Errorf("the page has %s, which is no metric", name)
		}
	}
	for name := range metrics {
		if strings.HasPrefix(name, "canopy_") && !histogramSeries.MatchString(name) && !slices.Contains(listed, name) {
			t.Errorf("the page does not tell of %s", name)
		}
	}
}
