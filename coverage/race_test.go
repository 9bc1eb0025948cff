//go:build race

package coverage_test

// raceDetector says that work takes some ten times as long.
const raceDetector = true
