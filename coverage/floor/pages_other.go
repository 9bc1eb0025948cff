//go:build !linux

package floor

func preferHugePages([]AGL) {}

func preferPages([]AGL) {}
