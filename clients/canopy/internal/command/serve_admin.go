package command

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/admin"
)

// defaultAdminAddress is one that could be written; there is none by itself.
const defaultAdminAddress = "127.0.0.1:9090"

// listenAdmin returns nil for no address. One that names no host is on this
// machine alone, as who reads metrics and profiles needs no login; one that other
// machines can reach is refused unless insecure.
func listenAdmin(ctx context.Context, address string, insecure bool) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	if strings.HasPrefix(address, ":") {
		address = "127.0.0.1" + address
	}
	listener, err := socket{"--admin-address", address, defaultAdminAddress, "another --admin-address, or none"}.listen(ctx, guard{insecure: true})
	if err == nil && access.Exposed(listener.Addr()) && !insecure {
		err = fault.Badf("--admin-address %s can be reached from other machines, and asks for no login: name this one (%s), or give --insecure where something else keeps others out", address, defaultAdminAddress)
		return nil, errors.Join(err, listener.Close())
	}
	return listener, err
}

// serveAdmin serves those who run the server, until it is told to stop: longer
// than all others, who are watched as they end.
func serveAdmin(ctx context.Context, listener net.Listener, s *server.Server, logger *slog.Logger) (stop func()) {
	if listener == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := admin.Serve(ctx, listener, s, logger); err != nil {
			logger.Error("metrics are not served any more", "error", err)
		}
	}()
	return func() { cancel(); <-ended }
}
