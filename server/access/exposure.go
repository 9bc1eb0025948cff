package access

import (
	"net"
	"net/netip"
	"strings"
)

// Exposed tells whether a listener at an address can be reached from other
// machines; where that is not known, it can.
func Exposed(address net.Addr) bool {
	at, err := netip.ParseAddrPort(address.String())
	return err != nil || !at.Addr().IsLoopback()
}

// IsLocal tells whether the header Host of a request to this machine names it. A
// page from elsewhere that has a name of its own point here does not.
func IsLocal(host string) bool {
	host = HostOf(host)
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// HostOf leaves the port out of an address.
func HostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}
