package hgt

import (
	"slices"
	"sync"
)

// recent keeps the tiles that were unpacked last, of all models together, as a
// tile is often read in many small windows. The bound in bytes holds five
// tiles of 1 arc-second.
var recent = unpacked{mostB: 128 << 20}

// unpacked keeps the content of tiles, up to mostB bytes, and lets go of what
// was used the longest time ago.
type unpacked struct {
	mostB int64

	mu    sync.Mutex
	kept  []keptTile // the most recently used last
	sizeB int64
}

type keptTile struct {
	of      *tile
	content []byte
}

// get returns the content of t, or nil when it is not kept.
func (u *unpacked) get(t *tile) []byte {
	u.mu.Lock()
	defer u.mu.Unlock()
	i := slices.IndexFunc(u.kept, func(k keptTile) bool { return k.of == t })
	if i < 0 {
		return nil
	}
	found := u.kept[i]
	u.kept = append(slices.Delete(u.kept, i, i+1), found)
	return found.content
}

// put keeps the content of t, which is not kept yet.
func (u *unpacked) put(t *tile, content []byte) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.kept = append(u.kept, keptTile{t, content})
	u.sizeB += int64(len(content))
	for u.sizeB > u.mostB {
		u.sizeB -= int64(len(u.kept[0].content))
		u.kept = slices.Delete(u.kept, 0, 1)
	}
}
