// Package canopyv1 is the contract of Canopy, generated from the .proto files, and
// the retry policy for those who call it.
package canopyv1

import _ "embed"

// ServiceConfig is the retry policy for callers of the service, to be given to
// grpc.WithDefaultServiceConfig: what fails with UNAVAILABLE is tried again,
// four times in all, and nothing else is.
//
//go:embed service_config.json
var ServiceConfig string
