package trial

import (
	"fmt"

	"google.golang.org/grpc/mem"
)

// Raw is a codec of messages that are encoded already: []byte to send, *[]byte to
// receive. With it a client spends nothing on what is in messages.
type Raw struct{}

// Name is that of the encoding that the bytes are in.
func (Raw) Name() string { return "proto" }

// Marshal takes a []byte or a *[]byte.
func (Raw) Marshal(v any) (mem.BufferSlice, error) {
	switch v := v.(type) {
	case []byte:
		return mem.BufferSlice{mem.SliceBuffer(v)}, nil
	case *[]byte:
		return mem.BufferSlice{mem.SliceBuffer(*v)}, nil
	}
	return nil, fmt.Errorf("a raw message is bytes, not %T", v)
}

// Unmarshal takes a *[]byte.
func (Raw) Unmarshal(data mem.BufferSlice, v any) error {
	to, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("a raw message is received as bytes, not %T", v)
	}
	*to = data.Materialize()
	return nil
}
