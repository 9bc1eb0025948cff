// Package access says who may call a server: over which connections, by
// certificates, and with which tokens.
//
//	certificates.go, handshake.go  TLS, with clients' certificates where asked for
//	tokens.go, token.go            the file of tokens, and how one is made
//	caller.go, roles.go            what a token's role lets its bearer call
//	exposure.go                    which addresses others than this machine can reach
//	files.go                       files are read again when they have changed
package access
