package hgt

import "testing"

func TestRecentTilesAreBounded(t *testing.T) {
	kept := unpacked{mostB: 100}
	a, b, c := &tile{}, &tile{}, &tile{}
	kept.put(a, make([]byte, 40))
	kept.put(b, make([]byte, 40))
	if kept.get(a) == nil {
		t.Error("a tile is gone though there is room")
	}
	kept.put(c, make([]byte, 40))
	if kept.get(b) != nil {
		t.Error("the tile that was used the longest time ago is still kept")
	}
	if kept.get(a) == nil || kept.get(c) == nil || kept.sizeB != 80 {
		t.Errorf("the tiles used last are gone; %d bytes are kept", kept.sizeB)
	}
	kept.put(b, make([]byte, 101))
	if kept.get(b) != nil || kept.sizeB != 0 {
		t.Errorf("a tile larger than the bound is kept; %d bytes", kept.sizeB)
	}
}
