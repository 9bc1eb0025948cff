package floor

import (
	"context"
	"math"
)

// task sweeps some neighbouring rays of a quadrant, and the posts between
// them.
type task struct {
	s    *Surface
	q    *quadrant
	near *nearField
	// ground is below the posts; rising is what hides them.
	ground, rising []float32
	// sagM is more than a ray sinks below the line between the ends of a leg.
	sagM float64
	// first ray, and how many follow it; rays first..first+count are held.
	first, count int
	rays         [raysPerTask + 1]ray
}

// ray is a ray on its way.
type ray struct {
	slope float64
	// screen is the tangent of the screening angle so far.
	screen float64
	// across and reach are where it met the last step: posts across, and
	// metres along. height is no more than its height there, −Inf where that
	// was not asked for.
	across, reach, height float64
	// secant turns metres along into metres over ground, arc into the angle ψ
	// at the centre of the effective earth, whose radius is 1/inverseRadius.
	secant, arc, inverseRadius float64
}

// offGrid is no place across a step.
const offGrid = -1

func (t *task) run(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	t.begin()
	for k := range t.q.count {
		if k%stepsPerCheck == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := t.q.step(k)
		base := (t.q.first + k*t.q.direction) * t.q.stepStride
		t.fill(s, base)
		t.advance(s, base)
	}
	return nil
}

func (t *task) begin() {
	for i := range t.count + 1 {
		r := &t.rays[i]
		r.slope = t.q.slope(t.first + i)
		azimuth := t.q.azimuthAt(r.slope)
		r.screen = t.near.screen(azimuth)
		r.across, r.height = offGrid, math.Inf(-1)
		r.secant = math.Sqrt(1 + r.slope*r.slope)
		r.inverseRadius = 1 / t.s.Site.Effective(azimuth).RadiusM
		r.arc = r.secant * r.inverseRadius
	}
}

// advance moves every ray over one step, whose posts begin at base.
func (t *task) advance(s *step, base int) {
	q := t.q
	last := float64(q.across - 1)
	for i := range t.count + 1 {
		r := &t.rays[i]
		across := q.acrossOrigin + q.acrossSign*s.acrossOf.at(r.slope)
		reach := s.reachOf.at(r.slope)
		switch {
		case !(across >= 0 && across < last):
			r.across, r.height = offGrid, math.Inf(-1)
			continue
		case !t.near.holds(reach*r.secant) && r.across != offGrid:
			t.follow(r, leg{base - q.direction*q.stepStride, base, r.across, across, r.reach, reach})
		}
		r.across, r.reach = across, reach
	}
}

// leg is a ray's way from one step to the next: the first posts of both,
// where the ray meets them, and how far along.
type leg struct {
	before, base     int
	across0, across1 float64
	reach0, reach1   float64
}

// follow takes a ray over a leg. Most terrain lies below the ray: where its
// highest post does, there is nothing to look at.
func (t *task) follow(r *ray, l leg) {
	start := r.height
	r.height = t.lowHeight(r, l.reach1)
	if float64(t.highest(l)) < min(start, r.height)-t.sagM {
		return
	}
	before := r.screen
	t.screen(r, l)
	if r.screen != before {
		r.height = t.lowHeight(r, l.reach1)
	}
}

// highest returns the highest of the posts around a leg.
func (t *task) highest(l leg) float32 {
	stride := t.q.acrossStride
	c0, c1 := int(l.across0), int(l.across1)
	first, last := min(c0, c1)*stride, (max(c0, c1)+1)*stride
	highest := t.rising[l.before+first]
	for offset := first; offset <= last; offset += stride {
		highest = max(highest, t.rising[l.before+offset], t.rising[l.base+offset])
	}
	return highest
}

// lowHeight returns a height that is no more than a ray's, by millimetres.
func (t *task) lowHeight(r *ray, reach float64) float64 {
	psi := reach * r.arc
	psi2 := psi * psi
	w := r.screen*psi*(1-psi2*(1./6-psi2*(1./120))) + versine(psi2)
	return (t.s.Site.AntennaAMSLM() + w/r.inverseRadius) * (1 + w)
}

// screen raises a ray's screening angle over the terrain of a leg. Bilinear
// terrain has its edges where the ray meets a step and where it crosses a line
// of posts on the way; between them it is a shallow curve, which is looked at
// in the middle.
func (t *task) screen(r *ray, l leg) {
	t.look(r, l, 1)
	line := math.Floor(math.Max(l.across0, l.across1))
	if line <= math.Min(l.across0, l.across1) {
		t.look(r, l, 0.5)
		return
	}
	edge := (line - l.across0) / (l.across1 - l.across0)
	t.look(r, l, edge/2)
	t.look(r, l, edge)
	t.look(r, l, (1+edge)/2)
}

// look raises a ray's screening angle over one place of a leg.
func (t *task) look(r *ray, l leg, share float64) {
	across := l.across0 + (l.across1-l.across0)*share
	c := int(across)
	u, offset, stride := across-float64(c), c*t.q.acrossStride, t.q.acrossStride
	near, far := t.rising[l.before+offset:], t.rising[l.base+offset:]
	z0 := float64(near[0]) + float64(near[stride]-near[0])*u
	z1 := float64(far[0]) + float64(far[stride]-far[0])*u
	reach := l.reach0 + (l.reach1-l.reach0)*share
	tan := tanElevation(z0+(z1-z0)*share, t.s.Site.AntennaAMSLM(), r.inverseRadius, reach*r.arc)
	r.screen = max(r.screen, tan)
}

// tanElevation is the tangent of the elevation angle of a height z at the
// angle ψ, seen from h0 over an effective earth of radius a:
//
//	(w − (1 − cos ψ)) / sin ψ,  w = (z − h0)/(a + z)
//
// with the functions of ψ and the quotient as series: at 1000 km their
// remainders move a height by less than a millimetre.
func tanElevation(z, h0, inverseRadius, psi float64) float64 {
	zr := z * inverseRadius
	w := (z - h0) * inverseRadius * (1 - zr*(1-zr))
	psi2 := psi * psi
	return (w - versine(psi2)) * (1 + psi2*(1./6+psi2*(7./360))) / psi
}

// rayHeight is the inverse of tanElevation: the height of a ray, +Inf for one
// that climbs away without ever reaching ψ.
func rayHeight(tan, h0, inverseRadius, psi float64) float64 {
	psi2 := psi * psi
	w := tan*psi*(1-psi2*(1./6-psi2*(1./120))) + versine(psi2)
	if w >= 1 {
		return math.Inf(1)
	}
	return (h0 + w/inverseRadius) / (1 - w)
}

// versine is 1 − cos ψ.
func versine(psi2 float64) float64 {
	return psi2 * (0.5 - psi2*(1./24-psi2*(1./720)))
}

// fill gives the posts of one step that lie between the task's rays their
// floor.
func (t *task) fill(s *step, base int) {
	from, to := t.posts(s)
	invStep := 1 / t.q.slopeStep
	for c := from; c <= to; c++ {
		across := float64(c) - t.q.acrossOrigin
		if !t.q.owns(across, s.along) {
			continue
		}
		slope, reach := s.post(t.q.acrossSign * across / s.along)
		ray := (slope-t.q.slopeMin)*invStep - float64(t.first)
		i := int(math.Floor(ray))
		if i < 0 || i >= t.count {
			continue
		}
		t.post(base+c*t.q.acrossStride, reach*math.Sqrt(1+slope*slope), i, ray-float64(i))
	}
}

// posts returns the posts of a step that may lie between the task's rays.
func (t *task) posts(s *step) (from, to int) {
	a := t.q.acrossOrigin + t.q.acrossSign*s.acrossOf.at(t.q.slope(t.first))
	b := t.q.acrossOrigin + t.q.acrossSign*s.acrossOf.at(t.q.slope(t.first+t.count))
	if a > b {
		a, b = b, a
	}
	a = math.Max(a, t.q.acrossOrigin-math.Abs(s.along))
	b = math.Min(b, t.q.acrossOrigin+math.Abs(s.along))
	return max(int(math.Floor(a))-1, 0), min(int(math.Ceil(b))+1, t.q.across-1)
}

// post gives the post at a distance over ground its floor: rays i and i+1
// pass it, at fractions f and 1−f of their distance.
func (t *task) post(index int, distance float64, i int, f float64) {
	a, b := &t.rays[i], &t.rays[i+1]
	if distance > t.s.Site.RangeM || t.near.holds(distance) {
		return
	}
	inverseRadius := lerp(a.inverseRadius, b.inverseRadius, f)
	height := rayHeight(lerp(a.screen, b.screen, f), t.s.Site.AntennaAMSLM(), inverseRadius, distance*inverseRadius)
	z := float64(t.ground[index])
	t.s.put(index, distance, z, math.Max(z, height))
}

func lerp(a, b, f float64) float64 { return a + (b-a)*f }
