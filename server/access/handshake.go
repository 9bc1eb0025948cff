package access

import (
	"crypto/tls"
	"log/slog"
	"net"

	"google.golang.org/grpc/credentials"
)

// Handshake returns the credentials of a gRPC server: TLS for connections from
// outside of the process, of which those that fail have a line in the log.
func Handshake(config *tls.Config, logger *slog.Logger) credentials.TransportCredentials {
	return &handshake{credentials.NewTLS(config), logger}
}

type handshake struct {
	credentials.TransportCredentials
	logger *slog.Logger
}

// ServerHandshake fails for plain text, and for clients that want to be sure of
// something that this server is not, or are not what it wants.
func (h *handshake) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	if conn.LocalAddr().Network() == inProcess {
		return conn, nil, nil
	}
	secured, info, err := h.TransportCredentials.ServerHandshake(conn)
	if err != nil {
		h.logger.Info("connection refused", "remote", conn.RemoteAddr().String(), "error", err)
	}
	return secured, info, err
}

// Clone keeps the log.
func (h *handshake) Clone() credentials.TransportCredentials {
	return &handshake{h.TransportCredentials.Clone(), h.logger}
}
