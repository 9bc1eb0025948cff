package admin_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// alertParts are the name, the expression and the page of each alert of a file of
// rules, which has each of them on a line of its own.
var alertParts = regexp.MustCompile(`- alert: (\w+)\n +expr: (.+)\n(?: .*\n)+? +runbook_url: (\S+)\n`)

// TestAlertsAreOfWhatThereIs: an alert on a metric that there is not never fires.
func TestAlertsAreOfWhatThereIs(t *testing.T) {
	rules, err := os.ReadFile("../../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../deploy/RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	var explained []string
	for _, heading := range regexp.MustCompile(`(?m)^### (Canopy\w+)$`).FindAllStringSubmatch(string(page), -1) {
		explained = append(explained, heading[1])
	}
	metrics := existing(t)
	alerts := alertParts.FindAllStringSubmatch(string(rules), -1)
	if want := strings.Count(string(rules), "alert:"); len(alerts) != want || want == 0 {
		t.Fatalf("%d alerts of %d were read", len(alerts), want)
	}
	for _, a := range alerts {
		name, expression, address := a[1], a[2], a[3]
		// Prometheus itself makes up.
		if expression != `up{job="canopy"} == 0 or absent(up{job="canopy"})` {
			check(t, name, expression, metrics)
		}
		if want := "deploy/RUNBOOK.md#" + strings.ToLower(name); address != want {
			t.Errorf("%s refers to %s, want %s", name, address, want)
		}
		i := slices.Index(explained, name)
		if i < 0 {
			t.Errorf("RUNBOOK.md does not tell of %s", name)
			continue
		}
		explained = slices.Delete(explained, i, i+1)
	}
	if len(explained) > 0 {
		t.Errorf("RUNBOOK.md tells of %q, which are no alerts", explained)
	}
}
