//go:build race

package coverage_test

// slowdown is how much longer work takes under the race detector.
const slowdown = 10
