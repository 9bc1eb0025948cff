package geotiff

import "fmt"

// The TIFF tags that are read or written, numbered as in TIFF 6.0, GeoTIFF 1.1
// and GDAL's GTiff driver.
const (
	tagSubfileType     = 254
	tagWidth           = 256
	tagHeight          = 257
	tagBitsPerSample   = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagSamplesPerPixel = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagPlanarConfig    = 284
	tagPredictor       = 317
	tagTileWidth       = 322
	tagTileHeight      = 323
	tagTileOffsets     = 324
	tagTileByteCounts  = 325
	tagSampleFormat    = 339
	tagPixelScale      = 33550
	tagTiepoint        = 33922
	tagTransformation  = 34264
	tagGeoKeys         = 34735
	tagGeoASCII        = 34737
	tagGDALMetadata    = 42112
	tagGDALNoData      = 42113
)

// The field types of TIFF 6.0, section 2, and of BigTIFF.
const (
	typeByte   = 1
	typeASCII  = 2
	typeShort  = 3
	typeLong   = 4
	typeDouble = 12
	typeIFD    = 13
	typeLong8  = 16
	typeIFD8   = 18
)

// sizeOfType returns the bytes that one value takes, 0 for types not used here.
func sizeOfType(kind uint16) uint64 {
	switch kind {
	case typeByte, typeASCII:
		return 1
	case typeShort:
		return 2
	case typeLong, typeIFD:
		return 4
	case typeDouble, typeLong8, typeIFD8:
		return 8
	}
	return 0
}

// nameOfTag names a tag for people.
func nameOfTag(tag uint16) string {
	names := map[uint16]string{
		tagWidth: "ImageWidth", tagHeight: "ImageLength", tagBitsPerSample: "BitsPerSample",
		tagStripOffsets: "StripOffsets", tagStripByteCounts: "StripByteCounts",
		tagTileOffsets: "TileOffsets", tagTileByteCounts: "TileByteCounts",
		tagPixelScale: "ModelPixelScale", tagTiepoint: "ModelTiepoint",
		tagTransformation: "ModelTransformation", tagGeoKeys: "GeoKeyDirectory",
		tagGDALMetadata: "GDAL_METADATA", tagGDALNoData: "GDAL_NODATA",
	}
	if name, ok := names[tag]; ok {
		return fmt.Sprintf("%s (tag %d)", name, tag)
	}
	return fmt.Sprintf("tag %d", tag)
}
