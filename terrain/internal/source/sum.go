package source

import (
	"context"

	"github.com/zeebo/xxh3"

	"github.com/canopyradar/canopy/terrain"
)

// Sum identifies the content of a file: the XXH128 of the XXH128s of its pieces
// of 32 KiB. That takes a tenth of the time of SHA-256, and on all processors. It
// tells contents apart that differ by chance or by mistake; it is no proof
// against forgery.
type Sum [16]byte

// pieceB is so little that a piece is still in the nearest cache for a look when
// it has been hashed.
const pieceB = 32 << 10

// readB is so little that what is read at once stays in a cache. To copy it there is
// quicker than to map a file that is not looked at again.
const readB = 4 * pieceB

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

// Look is shown the content of a file piece by piece, each with where it
// begins, by several goroutines at a time.
type Look func(offsetB int64, piece []byte)

// add enters the sums of content, from a piece on, and shows it to look.
func (s sums) add(first int, content []byte, look Look) {
	for i := range (len(content) + pieceB - 1) / pieceB {
		piece := content[i*pieceB : min(len(content), (i+1)*pieceB)]
		s[first+i] = sumOf(piece)
		if look != nil {
			look(int64(first+i)*pieceB, piece)
		}
	}
}

// Sum returns the sum of the file's content, all of which it shows to look in
// passing, unless that is nil. It stops with ctx.Err() soon after ctx is done.
func (f File) Sum(ctx context.Context, look Look) (Sum, error) {
	file, err := f.Open()
	if err != nil {
		return Sum{}, err
	}
	defer file.Close()
	return f.sum(ctx, func(s sums, first, count int) error {
		room := make([]byte, readB)
		for end := first + count; first < end; first += readB / pieceB {
			offsetB := int64(first) * pieceB
			content := room[:min(readB, int64(end)*pieceB-offsetB, f.SizeB-offsetB)]
			if _, err := file.ReadAt(content, offsetB); err != nil {
				return failure(f.Path, err)
			}
			s.add(first, content, look)
		}
		return nil
	})
}

// SumMapped is Sum of a file that is looked at in place: it costs no more than to
// read it, and who looks at the mapping next has its pages. There is none where it
// cannot be mapped.
func (f File) SumMapped(ctx context.Context, look Look) (Sum, *Mapping, error) {
	file, err := f.Open()
	if err != nil {
		return Sum{}, nil, err
	}
	defer file.Close()
	m, err := Map(file, 0, f.SizeB, Again)
	if err != nil {
		sum, err := f.Sum(ctx, look)
		return sum, nil, err
	}
	sum, err := f.sum(ctx, func(s sums, first, count int) error {
		content := m.Bytes[int64(first)*pieceB : min(int64(first+count)*pieceB, f.SizeB)]
		return terrain.Guard(m, func() error {
			s.add(first, content, look)
			return nil
		})
	})
	if err != nil {
		m.Unmap()
		return Sum{}, nil, err
	}
	return sum, m, nil
}

// sum lets add enter the sums of some pieces at a time.
func (f File) sum(ctx context.Context, add func(s sums, first, count int) error) (Sum, error) {
	s := newSums(f.SizeB)
	const band = 4 << 20 / pieceB
	err := Bands(ctx, len(s), band, func(_ context.Context, first, count int) error { return add(s, first, count) })
	if err != nil {
		return Sum{}, err
	}
	return s.total(), nil
}
