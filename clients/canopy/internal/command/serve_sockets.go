package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
)

// sockets are where a server listens; http and admin are nil for nowhere.
type sockets struct{ grpc, http, admin net.Listener }

func listenAll(ctx context.Context, flags *serveFlags, guard guard) (at sockets, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, at.close())
		}
	}()
	if at.grpc, err = (socket{"--address", flags.address, defaultAddress, "another --address"}).listen(ctx, guard); err != nil {
		return at, err
	}
	if flags.httpAddress != httpOff {
		if at.http, err = (socket{"--http-address", flags.httpAddress, defaultHTTPAddress, "another --http-address, or off"}).listen(ctx, guard); err != nil {
			return at, err
		}
	}
	at.admin, err = listenAdmin(ctx, flags.adminAddress, guard)
	return at, err
}

// listenAdmin returns nil for no address.
func listenAdmin(ctx context.Context, address string, guard guard) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	return socket{"--admin-address", address, defaultAdminAddress, "another --admin-address, or none"}.listen(ctx, guard)
}

func (s sockets) close() error {
	var failed error
	for _, listener := range []net.Listener{s.grpc, s.http, s.admin} {
		if listener != nil {
			failed = errors.Join(failed, listener.Close())
		}
	}
	return failed
}

// socket is the address of a flag, with one that could be written, and what to
// give in the place of one that is in use.
type socket struct{ flag, address, example, instead string }

func (s socket) listen(ctx context.Context, guard guard) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", s.address)
	var wrong *net.AddrError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop it, or give %s", s.address, s.instead)
	case errors.As(err, &wrong):
		return nil, fault.Badf("%s %q: %s: write %s", s.flag, s.address, wrong.Err, s.example)
	case err != nil:
		return nil, fmt.Errorf("%s %s: %w", s.flag, s.address, err)
	}
	if err := guard.admit(s, listener.Addr()); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}
