//go:build !race

package coverage_test

const slowdown = 1
