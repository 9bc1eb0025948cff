#!/bin/sh
# Derives srtm30.tif, the built-in demonstration terrain, from the relief map of
# KDE's Marble as Debian's package marble-qt-data carries it, whose greys the
# altitude map of the Python package pvlib turns into metres. See DATA.md.
#
#   terrain/srtm30/derive.sh [OUT.tif]
#
# Needs apt-get, dpkg, pip, unzip, gdal-bin, python3-gdal and python3-numpy. Run
# it where `apt-get update` has been run once.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/srtm30.tif}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && apt-get download -qq marble-qt-data=4:22.12.3-1 && dpkg -x marble-qt-data_*.deb .)
tiles=$work/usr/share/marble/data/maps/earth/srtm/3
pip download -q --no-deps --only-binary :all: -d "$work" pvlib==0.16.1
unzip -q -j -d "$work" "$work"/pvlib-*.whl pvlib/data/Altitude.h5

find "$tiles" -name '*.jpg' | LC_ALL=C sort | xargs cat >"$work/tiles"
sha256sum -c --quiet <<EOF
08e9ec35bcc63dbde3eaf7379cf1230b7afea8ed711e263da40e870c8c362552  $work/tiles
d3cad4677889aca72b92cbc4882e3f95024bf288888ec549362bd44563d0defd  $work/Altitude.h5
EOF

/usr/bin/python3 "$here/derive.py" "$tiles" "$work/Altitude.h5" "$work/plain.tif"
gdal_translate -q -co COMPRESS=DEFLATE -co ZLEVEL=9 -co PREDICTOR=2 \
    -co TILED=YES -co BLOCKXSIZE=256 -co BLOCKYSIZE=256 -co PROFILE=GeoTIFF "$work/plain.tif" "$out"
rm -f "$out.aux.xml"
gdalinfo -checksum "$out" | grep Checksum
sha256sum "$out"
