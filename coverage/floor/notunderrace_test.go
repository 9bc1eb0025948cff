//go:build !race

package floor

const underRace = false
