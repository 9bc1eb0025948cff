package earth

import (
	"math"

	"github.com/paulmach/orb"
)

// Geodesic is the shortest path between two points.
type Geodesic struct {
	// DistanceM is its length in metres.
	DistanceM float64
	// AzimuthDeg and FinalAzimuthDeg are its azimuths at the start and at the
	// end, both in the direction of travel, within ±180. Between coincident
	// points both are 0; at a pole they count from the meridian of the
	// longitude given.
	AzimuthDeg, FinalAzimuthDeg float64
}

// Inverse returns the shortest path between two points, accurate to about
// 15 nm. Of several shortest paths (between points on opposite meridians, or
// nearly antipodal ones) it returns one.
func Inverse(from, to orb.Point) Geodesic {
	g := solve(from, to)
	alpha1, alpha2 := g.alpha1, g.alpha2
	if g.swapped {
		alpha1, alpha2 = alpha2, alpha1
	}
	return Geodesic{
		DistanceM:       g.distanceM,
		AzimuthDeg:      g.unfold(alpha1).deg(),
		FinalAzimuthDeg: g.unfold(alpha2).deg(),
	}
}

// DistanceM returns the length of the shortest path between two points.
func DistanceM(from, to orb.Point) float64 {
	g := solve(from, to)
	return g.distanceM
}

// folded is a pair of points, mirrored and swapped so that the first is the
// farther from the equator, lies south of it, and the second lies east of the
// first: φ1 ≤ 0, φ1 ≤ φ2 ≤ −φ1, 0 ≤ λ12 ≤ π (equation 44).
type folded struct {
	beta1, beta2 angle
	lambda12Rad  float64
	lambda12     angle

	swapped          bool
	firstAtPole      bool
	latSign, lonSign float64
}

func fold(from, to orb.Point) folded {
	f := folded{latSign: 1, lonSign: 1}
	lon12 := lonDifferenceDeg(from.Lon(), to.Lon())
	if lon12 < 0 {
		f.lonSign, lon12 = -1, -lon12
	}
	lat1, lat2 := from.Lat(), to.Lat()
	if math.Abs(lat1) < math.Abs(lat2) {
		f.swapped = true
		lat1, lat2 = lat2, lat1
	}
	if lat1 >= 0 {
		f.latSign, lat1, lat2 = -1, -lat1, -lat2
	}
	f.beta1, f.beta2 = reducedLatitude(lat1), reducedLatitude(lat2)
	f.lambda12Rad, f.lambda12 = lon12*radPerDeg, inDegrees(lon12)
	f.firstAtPole = lat1 == -90
	return f
}

// unfold turns an azimuth between the folded points into one between those
// that were given. Swapping both mirrored the path and reversed it.
func (f *folded) unfold(alpha angle) angle {
	cosSign := f.latSign
	if f.swapped {
		cosSign = -cosSign
	}
	return angle{f.lonSign * alpha.sin, cosSign * alpha.cos}
}

// mirror is −1 where folding turned the area beside the path inside out.
func (f *folded) mirror() float64 { return f.latSign * f.lonSign }

// solved is the geodesic between two folded points.
type solved struct {
	folded
	alpha1, alpha2 angle
	sigma12Rad     float64
	omega12        angle
	meridional     bool
	distanceM      float64
}

func (g *solved) alpha0() angle { return nodeAzimuth(g.alpha1, g.beta1) }

func (g *solved) sigma1() angle { return arcFromNode(g.alpha1, g.beta1) }

func (g *solved) sigma2() angle { return arcFromNode(g.alpha2, g.beta2) }

func solve(from, to orb.Point) solved {
	g := solved{folded: fold(from, to)}
	switch {
	case g.firstAtPole || g.lambda12.sin == 0:
		g.followMeridian()
	case g.beta1.sin == 0 && g.lambda12Rad <= (1-Flattening)*math.Pi:
		g.followEquator()
	default:
		g.search()
	}
	return g
}

// followMeridian is the path between points on one meridian or, over a pole,
// on opposite ones. On an oblate ellipsoid no other path is shorter.
func (g *solved) followMeridian() {
	g.meridional = true
	g.alpha1, g.alpha2 = g.lambda12, angle{0, 1}
	g.omega12 = g.lambda12
	g.measure()
}

// followEquator is the path along the equator, the shortest one unless the
// points are within π f of antipodal.
func (g *solved) followEquator() {
	g.alpha1, g.alpha2 = angle{1, 0}, angle{1, 0}
	g.sigma12Rad = g.lambda12Rad / (1 - Flattening)
	g.omega12 = inRadians(g.sigma12Rad)
	g.distanceM = SemiMajorAxisM * g.lambda12Rad
}

// search finds the azimuth at the first point from which the geodesic meets
// the second.
func (g *solved) search() {
	alpha1, wasShort := g.startShort()
	if wasShort {
		return
	}
	if g.nearlyAntipodal() {
		alpha1 = g.startAntipodal()
	}
	g.refine(alpha1)
	g.measure()
}

// measure sets the arc and the distance from the azimuths.
func (g *solved) measure() {
	sigma1, sigma2 := g.sigma1(), g.sigma2()
	arc := sigma2.minus(sigma1)
	g.sigma12Rad = math.Atan2(math.Max(0, arc.sin), arc.cos)
	eps := expansion(g.alpha0())
	c := c1(eps)
	g.distanceM = SemiMinorAxisM * a1(eps) * (g.sigma12Rad + c.sum(sigma2) - c.sum(sigma1))
}
