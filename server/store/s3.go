package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3 is a Store in a bucket of Amazon S3, or of what speaks its protocol.
//
// What grows too large or too old is for a lifecycle rule of the bucket to
// remove, and what killed processes have left of uploads in parts: a client that
// would count could not keep a limit beside others.
type S3 struct {
	client         minio.Core
	bucket, prefix string
}

// S3Scheme begins the address of a bucket.
const S3Scheme = "s3://"

// What the address of a bucket may have behind the question mark, and the
// endpoint where it says none.
const (
	endpointKey = "endpoint"
	regionKey   = "region"
	insecureKey = "insecure"

	amazon = "s3.amazonaws.com"
)

// rights are what credentials need. Who may not list a bucket is refused what is
// not there, as if it were there.
const rights = "they need to list the bucket, and to get, put and delete objects"

// ErrOutOfReach is returned by OpenS3 where nobody answers, which may change.
var ErrOutOfReach = errors.New("cannot be reached")

// openPatience is how long opening may take, tries again and all.
const openPatience = 15 * time.Second

// OpenS3 returns the store at an address such as
//
//	s3://bucket/prefix?endpoint=localhost:9000&region=us-east-1&insecure=true
//
// where all but the bucket may be left out. Credentials come from the
// environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN) or
// from the file that the tools of Amazon share (AWS_SHARED_CREDENTIALS_FILE,
// AWS_PROFILE). It fails when the bucket cannot be reached, or is not there.
func OpenS3(ctx context.Context, address string) (*S3, error) {
	s, options, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	endpoint := options.endpoint
	options.Creds = credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}})
	if who, err := options.Creds.GetWithContext(nil); err != nil || who.SignerType.IsAnonymous() {
		return nil, fmt.Errorf("%s: there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE", s)
	}
	client, err := minio.NewCore(endpoint, &options.Options)
	if err != nil {
		return nil, fmt.Errorf("%s: %s %q: write HOST or HOST:PORT", s, endpointKey, endpoint)
	}
	s.client = *client
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	switch there, err := client.BucketExists(ctx, s.bucket); {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", s, s.explain(err, endpoint))
	case !there:
		return nil, fmt.Errorf("%s: %s has no bucket %s: make it, or name another", s, endpoint, s.bucket)
	}
	return s, nil
}

type s3Options struct {
	minio.Options
	endpoint string
}

// parseS3 says nothing of an address that may have a secret in it.
func parseS3(address string) (*S3, s3Options, error) {
	options := s3Options{Options: minio.Options{Secure: true}, endpoint: amazon}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, options, fmt.Errorf("the address of the bucket cannot be read: write s3://bucket/prefix?%s=HOST:PORT", endpointKey)
	case u.User != nil:
		return nil, options, errors.New("the address of a bucket holds no credentials: leave out what stands before the @, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	case u.Host == "" || u.Fragment != "":
		return nil, options, fmt.Errorf("%s%s: write s3://bucket/prefix?%s=HOST:PORT", S3Scheme, u.Host, endpointKey)
	}
	s := &S3{bucket: u.Host, prefix: strings.Trim(u.Path, "/")}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, options, fmt.Errorf("%s: what stands behind the ? cannot be read: write %s=HOST:PORT&%s=NAME", s, endpointKey, regionKey)
	}
	for key, values := range query {
		switch value := values[len(values)-1]; {
		case key == endpointKey && value != "":
			options.endpoint = value
		case key == regionKey:
			options.Region = value
		case key == insecureKey && (value == "true" || value == "false"):
			options.Secure = value == "false"
		case key == endpointKey || key == insecureKey:
			return nil, options, fmt.Errorf("%s: %s=%q: write %s", s, key, value, map[string]string{endpointKey: "HOST:PORT", insecureKey: "true or false"}[key])
		default:
			return nil, options, fmt.Errorf("%s: %q is no part of an address: there are %s, %s and %s", s, key, endpointKey, regionKey, insecureKey)
		}
	}
	return s, options, nil
}

// explain says what can be done about an error of opening.
func (s *S3) explain(err error, endpoint string) error {
	answer := minio.ToErrorResponse(err)
	var unreached *url.Error
	switch {
	case answer.StatusCode == http.StatusForbidden || answer.StatusCode == http.StatusUnauthorized:
		return fmt.Errorf("the credentials are refused (%s): check them; %s", answer.Code, rights)
	case errors.As(err, &unreached):
		return fmt.Errorf("%s %w: %w: check %s and %s in the address", endpoint, ErrOutOfReach, unreached.Err, endpointKey, insecureKey)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s %w: no answer in %s: check %s in the address", endpoint, ErrOutOfReach, openPatience, endpointKey)
	}
	return err
}

func (s *S3) String() string { return S3Scheme + path.Join(s.bucket, s.prefix) }

func (s *S3) object(name string) string { return path.Join(s.prefix, name) }

// Has implements Store.
func (s *S3) Has(ctx context.Context, name string) bool {
	if checkName(name) != nil {
		return false
	}
	_, err := s.client.StatObject(ctx, s.bucket, s.object(name), minio.StatObjectOptions{})
	return err == nil
}

// Get implements Store. A reader whose connection breaks fails.
func (s *S3) Get(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return nil, 0, err
	}
	content, info, _, err := s.client.GetObject(ctx, s.bucket, s.object(name), minio.GetObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		err = fs.ErrNotExist
	}
	return content, info.Size, err
}

// partB is what is sent at once. What is no longer is read first, to be sent
// again where the network fails.
const partB = 16 << 20

// Put implements Store.
func (s *S3) Put(ctx context.Context, name string, content io.Reader, sizeB int64) error {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	content = hold(ctx, content, sizeB)
	if sizeB > partB {
		_, err := s.client.Client.PutObject(ctx, s.bucket, s.object(name), content, sizeB, minio.PutObjectOptions{PartSize: partB})
		return err
	}
	b, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	// It is signed as a whole: in chunks, nothing at all would have no length.
	sum := sha256.Sum256(b)
	_, err = s.client.PutObject(ctx, s.bucket, s.object(name), bytes.NewReader(b), sizeB, "", hex.EncodeToString(sum[:]), minio.PutObjectOptions{DisableContentSha256: true})
	return err
}

// Remove implements Store.
func (s *S3) Remove(ctx context.Context, name string) error {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	return s.client.RemoveObject(ctx, s.bucket, s.object(name), minio.RemoveObjectOptions{})
}
