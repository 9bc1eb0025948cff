package command_test

import (
	"context"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
	"github.com/canopyradar/canopy/clients/canopy/internal/fake"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/server"
)

func TestCacheFlags(t *testing.T) {
	tests := []struct {
		name, args, dir, size string
		want                  server.Cache
	}{
		{"off by itself", "gaps", "", "", server.Cache{}},
		{"by flag", "gaps --cache /a --cache-size 500MB", "", "", server.Cache{Dir: "/a", LimitB: 500e6}},
		{"by environment", "gaps", "/b", "2GiB", server.Cache{Dir: "/b", LimitB: 2 << 30}},
		{"a flag before the environment", "gaps --cache /a --cache-size 1GiB", "/b", "2GiB", server.Cache{Dir: "/a", LimitB: 1 << 30}},
		{"switched off", "gaps --cache off", "/b", "", server.Cache{}},
		{"points", "check --point=1,2,FL100 --cache /a", "", "", server.Cache{Dir: "/a"}},
		{"not where a server is asked", "gaps --server a:1", "/b", "2GiB", server.Cache{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got link.Target
			runWith(t, &fake.Server{}, func(a *command.App) {
				open := a.Open
				a.Open = func(ctx context.Context, target link.Target) (*link.Session, error) {
					got = target
					return open(ctx, target)
				}
				a.Getenv = func(name string) string {
					return map[string]string{"CANOPY_CACHE": tt.dir, "CANOPY_CACHE_SIZE": tt.size}[name]
				}
			}, strings.Fields(tt.args)...)
			if got.Cache != tt.want {
				t.Errorf("%+v, want %+v", got.Cache, tt.want)
			}
		})
	}
}

func TestMemoryFlag(t *testing.T) {
	tests := []struct {
		name, args, environment string
		want                    int64
		fails                   string
	}{
		{"by itself", "gaps", "", 4 << 30, ""},
		{"by flag", "gaps --memory 500MB", "2GiB", 500e6, ""},
		{"by environment", "check --point=1,2,FL100", "2GiB", 2 << 30, ""},
		{"no size", "gaps", "much", 0, "canopy: CANOPY_MEMORY \"much\" is not a size: write 10GiB or 500MB\n"},
		{"with a server", "gaps --server a:1 --memory 1GiB", "", 0, "canopy: --memory does nothing with a server: give it to canopy serve\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got link.Target
			said := runWith(t, &fake.Server{}, func(a *command.App) {
				open := a.Open
				a.Open = func(ctx context.Context, target link.Target) (*link.Session, error) {
					got = target
					return open(ctx, target)
				}
				a.Getenv = func(name string) string { return map[string]string{"CANOPY_MEMORY": tt.environment}[name] }
			}, strings.Fields(tt.args)...)
			if got.MemoryB != tt.want || !strings.HasPrefix(said.stderr, tt.fails) {
				t.Errorf("%d bytes, want %d; said %s", got.MemoryB, tt.want, said.stderr)
			}
		})
	}
}

func TestCacheSizeFromTheEnvironment(t *testing.T) {
	got := runWith(t, &fake.Server{}, func(a *command.App) {
		a.Getenv = func(name string) string { return map[string]string{"CANOPY_CACHE_SIZE": "many"}[name] }
	}, "gaps")
	if want := "canopy: CANOPY_CACHE_SIZE \"many\" is not a size: write 10GiB or 500MB\n"; got.stderr != want {
		t.Errorf("said %swant %s", got.stderr, want)
	}
}
