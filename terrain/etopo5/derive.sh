#!/bin/sh
# Derives etopo5.tif, the built-in demonstration terrain, from ETOPO5 as
# Debian's package ferret-datasets carries it (version 7.6.0-5 in 2026).
#
#   terrain/etopo5/derive.sh [OUT.tif]
#
# Needs apt-get, dpkg, gdal-bin and libgdal's netCDF driver. Run it where
# `apt-get update` has been run once.
set -eu

out=${1:-$(dirname "$0")/etopo5.tif}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && apt-get download -qq ferret-datasets && dpkg -x ferret-datasets_*.deb .)
source=$work/usr/share/ferret-vis/data/etopo5.cdf

# ETOPO5 has posts on every whole 5′, the first at 0° E and 90° N. The file's
# own longitude axis says 5.00005′ and so drifts to 0.003° at its end: an
# artefact of single precision, which is why the corners are given here.
# Post 3288 is 86° W, post 1020 is 5° N; 265 × 337 posts end at 64° W, 23° S.
# UInt16 holds no negative number, so that the sea floor, and the few posts
# of dry land below sea level, become 0.
gdal_translate -q -of GTiff -ot UInt16 \
    -srcwin 3288 1020 265 337 \
    -a_srs EPSG:4326 -a_nodata none \
    -a_ullr -86.0416666666666667 5.0416666666666667 -63.9583333333333333 -23.0416666666666667 \
    -co COMPRESS=DEFLATE -co ZLEVEL=9 -co PREDICTOR=2 -co BLOCKYSIZE=337 -co PROFILE=GeoTIFF \
    "$source" "$out"
rm -f "$out.aux.xml"
gdalinfo -checksum "$out" | grep Checksum
sha256sum "$out"
