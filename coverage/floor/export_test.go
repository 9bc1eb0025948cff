package floor

import "testing"

// UsePortable makes sweeps use the portable kernel until a test ends, which
// must not run in parallel with others.
func UsePortable(t *testing.T) {
	t.Helper()
	t.Cleanup(only(portable))
}
