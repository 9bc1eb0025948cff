package command

import (
	"cmp"
	"errors"
	"path/filepath"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/link"
	"github.com/canopyradar/canopy/server"
)

// operationsOff stands for no directory of operations.
const operationsOff = "off"

// operationsDir is where a server keeps its plans unless it is told otherwise:
// where programs keep their state; empty where there is no such place.
func (a *App) operationsDir() string {
	state := a.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home := a.Getenv("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "canopy", "operations")
}

// inMemory is where plans are that end with the server.
const inMemory = "memory"

// newServer returns a server, and where it keeps plans: in memory where the
// directory that nobody named cannot be used.
func newServer(cfg server.Config, given, usual string) (s *server.Server, plans string, err error) {
	cfg.Operations = cmp.Or(given, usual)
	if given == operationsOff {
		cfg.Operations = ""
	}
	s, err = server.New(cfg)
	unusable := new(server.OperationsError)
	switch {
	case errors.As(err, &unusable) && given != "":
		return nil, "", fault.Badf("--operations %w", unusable)
	case errors.As(err, &unusable):
		cfg.Operations = ""
		s, err = server.New(cfg)
	}
	return s, cmp.Or(cfg.Operations, inMemory), link.BadCache(err)
}
