package airspace

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// orient returns 1 where a, b, c turn left, −1 where they turn right and 0
// where they lie on one line: exactly, for all finite coordinates.
//
// The bound on the rounding of the plain formula is ccwerrboundA of Shewchuk,
// "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
// Predicates", Discrete & Computational Geometry 18, 1997, table 1; the
// addend stands for products that underflow.
func orient(a, b, c orb.Point) int {
	left := float64((a[0] - c[0]) * (b[1] - c[1]))
	right := float64((a[1] - c[1]) * (b[0] - c[0]))
	det, bound := left-right, 3.4e-16*(math.Abs(left)+math.Abs(right))+1e-300
	switch {
	case det > bound:
		return 1
	case det < -bound:
		return -1
	case a == c, b == c, a == b, a[0] == c[0] && b[0] == c[0], a[1] == c[1] && b[1] == c[1]:
		return 0
	}
	return orientExact(a, b, c)
}

func orientExact(a, b, c orb.Point) int {
	left := new(big.Rat).Mul(difference(a[0], c[0]), difference(b[1], c[1]))
	right := new(big.Rat).Mul(difference(a[1], c[1]), difference(b[0], c[0]))
	return left.Cmp(right)
}

func difference(a, b float64) *big.Rat {
	x, y := new(big.Rat).SetFloat64(a), new(big.Rat).SetFloat64(b)
	return x.Sub(x, y)
}

// between reports whether the direction from p to v lies strictly between
// those to u and to w, going left from u.
func between(p, u, w, v orb.Point) bool {
	switch orient(p, u, w) {
	case 1:
		return orient(p, u, v) > 0 && orient(p, v, w) > 0
	case -1:
		return orient(p, w, v) < 0 || orient(p, v, u) < 0
	}
	return orient(p, u, v) > 0
}
