package terrain

import "fmt"

// FormatError says that a file cannot serve as an elevation model.
type FormatError struct {
	// Path names the file or the directory.
	Path string
	// Reason says what is wrong with it and where, Remedy what to do. Remedy
	// may be empty.
	Reason, Remedy string
	// Err is the cause, if another error is.
	Err error
}

// Error returns one line: where, what, how to fix.
func (e *FormatError) Error() string {
	s := e.Path + ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// SpacingError says that a window's posts are not those of the model that was
// asked for them, or that the window is not one.
type SpacingError struct {
	Model, Window Lattice
}

// Error returns one line that gives both spacings in posts per degree.
func (e *SpacingError) Error() string {
	if e.Window.Cols < 0 || e.Window.Rows < 0 {
		return fmt.Sprintf("a terrain window of %d × %d posts cannot be read", e.Window.Cols, e.Window.Rows)
	}
	return fmt.Sprintf("the model has %s, the window %s; take windows from the model's own lattice",
		e.Model.spacing(), e.Window.spacing())
}

func (l Lattice) spacing() string {
	return fmt.Sprintf("%g × %g posts per degree, shifted by %g, %g", l.PerDegLon, l.PerDegLat, l.OffLon, l.OffLat)
}

// NewWindow returns a grid on window in which every elevation is missing, for
// a model on lattice model to fill. It fails with a *SpacingError when the
// model has no such posts.
func NewWindow(model, window Lattice) (*Grid, error) {
	if window.Cols < 0 || window.Rows < 0 || !model.SameSpacing(window) {
		return nil, &SpacingError{Model: model, Window: window}
	}
	return NewGrid(window), nil
}
