#!/bin/sh
# Makes the GeoTIFF files in this folder with GDAL: 37 × 29 posts of made-up
# elevations, (col*97 + row*389) mod 5000 metres, for machines without GDAL to
# read. Needs gdal-bin and python3-gdal.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
    printf 'ncols 37\nnrows 29\nxllcorner -70\nyllcorner -13\ncellsize 0.0041666666666667\nNODATA_value -32768\n'
    awk 'BEGIN { for (r = 0; r < 29; r++) { for (c = 0; c < 37; c++) printf "%d ", (c*97 + r*389) % 5000; print "" } }'
} >"$work/ramp.asc"

make() {
    name=$1
    shift
    gdal_translate -q -a_srs EPSG:4326 "$@" "$work/ramp.asc" "$name.tif"
}
make int16_big_endian_lzw_tiled -ot Int16 -co ENDIANNESS=BIG -co COMPRESS=LZW -co PREDICTOR=2 -co TILED=YES -co BLOCKXSIZE=16 -co BLOCKYSIZE=16
make float32_deflate_floating -ot Float32 -co COMPRESS=DEFLATE -co PREDICTOR=3 -co BLOCKYSIZE=7
make float32_lzw_horizontal -ot Float32 -co COMPRESS=LZW -co PREDICTOR=2
make uint16_bigtiff_point -ot UInt16 -co BIGTIFF=YES -mo AREA_OR_POINT=Point -a_nodata 65535
gdalwarp -q -overwrite -t_srs EPSG:32718 -s_srs EPSG:4326 -ot Int16 "$work/ramp.asc" utm.tif
gdal_translate -q -a_srs EPSG:4326 -ot Int16 -mask 1 --config GDAL_TIFF_INTERNAL_MASK YES "$work/ramp.asc" masked.tif
