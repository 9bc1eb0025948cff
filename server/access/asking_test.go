package access

import (
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
)

// silent is an issuer that takes connections, and never answers.
type silent struct{ asked int }

func (s *silent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked++
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// One that does not answer is out of reach, as one that takes no connection: it is
// asked again. Those who waited for it meanwhile need not have it asked for each.
func TestIssuerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hanging, client := &silent{}, newAsker(slog.New(slog.DiscardHandler))
		client.Transport.(*asking).RoundTripper = hanging
		for range 3 {
			response, err := client.Get("https://login.example/keys")
			if err == nil {
				response.Body.Close()
			}
			if failed := (*askError)(nil); !errors.As(err, &failed) || failed.lasting {
				t.Errorf("got %v, want an askError that does not last", err)
			}
		}
		if hanging.asked != 1 {
			t.Errorf("asked %d times by those who waited, want once", hanging.asked)
		}
	})
}
