package queue

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Access is what a server of NATS asks of those who connect.
type Access struct {
	// Token is a secret of all; Creds is a file of NATS with one's own. Both may be
	// empty.
	Token, Creds string
	// CA is a PEM file of the authorities that are trusted; empty for those of the
	// system.
	CA string
}

// reconnectWait is how long one waits between attempts.
const reconnectWait = time.Second

func options(a Access, logger *slog.Logger) []nats.Option {
	all := []nats.Option{
		nats.Name("canopy"), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait), nats.Timeout(patience),
		// Else who is refused twice in a row gives up for good, and nobody is told.
		nats.IgnoreAuthErrorAbort(),
		// What cannot be sent is asked for again.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				logger.Warn("NATS is lost; trying to reach it again", "error", err)
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { logger.Warn("NATS", "error", err) }),
	}
	if a.Token != "" {
		all = append(all, nats.Token(a.Token))
	}
	if a.Creds != "" {
		all = append(all, nats.UserCredentials(a.Creds))
	}
	if a.CA != "" {
		all = append(all, nats.RootCAs(a.CA))
	}
	return all
}

// Connect reaches NATS at an address such as nats://queue:4222 or tls://queue:4222,
// and does so again whenever it is lost. Close the connection.
func Connect(address string, a Access, logger *slog.Logger) (*nats.Conn, error) {
	if err := check(address, a); err != nil {
		return nil, err
	}
	conn, err := nats.Connect(address, options(a, logger)...)
	switch {
	case err == nil:
		return conn, nil
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout):
		return nil, fmt.Errorf("%w at %s: start it, or correct the address", ErrOutOfReach, address)
	case errors.Is(err, nats.ErrAuthorization):
		return nil, fmt.Errorf("NATS at %s refuses who comes: give a token in CANOPY_NATS_TOKEN, or a file of credentials", address)
	}
	return nil, fmt.Errorf("NATS at %s: %w", address, err)
}

// ErrOutOfReach is returned by Connect where nobody answers, which may change.
var ErrOutOfReach = errors.New("no NATS answers")

// check keeps secrets out of addresses, which logs have, and from those who listen.
func check(address string, a Access) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls":
		return fmt.Errorf("%q is no address of NATS: write nats://HOST:4222 or tls://HOST:4222", address)
	case u.User != nil:
		return errors.New("the address of NATS has a secret in it, which logs would have as well: give it in CANOPY_NATS_TOKEN, or a file of credentials")
	case a.Token != "" && u.Scheme != "tls" && !local(u.Hostname()):
		return fmt.Errorf("the token would go to %s for all to read: write tls://%s", u.Host, u.Host)
	}
	return nil
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Embedded is a server of NATS in the process.
type Embedded struct {
	// Dir keeps what is in the queue, and perhaps the results.
	Dir string
	// Address is where workers reach it.
	Address string
	// TLS is nil for plain text, and Token empty for everybody.
	TLS    *tls.Config
	Token  string
	Logger *slog.Logger
}

// Server is a server of NATS that runs; Shutdown it.
type Server struct {
	*natsserver.Server
	cfg Embedded
}

// readyWait is how long one waits for the server: it may have much to read.
const readyWait = 30 * time.Second

// Serve starts a server of NATS.
func Serve(e Embedded) (*Server, error) {
	host, portText, err := net.SplitHostPort(e.Address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("%q is no port: write a number", portText)
	}
	if port == 0 {
		port = natsserver.RANDOM_PORT
	}
	s, err := natsserver.NewServer(&natsserver.Options{
		ServerName: "canopy", Host: host, Port: port, JetStream: true, StoreDir: e.Dir, NoSigs: true,
		Authorization: e.Token, TLSConfig: e.TLS, TLS: e.TLS != nil, TLSTimeout: patience.Seconds(),
	})
	if err != nil {
		return nil, err
	}
	s.SetLoggerV2(natsLog{e.Logger}, false, false, false)
	go s.Start()
	if !s.ReadyForConnections(readyWait) {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("NATS does not start at %s, in %s: see the log", e.Address, e.Dir)
	}
	return &Server{s, e}, nil
}

// Connect reaches the server within the process.
func (s *Server) Connect() (*nats.Conn, error) {
	return nats.Connect("", append(options(Access{Token: s.cfg.Token}, s.cfg.Logger), nats.InProcessServer(s))...)
}

// Shutdown returns when the server is gone.
func (s *Server) Shutdown() {
	s.Server.Shutdown()
	s.WaitForShutdown()
}

// natsLog has in the log what the server warns of.
type natsLog struct{ *slog.Logger }

func (l natsLog) Warnf(format string, v ...any)  { l.Warn("NATS: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Errorf(format string, v ...any) { l.Error("NATS: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Fatalf(format string, v ...any) { l.Error("NATS: " + fmt.Sprintf(format, v...)) }
func (l natsLog) Noticef(string, ...any)         {}
func (l natsLog) Debugf(string, ...any)          {}
func (l natsLog) Tracef(string, ...any)          {}
