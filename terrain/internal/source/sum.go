package source

import (
	"context"
	"slices"

	"github.com/zeebo/xxh3"

	"github.com/canopyradar/canopy/terrain"
)

// Sum identifies the content of a file: the XXH128 of the XXH128s of its pieces
// of 4 MiB. That takes a tenth of the time of SHA-256, and on all processors. It
// tells contents apart that differ by chance or by mistake; it is no proof
// against forgery.
type Sum [16]byte

const pieceB = 4 << 20

// Look is shown the content of a file piece by piece, each with where it
// begins, by several goroutines at a time.
type Look func(offsetB int64, piece []byte)

// seenB is the length of what a Look is shown at a time: so little that it is
// still in the nearest cache when it is hashed.
const seenB = 16 << 10

func (look Look) sumOf(offsetB int64, piece []byte) Sum {
	if look == nil {
		return sumOf(piece)
	}
	h := xxh3.New()
	for seen := range slices.Chunk(piece, seenB) {
		look(offsetB, seen)
		_, _ = h.Write(seen)
		offsetB += int64(len(seen))
	}
	return h.Sum128().Bytes()
}

func sumOf(piece []byte) Sum { return xxh3.Hash128(piece).Bytes() }

// sums are those of the pieces of a file.
type sums []Sum

func newSums(sizeB int64) sums { return make(sums, (sizeB+pieceB-1)/pieceB) }

func (s sums) total() Sum {
	all := make([]byte, 0, len(s)*len(Sum{}))
	for _, sum := range s {
		all = append(all, sum[:]...)
	}
	return sumOf(all)
}

// SumOf returns the sum of content.
func SumOf(content string) Sum {
	s := newSums(int64(len(content)))
	for i := range s {
		s[i] = xxh3.HashString128(content[i*pieceB : min(len(content), (i+1)*pieceB)]).Bytes()
	}
	return s.total()
}

// Sum returns the sum of the file's content, all of which it shows to look in
// passing, unless that is nil. It stops with ctx.Err() soon after ctx is done.
func (f File) Sum(ctx context.Context, look Look) (Sum, error) {
	file, err := f.Open()
	if err != nil {
		return Sum{}, err
	}
	defer file.Close()
	s := newSums(f.SizeB)
	hash := func(i int, offsetB, n int64) error {
		piece := make([]byte, n)
		if _, err := file.ReadAt(piece, offsetB); err != nil {
			return failure(f.Path, err)
		}
		s[i] = look.sumOf(offsetB, piece)
		return nil
	}
	// Copying a file takes longer than hashing it.
	if m, err := Map(file, 0, f.SizeB, Again); err == nil {
		defer m.Unmap()
		hash = func(i int, offsetB, n int64) error {
			return terrain.Guard(m, func() error {
				s[i] = look.sumOf(offsetB, m.Bytes[offsetB:][:n])
				return nil
			})
		}
	}
	err = Bands(ctx, len(s), 1, func(_ context.Context, i, _ int) error {
		offsetB := int64(i) * pieceB
		return hash(i, offsetB, min(pieceB, f.SizeB-offsetB))
	})
	if err != nil {
		return Sum{}, err
	}
	return s.total(), nil
}
