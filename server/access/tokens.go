package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"time"
)

// Tokens are those of a file, which is read again when it has changed.
//
// The file has a token a line: name, role, SHA-256 in hexadecimal digits, and the
// time of RFC 3339 at which it ends, if it does. What follows a # is a comment.
type Tokens struct{ current *current[[]entry] }

// entry is a line of the file.
type entry struct {
	name    string
	role    Role
	sum     [sha256.Size]byte
	expires time.Time // zero for never
}

// OpenTokens reads a file. It fails with an error that names the line.
func OpenTokens(path string, logger *slog.Logger) (*Tokens, error) {
	current, err := newCurrent([]string{path}, func() ([]entry, error) { return readTokens(path) }, logger)
	if err != nil {
		return nil, err
	}
	return &Tokens{current}, nil
}

func readTokens(path string) ([]entry, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	var entries []entry
	for i, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		e, err := parseEntry(fields)
		if err != nil {
			return nil, fmt.Errorf("tokens %s, line %d: %w", path, i+1, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// parseEntry says nothing of what stands where something else should: it may be a
// token, and what is said goes into the log.
func parseEntry(fields []string) (e entry, err error) {
	if len(fields) < 3 || len(fields) > 4 {
		return e, fmt.Errorf("%d words: want a name, a role, a SHA-256 and perhaps a time; canopy token writes such a line", len(fields))
	}
	e.name = fields[0]
	if checkName(e.name) != nil {
		return e, fmt.Errorf("it begins with no name of %s", nameForm)
	}
	if e.role, err = ParseRole(fields[1]); err != nil {
		return e, fmt.Errorf("token %s has no role: want read, compute or administer", e.name)
	}
	if n, err := hex.Decode(e.sum[:], []byte(fields[2][:min(len(fields[2]), 2*sha256.Size)])); err != nil || n != sha256.Size || len(fields[2]) != 2*sha256.Size {
		return e, fmt.Errorf("token %s has no SHA-256 of %d hexadecimal digits: canopy token writes it", e.name, 2*sha256.Size)
	}
	if len(fields) == 4 {
		if e.expires, err = time.Parse(time.RFC3339, fields[3]); err != nil {
			return e, fmt.Errorf("token %s ends at no time such as 2027-01-31T00:00:00Z", e.name)
		}
	}
	return e, nil
}

const nameForm = "1 to 64 letters, digits and any of . _ @ -"

var plainName = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,64}$`)

// checkName refuses what cannot name a token.
func checkName(name string) error {
	if !plainName.MatchString(name) {
		return fmt.Errorf("name %q of a token: want %s", name, nameForm)
	}
	return nil
}

// identify returns false for a token that the file does not have. Time tells
// nothing of how near to one a guess is.
func (t *Tokens) identify(token string) (_ Caller, known bool) {
	sum := sha256.Sum256([]byte(token))
	var found *entry
	entries := t.current.get()
	for i := range entries {
		if subtle.ConstantTimeCompare(entries[i].sum[:], sum[:]) == 1 {
			found = &entries[i]
		}
	}
	switch {
	case found == nil:
		return Caller{}, false
	case !found.expires.IsZero() && !time.Now().Before(found.expires):
		return Caller{Name: found.name, refused: expired(fmt.Sprintf("token %q", found.name), found.expires)}, true
	}
	return Caller{Name: found.name, role: found.role}, true
}
