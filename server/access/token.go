package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// prefix lets programs that look for secrets find tokens where none should be.
const prefix = "canopy_"

// NewToken makes a token, of 128 random bits at least, and the line of it for the
// file of tokens. It never ends where expires is zero.
func NewToken(name string, role Role, expires time.Time) (token, line string, err error) {
	if err := checkName(name); err != nil {
		return "", "", err
	}
	token = prefix + rand.Text()
	sum := sha256.Sum256([]byte(token))
	line = name + " " + role.String() + " " + hex.EncodeToString(sum[:])
	if !expires.IsZero() {
		line += " " + expires.UTC().Format(time.RFC3339)
	}
	return token, line, nil
}
