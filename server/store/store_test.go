package store_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/server/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m, open) }

// open opens what a place is the address of, in this process or in one that is
// going to be killed.
func open(ctx context.Context, place string) (store.Store, error) {
	switch {
	case strings.HasPrefix(place, store.S3Scheme):
		return store.OpenS3(ctx, place)
	case strings.HasPrefix(place, natsScheme):
		return openNATS(ctx, place)
	}
	return store.OpenDirectory(place, store.DefaultLimitB)
}

func TestDirectory(t *testing.T) {
	var dirs []string
	storetest.Run(t, storetest.Kind{
		Open: open,
		Place: func(*testing.T) string {
			dirs = append(dirs, t.TempDir())
			return dirs[len(dirs)-1]
		},
		Full: func(t *testing.T) store.Store { return store.OpenFull(t, storetest.FullB) },
	})
	if !slices.ContainsFunc(dirs, func(dir string) bool {
		parts, err := filepath.Glob(filepath.Join(dir, ".floor-part-*"))
		return err == nil && len(parts) > 0
	}) {
		t.Error("nobody was killed in the middle: the case is empty")
	}
}
