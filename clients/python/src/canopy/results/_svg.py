"""Small maps for notebooks, as SVG, by nothing but the standard library."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from canopy.results import _colours
from canopy.results._panel import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from canopy.results._layer import Layer, Place, Polygon
    from canopy.results._panel import Box, KeyEntry, Panel, Raster

# Pixels: of a map alone, of one among several, of the whole picture.
_ALONE = (560, 400)
_AMONG = (230, 260)
_WIDTH = 720
_TITLE = 22
_KEY_LINE = 20
# Points of an outline that are closer than this to the last one are left out.
_STEP = 0.7
# More points than these are thinned out: they would lie over each other.
_MOST_POINTS = 2000


def picture(panels: Sequence[Panel]) -> str:
    """Return an SVG document of one map or of several side by side."""
    size = _ALONE if len(panels) == 1 else _AMONG
    maps = [_Map.fitting(panel, size) for panel in panels]
    parts, x, y, row = [], 0.0, 0.0, 0.0
    for drawn in maps:
        if x and x + drawn.width > _WIDTH:
            x, y, row = 0.0, y + row, 0.0
        parts.append(f'<g transform="translate({x:.0f} {y + _TITLE:.0f})">{drawn.svg()}</g>')
        x, row = x + drawn.width + 12, max(row, drawn.height + _TITLE + 8)
    key, key_height = _key([entry for panel in panels for entry in panel.key()], y + row)
    width = max(_WIDTH if len(panels) > 1 else 0, maps[0].width, 420)
    height = y + row + key_height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}{key}</svg>'
    )


def _key(entries: Iterable[KeyEntry], top: float) -> tuple[str, float]:
    parts, x, y = [], 6.0, top
    for entry in dict.fromkeys(entries):
        length = 30 + 6.5 * len(entry.text)
        if x > 6 and x + length > _WIDTH:
            x, y = 6.0, y + _KEY_LINE
        parts.append(_mark(entry.mark, entry.colour, (x + 7, y + 9)))
        parts.append(f'<text x="{x + 18:.0f}" y="{y + 13:.0f}">{escape(entry.text)}</text>')
        x += length
    return "".join(parts), y + _KEY_LINE - top if parts else 0


def _mark(mark: str, colour: str, at: Place) -> str:
    x, y = at
    if mark == "radar":
        return f'<path fill="{colour}" stroke="#fff" d="M{x:.1f} {y - 6:.1f}l5.5 10h-11z"/>'
    if mark == "point":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}" stroke="#fff"/>'
    if mark == "line":
        return f'<path stroke="{colour}" stroke-width="2" d="M{x - 7:.1f} {y:.1f}h14"/>'
    return (
        f'<rect x="{x - 7:.1f}" y="{y - 6:.1f}" width="14" height="12" fill="{colour}" '
        f'fill-opacity="0.6" stroke="{colour}"/>'
    )


@dataclass(frozen=True)
class _Map:
    """One panel at a scale: pixels a degree of longitude and of latitude."""

    panel: Panel
    box: Box
    per_lon: float
    per_lat: float

    @classmethod
    def fitting(cls, panel: Panel, size: tuple[int, int]) -> _Map:
        box = panel.bounds()
        wide, high = box.east - box.west, (box.north - box.south) * box.aspect
        per_lon = min(size[0] / wide, size[1] / high)
        return cls(panel, box, per_lon, per_lon * box.aspect)

    @property
    def width(self) -> float:
        return max((self.box.east - self.box.west) * self.per_lon, 150)

    @property
    def height(self) -> float:
        return (self.box.north - self.box.south) * self.per_lat

    def at(self, place: Place) -> Place:
        return (place[0] - self.box.west) * self.per_lon, (self.box.north - place[1]) * self.per_lat

    def svg(self) -> str:
        fill = _colours.COVERED if self.panel.covered else "#f4f4f1"
        background = (
            f'<path fill="{fill}" stroke="{_colours.OUTLINE}" stroke-width="0.8" '
            f'd="{self._path(self.panel.outline)}"/>'
        )
        if self.panel.raster is not None:
            background += self._raster(self.panel.raster)
        layers = "".join(self._layer(layer) for layer in self.panel.layers)
        title = f'<text x="4" y="-8" font-weight="bold">{escape(self.panel.title)}</text>'
        return (
            f'{title}<svg width="{self.width:.0f}" height="{self.height:.0f}">'
            f"{background}{layers}</svg>"
        )

    def _raster(self, raster: Raster) -> str:
        x, y = self.at((raster.box.west, raster.box.north))
        right, bottom = self.at((raster.box.east, raster.box.south))
        data = base64.b64encode(png(raster.pixels)).decode("ascii")
        return (
            f'<image x="{x:.1f}" y="{y:.1f}" width="{right - x:.1f}" height="{bottom - y:.1f}" '
            f'preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        )

    def _layer(self, layer: Layer) -> str:
        shapes = list(layer.coordinates())
        if layer.kind == "MultiPolygon":
            return "".join(self._area(s, layer.colour(i)) for i, s in enumerate(shapes))
        if layer.kind == "LineString":
            return "".join(self._line(s, layer.colour(i)) for i, s in enumerate(shapes))
        mark, step = mark_of(layer), math.ceil(len(shapes) / _MOST_POINTS) or 1
        marks = [
            _mark(mark, layer.colour(i), self.at(shapes[i])) for i in range(0, len(shapes), step)
        ]
        if mark == "radar" and self.height > _AMONG[1]:
            marks += [
                self._label(shape, name)
                for shape, name in zip(shapes, layer.columns["name"], strict=True)
            ]
        return "".join(marks)

    def _label(self, place: Place, text: str) -> str:
        x, y = self.at(place)
        anchor = "end" if x > 0.7 * self.width else "start"
        x += -8 if anchor == "end" else 8
        return (
            f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}" stroke="#fff" '
            f'stroke-width="3" paint-order="stroke">{escape(text)}</text>'
        )

    def _area(self, polygons: Sequence[Polygon], colour: str) -> str:
        path = self._path(polygons)
        if not path:
            return ""
        return (
            f'<path fill="{colour}" fill-opacity="0.6" fill-rule="evenodd" stroke="{colour}" '
            f'stroke-width="0.5" d="{path}"/>'
        )

    def _line(self, places: Sequence[Place], colour: str) -> str:
        line = self._thin(places)
        return f'<path fill="none" stroke="{colour}" stroke-width="2" d="{_path(line)}"/>'

    def _path(self, polygons: Sequence[Polygon]) -> str:
        rings = (self._thin(ring) for rings in polygons for ring in rings)
        return "".join(_path(ring[:-1]) + "Z" for ring in rings if len(ring) > 3)

    def _thin(self, places: Sequence[Place]) -> list[Place]:
        kept = [self.at(places[0])]
        for place in places[1:-1]:
            x, y = self.at(place)
            if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > _STEP:
                kept.append((x, y))
        kept.append(self.at(places[-1]))
        return kept


def _path(line: Sequence[Place]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return red, green, blue and alpha as a PNG."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
