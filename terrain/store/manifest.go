package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/canopyradar/canopy/terrain"
)

// manifestName is the file that makes a directory a store.
const manifestName = "manifest.json"

// The manifest's format, and the version of it that is written. A later
// version is refused: what it means is not known here.
const (
	formatName    = "canopy terrain store"
	formatVersion = 1
)

// Manifest says what a store is made of. It holds no times, so that the same
// sources make the same file.
type Manifest struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	// Complete is false while an import goes on.
	Complete bool `json:"complete"`
	// Lattice has the posts that all tiles span.
	Lattice Lattice `json:"lattice"`
	// Extent is the box that those posts span.
	Extent Extent `json:"extent"`
	// SpacingArcsec and Demonstration are as in terrain.Info.
	SpacingArcsec float64 `json:"spacing_arcsec"`
	Demonstration bool    `json:"demonstration,omitempty"`
	// LowestM and HighestM are the extremes of all elevations.
	LowestM  float64 `json:"lowest_m"`
	HighestM float64 `json:"highest_m"`
	Voids    Voids   `json:"voids"`
	// Sources are the files that the store was made from, in the order in
	// which they were given, those of the last import first.
	Sources []Source `json:"sources"`
	// Sea are degrees whose posts are at 0 m where no source knows them.
	Sea []Square `json:"sea,omitempty"`
	// Levels are the base, and then the overviews.
	Levels []Level `json:"levels"`
}

// Lattice is a terrain.Lattice as the manifest has it.
type Lattice struct {
	PerDegLon float64 `json:"posts_per_degree_lon"`
	PerDegLat float64 `json:"posts_per_degree_lat"`
	OffLon    float64 `json:"offset_lon_posts"`
	OffLat    float64 `json:"offset_lat_posts"`
	Box
}

// Box is a rectangle of posts, numbered from −180 and from 90.
type Box struct {
	Col0 int `json:"col0"`
	Row0 int `json:"row0"`
	Cols int `json:"cols"`
	Rows int `json:"rows"`
}

// Extent is a box in degrees.
type Extent struct {
	West  float64 `json:"west_deg"`
	South float64 `json:"south_deg"`
	East  float64 `json:"east_deg"`
	North float64 `json:"north_deg"`
}

// Voids counts what the sources do not know.
type Voids struct {
	// Small voids, of SmallVoidPosts posts at most in both directions, are
	// filled when they are read.
	Small       int64 `json:"small"`
	PostsFilled int64 `json:"posts_filled"`
	// PostsMissing lie in tiles and stay without an elevation.
	PostsMissing int64 `json:"posts_missing"`
	// PostsSea lie in tiles or in squares without, and are at 0 m.
	PostsSea int64 `json:"posts_sea"`
}

// Source is a file that the store was made from.
type Source struct {
	Name     string `json:"name"`
	Identity string `json:"identity"`
	SizeB    int64  `json:"size_b,omitempty"`
	Source   string `json:"source,omitempty"`
	Licence  string `json:"licence,omitempty"`
}

// Level is the base, with Factor 1, or an overview.
type Level struct {
	Name string `json:"name"`
	// Factor and Aggregate are those of terrain.Coarsen.
	Factor    int    `json:"factor"`
	Aggregate string `json:"aggregate,omitempty"`
	// EdgeDeg is the size of a tile's square.
	EdgeDeg int    `json:"edge_deg"`
	Tiles   []Tile `json:"tiles"`
}

// Tile is the part of a level in one square.
type Tile struct {
	Square Square `json:"square"`
	// Box has the posts that the sources span in the square.
	Box
	// SizeB and SHA256 are of the file; 0 and empty when no post is known,
	// and there is none.
	SizeB  int64  `json:"size_b"`
	SHA256 string `json:"sha256,omitempty"`
	// Missing posts are NaN in the file.
	Missing int64 `json:"missing"`
	// LowestM and HighestM are the extremes of the others, 0 without any.
	LowestM  float64 `json:"lowest_m"`
	HighestM float64 `json:"highest_m"`
	// From names what the tile was made from: the identities of sources, or a
	// hash of the tiles of the base.
	From []string `json:"from"`
	// Voids are counted for tiles of the base that miss posts. Around is a
	// hash of the tiles that they were counted on.
	Voids  Voids  `json:"voids,omitzero"`
	Around string `json:"around,omitempty"`
}

// Has reports whether a source of this name is in the store.
func (m Manifest) Has(name string) bool {
	return slices.ContainsFunc(m.Sources, func(s Source) bool { return s.Name == name })
}

// Posts returns the lattice as the rest of the program knows it.
func (l Lattice) Posts() terrain.Lattice {
	return l.on(terrain.Lattice{PerDegLon: l.PerDegLon, PerDegLat: l.PerDegLat, OffLon: l.OffLon, OffLat: l.OffLat})
}

// on returns the box on a lattice, of which only the spacing matters.
func (b Box) on(l terrain.Lattice) terrain.Lattice {
	l.Col0, l.Row0, l.Cols, l.Rows = b.Col0, b.Row0, b.Cols, b.Rows
	return l
}

func boxOf(l terrain.Lattice) Box { return Box{l.Col0, l.Row0, l.Cols, l.Rows} }

func (m Manifest) base() Level { return m.Levels[0] }

// identity hashes all that elevations depend on.
func (m Manifest) identity() string {
	h := sha256.New()
	fmt.Fprintln(h, m.Lattice, m.Sea)
	for _, t := range m.base().Tiles {
		fmt.Fprintln(h, t.Square, t.Box, t.SHA256)
	}
	return fmt.Sprintf("store:%x", h.Sum(nil))
}

// load reads the manifest in dir, and describes its file. It fails with
// fs.ErrNotExist when there is none, and with a *terrain.FormatError when it
// makes no sense.
func load(dir string) (Manifest, os.FileInfo, error) {
	path := filepath.Join(dir, manifestName)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, nil, fs.ErrNotExist
	}
	if err != nil {
		return Manifest{}, nil, &terrain.FormatError{Path: path, Reason: "cannot be read", Err: plain(err)}
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Manifest{}, nil, &terrain.FormatError{Path: path, Reason: "cannot be read", Err: plain(err)}
	}
	var content bytes.Buffer
	if _, err := content.ReadFrom(file); err != nil {
		return Manifest{}, nil, &terrain.FormatError{Path: path, Reason: "cannot be read", Err: plain(err)}
	}
	m, err := parse(content.Bytes())
	if err != nil {
		return Manifest{}, nil, &terrain.FormatError{Path: path, Reason: "cannot be used", Err: err, Remedy: remedyAnew}
	}
	return m, info, nil
}

const remedyAnew = "delete the store and import it again, or use the version of canopy that made it"

// parse reads a manifest, and fails when it is not one that encode writes.
func parse(content []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return Manifest{}, fmt.Errorf("it is damaged: %w", err)
	}
	switch {
	case m.Format != formatName:
		return Manifest{}, fmt.Errorf("its format is %q, not %q", m.Format, formatName)
	case m.Version != formatVersion:
		return Manifest{}, fmt.Errorf("it is of version %d; this program knows version %d", m.Version, formatVersion)
	}
	if err := m.check(); err != nil {
		return Manifest{}, fmt.Errorf("it is damaged: %w", err)
	}
	return m, nil
}

func (m Manifest) encode() ([]byte, error) {
	b, err := json.MarshalIndent(m, "", " ")
	return append(b, '\n'), err
}

// check holds the manifest to what reading relies on.
func (m Manifest) check() error {
	all := m.Lattice.Posts()
	if err := checkSpacing(all); err != nil {
		return err
	}
	if !insideEarth(all) || !(m.SpacingArcsec > 0 && m.SpacingArcsec < math.MaxFloat32) {
		return fmt.Errorf("the lattice is not on earth")
	}
	if len(m.Levels) == 0 || m.base().Factor != 1 {
		return fmt.Errorf("the first level is not the base")
	}
	for i, level := range m.Levels {
		if err := level.check(all); err != nil {
			return fmt.Errorf("level %d: %w", i, err)
		}
	}
	return nil
}

// mostPerDeg is a hundredth of an arc-second.
const mostPerDeg = 360000

// checkSpacing says whether a model can be cut along whole degrees.
func checkSpacing(l terrain.Lattice) error {
	for _, perDeg := range []float64{l.PerDegLon, l.PerDegLat} {
		if perDeg != math.Trunc(perDeg) || !(perDeg >= 1 && perDeg <= mostPerDeg) {
			return fmt.Errorf("%g × %g posts per degree; a store takes whole numbers", l.PerDegLon, l.PerDegLat)
		}
	}
	if !(l.OffLon >= 0 && l.OffLon < 1 && l.OffLat >= 0 && l.OffLat < 1) {
		return fmt.Errorf("posts are shifted by %g and %g of their spacing", l.OffLon, l.OffLat)
	}
	return nil
}

// insideEarth allows for a square that begins where the earth ends, as it owns
// the posts on its edge.
func insideEarth(l terrain.Lattice) bool {
	return l.Col0 >= 0 && l.Row0 >= 0 && l.Cols >= 0 && l.Rows >= 0 &&
		l.Cols <= int(l.PerDegLon)*450-l.Col0 && l.Rows <= int(l.PerDegLat)*270-l.Row0
}

func (l Level) check(base terrain.Lattice) error {
	if !slices.Contains(edges, l.EdgeDeg) {
		return fmt.Errorf("tiles of %d degrees", l.EdgeDeg)
	}
	if l.Factor < 1 || int(base.PerDegLon)%l.Factor != 0 || int(base.PerDegLat)%l.Factor != 0 {
		return fmt.Errorf("a factor of %d", l.Factor)
	}
	if want := levelName(base, l.Factor, l.Aggregate); l.Name != want ||
		l.Factor > 1 && l.Aggregate != terrain.Mean.String() && l.Aggregate != terrain.Maximum.String() {
		return fmt.Errorf("it is called %q, not %q", l.Name, want)
	}
	spacing := base.Coarsen(l.Factor)
	for i, t := range l.Tiles {
		if i > 0 && t.Square.compare(l.Tiles[i-1].Square) <= 0 {
			return fmt.Errorf("tile %s is out of order", t.Square)
		}
		if err := t.check(t.on(spacing), l.EdgeDeg); err != nil {
			return fmt.Errorf("tile %s: %w", t.Square, err)
		}
	}
	return nil
}

func (t Tile) check(box terrain.Lattice, edgeDeg int) error {
	if t.Cols < 1 || t.Rows < 1 || !t.Square.has(box, edgeDeg) {
		return fmt.Errorf("its posts do not lie in its square")
	}
	if t.SizeB != 0 && t.SizeB < valueB*int64(box.Posts()) || t.SizeB > math.MaxUint32 {
		return fmt.Errorf("%d bytes do not hold its posts", t.SizeB)
	}
	return nil
}

// has reports whether the square owns all posts of l.
func (s Square) has(l terrain.Lattice, edgeDeg int) bool {
	onEarth := s.LonDeg >= -180 && s.LonDeg <= 180 && s.LatDeg >= -180 && s.LatDeg < 90
	return onEarth && (s.LonDeg+180)%edgeDeg == 0 && (90-s.LatDeg)%edgeDeg == 0 &&
		insideEarth(l) && l.Intersect(s.owned(l, edgeDeg)) == l
}

// tilePath is where a level's tile is.
func tilePath(dir, level string, s Square) string {
	return filepath.Join(dir, level, s.String()+".tif")
}

// save writes the manifest in full or not at all.
func (m Manifest) save(dir string) error {
	content, err := m.encode()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestName)
	return replace(path, func(f *os.File) error {
		if _, err := f.Write(content); err != nil || !m.Complete {
			return err
		}
		return f.Sync()
	})
}

// partSuffix marks a file that is being written.
const partSuffix = ".part"

// replace writes a file beside path and then renames it.
func replace(path string, write func(*os.File) error) error {
	part := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+partSuffix)
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666) //nolint:gosec // the umask decides, as for every file that a user makes
	if err != nil {
		return notWritten(path, err)
	}
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		_ = os.Remove(part)
		return notWritten(path, err)
	}
	return nil
}

func notWritten(path string, err error) error {
	return &terrain.FormatError{Path: path, Reason: "cannot be written", Err: plain(err),
		Remedy: "when that is put right, run the import again, which goes on where it stopped"}
}

func isPart(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, partSuffix)
}
