// Package access says who may call a server: over which connections, by
// certificates, and with which tokens.
//
//	certificates.go, handshake.go  TLS, with clients' certificates where asked for
//	tokens.go, token.go            the file of tokens, and how one is made
//	issuer.go, asking.go           tokens of an issuer of OpenID Connect
//	callers.go, subject.go         who calls, by a token or a certificate
//	caller.go, roles.go            what a caller's role lets it do
//	inprocess.go                   calls within the process are made for callers
//	exposure.go                    which addresses others than this machine can reach
//	files.go                       files are read again when they have changed
package access
