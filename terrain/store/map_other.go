//go:build !unix

package store

import "os"

// opened is a file that is read piece by piece.
type opened struct{ *os.File }

func openContent(file *os.File, _ int64) (content, error) { return opened{file}, nil }

func (o opened) readAt(p []byte, offsetB int64) error {
	_, err := o.ReadAt(p, offsetB)
	return err
}

func (o opened) close() { o.Close() }
