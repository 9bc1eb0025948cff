package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// TestReadmeForCallers runs the Go program of proto/README.md against a server.
func TestReadmeForCallers(t *testing.T) {
	page, err := os.ReadFile("../../proto/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, program, found := strings.Cut(string(page), "```go\n")
	program, _, ended := strings.Cut(program, "```")
	if !found || !ended || !strings.Contains(program, "127.0.0.1:50051") {
		t.Fatal("proto/README.md has no Go program that calls 127.0.0.1:50051")
	}
	s := serve(t)
	path := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(program, "127.0.0.1:50051", s.address)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "run", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if code := s.stop(t, syscall.SIGTERM); code != 0 {
		t.Errorf("the server ended with %d", code)
	}
	var same canopyv1.CheckPointsResponse
	checked := run(t, "check", "--scenario", "four-modern", "--point=-12.519,-73.829,3000m-amsl", "-o", "json")
	if err := protojson.Unmarshal([]byte(checked.stdout), &same); err != nil {
		t.Fatal(err)
	}
	point := same.GetOutcomes()[0]
	if want := fmt.Sprintf("seen: %v, from %.0f m AMSL up\n", point.GetSeen(), point.GetFloorAmslM()); string(out) != want {
		t.Errorf("the program of the page says %q, canopy check %q", out, want)
	}
}
