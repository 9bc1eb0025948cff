package access_test

import (
	"net"
	"testing"

	"github.com/canopyradar/canopy/server/access"
)

func TestExposed(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:1": false, "127.8.0.1:1": false, "[::1]:1": false,
		"0.0.0.0:1": true, "[::]:1": true, "10.0.0.1:1": true, "192.0.2.7:1": true, "[2001:db8::1]:1": true,
	} {
		if got := access.Exposed(must(net.ResolveTCPAddr("tcp", address))(t)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if !access.Exposed(&net.UnixAddr{Name: "/run/canopy", Net: "unix"}) {
		t.Error("what is no address of IP counts as this machine's own")
	}
}

func TestIsLocal(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost:8080": true, "127.0.0.1": true, "127.0.0.1:8080": true, "[::1]": true, "[::1]:8080": true, "::1": true,
		"": false, "evil.example": false, "evil.example:8080": false, "localhost.evil.example": false, "127.0.0.1.evil.example:80": false, "0.0.0.0:8080": false, "10.0.0.1": false,
	} {
		if got := access.IsLocal(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
