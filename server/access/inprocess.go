package access

import (
	"context"
	"crypto/tls"
	"strings"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
)

// inProcess is the network of connections within the process.
const inProcess = "bufconn"

// vouchedKey is the metadata by which a face of the server says for whom it calls.
// It holds within the process alone; what comes from outside is not looked at.
const vouchedKey = "vouched-caller-bin"

// Vouch returns metadata for calls within the process that are made for the
// caller that ctx has.
func Vouch(ctx context.Context) metadata.MD {
	c := From(ctx)
	return metadata.Pairs(vouchedKey, c.role.String()+" "+c.Name)
}

// OfCall returns who makes a call of gRPC.
func (c *Callers) OfCall(ctx context.Context) Caller {
	if c == nil {
		return c.Identify(ctx, nil, nil)
	}
	from, connected := peer.FromContext(ctx)
	if !connected || from.Addr.Network() == inProcess {
		if said := metadata.ValueFromIncomingContext(ctx, vouchedKey); len(said) == 1 {
			role, name, _ := strings.Cut(said[0], " ")
			vouched, _ := ParseRole(role)
			return Caller{Name: name, role: vouched}
		}
	}
	return c.Identify(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"), securityOf(from))
}

func securityOf(from *peer.Peer) *tls.ConnectionState {
	if from == nil {
		return nil
	}
	info, ok := from.AuthInfo.(credentials.TLSInfo)
	if !ok {
		return nil
	}
	return &info.State
}
