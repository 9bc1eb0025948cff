package geotiff_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/terrain"
	"github.com/canopyradar/canopy/terrain/geotiff"
)

func TestPosts(t *testing.T) {
	lattice := func(perDeg, off float64, col0, row0 int) terrain.Lattice {
		return terrain.Lattice{PerDegLon: perDeg, PerDegLat: perDeg, OffLon: off, OffLat: off,
			Col0: col0, Row0: row0, Cols: 3, Rows: 2}
	}
	scaled := func(step, lon, lat float64, rasterType uint16) image {
		im := ramp(3, 2)
		im.tags = wgs84(rasterType)
		return im.with(33550, doubles{step, step, 0}).with(33922, doubles{0, 0, 0, lon, lat, 0})
	}
	matrix := func(lon, lat float64, rasterType uint16) image {
		return scaled(1, 0, 0, rasterType).with(33550, nil).with(33922, nil).
			with(34264, doubles{0.25, 0, 0, lon, 0, -0.25, 0, lat, 0, 0, 0, 0, 0, 0, 0, 1})
	}
	tests := []struct {
		name  string
		image image
		want  terrain.Lattice
	}{
		{"pixel is area: posts in the centres", scaled(1.0/240, -70, -12, 1), lattice(240, 0.5, 26400, 24480)},
		{"pixel is point: posts at the tie point", scaled(1.0/240, -70, -12, 2), lattice(240, 0, 26400, 24480)},
		{"raster type not given: area", scaled(1.0/240, -70, -12, 1).with(34735, shorts{1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326}),
			lattice(240, 0.5, 26400, 24480)},
		{"SRTM by GDAL: corner half a pixel out", scaled(1.0/1200, -70-1.0/2400, -12+1.0/2400, 1), lattice(1200, 0, 132000, 122400)},
		{"a step rounded to eight places", scaled(0.00416667, -70, -12, 1), lattice(240, 0.5, 26400, 24480)},
		{"a step rounded to 12 places, and a corner to six", scaled(0.000277777778, -69.999972, -12.000028, 2),
			lattice(3600, 0.1008, 396000, 367200)},
		{"seven and a half posts per degree", scaled(1/7.5, -70, -12, 2), lattice(7.5, 0, 825, 765)},
		{"a tie point within the image", scaled(0.25, 0, 0, 2).with(33922, doubles{1, 1, 0, 10, 20, 0}), lattice(4, 0, 759, 279)},
		{"a matrix, area", matrix(-70, -12, 1), lattice(4, 0.5, 440, 408)},
		{"a matrix, point", matrix(-70, -12, 2), lattice(4, 0, 440, 408)},
		{"longitudes from 0 to 360", scaled(0.25, 290, -12, 2), lattice(4, 0, 440, 408)},
		{"the edge of the map", scaled(0.25, -180, 90, 1), lattice(4, 0.5, 0, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := parse(t, test.image.encode()).Lattice(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	keys := func(k ...uint16) shorts { return append(shorts{1, 1, 0, uint16(len(k) / 4)}, k...) }
	place := func(lon, lat, step float64) image {
		return ramp(3, 2).with(33922, doubles{0, 0, 0, lon, lat, 0}).with(33550, doubles{step, step, 0})
	}
	metadata := func(role, value string) image {
		return ramp(3, 2).with(42112, ascii(`<GDALMetadata><Item name="X" sample="0" role="`+role+`">`+value+`</Item></GDALMetadata>`))
	}
	tests := []struct {
		name  string
		image image
		want  []string
	}{
		{"UTM", ramp(3, 2).with(34735, keys(1024, 0, 1, 1, 3072, 0, 1, 32718)),
			[]string{"EPSG:32718 (WGS 84 / UTM zone 18S), not EPSG:4326", "gdalwarp -t_srs EPSG:4326 in.tif out.tif"}},
		{"UTM in the north", ramp(3, 2).with(34735, keys(1024, 0, 1, 1, 3072, 0, 1, 32617)), []string{"UTM zone 17N"}},
		{"another datum", ramp(3, 2).with(34735, keys(1024, 0, 1, 2, 2048, 0, 1, 4248)), []string{"EPSG:4248, not"}},
		{"a named projection", ramp(3, 2).with(34735, keys(1024, 0, 1, 1, 3072, 0, 1, 32767, 3073, 34737, 5, 0)).with(34737, ascii("Peru|")),
			[]string{"user-defined (Peru), not"}},
		{"a title that reaches too far", ramp(3, 2).with(34735, keys(1024, 0, 1, 1, 1026, 34737, 500, 2)).with(34737, ascii("xxPeru|")),
			[]string{"user-defined (Peru), not"}},
		{"no reference system", ramp(3, 2).with(34735, nil), []string{"no coordinate reference system", "gdal_translate -a_srs EPSG:4326"}},
		{"radians", ramp(3, 2).with(34735, keys(1024, 0, 1, 2, 2048, 0, 1, 4326, 2054, 0, 1, 9101)), []string{"EPSG unit 9101, not in degrees"}},
		{"heights in feet", ramp(3, 2).with(34735, keys(1024, 0, 1, 2, 2048, 0, 1, 4326, 4099, 0, 1, 9002)), []string{"EPSG unit 9002; only metres"}},
		{"no place", ramp(3, 2).with(33922, nil), []string{"nothing says where on earth"}},
		{"control points", ramp(3, 2).with(33922, make(doubles, 24)), []string{"4 ground control points"}},
		{"rotated", ramp(3, 2).with(33550, nil).with(34264, doubles{1, 0.1, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), []string{"rotated"}},
		{"upside down", ramp(3, 2).with(33550, nil).with(34264, doubles{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), []string{"rows from north to south"}},
		{"no spacing", place(-70, -12, 0), []string{"pixels of 0°"}},
		{"not on earth", place(-70, 500, 0.1), []string{"latitude 499.95, is not on earth"}},
		{"over the antimeridian", place(179, 0, 0.9), []string{"beyond longitude 180"}},
		{"over the pole", place(0, -89.9, 0.9), []string{"beyond longitude 180 or latitude −90"}},
		{"bytes", ramp(3, 2).with(258, shorts{8}), []string{"8-bit samples of format 2", "-ot Float32"}},
		{"colours", ramp(3, 2).with(277, shorts{3}), []string{"3 bands"}},
		{"JPEG", ramp(3, 2).with(259, shorts{7}), []string{"compression 7", "gdal_translate -co TILED=YES -co COMPRESS=DEFLATE"}},
		{"a predictor for floats", ramp(3, 2).with(259, shorts{8}).with(317, shorts{3}), []string{"predictor 3"}},
		{"reversed bits", ramp(3, 2).with(266, shorts{2}), []string{"FillOrder 2"}},
		{"no size", ramp(3, 2).with(256, nil), []string{"0 × 2 posts"}},
		{"too wide", ramp(3, 2).with(256, longs{1 << 31}), []string{"2147483648 × 2 posts"}},
		{"huge strips", ramp(3, 2).with(256, longs{1 << 20}).with(257, longs{1 << 20}).with(278, longs{1 << 20}).with(259, shorts{8}), []string{"2097152 MiB; 256 MiB"}},
		{"blocks without size", ramp(3, 2).with(278, longs{0}), []string{"damaged: blocks of 3 × 0"}},
		{"too few blocks", ramp(3, 20).with(278, longs{1}), []string{"20 blocks make up the image, but 4 offsets and 4 sizes"}},
		{"a tag of doubles for an integer", ramp(3, 2).with(256, doubles{3}), []string{"ImageWidth (tag 256) is not an integer"}},
		{"integers for doubles", ramp(3, 2).with(33550, longs{1, 1, 1}), []string{"ModelPixelScale (tag 33550) is not in double precision"}},
		{"void not a number", ramp(3, 2).with(42113, ascii("none")), []string{`GDAL_NODATA (tag 42113) is "none"`}},
		{"metadata not XML", ramp(3, 2).with(42112, ascii("<GDAL")), []string{"GDAL_METADATA (tag 42112) is not XML"}},
		{"feet", metadata("unittype", "ft"), []string{`elevations are in "ft"`}},
		{"scaled", metadata("scale", "0.1"), []string{"with scale 0.1", "-unscale"}},
		{"offset", metadata("offset", "100"), []string{"with offset 100"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := geotiff.Parse("test.tif", test.image.encode())
			var format *terrain.FormatError
			if !errors.As(err, &format) || format.Path != "test.tif" {
				t.Fatalf("got %v, want a FormatError for test.tif", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is more than one line", err)
			}
		})
	}
}

func TestPlainMetadataIsAccepted(t *testing.T) {
	for _, item := range []string{
		`<Item name="SCALE" sample="0" role="scale">1</Item>`,
		`<Item name="OFFSET" sample="0" role="offset">0</Item>`,
		`<Item name="UNITTYPE" sample="0" role="unittype">metres AMSL</Item>`,
		`<Item name="UNITTYPE" sample="0" role="unittype">m</Item>`,
		`<Item name="scale">9</Item>`,
	} {
		parse(t, ramp(3, 2).with(42112, ascii("<GDALMetadata>"+item+"</GDALMetadata>")).encode())
	}
}

func TestBrokenFrames(t *testing.T) {
	whole := ramp(3, 2).encode()
	big := ramp(3, 2)
	big.big, big.order = true, binary.BigEndian
	tests := []struct{ name, content, want string }{
		{"nothing", "", "not a TIFF file"},
		{"text", "elevations", "not a TIFF file"},
		{"another version", "II\x07\x00........", "not a TIFF file"},
		{"a header alone", whole[:8], "lies outside of the file"},
		{"half a BigTIFF header", big.encode()[:10], "the header is cut short"},
		{"without its end", whole[:len(whole)-8], "is cut short"},
		{"a directory of too many tags", "II+\x00\x08\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff", "claims"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := geotiff.Parse("test.tif", test.content); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
