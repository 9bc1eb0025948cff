package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
)

// Text is something that a PNG says about itself. Its keyword is of 1 to 79
// characters of Latin-1; PNG knows Title, Description, Source and Comment, among
// others.
type Text struct{ Keyword, Text string }

// headB is what comes before the chunks of a PNG that may be anywhere: the
// signature and the chunk IHDR.
const headB = 8 + 4 + 4 + 13 + 4

// PNG encodes a picture with texts. The same picture makes the same bytes.
func PNG(picture image.Image, texts ...Text) ([]byte, error) {
	var plain bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&plain, picture); err != nil {
		return nil, err
	}
	out := bytes.Clone(plain.Bytes()[:headB])
	for _, t := range texts {
		out = append(out, t.chunk()...)
	}
	return append(out, plain.Bytes()[headB:]...), nil
}

// chunk returns an iTXt chunk, uncompressed and of no language.
func (t Text) chunk() []byte {
	content := append([]byte("iTXt"+t.Keyword), 0, 0, 0, 0, 0)
	content = append(content, t.Text...)
	length := uint32(len(content) - len("iTXt"))
	chunk := append(binary.BigEndian.AppendUint32(nil, length), content...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(content))
}
