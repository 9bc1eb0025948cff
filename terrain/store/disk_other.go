//go:build !linux

package store

import "os"

func freeSpace(string) (float64, bool) { return 0, false }

func startWriting(*os.File) {}
