package command

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/quantity"
	"github.com/canopyradar/canopy/server/store"
)

// cacheFlags say where a server in-process keeps floor surfaces. By itself it
// keeps none: a command writes only what it was told to, and the same command
// gives the same answer.
type cacheFlags struct {
	// place is a directory, or the address of a bucket.
	place string
	size  parsed[int64]
}

// cacheOff is the place that stands for none.
const cacheOff = "off"

func newSize(what string) parsed[int64] {
	return parsed[int64]{kind: "size", parse: func(text string) (int64, error) { return quantity.SizeB(what, text) }}
}

func (a *App) addCacheFlags(cmd *cobra.Command) {
	a.cache.size = newSize("cache size")
	f := cmd.Flags()
	f.StringVar(&a.cache.place, "cache", "", "keep floor surfaces for later commands in this `place`: a directory, s3://BUCKET/PREFIX?endpoint=HOST:PORT, or off (CANOPY_CACHE; off if not set)")
	f.Var(&a.cache.size, "cache-size", "how large a directory may grow: 500MB (CANOPY_CACHE_SIZE; 10GiB if not set)")
}

// inProcess weighs flags before the environment.
func (c cacheFlags) inProcess(getenv func(string) string) (server.Cache, error) {
	if c.place == "" {
		c.place = getenv("CANOPY_CACHE")
	}
	if text := getenv("CANOPY_CACHE_SIZE"); c.size.value == nil && text != "" {
		c.size = newSize("CANOPY_CACHE_SIZE")
		if err := c.size.Set(text); err != nil {
			return server.Cache{}, fault.Bad(err)
		}
	}
	return c.named(), nil
}

// named is for link.OpenCache.
func (c cacheFlags) named() (cache server.Cache) {
	if c.place != cacheOff {
		cache.Dir = c.place
	}
	if c.size.value != nil {
		cache.LimitB = *c.size.value
	}
	return cache
}

// directory is empty where the cache is none.
func (c cacheFlags) directory() string {
	if dir := c.named().Dir; !strings.HasPrefix(dir, store.S3Scheme) {
		return dir
	}
	return ""
}
