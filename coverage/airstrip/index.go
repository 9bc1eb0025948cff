package airstrip

import (
	"errors"
	"slices"

	"github.com/tidwall/rtree"
)

// Index finds airstrips by place and by id. It never changes, and is safe for
// concurrent use. The zero value is an empty index.
type Index struct {
	strips []Airstrip
	byID   map[string]int
	tree   rtree.RTreeG[int]
}

// NewIndex returns an index of a copy of strips, which may be empty. It
// returns a *FieldError for an airstrip that Validate refuses and for an id
// that occurs twice: one NaN would spoil the boxes of the whole tree.
func NewIndex(strips []Airstrip) (*Index, error) {
	x := &Index{
		strips: slices.Clone(strips),
		byID:   make(map[string]int, len(strips)),
	}
	for i := range x.strips {
		if err := x.insert(i); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func (x *Index) insert(i int) error {
	a := &x.strips[i]
	if err := a.Validate(); err != nil {
		return inList(err, i)
	}
	if _, taken := x.byID[a.ID]; taken {
		return &FieldError{Index: i, ID: a.ID, Field: "id", Value: a.ID, Want: wantID}
	}
	x.byID[a.ID] = i
	x.tree.Insert(a.Position, a.Position, i)
	return nil
}

func inList(err error, i int) error {
	var fe *FieldError
	if errors.As(err, &fe) {
		fe.Index = i
	}
	return err
}

// Len returns the number of airstrips.
func (x *Index) Len() int { return len(x.strips) }

// All returns the airstrips in the order of the list they came from. Their
// contents belong to the index and must not be changed.
func (x *Index) All() []*Airstrip {
	all := make([]*Airstrip, len(x.strips))
	for i := range x.strips {
		all[i] = &x.strips[i]
	}
	return all
}

// ByID returns the airstrip with an id, which must not be changed, and
// whether there is one.
func (x *Index) ByID(id string) (*Airstrip, bool) {
	i, ok := x.byID[id]
	if !ok {
		return nil, false
	}
	return &x.strips[i], true
}
