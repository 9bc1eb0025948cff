package esriascii

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/internal/source"
)

// class says what a byte is in the text after the header.
type class byte

const (
	other class = iota
	space
	digit // of a number, or of a word for a missing one
)

var classes = func() (all [256]class) {
	for _, b := range []byte(whiteSpace) {
		all[b] = space
	}
	for _, b := range []byte("0123456789+-.eEnNaAiIfF") {
		all[b] = digit
	}
	return all
}()

// index finds where each row begins, and the end of the last, as offsets in
// bytes: rows are counted in numbers, whatever the lines are. It reads the text
// from the end of the header to sizeB once, and fails when it holds anything
// but as many numbers as the header says.
func index(ctx context.Context, r io.ReaderAt, sizeB int64, h header) ([]int64, error) {
	cols, rows, at := h.cols(), h.rows(), int64(h.sizeB)
	// A number takes a digit and white space.
	if int64(cols)*int64(rows) > (sizeB-at+1)/2 {
		return nil, source.Damaged("%d bytes cannot hold %d × %d elevations", sizeB, cols, rows)
	}
	s := scanner{cols: cols, line: h.lines, starts: make([]int64, 0, rows+1)}
	buffer := make([]byte, 1<<18)
	for from := at; from < sizeB; from += int64(len(buffer)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		buffer = buffer[:min(int64(len(buffer)), sizeB-from)]
		if n, err := r.ReadAt(buffer, from); n < len(buffer) {
			return nil, &terrain.FormatError{Reason: "cannot be read", Err: err}
		}
		if err := s.scan(buffer, from); err != nil {
			return nil, err
		}
	}
	if s.numbers != cols*rows {
		return nil, source.Damaged("%d elevations, but %d × %d are announced", s.numbers, cols, rows)
	}
	return append(s.starts, sizeB), nil
}

// scanner counts numbers.
type scanner struct {
	cols, numbers, line int
	// within is whether the byte before belonged to a number.
	within bool
	// starts are the offsets of the first number of each row.
	starts []int64
}

func (s *scanner) scan(text []byte, offset int64) error {
	for i, b := range text {
		switch classes[b] {
		case digit:
			if s.within {
				continue
			}
			s.within = true
			if s.numbers%s.cols == 0 && len(s.starts) < cap(s.starts) {
				s.starts = append(s.starts, offset+int64(i))
			}
			s.numbers++
		case space:
			s.within = false
			if b == '\n' {
				s.line++
			}
		default:
			return s.stray(b)
		}
	}
	return nil
}

func (s *scanner) stray(b byte) error {
	where := fmt.Sprintf("line %d", s.line)
	if b == ',' {
		return comma(where)
	}
	return source.Damaged("%s: %q is no part of a number", where, b)
}

// parseRow reads the numbers of text, which is that of a row, from column col
// on, as many as outM has room for.
func parseRow(outM []float32, text []byte, row, col int) error {
	for i := -col; i < len(outM); i++ {
		text = bytes.TrimLeft(text, whiteSpace)
		end := 0
		for end < len(text) && classes[text[end]] == digit {
			end++
		}
		if i >= 0 {
			z, err := number(text[:end])
			if err != nil {
				return source.Damaged("row %d, column %d: %.40q is not a number", row, col+i, text[:end])
			}
			outM[i] = z
		}
		text = text[end:]
	}
	return nil
}

// number reads a decimal number as double precision would, and rounds it to
// single.
func number(text []byte) (float32, error) {
	if v, ok := short(text); ok {
		return float32(v), nil
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if errors.Is(err, strconv.ErrRange) {
		return float32(math.Inf(1)), nil // a stand-in for unknown, beyond any height
	}
	return float32(v), err
}

// powersOf10 are exact in double precision, as far as they are needed.
var powersOf10 = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// short reads a number of at most 15 digits without exponent, as nearly all
// are. It is as exact as strconv: both the digits and the power of ten fit
// double precision, and one division rounds once (Clinger, 1990).
func short(text []byte) (v float64, ok bool) {
	const most = 15
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	var digits uint64
	count, decimals, past := 0, 0, 0
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9' && count < most:
			digits = digits*10 + uint64(b-'0')
			count++
			decimals += past
		case b == '.' && past == 0:
			past = 1
		default:
			return 0, false
		}
	}
	v = float64(digits) / powersOf10[decimals]
	if negative {
		v = -v
	}
	return v, count > 0
}
