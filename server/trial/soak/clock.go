package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Programs of Go ask the kernel for the time, and nothing that a test may change
// stands between. So a second canopy is built, whose package time adds to the wall
// clock what it is told to: the toolchain's own, with one line more, which goes
// from here into the build and nowhere else. The monotonic clock stays as it is, as
// it does when somebody sets the clock of a machine.
const (
	nowOfGo  = "sec, nsec, mono := runtimeNow()\n\tif mono == 0 {"
	nowOfOwn = "sec, nsec, mono := runtimeNow()\n\tsec += atomic.LoadInt64(&skewS)\n\tif mono == 0 {"
	skewOwn  = "// skewS is how far the wall clock is ahead.\nvar skewS int64\n\n"
)

// skewEnv names the file with the skew in seconds.
const skewEnv = "CANOPY_SOAK_SKEW"

// listener is added to a package that all programs have which soak, and looks into
// that file.
const listener = `package queue

import (
	"os"
	"strconv"
	"sync/atomic"
	"time"
	_ "unsafe" // for go:linkname
)

//go:linkname skewS time.skewS
var skewS int64

func init() {
	go func() {
		for ; ; time.Sleep(50 * time.Millisecond) {
			text, _ := os.ReadFile(os.Getenv("` + skewEnv + `"))
			if s, err := strconv.ParseInt(string(text), 10, 64); err == nil {
				atomic.StoreInt64(&skewS, s)
			}
		}
	}()
}
`

// skewedPrograms are those whose clocks can be set, or else the usual ones.
func skewedPrograms(ctx context.Context, canopy, dir string) (p programs, err error) {
	p.canopy, p.soak, p.notSkewed = buildSkewed(ctx, dir)
	if p.notSkewed == nil {
		p.skew = filepath.Join(dir, "skew")
		return p, os.Setenv(skewEnv, p.skew) // Which all processes inherit.
	}
	p.canopy = canopy
	p.soak, err = os.Executable()
	return p, err
}

// buildSkewed builds canopy and this program with clocks that can be set, where
// their source and a toolchain are.
func buildSkewed(ctx context.Context, dir string) (canopy, soak string, err error) {
	overlay, err := writeOverlay(ctx, dir)
	if err != nil {
		return "", "", err
	}
	_, err = output(ctx, "go", "build", "-overlay", overlay, "-ldflags=-checklinkname=0", "-o", dir, module+"/clients/canopy", module+"/server/trial/soak")
	return filepath.Join(dir, "canopy"), filepath.Join(dir, "soak"), err
}

const module = "github.com/canopyradar/canopy"

// writeOverlay has go build read two files in the place of others.
func writeOverlay(ctx context.Context, dir string) (path string, err error) {
	root, err := output(ctx, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	queue, err := output(ctx, "go", "list", "-f", "{{.Dir}}", module+"/server/queue")
	if err != nil {
		return "", err
	}
	original := filepath.Join(root, "src", "time", "time.go")
	source, err := os.ReadFile(original)
	if err != nil {
		return "", err
	}
	skewed, err := skewNow(source)
	if err != nil {
		return "", fmt.Errorf("%s: %w", original, err)
	}
	replaced := map[string]string{original: filepath.Join(dir, "time.go"), filepath.Join(queue, "skewed.go"): filepath.Join(dir, "listener.go")}
	text, err := json.Marshal(map[string]any{"Replace": replaced})
	for name, content := range map[string][]byte{"time.go": skewed, "listener.go": []byte(listener), "overlay.json": text} {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return filepath.Join(dir, "overlay.json"), err
}

// skewNow edits the source of package time.
func skewNow(source []byte) ([]byte, error) {
	for _, edit := range [][2]string{
		{nowOfGo, nowOfOwn}, {"func Now() Time {", skewOwn + "func Now() Time {"}, {"\t\"math/bits\"\n", "\t\"math/bits\"\n\t\"sync/atomic\"\n"},
	} {
		if bytes.Count(source, []byte(edit[0])) != 1 {
			return nil, fmt.Errorf("has not %q once, as that of Go 1.26 has", edit[0])
		}
		source = bytes.Replace(source, []byte(edit[0]), []byte(edit[1]), 1)
	}
	return source, nil
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	var said bytes.Buffer
	command := exec.CommandContext(ctx, name, args...) //nolint:gosec // The toolchain.
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, &said)
	}
	return strings.TrimSpace(string(out)), nil
}
