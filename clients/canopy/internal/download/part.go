package download

import (
	"crypto/md5" //nolint:gosec // S3 sums objects so; it guards against accidents, not against forgers
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"strings"
)

// part is a file that is not whole yet, or has not been looked at.
type part struct {
	path   string
	sizeB  int64
	origin origin
}

// origin says what a part is a part of. It is kept beside the part and written
// before its first byte, so that a part is never continued with another file.
type origin struct {
	// Validator goes into If-Range; empty where the server gives none that
	// is good for that.
	Validator string `json:"validator"`
	// SizeB is that of the whole file; −1 if the server did not tell.
	SizeB int64 `json:"size_b"`
	// MD5 of the whole file in hexadecimal; empty if the server did not tell.
	MD5 string `json:"md5"`
}

// originOf reads the headers of an answer with a whole file.
func originOf(response *http.Response) origin {
	return origin{Validator: validatorOf(response.Header), SizeB: response.ContentLength, MD5: md5Of(response.Header)}
}

// validatorOf returns a strong ETag, or else the date of the last change.
func validatorOf(header http.Header) string {
	if tag := header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return header.Get("Last-Modified")
}

// plainMD5 is the ETag of an object that came to S3 in one piece.
var plainMD5 = regexp.MustCompile(`^"([0-9a-f]{32})"$`)

// md5Of returns the sum that an ETag is; of objects that the server encrypts
// with keys of others it is none.
func md5Of(header http.Header) string {
	foreignKey := strings.HasPrefix(header.Get("X-Amz-Server-Side-Encryption"), "aws:kms") ||
		header.Get("X-Amz-Server-Side-Encryption-Customer-Algorithm") != ""
	match := plainMD5.FindStringSubmatch(header.Get("ETag"))
	if match == nil || foreignKey {
		return ""
	}
	return match[1]
}

func (p *part) originPath() string { return p.path + ".json" }

// load takes up what an earlier run left. A part of unknown origin counts for
// nothing; the next answer overwrites it.
func (p *part) load() {
	var kept origin
	text, err := os.ReadFile(p.originPath())
	if err != nil || json.Unmarshal(text, &kept) != nil || kept.Validator == "" {
		return
	}
	info, err := os.Stat(p.path)
	if err != nil || kept.SizeB >= 0 && info.Size() > kept.SizeB {
		return
	}
	p.sizeB, p.origin = info.Size(), kept
}

// whole reports whether all bytes are there.
func (p *part) whole() bool { return p.origin.SizeB > 0 && p.sizeB == p.origin.SizeB }

// wanted returns the headers that ask for the rest, or for all if the file is
// no longer the same.
func (p *part) wanted() http.Header {
	if p.sizeB == 0 || p.origin.Validator == "" {
		return nil
	}
	return http.Header{
		"Range":    {fmt.Sprintf("bytes=%d-", p.sizeB)},
		"If-Range": {p.origin.Validator},
	}
}

// continues reports whether an answer of 206 holds the rest of p.
func (p *part) continues(response *http.Response) bool {
	var fromB, toB, sizeB int64
	_, err := fmt.Sscanf(response.Header.Get("Content-Range"), "bytes %d-%d/%d", &fromB, &toB, &sizeB)
	return err == nil && fromB == p.sizeB && sizeB == p.origin.SizeB && toB == sizeB-1 &&
		validatorOf(response.Header) == p.origin.Validator
}

// begin empties the part and notes what will be put into it.
func (p *part) begin(o origin) error {
	if err := p.forget(); err != nil {
		return err
	}
	file, err := os.Create(p.path)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	p.origin, p.sizeB = o, 0
	return os.WriteFile(p.originPath(), text, 0o600)
}

// check compares the part with what the server told of the whole.
func (p *part) check() error {
	switch {
	case p.origin.SizeB >= 0 && p.sizeB != p.origin.SizeB:
		return fmt.Errorf("%d bytes came of %d", p.sizeB, p.origin.SizeB)
	case p.origin.MD5 == "":
		return nil
	}
	file, err := os.Open(p.path)
	if err != nil {
		return err
	}
	sum := md5.New() //nolint:gosec // as above
	_, err = io.Copy(sum, file)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if got := hex.EncodeToString(sum.Sum(nil)); err == nil && got != p.origin.MD5 {
		err = fmt.Errorf("its MD5 is %s, and the server's %s", got, p.origin.MD5)
	}
	return err
}

// drop throws the part away.
func (p *part) drop() error {
	p.sizeB, p.origin = 0, origin{}
	return errors.Join(p.forget(), removeIfThere(p.path))
}

// forget throws away what says where the part is from.
func (p *part) forget() error { return removeIfThere(p.originPath()) }

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
