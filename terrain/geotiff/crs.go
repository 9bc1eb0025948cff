package geotiff

import (
	"fmt"
	"strings"
)

// The keys of the GeoKeyDirectory that matter here, and their values
// (OGC 19-008r4, GeoTIFF 1.1, section 7 and annex B).
const (
	keyModelType      = 1024
	keyRasterType     = 1025
	keyCitation       = 1026
	keyGeographic     = 2048
	keyGeographicText = 2049
	keyAngularUnit    = 2054
	keyProjected      = 3072
	keyProjectedText  = 3073
	keyVerticalUnit   = 4099

	modelProjected   = 1
	modelGeographic  = 2
	rasterArea       = 1
	rasterPoint      = 2
	crsWGS84         = 4326
	crsUserDefined   = 32767
	unitDegree       = 9102
	unitMetre        = 9001
	geoKeyEntryWords = 4
)

// geoKeys holds the keys with a number, and those with a text.
type geoKeys struct {
	number map[uint64]uint64
	text   map[uint64]string
}

func readGeoKeys(d *directory) (geoKeys, error) {
	k := geoKeys{number: map[uint64]uint64{}, text: map[uint64]string{}}
	words, err := d.uints(tagGeoKeys)
	if err != nil {
		return k, err
	}
	text, err := d.text(tagGeoASCII)
	if err != nil {
		return k, err
	}
	for len(words) >= 2*geoKeyEntryWords {
		words = words[geoKeyEntryWords:]
		key, place, count, value := words[0], words[1], words[2], words[3]
		switch {
		case place == 0:
			k.number[key] = value
		case place == tagGeoASCII && value <= uint64(len(text)):
			k.text[key] = strings.TrimRight(text[value:min(uint64(len(text)), value+count&0xffff)], "|\x00 ")
		}
	}
	return k, nil
}

// checkCRS refuses every coordinate reference system but EPSG:4326, with
// heights in metres.
func (k geoKeys) checkCRS() error {
	if k.number[keyModelType] == modelGeographic && k.number[keyGeographic] == crsWGS84 {
		if unit, ok := k.number[keyAngularUnit]; ok && unit != unitDegree {
			return unsupported(remedyWarp, "angles are in EPSG unit %d, not in degrees", unit)
		}
		if unit, ok := k.number[keyVerticalUnit]; ok && unit != unitMetre {
			return unsupported("", "heights are in EPSG unit %d; only metres can be read", unit)
		}
		return nil
	}
	if len(k.number) == 0 {
		return unsupported("if it is in longitude and latitude, say so with: gdal_translate -a_srs EPSG:4326 in.tif out.tif",
			"no coordinate reference system is given")
	}
	return unsupported(remedyWarp, "the coordinate reference system is %s, not EPSG:4326", k.crs())
}

// crs names the coordinate reference system for people.
func (k geoKeys) crs() string {
	code, title := k.number[keyGeographic], k.text[keyGeographicText]
	if k.number[keyModelType] == modelProjected {
		code, title = k.number[keyProjected], k.text[keyProjectedText]
	}
	if title == "" {
		title = k.text[keyCitation]
	}
	name := fmt.Sprintf("EPSG:%d", code)
	if code == 0 || code == crsUserDefined {
		name = "user-defined"
	}
	if zone := utmZone(code); zone != "" {
		title = zone
	}
	if title != "" {
		name += fmt.Sprintf(" (%.60s)", title)
	}
	return name
}

// utmZone names the zones of WGS 84 / UTM, EPSG:32601 to 32660 and 32701 to
// 32760, and is empty for other codes.
func utmZone(code uint64) string {
	zone, letter := code%100, byte('N')
	if code/100 == 327 {
		letter = 'S'
	} else if code/100 != 326 {
		return ""
	}
	if zone < 1 || zone > 60 {
		return ""
	}
	return fmt.Sprintf("WGS 84 / UTM zone %d%c", zone, letter)
}
