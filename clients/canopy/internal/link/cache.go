package link

import (
	"context"
	"errors"
	"strings"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/store"
)

// OpenCache opens the bucket that a cache may name in the place of a directory.
func OpenCache(ctx context.Context, c server.Cache) (server.Cache, error) {
	switch scheme, _, address := strings.Cut(c.Dir, "://"); {
	case !address:
		return c, nil
	case scheme+"://" != store.S3Scheme: // of an address that may have a secret in it
		return c, fault.Badf("--cache %s://…: write a directory, or s3://BUCKET/PREFIX", scheme)
	}
	if c.LimitB != 0 {
		return c, fault.Badf("--cache-size does nothing with a bucket: give the bucket a lifecycle rule, and leave the flag and CANOPY_CACHE_SIZE out")
	}
	s, err := store.OpenS3(ctx, c.Dir)
	switch {
	case err == nil:
		return server.Cache{MemoryB: c.MemoryB, Store: s}, nil
	case ctx.Err() != nil:
		return c, ctx.Err()
	case errors.Is(err, store.ErrOutOfReach):
		return c, &fault.Error{Code: fault.Unavailable, Err: err}
	}
	return c, fault.Badf("--cache %w", err)
}

// BadCache returns an error of server.New as bad input where it is about the
// directory for surfaces.
func BadCache(err error) error {
	if unusable := new(server.CacheError); errors.As(err, &unusable) {
		return fault.Badf("--cache %w", unusable)
	}
	return err
}
