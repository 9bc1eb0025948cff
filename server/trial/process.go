// Package trial puts real servers under load: it starts programs, sends them
// calls at a rate that does not wait for answers, and reads their metrics. The
// programs that measure and that inject faults stand on it.
package trial

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience is how long a program may take to serve, or to end when asked to.
const patience = 2 * time.Minute

// The beginnings of the lines by which canopy serve says where it listens.
const (
	servingLine = "canopy: serving on "
	httpLine    = "canopy: HTTP on "
	adminLine   = "canopy: metrics and profiles on "
)

// Process is a server, or a worker, in a process of its own.
type Process struct {
	// GRPC, HTTP and Admin are its addresses; empty where it does not listen.
	GRPC, HTTP, Admin string
	command           *exec.Cmd
	ended             chan struct{}
	said              said
}

// Serve starts `PROGRAM serve` on free ports of this machine, with more flags,
// and returns when it serves. Nothing that it keeps outlives a Close of dir's
// owner: HOME is dir.
func Serve(ctx context.Context, program, dir string, flags ...string) (*Process, error) {
	flags = append([]string{"serve", "--address", "127.0.0.1:0", "--http-address", "127.0.0.1:0", "--admin-address", "127.0.0.1:0"}, flags...)
	return Start(ctx, exec.CommandContext(ctx, program, flags...), dir) //nolint:gosec // The program is the one under trial.
}

// Work starts `PROGRAM worker`, as Serve does a server.
func Work(ctx context.Context, program, dir string, flags ...string) (*Process, error) {
	flags = append([]string{"worker", "--admin-address", "127.0.0.1:0"}, flags...)
	return Start(ctx, exec.CommandContext(ctx, program, flags...), dir) //nolint:gosec // The program is the one under trial.
}

// Start starts a server that says where it listens as canopy serve does.
func Start(ctx context.Context, command *exec.Cmd, dir string) (*Process, error) {
	p := &Process{command: command, ended: make(chan struct{})}
	command.Env = append(os.Environ(), "HOME="+dir, "XDG_STATE_HOME="+dir, "XDG_CACHE_HOME="+dir)
	command.SysProcAttr = endsWithParent()
	from, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", command.Path, err)
	}
	serving := make(chan struct{})
	go p.follow(from, serving)
	select {
	case <-serving:
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("%s ended before it served: %s", command.Path, p.said.text())
	case <-time.After(patience):
		return nil, errors.Join(fmt.Errorf("%s does not serve after %v: %s", command.Path, patience, p.said.text()), p.Kill())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), p.Kill())
	}
}

// follow reads what the program says, to its end. The first line of the log
// comes after those with the addresses.
func (p *Process) follow(from io.Reader, serving chan<- struct{}) {
	defer close(p.ended)
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		line := lines.Text()
		if address, ok := strings.CutPrefix(line, servingLine); ok {
			p.GRPC, _, _ = strings.Cut(address, ";")
		} else if address, ok := strings.CutPrefix(line, httpLine); ok {
			p.HTTP = address
		} else if address, ok := strings.CutPrefix(line, adminLine); ok {
			p.Admin = address
		}
		p.said.add(line)
		if serving != nil && (p.GRPC != "" && strings.Contains(line, "msg=serving") || strings.Contains(line, "msg=working")) {
			close(serving)
			serving = nil
		}
	}
	_, _ = io.Copy(io.Discard, from) // A line too long for the scanner.
	_ = p.command.Wait()             // How it ended is in what it said.
}

// Kill ends the program at once, as kill -9 does.
func (p *Process) Kill() error { return p.end(syscall.SIGKILL) }

// Stop asks the program to end, and waits until it has.
func (p *Process) Stop() error { return p.end(syscall.SIGTERM) }

func (p *Process) end(signal os.Signal) error {
	if err := p.command.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-p.ended:
		return nil
	case <-time.After(patience):
		return errors.Join(fmt.Errorf("%s does not end after %v: %s", p.command.Path, patience, p.said.text()), p.command.Process.Kill())
	}
}

// Ended reports whether the program has ended by itself.
func (p *Process) Ended() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Said returns the last lines that the program has said.
func (p *Process) Said() string { return p.said.text() }

// said keeps the last lines of a program.
type said struct {
	mu    sync.Mutex
	lines []string
}

const saidLines = 60

func (s *said) add(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
	s.lines = s.lines[max(0, len(s.lines)-saidLines):]
}

func (s *said) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n")
}
