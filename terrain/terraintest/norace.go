//go:build !race

package terraintest

const raceDetector = false
