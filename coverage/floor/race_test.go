//go:build race

package floor_test

// slowdown is how much longer work takes under the race detector.
const slowdown = 10
