//go:build race

package floor

// underRace says that the race detector looks on, which takes long.
const underRace = true
