package report

import (
	"fmt"
	"strconv"
	"time"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/words"
)

// Fetch is what fetching terrain takes, in numbers.
type Fetch struct {
	// Source names the elevation model, Area what it is fetched for, Into the
	// folder of the store.
	Source, Area, Into string
	Licence            string
	// Tiles have land; Imported and Fetched of them are there already. Sea
	// counts squares without land.
	Tiles, Imported, Fetched, Sea int
	// FetchB is to be downloaded, which takes about Time, if that is not 0;
	// StoreB is what the store grows by, FreeB what the disk has left. All in
	// bytes.
	FetchB, StoreB, FreeB int64
	Time                  time.Duration
	Warnings              []string
}

// Fetch writes what fetching terrain takes.
func (p *Page) Fetch(f *Fetch) {
	p.line(p.Style.bold(f.Source + " for " + f.Area))
	p.line(fmt.Sprintf("tiles     %s (%s imported, %s downloaded already), and %s of sea",
		words.Grouped(float64(f.Tiles), 0), words.Grouped(float64(f.Imported), 0), words.Grouped(float64(f.Fetched), 0), count(f.Sea, "square", "squares")))
	p.paragraph("download  ", bytes(f.FetchB)+about(f))
	p.line(fmt.Sprintf("store     %s in %s, with %s free", bytes(f.StoreB), f.Into, bytes(f.FreeB)))
	p.paragraph("licence   ", f.Licence)
	var warnings []*canopyv1.Warning
	for i, text := range f.Warnings {
		warnings = append(warnings, &canopyv1.Warning{WarningId: strconv.Itoa(i), Message: text})
	}
	p.warnings(warnings)
}

// about gives the time as what it is, an estimate.
func about(f *Fetch) string {
	if f.FetchB == 0 || f.Time == 0 {
		return ""
	}
	return ", about " + roughTime(f.Time) + " at the rate that the list of tiles came with (an estimate)"
}

func roughTime(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return fmt.Sprintf("%d s", max(1, int(d.Seconds()+0.5)))
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()+0.5))
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
