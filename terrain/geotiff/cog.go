package geotiff

import (
	"encoding/binary"
	"fmt"
)

// Files in packed tiles are Cloud Optimized GeoTIFFs (OGC 21-026), which are
// read over a network without being fetched whole: directories first, largest
// image first, then the tiles, those of the smallest image first. GDAL relies
// on that order, and on the margins, where the file says that it keeps to them
// ("COG - Cloud Optimized GeoTIFF generator", GDAL's documentation).

// ghost returns what says so.
func ghost() string {
	// The blank is for a program that changes the file: it writes YES over it.
	const says = "LAYOUT=IFDS_BEFORE_DATA\n" +
		"BLOCK_ORDER=ROW_MAJOR\n" +
		"BLOCK_LEADER=SIZE_AS_UINT4\n" +
		"BLOCK_TRAILER=LAST_4_BYTES_REPEATED\n" +
		"KNOWN_INCOMPATIBLE_EDITION=NO\n "
	return fmt.Sprintf("GDAL_STRUCTURAL_METADATA_SIZE=%06d bytes\n%s", len(says), says)
}

// marginB is the number of bytes before a tile, which hold its size, and of
// those behind it, which repeat its end.
const marginB = 4

// fillMargins fills in those of a tile.
func fillMargins(tile []byte) {
	binary.LittleEndian.PutUint32(tile, uint32(len(tile)-2*marginB))
	copy(tile[len(tile)-marginB:], tile[len(tile)-2*marginB:])
}
