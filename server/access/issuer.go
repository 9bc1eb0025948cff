package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/canopyradar/canopy/server/problem"
)

// DefaultRoleClaim is where an issuer's tokens say a role.
const DefaultRoleClaim = "canopy_role"

// clockSkew is how far the clocks of an issuer and of this machine may be apart:
// a token that has ended is good for so long.
const clockSkew = time.Minute

// signatures are those that need a secret of the issuer's: not none, nor those
// with which whoever can check a signature can make one.
var signatures = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
}

// IssuerConfig says which tokens of an issuer are good here.
type IssuerConfig struct {
	// URL is the issuer as its tokens name it, and where it is asked.
	URL string
	// Audience is what a token must be meant for.
	Audience string
	// RoleClaim is the claim with the role, or a list in which the highest role
	// counts; empty for DefaultRoleClaim. A token without one is good for nothing.
	RoleClaim string
}

// Issuer makes tokens of OpenID Connect (JWT). It is asked for its keys, which are
// kept, and asked for again when a token has been signed by another.
type Issuer struct {
	config IssuerConfig
	asker  context.Context // with the client that asks

	mu       sync.Mutex
	verifier *oidc.IDTokenVerifier // nil until the issuer was heard
}

// OpenIssuer asks an issuer what it says of itself. One that cannot be reached is
// asked again when a token comes; one that answers what makes no sense is an error.
func OpenIssuer(config IssuerConfig, logger *slog.Logger) (*Issuer, error) {
	if err := checkIssuer(config.URL); err != nil {
		return nil, err
	}
	if config.Audience == "" {
		return nil, fmt.Errorf("issuer %s: name the audience that its tokens are for", config.URL)
	}
	config.RoleClaim = cmp.Or(config.RoleClaim, DefaultRoleClaim)
	i := &Issuer{config: config, asker: oidc.ClientContext(context.Background(), newAsker(logger))}
	_, err := i.discover()
	var silent *askError
	if err != nil && (!errors.As(err, &silent) || silent.lasting) {
		return nil, fmt.Errorf("issuer %s: %w", config.URL, err)
	}
	return i, nil
}

func checkIssuer(text string) error {
	address, err := url.Parse(text)
	if err != nil {
		return fmt.Errorf("issuer: %w", err)
	}
	if address.Host == "" || address.User != nil || address.RawQuery != "" || address.Fragment != "" {
		return fmt.Errorf("issuer %q: want an address such as https://login.example/realms/air", address.Redacted())
	}
	if err := checkEncrypted(address); err != nil {
		return fmt.Errorf("issuer %w", err)
	}
	return nil
}

func (i *Issuer) discover() (*oidc.IDTokenVerifier, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.verifier != nil {
		return i.verifier, nil
	}
	provider, err := oidc.NewProvider(i.asker, i.config.URL)
	if err != nil {
		return nil, err
	}
	var says struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&says); err != nil {
		return nil, err
	}
	i.verifier = oidc.NewVerifier(i.config.URL, keySet{oidc.NewRemoteKeySet(i.asker, says.Keys)}, &oidc.Config{
		ClientID: i.config.Audience, SupportedSigningAlgs: signatures,
		Now: func() time.Time { return time.Now().Add(-clockSkew) },
	})
	return i.verifier, nil
}

// keySet keeps what went wrong with the keys, of which a verifier passes on no more
// than the text.
type keySet struct{ oidc.KeySet }

type keysFailed struct{}

func (k keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, token)
	*ctx.Value(keysFailed{}).(*error) = err
	return payload, err
}

// identify tells nothing of a token that is not good, but what the issuer's name
// and this server's own configuration say.
func (i *Issuer) identify(ctx context.Context, token string) Caller {
	verifier, err := i.discover()
	if err != nil {
		return i.unheard(err)
	}
	var failed error
	verified, err := verifier.Verify(context.WithValue(ctx, keysFailed{}, &failed), token)
	var (
		silent *askError
		ended  *oidc.TokenExpiredError
	)
	switch {
	case errors.As(failed, &silent):
		return i.unheard(silent)
	case ctx.Err() != nil:
		return Caller{refused: ctx.Err()}
	case errors.As(err, &ended):
		return Caller{refused: expired("the token", ended.Expiry)}
	case err != nil:
		// Which may say as much of what was sent as a header has room for.
		return Caller{cause: fmt.Sprintf("%.200v", err), refused: &problem.TokenError{
			Reason: problem.ReasonTokenUnknown,
			Text:   fmt.Sprintf("the token is not a good one of %s for the audience %q: %s", i.config.URL, i.config.Audience, remedy),
		}}
	}
	return Caller{Name: "oidc:" + verified.Subject, role: i.roleOf(verified)}
}

func (i *Issuer) unheard(err error) Caller {
	return Caller{cause: err.Error(), refused: &problem.IssuerError{Issuer: i.config.URL}}
}

// roleOf passes over what the claim has beside roles: it may be a list of groups.
func (i *Issuer) roleOf(verified *oidc.IDToken) Role {
	var claims map[string]any
	if verified.Claims(&claims) != nil {
		return Nobody
	}
	role := Nobody
	list, many := claims[i.config.RoleClaim].([]any)
	if !many {
		list = []any{claims[i.config.RoleClaim]}
	}
	for _, item := range list {
		name, _ := item.(string)
		said, _ := ParseRole(name)
		role = max(role, said)
	}
	return role
}
