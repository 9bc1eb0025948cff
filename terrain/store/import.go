package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/mosaic"
)

// Job says what to import, and how.
type Job struct {
	// Sources are models of one file each. Where they overlap, the rule of
	// package mosaic decides among them; all go before what the store has.
	Sources []terrain.Model
	// Origin and Licence are those of all Sources that do not say themselves.
	Origin, Licence string
	// Sea are degrees where posts that no source knows are at 0 m.
	Sea []Square
	// Bathymetry says that Sources hold sea depths: everything below 0 m
	// becomes 0 m.
	Bathymetry bool
	// Jobs are tiles in work at the same time; one a processor if 0.
	Jobs int
	// Progress, which may be nil, is told which share of the work, from 0 to
	// 1, is done, and what is in work. It is called by one goroutine at a
	// time.
	Progress func(share float64, doing string)
}

// Summary says what an import did, and what the store has now.
type Summary struct {
	// Tiles of all levels: those that this import made, and those that it
	// found as they were to be.
	TilesWritten, TilesKept int
	// Posts are those of the base's tiles.
	Posts int64
	Voids Voids
	// SizeB is that of all tiles, in bytes.
	SizeB int64
	// SpacingArcsec and Extent are the base's; OverviewFactors are kept.
	SpacingArcsec   float64
	Extent          Extent
	OverviewFactors []int
	// Notes are the remarks that will ride along with every answer.
	Notes []string
}

// UnfitError says that sources, or a directory, cannot be used for a job;
// nothing was changed.
type UnfitError struct{ Err error }

func (e *UnfitError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *UnfitError) Unwrap() error { return e.Err }

// lockName is the file that keeps imports into one store apart.
const lockName = ".lock"

// Import adds sources to the store in dir, which it makes when there is none.
// Tiles that are already made from these sources are kept, so that an import
// that was broken off, by whatever it was, goes on where it stopped, and its
// end is the same to the last byte.
//
// It fails with an *UnfitError when the sources cannot stand in one store or
// dir is something else; with a *terrain.FormatError when a file cannot be read
// or written, when the disk is too small, or when another import is at work;
// and with ctx.Err() when ctx is done. What is finished until then is kept.
func Import(ctx context.Context, dir string, job Job) (*Summary, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil { //nolint:gosec // the umask decides, as for every directory that a user makes
		return nil, notWritten(dir, err)
	}
	lock := flock.New(filepath.Join(dir, lockName))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, notWritten(dir, err)
	case !locked:
		return nil, &terrain.FormatError{Path: dir, Reason: "another import is writing this terrain store", Remedy: "wait for its end"}
	}
	defer lock.Close()
	im, err := prepare(dir, job)
	if err != nil {
		return nil, &UnfitError{err}
	}
	if err := im.run(ctx); err != nil {
		im.giveUp()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	return im.summary(), nil
}

// importer is an import at work.
type importer struct {
	dir     string
	job     Job
	sources terrain.Model // nil when the job has none
	before  []byte        // the manifest as it was found, nil without one
	// checking says that the last import did not end, so that files may be
	// other than the manifest says.
	checking bool

	mu       sync.Mutex
	manifest Manifest
	begun    bool // the manifest on the disk says that an import goes on
	saved    time.Time
	fresh    map[string]bool // paths of tiles that this import made
	written  int
	kept     int
	progress progress
}

func prepare(dir string, job Job) (*importer, error) {
	im := &importer{dir: dir, job: job, fresh: map[string]bool{}, progress: progress{tell: job.Progress}}
	if im.job.Jobs <= 0 {
		im.job.Jobs = runtime.GOMAXPROCS(0)
	}
	var err error
	if im.manifest, _, err = load(dir); errors.Is(err, fs.ErrNotExist) {
		im.manifest, err = fresh(dir, job)
	} else if err == nil {
		im.checking = !im.manifest.Complete
		im.before, err = im.manifest.encode()
	}
	if err != nil {
		return nil, err
	}
	if len(job.Sources) > 0 {
		if im.sources, err = mosaic.New("terrain import", job.Sources); err != nil {
			return nil, err
		}
	}
	if err := im.fits(); err != nil {
		return nil, err
	}
	im.manifest.add(job)
	return im, removeParts(dir, im.manifest.Levels)
}

// fresh returns the manifest of a store without tiles.
func fresh(dir string, job Job) (Manifest, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return Manifest{}, &terrain.FormatError{Path: dir, Reason: "cannot be listed", Err: plain(err)}
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			return Manifest{}, &terrain.FormatError{Path: dir, Reason: "neither a terrain store nor empty: it has " + e.Name(),
				Remedy: "name a directory that does not exist yet"}
		}
	}
	if len(job.Sources) == 0 {
		return Manifest{}, &terrain.FormatError{Path: dir, Reason: "a new terrain store needs sources", Remedy: "name at least one file"}
	}
	l := job.Sources[0].Lattice()
	m := Manifest{
		Format: formatName, Version: formatVersion,
		Lattice: Lattice{PerDegLon: l.PerDegLon, PerDegLat: l.PerDegLat, OffLon: l.OffLon, OffLat: l.OffLat},
	}
	return m, nil
}

// fits checks that the sources have the posts that the store has or will have.
func (im *importer) fits() error {
	for _, s := range im.job.Sources {
		l, stored := s.Lattice(), im.manifest.Lattice.Posts()
		if err := checkSpacing(l); err != nil {
			return &terrain.FormatError{Path: s.Info().Name, Err: err, Reason: "cannot be cut along degrees",
				Remedy: fmt.Sprintf("bring it to whole posts per degree with: gdalwarp -tr %[1]s %[1]s -tap -r bilinear in.tif out.tif", nearestStep(l))}
		}
		if !l.SameSpacing(stored) {
			return &terrain.FormatError{Path: s.Info().Name,
				Reason: fmt.Sprintf("its posts, %s, are not those of the store, %s", words(l), words(stored)),
				Remedy: "import it into a store of its own"}
		}
	}
	return nil
}

// nearestStep returns the step in degrees of the next whole number of posts.
func nearestStep(l terrain.Lattice) string {
	perDeg := max(1, int(l.PerDegLat+0.5))
	return fmt.Sprintf("%.17g", 1/float64(perDeg))
}

func words(l terrain.Lattice) string {
	return fmt.Sprintf("%g × %g a degree shifted by %g, %g", l.PerDegLon, l.PerDegLat, l.OffLon, l.OffLat)
}

// add enters the job into the manifest, whose tiles are still to come.
func (m *Manifest) add(job Job) {
	for _, model := range job.Sources {
		info := model.Info()
		s := Source{Name: info.Name, Identity: info.Identity, Source: info.Source, Licence: info.Licence}
		if s.Source == "" {
			s.Source = job.Origin
		}
		if s.Licence == "" {
			s.Licence = job.Licence
		}
		if info.Contents != nil {
			s.SizeB = info.Contents.SizeB
		}
		if i := slices.IndexFunc(m.Sources, func(old Source) bool { return old.Identity == s.Identity }); i >= 0 {
			m.Sources[i] = s
		} else {
			m.Sources = append(m.Sources, s)
		}
		m.SpacingArcsec = max(m.SpacingArcsec, info.SpacingArcsec)
		m.Demonstration = m.Demonstration || info.Demonstration
	}
	m.Sea = append(m.Sea, job.Sea...)
	slices.SortFunc(m.Sea, Square.compare)
	m.Sea = slices.Compact(m.Sea)
	m.setLevels()
}

// removeParts removes what an import that was killed left half written.
func removeParts(dir string, levels []Level) error {
	dirs := []string{dir}
	for _, l := range levels {
		dirs = append(dirs, filepath.Join(dir, l.Name))
	}
	for _, d := range dirs {
		entries, err := os.ReadDir(d)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &terrain.FormatError{Path: d, Reason: "cannot be listed", Err: plain(err)}
		}
		for _, e := range entries {
			if isPart(e.Name()) {
				_ = os.Remove(filepath.Join(d, e.Name()))
			}
		}
	}
	return nil
}

// run makes the tiles of the base, counts their voids, makes the overviews,
// and completes the manifest.
func (im *importer) run(ctx context.Context) error {
	base := im.planBase()
	if err := im.checkDisk(base); err != nil {
		return err
	}
	im.progress.expect(base, baseShare)
	if err := im.makeTiles(ctx, base); err != nil {
		return err
	}
	im.manifest.span()
	if err := im.countVoids(ctx); err != nil {
		return err
	}
	overviews := im.planOverviews()
	im.progress.expect(overviews, 1)
	if err := im.makeTiles(ctx, overviews); err != nil {
		return err
	}
	return im.finish()
}

// task is a tile to be made.
type task struct {
	level int // index into the manifest's
	want  Tile
	// read returns the posts of the tile.
	read func(ctx context.Context, t Tile) (*terrain.Grid, error)
}

// makeTiles does tasks side by side.
func (im *importer) makeTiles(ctx context.Context, tasks []task) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(im.job.Jobs)
	for _, t := range tasks {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return im.makeTile(ctx, t)
		})
	}
	return group.Wait()
}

func (im *importer) makeTile(ctx context.Context, t task) error {
	g, err := t.read(ctx, t.want)
	if err != nil {
		return err
	}
	if err := im.begin(); err != nil {
		return err
	}
	made, err := writeTile(im.dir, im.manifest.Levels[t.level].Name, t.want, g)
	if err != nil {
		return err
	}
	return im.record(t, made)
}

// begin says in the manifest on the disk that an import goes on, before the
// first tile changes.
func (im *importer) begin() error {
	im.mu.Lock()
	defer im.mu.Unlock()
	if im.begun {
		return nil
	}
	for _, l := range im.manifest.Levels {
		if err := os.MkdirAll(filepath.Join(im.dir, l.Name), 0o777); err != nil { //nolint:gosec // the umask decides
			return notWritten(im.dir, err)
		}
	}
	im.manifest.Complete = false
	im.begun, im.saved = true, time.Now()
	return im.manifest.save(im.dir)
}

// betweenSaves bounds what a killed import has to do again.
const betweenSaves = time.Second

// record enters a tile that was made into the manifest.
func (im *importer) record(t task, made Tile) error {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.manifest.Levels[t.level].put(made)
	im.written++
	im.fresh[tilePath(im.dir, im.manifest.Levels[t.level].Name, made.Square)] = true
	im.progress.done(t, im.manifest.Levels[t.level].Name)
	if time.Since(im.saved) < betweenSaves {
		return nil
	}
	im.saved = time.Now()
	return im.manifest.save(im.dir)
}

// put enters a tile in its place.
func (l *Level) put(t Tile) {
	i, found := slices.BinarySearchFunc(l.Tiles, t.Square, func(other Tile, s Square) int { return other.Square.compare(s) })
	if found {
		l.Tiles[i] = t
	} else {
		l.Tiles = slices.Insert(l.Tiles, i, t)
	}
}

// giveUp saves what is done so far. That it fails as well, on a full disk,
// costs no more than having to do it again.
func (im *importer) giveUp() {
	im.mu.Lock()
	defer im.mu.Unlock()
	if im.begun {
		_ = im.manifest.save(im.dir)
	}
}

// finish waits until all tiles are on the disk, and then says so. A store that
// is as it was is not touched.
func (im *importer) finish() error {
	im.manifest.Complete = true
	now, err := im.manifest.encode()
	if err != nil || !im.begun && bytes.Equal(now, im.before) {
		return err
	}
	if err := im.settle(); err != nil {
		return err
	}
	if err := im.manifest.save(im.dir); err != nil {
		return err
	}
	return settle(im.dir)
}

// settle waits until the tiles that were written, by this import or by one
// that was broken off, are on the disk.
func (im *importer) settle() error {
	var group errgroup.Group
	group.SetLimit(settling)
	for _, level := range im.manifest.Levels {
		for _, t := range level.Tiles {
			path := tilePath(im.dir, level.Name, t.Square)
			if t.SizeB > 0 && (im.checking || im.fresh[path]) {
				group.Go(func() error { return settle(path) })
			}
		}
		group.Go(func() error { return settle(filepath.Join(im.dir, level.Name)) })
	}
	return group.Wait()
}

// settling is how many files are waited for at the same time. The disk serves
// them together, so that it is not the number of processors that counts.
const settling = 16

func (im *importer) summary() *Summary {
	m := im.manifest
	info := m.info(im.dir)
	s := &Summary{
		TilesWritten: im.written, TilesKept: im.kept, Voids: m.Voids, SizeB: info.Contents.SizeB,
		SpacingArcsec: m.SpacingArcsec, Extent: m.Extent,
		OverviewFactors: info.Contents.OverviewFactors, Notes: info.Notes,
	}
	for _, t := range m.base().Tiles {
		s.Posts += int64(t.Cols * t.Rows)
	}
	return s
}
