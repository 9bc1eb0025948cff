package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/canopyradar/canopy/server/trial"
)

// fullDiskB holds no floor of a radar.
const fullDiskB = "512k"

// fullDisk starts another server whose cache is on a disk that is full: it answers
// as others do, and says in its log that it cannot keep anything.
func fullDisk(ctx context.Context, w *world) (seen string, err error) {
	disk := w.in("disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		return "", err
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size="+fullDiskB); err != nil {
		return fmt.Sprintf("NOT CHECKED: a disk of %s cannot be mounted here: %v", fullDiskB, err), nil
	}
	defer func() { _ = unix.Unmount(disk, unix.MNT_DETACH) }()
	server, err := trial.Serve(ctx, w.programs.canopy, w.dir, "--terrain", w.terrain, "--cache", disk, "--operations", "off")
	if err != nil {
		return "", err
	}
	defer func() { _ = server.Kill() }()
	other := &world{grpc: server.GRPC, http: server.HTTP, web: w.web, expected: w.expected}
	if other.conn, err = dial(server.GRPC); err != nil {
		return "", err
	}
	defer func() { _ = other.conn.Close() }()
	for _, q := range questions {
		if q.name == "plan" {
			continue // Of which this server keeps none.
		}
		answer, err := q.ask(ctx, other)
		if err != nil {
			return "", fmt.Errorf("%s: %w", q.name, err)
		}
		if err := other.compare(q.name, answer); err != nil {
			return "", fmt.Errorf("%s: %w", q.name, err)
		}
	}
	time.Sleep(time.Second) // For what is kept after the answer.
	for line := range strings.Lines(server.Said()) {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			return "every question answered as at rest; the log says: " + strings.TrimSpace(line), nil
		}
	}
	return "", fmt.Errorf("every question is answered, but the log says nothing of a full disk: %s", server.Said())
}
