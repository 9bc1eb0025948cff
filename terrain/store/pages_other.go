//go:build !linux

package store

func preferHugePages([]float32) {}
