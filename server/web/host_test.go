package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/web"
)

func TestOnlyThisMachineIsAsked(t *testing.T) {
	at := serve(t, server.Config{}, web.Config{Host: "radar.local"})
	port := at.url[strings.LastIndex(at.url, ":"):]
	for host, want := range map[string]int{
		"": http.StatusOK, "localhost" + port: http.StatusOK, "[::1]" + port: http.StatusOK, "radar.local" + port: http.StatusOK, "Radar.local": http.StatusOK,
		"evil.example" + port: http.StatusForbidden, "evil.example": http.StatusForbidden,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.url+"/v1/terrain", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, response)
		if got.status != want {
			t.Errorf("host %q: %d, %s", host, got.status, got.body)
		}
		if want == http.StatusForbidden {
			wantFailure(t, got, want, "HOST_UNKNOWN", host)
		}
	}
}
