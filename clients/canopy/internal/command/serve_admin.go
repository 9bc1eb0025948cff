package command

import (
	"context"
	"net"

	"github.com/canopyradar/canopy/server/admin"
)

// defaultAdminAddress is one that could be written; there is none by itself.
const defaultAdminAddress = "127.0.0.1:9090"

// serveAdmin serves those who run the server, until it is told to stop: longer
// than all others, who are watched as they end.
func serveAdmin(ctx context.Context, listener net.Listener, s admin.Watched, cfg admin.Config) (stop func()) {
	if listener == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := admin.Serve(ctx, listener, s, cfg); err != nil {
			cfg.Logger.Error("metrics are not served any more", "error", err)
		}
	}()
	return func() { cancel(); <-ended }
}
