package store

import (
	"strings"
	"testing"
)

// Whatever is wrong with the address of a bucket, what stands in it as a
// password is not repeated.
func FuzzS3Address(f *testing.F) {
	const secret = "hunter2hunter2"
	for _, around := range [][2]string{{"key:", "bucket"}, {"", "bucket?endpoint=a:1"}, {"%", ":x"}, {"a b", "b"}, {"key:", "@[::1"}, {"key:", "b?insecure=%zz"}, {"@", "b#c"}} {
		f.Add(around[0], around[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.ContainsAny(before, "/?#") {
			return // where it is a part of something else
		}
		s, _, err := parseS3(S3Scheme + before + secret + "@" + after)
		if err == nil {
			t.Errorf("%s is the place of a password", s)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells the password: %v", err)
		}
	})
}
