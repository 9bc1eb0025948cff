package main_test

import "testing"

func TestServeRefusesHalfACertificate(t *testing.T) {
	wantFault(t, run(t, "serve", "--tls-cert", "cert.pem"), 2, "give a certificate and its key")
	wantFault(t, run(t, "serve", "--tls-cert", "nowhere.pem", "--tls-key", "nowhere.key"), 2, "nowhere.pem: no such file or directory")
}
