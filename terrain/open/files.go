package open

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/store"
)

// Skipped is a file that is not used.
type Skipped struct {
	Path string
	// Err says why a file that looks like an elevation model cannot be used;
	// it is nil for a file that is something else.
	Err error
}

// Files opens every elevation model at the paths, which are files or
// directories, each file as a model of its own. Directories are looked into
// with all below them, except for hidden ones, for those of a terrain store,
// and for what Copernicus delivers beside its elevations. Files that cannot be
// used are returned as skipped, in order of their paths; those that only
// accompany others, such as checksums, are passed over.
//
// It fails with a *terrain.FormatError when a path leads nowhere and when no
// file can be used, and with ctx.Err() when ctx is done.
func Files(ctx context.Context, paths ...string) ([]terrain.Model, []Skipped, error) {
	if len(paths) == 0 {
		paths = []string{""}
	}
	var found []string
	for _, path := range paths {
		files, err := list(ctx, path)
		if err != nil {
			return nil, nil, err
		}
		found = append(found, files...)
	}
	slices.Sort(found)
	found = slices.Compact(found)
	parts, skipped, err := openAll(ctx, found)
	if err == nil && len(parts) == 0 {
		err = nothing(paths, skipped)
	}
	if err != nil {
		return nil, nil, err
	}
	return parts, skipped, nil
}

func openAll(ctx context.Context, paths []string) (parts []terrain.Model, skipped []Skipped, err error) {
	all := make([]opened, len(paths))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		group.Go(func() error {
			if ctx.Err() == nil {
				all[i] = openFile(ctx, path)
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for i, f := range all {
		switch {
		case f.err == nil:
			parts = append(parts, f.model)
		case f.known:
			skipped = append(skipped, Skipped{Path: paths[i], Err: f.err})
		default:
			skipped = append(skipped, Skipped{Path: paths[i]})
		}
	}
	return parts, skipped, nil
}

// opened is what opening a file gives: a model, or an error.
type opened struct {
	model terrain.Model
	err   error
	// known is whether the file looks like an elevation model.
	known bool
}

// openFile opens the file at path.
func openFile(ctx context.Context, path string) opened {
	head, err := sniff(path)
	f := recognise(head, path)
	switch {
	case err != nil:
		return opened{err: err, known: f != nil}
	case f == nil:
		return opened{err: &terrain.FormatError{Path: path, Reason: "not an elevation model that can be read", Remedy: accepted}}
	}
	m, err := f.open(ctx, path)
	return opened{model: m, err: err, known: true}
}

// list returns the files at path that may be elevation models: itself, or
// those in it and below it.
func list(ctx context.Context, path string) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case path == "":
		return nil, &terrain.FormatError{Path: "elevation model", Reason: "no path given", Remedy: accepted}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &terrain.FormatError{Path: path, Reason: "no such file or directory", Remedy: accepted}
	case err == nil && info.IsDir():
		return listDir(ctx, path, 0)
	}
	return []string{path}, nil
}

// deepest is how many directories below one that is named are looked into.
const deepest = 8

func listDir(ctx context.Context, dir string, depth int) (files []string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &terrain.FormatError{Path: dir, Reason: "cannot be listed", Err: err}
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir() && (depth == deepest || isPassedOver(path)), isSidecar(path), isLinkToDir(e, path):
		case e.IsDir():
			below, err := listDir(ctx, path, depth+1)
			if err != nil {
				return nil, err
			}
			files = append(files, below...)
		default:
			files = append(files, path)
		}
	}
	return files, nil
}

// isLinkToDir reports whether a directory entry leads to a directory in
// another place, which may be one that holds it.
func isLinkToDir(e fs.DirEntry, path string) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// isPassedOver reports whether a directory is not one of files to read: those
// that Copernicus delivers beside its elevations, and terrain stores.
func isPassedOver(dir string) bool {
	switch filepath.Base(dir) {
	case "AUXFILES", "INFO", "PREVIEW":
		return true
	}
	return store.IsStore(dir)
}

// nothing returns the error for paths at which no file can be used.
func nothing(paths []string, skipped []Skipped) error {
	err := &terrain.FormatError{Path: strings.Join(abridge(paths), ", "), Reason: "no elevation model here", Remedy: accepted}
	for _, note := range notes(paths[0], skipped) {
		err.Reason += ", " + note
	}
	return err
}

// notes tells which files are not used, and why: in one note those that look
// like elevation models, in another those that do not.
func notes(dir string, skipped []Skipped) []string {
	var faulty, foreign, out []string
	for _, s := range skipped {
		name, err := filepath.Rel(dir, s.Path)
		if err != nil || strings.HasPrefix(name, "..") {
			name = s.Path
		}
		if s.Err != nil {
			faulty = append(faulty, fmt.Sprintf("%s (%s)", name, reason(s.Err)))
		} else {
			foreign = append(foreign, name)
		}
	}
	if len(faulty) > 0 {
		out = append(out, "not used, as unreadable: "+strings.Join(abridge(faulty), ", "))
	}
	if len(foreign) > 0 {
		out = append(out, "not used, as not elevation models: "+strings.Join(abridge(foreign), ", "))
	}
	return out
}

// reason returns the message of err without the path that it begins with.
func reason(err error) string {
	var format *terrain.FormatError
	if errors.As(err, &format) {
		return strings.TrimPrefix(format.Error(), format.Path+": ")
	}
	return err.Error()
}

// abridge names a few of many.
func abridge(names []string) []string {
	const few = 3
	if len(names) <= few {
		return names
	}
	last := fmt.Sprintf("%s and %d more", names[few-1], len(names)-few)
	return append(slices.Clone(names[:few-1]), last)
}
