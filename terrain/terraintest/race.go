//go:build race

package terraintest

// RaceDetector says that it looks on, which takes long.
const RaceDetector = true
