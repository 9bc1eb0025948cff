package server

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

// slow is terrain that takes its time, and has nothing but Read.
type slow struct{ terrain.Model }

const readTime = 10 * time.Millisecond

func (m slow) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	time.Sleep(readTime)
	return m.Model.Read(ctx, l)
}

// inPlace can be looked at, and keeps itself as its only coarser version.
type inPlace struct{ slow }

func (m inPlace) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	return terrain.ReadView(ctx, m.Model, l)
}

func (m inPlace) Overview(factor int, _ terrain.Aggregate) (terrain.Model, bool) {
	return m.slow, factor == 2
}

func TestReadsAreCounted(t *testing.T) {
	all := srtm30.Model().Lattice()
	window := all.Sub(10, 10, 30, 20)
	var r reads
	m := r.of(slow{srtm30.Model()})
	if _, ok := m.(terrain.Viewer); ok {
		t.Error("what can only be read can be looked at")
	}
	counts := func(name string, want int64, timed bool, read func() error) {
		t.Helper()
		r.posts.Store(0)
		r.nanoseconds.Store(0)
		if err := read(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := r.posts.Load(); got != want {
			t.Errorf("%s: %d posts, want %d", name, got, want)
		}
		if took := time.Duration(r.nanoseconds.Load()); timed && took < readTime {
			t.Errorf("%s: %v", name, took)
		}
	}
	read := func(m terrain.Model, l terrain.Lattice) func() error {
		return func() error { _, err := m.Read(t.Context(), l); return err }
	}
	counts("a grid", 600, true, read(m, window))
	counts("a grid that is looked up in", 600, true, func() error {
		v, err := terrain.ViewOf(t.Context(), m, window)
		return errors.Join(err, v.Close())
	})
	coarse := terrain.Coarsen(m, 2, terrain.Mean)
	counts("what is averaged from it", 4*600, true, read(coarse, coarse.Lattice().Sub(10, 10, 30, 20)))

	viewed := r.of(inPlace{slow{srtm30.Model()}})
	counts("a view", 600, false, func() error {
		v, err := viewed.(terrain.Viewer).View(t.Context(), window)
		return errors.Join(err, v.Close())
	})
	counts("a coarser version that is kept", 600, true, read(terrain.Coarsen(viewed, 2, terrain.Mean), window))
	if kept := terrain.Coarsen(viewed, 3, terrain.Mean).Info(); kept.Identity == viewed.Info().Identity {
		t.Error("one that is not kept is taken for one that is")
	}
}
