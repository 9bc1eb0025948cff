package source

import (
	"errors"
	"fmt"

	"github.com/canopyradar/canopy/terrain"
)

// Again is the remedy for a file that is damaged.
const Again = "fetch it again"

// At names the file at path in a *terrain.FormatError that names none yet, and
// returns err.
func At(path string, err error) error {
	var fault *terrain.FormatError
	if errors.As(err, &fault) && fault.Path == "" {
		fault.Path = path
	}
	return err
}

// Damaged returns the error, for At to complete, for a file that breaks the
// rules of its format.
func Damaged(format string, args ...any) error {
	return &terrain.FormatError{Reason: "damaged: " + fmt.Sprintf(format, args...), Remedy: Again}
}

// Unsupported returns the error, for At to complete, for a sound file with
// something that is not read. remedy may be empty.
func Unsupported(remedy, format string, args ...any) error {
	return &terrain.FormatError{Reason: fmt.Sprintf(format, args...), Remedy: remedy}
}
