//go:build !linux

package floor

func populate([]AGL) {}
