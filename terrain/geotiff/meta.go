package geotiff

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// newVoid reads GDAL_NODATA.
func newVoid(d *directory) (void, error) {
	text, err := d.text(tagGDALNoData)
	if err != nil || text == "" {
		return void{markM: undeclaredM}, err
	}
	z, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil && z == 0 {
		return void{}, damaged("%s is %.40q, not a number", nameOfTag(tagGDALNoData), text)
	}
	return void{markM: float32(z)}, nil
}

// metadata is GDAL_METADATA: items about the file, and, by role, about a band.
type metadata struct {
	XMLName xml.Name       `xml:"GDALMetadata"`
	Items   []metadataItem `xml:"Item"`
}

type metadataItem struct {
	Name   string `xml:"name,attr"`
	Sample string `xml:"sample,attr,omitempty"`
	Role   string `xml:"role,attr,omitempty"`
	Value  string `xml:",chardata"`
}

// checkMetadata refuses elevations that are not plain metres.
func checkMetadata(d *directory) error {
	text, err := d.text(tagGDALMetadata)
	if err != nil || text == "" {
		return err
	}
	var m metadata
	if err := xml.Unmarshal([]byte(text), &m); err != nil {
		return damaged("%s is not XML", nameOfTag(tagGDALMetadata))
	}
	for _, item := range m.Items {
		if err := item.check(); err != nil {
			return err
		}
	}
	return nil
}

func (i metadataItem) check() error {
	value := strings.TrimSpace(i.Value)
	number, err := strconv.ParseFloat(value, 64)
	switch {
	case i.Role == "unittype" && !isMetre(value):
		return unsupported("", "elevations are in %.40q; only metres can be read", value)
	case i.Role == "scale" && (err != nil || number != 1), i.Role == "offset" && (err != nil || number != 0):
		return unsupported(remedyUnscale, "elevations are stored with %s %.40s", i.Role, value)
	}
	return nil
}

// isMetre reports whether a unit as people write it begins with the metre.
func isMetre(unit string) bool {
	word, _, _ := strings.Cut(strings.ToLower(unit), " ")
	switch word {
	case "", "m", "metre", "metres", "meter", "meters":
		return true
	}
	return false
}
