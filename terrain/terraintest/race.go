//go:build race

package terraintest

const raceDetector = true
