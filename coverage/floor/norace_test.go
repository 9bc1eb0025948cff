//go:build !race

package floor_test

const slowdown = 1
