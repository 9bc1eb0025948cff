package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

// writeTile writes the tile that want describes, and describes the file. A
// tile without a known post gets none.
func writeTile(dir, level string, want Tile, g *terrain.Grid) (Tile, error) {
	want.measure(g)
	path := tilePath(dir, level, want.Square)
	if want.Missing == int64(g.Posts()) {
		_ = os.Remove(path)
		return want, nil
	}
	// In one piece, as the system then keeps the file in large pages, and
	// mapping it takes a fourth of the faults.
	var content bytes.Buffer
	content.Grow(g.Posts()*valueB + bytes.MinRead)
	if err := geotiff.Write(&content, g, geotiff.Options{Unit: "metres AMSL", Plain: true}); err != nil {
		return want, notWritten(path, err)
	}
	want.SizeB, want.SHA256 = int64(content.Len()), fmt.Sprintf("%x", sha256.Sum256(content.Bytes()))
	return want, replace(path, func(f *os.File) error {
		if _, err := f.Write(content.Bytes()); err != nil {
			return err
		}
		startWriting(f)
		return nil
	})
}

// measure enters what is to be said of g's elevations.
func (t *Tile) measure(g *terrain.Grid) {
	t.Missing = 0
	known := false
	var lowest, highest float32
	for _, z := range g.ElevationM {
		switch {
		case z != z:
			t.Missing++
		case !known:
			lowest, highest, known = z, z, true
		default:
			lowest, highest = min(lowest, z), max(highest, z)
		}
	}
	t.LowestM, t.HighestM = float64(lowest), float64(highest)
}

// Verify reads all tiles and compares them with the manifest's checksums. It
// fails with a *terrain.FormatError for the first that differs, and with
// ctx.Err() when ctx is done.
func (s *Store) Verify(ctx context.Context) error {
	for _, level := range s.manifest.Levels {
		for _, t := range level.Tiles {
			if t.SizeB == 0 {
				continue
			}
			if err := verifyFile(ctx, tilePath(s.dir, level.Name, t.Square), t.SHA256); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func verifyFile(ctx context.Context, path, want string) error {
	f, err := os.Open(path)
	if err != nil {
		return &terrain.FormatError{Path: path, Reason: "a tile of the store cannot be read", Err: plain(err), Remedy: remedyTile}
	}
	defer f.Close()
	sum := sha256.New()
	buffer := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := f.Read(buffer)
		sum.Write(buffer[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return &terrain.FormatError{Path: path, Reason: "a tile of the store cannot be read", Err: plain(err), Remedy: remedyTile}
		}
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		return &terrain.FormatError{Path: path, Remedy: "delete it and run the import again, which makes it anew",
			Reason: fmt.Sprintf("damaged tile: its checksum is %.12s…, where the manifest has %.12s…", got, want)}
	}
	return nil
}
