package server

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/canopyradar/canopy/terrain"
)

// reads counts what is read of the terrain.
type reads struct{ posts, nanoseconds atomic.Int64 }

// of returns a model whose reads are counted. It can be looked at in place where
// that one can: what goes by that is not changed.
func (r *reads) of(m terrain.Model) terrain.Model {
	if _, ok := m.(terrain.Viewer); ok {
		return readInPlace{readModel{m, r}}
	}
	return readModel{m, r}
}

func (r *reads) add(l terrain.Lattice, begun time.Time) {
	r.posts.Add(int64(l.Posts()))
	r.nanoseconds.Add(int64(time.Since(begun)))
}

type readModel struct {
	terrain.Model
	reads *reads
}

func (m readModel) Read(ctx context.Context, l terrain.Lattice) (*terrain.Grid, error) {
	defer m.reads.add(l, time.Now())
	return m.Model.Read(ctx, l)
}

// Overview is that of a model which keeps some.
func (m readModel) Overview(factor int, a terrain.Aggregate) (terrain.Model, bool) {
	kept, ok := m.Model.(terrain.Overviewed)
	if !ok {
		return nil, false
	}
	overview, ok := kept.Overview(factor, a)
	if !ok {
		return nil, false
	}
	return m.reads.of(overview), true
}

// readInPlace counts what is looked at as well. What of it comes from the disk
// later takes its time there.
type readInPlace struct{ readModel }

func (m readInPlace) View(ctx context.Context, l terrain.Lattice) (*terrain.View, error) {
	defer m.reads.add(l, time.Now())
	return terrain.ViewOf(ctx, m.Model, l)
}
