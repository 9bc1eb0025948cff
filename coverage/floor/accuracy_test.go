package floor_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/canopyradar/canopy/coverage/earth"
	"github.com/canopyradar/canopy/coverage/floor"
	"github.com/canopyradar/canopy/coverage/radar"
	"github.com/canopyradar/canopy/coverage/sight"
	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/open"
)

// samples is how many posts of each case are compared with the oracle.
var samples = flag.Int("samples", 2000, "posts to compare with the oracle in each case of TestAccuracy")

const (
	sierra = "../../../shared/data/srtm3_sierra_nevada"
	peru   = "../../../shared/data/peru_composite_15s_int16.tif"
	// madeUp is no file but what andes makes.
	madeUp = ""
)

var accuracyCases = []struct {
	name, terrain string
	at            orb.Point
	rangeM        float64
}{
	{"sierra valley, 60 km", sierra, orb.Point{-118.0600, 36.6060}, 60e3},
	{"sierra slope, 60 km", sierra, orb.Point{-118.9000, 36.7000}, 60e3},
	{"sierra ridge top, 60 km", sierra, orb.Point{-118.2923, 36.5785}, 60e3},
	{"sierra valley, block", sierra, orb.Point{-118.4000, 37.3700}, 130e3},
	{"sierra slope, block", sierra, orb.Point{-118.6633, 37.4800}, 130e3},
	{"sierra spur, block", sierra, orb.Point{-118.6712, 37.3060}, 130e3},
	{"sierra ridge top, block", sierra, orb.Point{-118.25583, 37.63417}, 120e3},
	{"Puerto Maldonado, 400 km", peru, orb.Point{-69.2282, -12.6131}, 400e3},
	{"Mazamari, 400 km", peru, orb.Point{-74.5356, -11.3254}, 400e3},
	{"Iquitos, 400 km", peru, orb.Point{-73.3090, -3.7850}, 400e3},
	{"made-up plain, 100 km", madeUp, orb.Point{-69, -13}, 100e3},
	{"made-up flank, 100 km", madeUp, orb.Point{-71.2, -13.4}, 100e3},
	{"made-up plain, 400 km", madeUp, orb.Point{-69, -13}, 400e3},
}

// accuracyHeightsM are the heights above ground at which both must agree.
var accuracyHeightsM = []float64{100, 300, 500, 1000, 3000, 5000}

// accuracy is what the comparison found.
type accuracy struct {
	errorsM []float64 // floor minus oracle, signed
	posts   int
	same    []int // of posts, by height
}

func (a *accuracy) join(b *accuracy) {
	a.posts += b.posts
	for i, n := range b.same {
		a.same[i] += n
	}
}

// TestAccuracy compares the sweep with the oracle, post by post, on real and on
// made-up terrain. The bounds are those that the kernel is held to. With -v it
// prints a table of what it found; make accuracy looks at so many posts that
// shares of them mean something.
func TestAccuracy(t *testing.T) { checkAccuracy(t, func(string) bool { return true }) }

// TestAccuracyOfPortableKernel holds the portable kernel to the same bounds.
func TestAccuracyOfPortableKernel(t *testing.T) {
	floor.UsePortable(t)
	some := []string{"sierra ridge top, 60 km", "sierra spur, block", "Puerto Maldonado, 400 km"}
	checkAccuracy(t, func(name string) bool { return slices.Contains(some, name) })
}

func checkAccuracy(t *testing.T, wanted func(name string) bool) {
	t.Helper()
	if _, err := os.Stat(sierra); err != nil {
		t.Skip("the real terrain is not here: ", err)
	}
	table := header()
	grounds, answers := map[string]ground{}, map[string]*accuracy{}
	first := true
	for _, c := range accuracyCases {
		if !wanted(c.name) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && !first {
				t.Skip("millions of posts")
			}
			first = false
			if grounds[c.terrain].read == nil {
				grounds[c.terrain] = openGround(t, c.terrain)
			}
			surface, observer := prepare(t, grounds[c.terrain], c.at, c.rangeM)
			a := compare(surface, observer, *samples)
			table += a.line(c.name)
			a.judge(t, c.rangeM)
			if answers[c.terrain] == nil {
				answers[c.terrain] = &accuracy{same: make([]int, len(accuracyHeightsM))}
			}
			answers[c.terrain].join(&a)
		})
	}
	for _, terrain := range slices.Sorted(maps.Keys(answers)) {
		a := answers[terrain]
		table += fmt.Sprintf("%-81s%s", "all on "+filepath.Base(cmp.Or(terrain, "made-up terrain")), a.shares())
		a.judgeAnswers(t)
	}
	if testing.Verbose() {
		fmt.Print("\n", table, "\n")
	}
}

// ground is where windows of terrain come from.
type ground struct {
	lattice terrain.Lattice
	read    func(context.Context, terrain.Lattice) (*terrain.Grid, error)
}

func openGround(t *testing.T, path string) ground {
	t.Helper()
	if path == madeUp {
		made := andes(1)
		return ground{made.Lattice, func(_ context.Context, l terrain.Lattice) (*terrain.Grid, error) { return cut(made, l), nil }}
	}
	m, err := open.Path(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return ground{m.Lattice(), m.Read}
}

func header() string {
	head := fmt.Sprintf("%-26s %7s %46s   %s\n%-26s %7s %8s %8s %8s %8s %8s  ", "floor, sweep against oracle", "posts",
		"error in metres", "same answer, % of posts", "", "", "bias", "median", "rms", "p99", "max")
	for _, h := range accuracyHeightsM {
		head += fmt.Sprintf(" %8s", fmt.Sprintf("%v m", h))
	}
	return head + " above ground\n"
}

func (a *accuracy) line(name string) string {
	return fmt.Sprintf("%-26s %8d %8.3f %8.3f %8.3f %8.2f %8.2f  ", name, len(a.errorsM),
		a.bias(), a.quantile(0.5), a.rms(), a.quantile(0.99), a.quantile(1)) + a.shares()
}

// shares ends a line.
func (a *accuracy) shares() string {
	s := ""
	for _, share := range a.agreement() {
		s += fmt.Sprintf(" %8.3f", share)
	}
	return s + "\n"
}

// cut returns a copy of the part of g that l covers.
func cut(g *terrain.Grid, l terrain.Lattice) *terrain.Grid {
	part := terrain.NewGrid(l)
	for r := range l.Rows {
		copy(part.RowM(r), g.RowM(r + l.Row0 - g.Row0)[l.Col0-g.Col0:])
	}
	return part
}

func prepare(t *testing.T, g ground, at orb.Point, rangeM float64) (*surface, *sight.Observer) {
	t.Helper()
	r := radar.Radar{ID: "test", Position: at, MastM: 15, InService: true, Limits: radar.Limits{
		RangeM: rangeM, MinElevationDeg: -10, MaxElevationDeg: 89, HeightLimitAMSLM: radar.NoHeightLimit}}
	bare := sight.NewSite(r, 0, earth.StandardK)
	window, err := floor.Window(&bare, g.lattice)
	if err != nil {
		t.Fatal(err)
	}
	land, err := g.read(context.Background(), window)
	if err != nil {
		t.Fatal(err)
	}
	site := sight.NewSite(r, land.At(at.Lon(), at.Lat()), earth.StandardK)
	surface, err := floor.Compute(context.Background(), &site, sight.Terrain, floor.Land{Ground: land.View()}, runtime.GOMAXPROCS(0))
	if err != nil {
		t.Fatal(err)
	}
	return above(surface, land.View()), sight.NewObserver(&site, sight.Terrain, land)
}

// rimM is how near to the rim posts are not compared: there the slant range to
// a floor is as long as the range, and centimetres decide which of two has one.
const rimM = 100

func compare(s *surface, o *sight.Observer, samples int) accuracy {
	random := rand.New(rand.NewPCG(1, 2))
	type post struct{ row, col int }
	var posts []post
	for len(posts) < samples {
		p := post{random.IntN(s.Rows), random.IntN(s.Cols)}
		if s.DistanceM(p.row, p.col) < s.Site.RangeM-rimM {
			posts = append(posts, p)
		}
	}
	a := accuracy{same: make([]int, len(accuracyHeightsM))}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for part := range slices.Chunk(posts, (len(posts)+7)/8) {
		wg.Go(func() {
			for _, p := range part {
				look := o.Look(orb.Point{s.Lon(p.col), s.Lat(p.row)})
				mu.Lock()
				a.add(float64(s.FloorAMSLM[p.row*s.Cols+p.col]), look)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return a
}

func (a *accuracy) add(floorM float64, look sight.Sight) {
	a.posts++
	if floorM == floorM && look.FloorAMSLM == look.FloorAMSLM {
		a.errorsM = append(a.errorsM, floorM-look.FloorAMSLM)
	}
	for i, h := range accuracyHeightsM {
		height := look.GroundAMSLM + h
		if (floorM <= height) == (look.FloorAMSLM <= height) {
			a.same[i]++
		}
	}
}

func (a *accuracy) bias() float64 {
	sum := 0.0
	for _, e := range a.errorsM {
		sum += e
	}
	return sum / float64(len(a.errorsM))
}

func (a *accuracy) rms() float64 {
	sum := 0.0
	for _, e := range a.errorsM {
		sum += e * e
	}
	return math.Sqrt(sum / float64(len(a.errorsM)))
}

func (a *accuracy) quantile(q float64) float64 {
	sizes := make([]float64, len(a.errorsM))
	for i, e := range a.errorsM {
		sizes[i] = math.Abs(e)
	}
	slices.Sort(sizes)
	return sizes[int(q*float64(len(sizes)-1))]
}

func (a *accuracy) agreement() []float64 {
	shares := make([]float64, len(a.same))
	for i, n := range a.same {
		shares[i] = 100 * float64(n) / float64(a.posts)
	}
	return shares
}

// Bounds of TestAccuracy.
const (
	mostBiasM = 0.5
	// mostNearM and mostFarM are rms errors, at ranges up to nearM and beyond.
	mostNearM, mostFarM = 1, 3
	nearM               = 130e3
	// mostDiffer is the share of posts that may have another answer.
	mostDiffer = 0.0002
	// fewSamples say little about shares: three standard deviations more may
	// differ among fewer.
	fewSamples = 20000
)

func (a *accuracy) judge(t *testing.T, rangeM float64) {
	t.Helper()
	if b := a.bias(); math.Abs(b) > mostBiasM {
		t.Errorf("bias %.3f m, want at most %v m", b, mostBiasM)
	}
	mostM := float64(mostFarM)
	if rangeM <= nearM {
		mostM = mostNearM
	}
	if r := a.rms(); r > mostM {
		t.Errorf("rms error %.3f m, want at most %v m", r, mostM)
	}
}

// judgeAnswers looks at all posts of a terrain.
func (a *accuracy) judgeAnswers(t *testing.T) {
	t.Helper()
	most := mostDiffer * float64(a.posts)
	if a.posts < fewSamples {
		most += 3 * math.Sqrt(most)
	}
	for i, same := range a.same {
		if differ := a.posts - same; float64(differ) > most {
			t.Errorf("another answer at %v m above ground for %d of %d posts, want at most %.4g", accuracyHeightsM[i], differ, a.posts, most)
		}
	}
}
