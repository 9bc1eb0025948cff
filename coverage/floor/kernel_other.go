//go:build !amd64

package floor

func processorKernels() []kernel { return nil }
