"""Reads elevations off Marble's relief map: see derive.sh.

    derive.py TILES Altitude.h5 OUT.tif
"""

import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()

# The relief map: 16 × 8 tiles of 675 × 675 greys, 2′ each, the first at 180° W
# and 90° N. Land is light and sea is dark; the coast is at grey 97. Between
# greys and metres stands a curve that Marble does not tell.
TILE, ACROSS, DOWN, PER_DEG = 675, 16, 8, 30
COAST = 97
# What is cut out of it: longitude -86 to -64 and latitude -23 to 5, and one
# post more on every side.
COL0, ROW0, COLS, ROWS = (180 - 86) * PER_DEG - 1, (90 - 5) * PER_DEG - 1, 22 * PER_DEG + 2, 28 * PER_DEG + 2

# The altitude map: 4320 × 2160 bytes, 5′ each. 0 to 254 stand for -450 m to
# 6662 m in steps of 28 m, 255 for the sea deeper than that. Rows are centred in
# their 5′. Columns are not: their longitudes turn out to be stretched by 0.05 %,
# which puts those around Peru half a column west, on whole 5′.
ALTITUDES_PER_DEG = 12


def relief(tiles):
    grey = np.empty((DOWN * TILE, ACROSS * TILE), np.float32)
    for y in range(DOWN):
        for x in range(ACROSS):
            tile = gdal.Open(f"{tiles}/{y:06d}/{y:06d}_{x:06d}.jpg").ReadAsArray()
            grey[y * TILE : (y + 1) * TILE, x * TILE : (x + 1) * TILE] = tile
    return grey


def altitudes(path):
    step = gdal.Open(f'HDF5:"{path}"://Altitude').ReadAsArray().astype(np.float64)
    return np.where(step == 255, -500, step * 28 - 450)


def bilinear(z, col, row):
    """z at the fractional columns and rows of a lattice."""
    c, r = np.floor(col).astype(int), np.floor(row).astype(int)
    u, v = (col - c)[None, :], (row - r)[:, None]
    at = lambda i, j: z[np.ix_(r + i, c + j)]
    return (at(0, 0) * (1 - u) + at(0, 1) * u) * (1 - v) + (at(1, 0) * (1 - u) + at(1, 1) * u) * v


def mean(z, n):
    """The mean over n × n cells around each, n odd; the edge is repeated."""
    p = np.pad(z.astype(np.float64), (n // 2 + 1, n // 2), mode="edge").cumsum(0).cumsum(1)
    return (p[n:, n:] - p[:-n, n:] - p[n:, :-n] + p[:-n, :-n]) / (n * n)


def curve(grey, metres):
    """Metres for each grey: the mean altitude where grey hardly changes within
    10′, so that it matters little which of the altitudes belongs to which grey.
    Every second grey is enough."""
    even = mean(grey**2.0, 5) - mean(grey, 5) ** 2 < 4**2
    greys, heights = [COAST - 2.0], [0.0]
    around = mean(grey, 3)
    for g in range(COAST + 1, 256, 2):
        here = even & (metres > 5) & (around >= g) & (around < g + 2)
        if np.count_nonzero(here) >= 30:
            greys.append(g + 1.0)
            heights.append(metres[here].mean())
    heights = np.maximum.accumulate(heights)
    # Beyond the last of them the curve goes on as steeply as it ended.
    steep = (heights[-1] - heights[-4]) / (greys[-1] - greys[-4])
    return np.append(greys, 255), np.append(heights, heights[-1] + steep * (255 - greys[-1]))


def main(tiles, altitude_map, out):
    grey = relief(tiles)[ROW0 : ROW0 + ROWS, COL0 : COL0 + COLS]
    lon = -180 + (COL0 + np.arange(COLS) + 0.5) / PER_DEG
    lat = 90 - (ROW0 + np.arange(ROWS) + 0.5) / PER_DEG
    metres = bilinear(altitudes(altitude_map), (lon + 180) * ALTITUDES_PER_DEG, (90 - lat) * ALTITUDES_PER_DEG - 0.5)
    greys, heights = curve(grey, metres)
    z = np.interp(grey, greys, heights)
    # The map's compression rings at steep coasts.
    z[(metres <= 0) & (grey < COAST + 13)] = 0

    file = gdal.GetDriverByName("GTiff").Create(out, COLS, ROWS, 1, gdal.GDT_Int16)
    file.SetGeoTransform((-180 + COL0 / PER_DEG, 1 / PER_DEG, 0, 90 - ROW0 / PER_DEG, 0, -1 / PER_DEG))
    wgs84 = osr.SpatialReference()
    wgs84.ImportFromEPSG(4326)
    file.SetProjection(wgs84.ExportToWkt())
    file.GetRasterBand(1).WriteArray(np.rint(z).astype(np.int16))


main(*sys.argv[1:])
