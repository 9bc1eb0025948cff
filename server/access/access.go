// Package access says who may call a server: over which connections, by
// certificates, and with which tokens.
//
//	certificates.go, handshake.go  TLS, with clients' certificates where asked for
//	files.go                       files are read again when they have changed
package access
