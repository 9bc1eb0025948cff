"""Small maps for notebooks, as SVG, by nothing but the standard library."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from canopy.results import _colours, _words
from canopy.results._panel import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from canopy.results._layer import Layer, Place, Polygon
    from canopy.results._panel import Box, KeyEntry, Panel, Raster

# Pixels: of a map alone, of one among several, of a row of them.
_ALONE = (560, 400)
_AMONG = (170, 240)
_ROW = 740
_LINE = 16
_LETTER = 7.2
# Points of an outline that are closer than this to the last one are left out.
_STEP = 0.7
# More points than these are thinned out: they would lie over each other.
_MOST_POINTS = 2000


def picture(panels: Sequence[Panel]) -> str:
    """Return an SVG document of one map or of several side by side."""
    size = _ALONE if len(panels) == 1 else _AMONG
    parts, x, y, row, width = [], 0.0, 0.0, 0.0, 400.0
    for panel in panels:
        drawn = _Map.fitting(panel, size)
        if x and x + drawn.width > _ROW:
            x, y, row = 0.0, y + row, 0.0
        parts.append(f'<g transform="translate({x:.0f} {y:.0f})">{drawn.svg()}</g>')
        x, row = x + drawn.width + 12, max(row, drawn.full_height + 8)
        width = max(width, x)
    key, key_height = _key([entry for panel in panels for entry in panel.key()], y + row, width)
    return document(width, y + row + key_height, "".join(parts) + key)


def document(width: float, height: float, content: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="#fff"/>{content}</svg>'
    )


def _key(entries: Iterable[KeyEntry], top: float, width: float) -> tuple[str, float]:
    parts, x, y = [], 6.0, top
    for entry in dict.fromkeys(entries):
        length = 30 + _LETTER * len(entry.text)
        if x > 6 and x + length > width:
            x, y = 6.0, y + 20
        parts.append(_mark(entry.mark, entry.colour, (x + 7, y + 9)))
        parts.append(text(entry.text, (x + 18, y + 13)))
        x += length
    return "".join(parts), y + 24 - top if parts else 0


def text(words: str, at: Place, attributes: str = "") -> str:
    shown = escape(words.translate(_words.CONTROLS))
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}"{attributes}>{shown}</text>'


def _mark(mark: str, colour: str, at: Place) -> str:
    x, y = at
    if mark == "radar":
        return f'<path fill="{colour}" stroke="#fff" d="M{x:.1f} {y - 6:.1f}l5.5 10h-11z"/>'
    if mark == "point":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}" stroke="#fff"/>'
    if mark == "line":
        return f'<path stroke="{colour}" stroke-width="2" d="M{x - 7:.1f} {y:.1f}h14"/>'
    fill = colour if mark == "fill" else _colours.light(colour)
    return (
        f'<rect x="{x - 7:.1f}" y="{y - 6:.1f}" width="14" height="12" '
        f'fill="{fill}" stroke="{colour}"/>'
    )


@dataclass(frozen=True)
class _Map:
    """One panel at a scale: pixels a degree of longitude and of latitude."""

    panel: Panel
    box: Box
    per_lon: float
    per_lat: float
    alone: bool

    @classmethod
    def fitting(cls, panel: Panel, size: tuple[int, int]) -> _Map:
        box = panel.bounds()
        wide, high = box.east - box.west, (box.north - box.south) * box.aspect
        per_lon = min(size[0] / wide, size[1] / high)
        return cls(panel, box, per_lon, per_lon * box.aspect, size == _ALONE)

    @property
    def title(self) -> list[str]:
        return [self.panel.title] if self.alone else self.panel.title.split(": ")

    @property
    def width(self) -> float:
        words = _LETTER * max(len(line) for line in self.title)
        return max((self.box.east - self.box.west) * self.per_lon, words)

    @property
    def height(self) -> float:
        return (self.box.north - self.box.south) * self.per_lat

    @property
    def full_height(self) -> float:
        return self.height + _LINE * len(self.title) + 6

    def at(self, place: Place) -> Place:
        return (place[0] - self.box.west) * self.per_lon, (self.box.north - place[1]) * self.per_lat

    def svg(self) -> str:
        title = "".join(
            text(line, (4, _LINE * (i + 1) - 2), ' font-weight="bold"' if i == 0 else "")
            for i, line in enumerate(self.title)
        )
        raster = "" if self.panel.raster is None else self._raster(self.panel.raster)
        background = (
            f'<path fill="{self.panel.fill}" stroke="{_colours.OUTLINE}" stroke-width="0.8" '
            f'd="{self._path(self.panel.outline)}"/>'
        )
        layers = "".join(self._layer(layer) for layer in self.panel.layers)
        top = self.full_height - self.height
        return (
            f'{title}<svg y="{top:.0f}" width="{self.width:.0f}" height="{self.height:.0f}">'
            f"{raster}{background}{layers}</svg>"
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
        if mark == "radar" and self.alone:
            marks += [
                self._label(shape, name)
                for shape, name in zip(shapes, layer.columns["name"], strict=True)
            ]
        return "".join(marks)

    def _label(self, place: Place, name: str) -> str:
        x, y = self.at(place)
        fits = x + 8 + _LETTER * len(name) < self.width
        anchor = "start" if fits else "end"
        halo = f' text-anchor="{anchor}" stroke="#fff" stroke-width="3" paint-order="stroke"'
        return text(name, (x + 8 if fits else x - 8, y + 4), halo)

    def _area(self, polygons: Sequence[Polygon], colour: str) -> str:
        path = self._path(polygons)
        if not path:
            return ""
        return (
            f'<path fill="{_colours.light(colour)}" fill-rule="evenodd" stroke="{colour}" '
            f'stroke-width="0.5" d="{path}"/>'
        )

    def _line(self, places: Sequence[Place], colour: str) -> str:
        line = self._thin(places)
        return f'<path fill="none" stroke="{colour}" stroke-width="2" d="{path(line)}"/>'

    def _path(self, polygons: Sequence[Polygon]) -> str:
        rings = (self._thin(ring) for rings in polygons for ring in rings)
        return "".join(path(ring[:-1]) + "Z" for ring in rings if len(ring) > 3)

    def _thin(self, places: Sequence[Place]) -> list[Place]:
        kept = [self.at(places[0])]
        for place in places[1:-1]:
            x, y = self.at(place)
            if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > _STEP:
                kept.append((x, y))
        kept.append(self.at(places[-1]))
        return kept


def path(line: Sequence[Place]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line)


def section(
    lines: Sequence[tuple[Sequence[float], str]], km: Sequence[float], key: Sequence[KeyEntry]
) -> str:
    """Return heights over distance, the first of which are filled as the ground."""
    width, height = 640, 220
    known = [h for heights, _ in lines for h in heights if not math.isnan(h)]
    low, high = min(known), max(known)
    per_m, per_km = (height - 30) / max(high - low, 1), (width - 70) / max(km[-1], 0.001)
    parts = []
    for i, (heights, colour) in enumerate(lines):
        line = [
            (60 + x * per_km, height - 20 - (h - low) * per_m)
            for x, h in zip(km, heights, strict=True)
            if not math.isnan(h)
        ]
        if i == 0 and line:
            line = [(line[0][0], height), *line, (line[-1][0], height)]
        fill = colour if i == 0 else "none"
        parts.append(f'<path fill="{fill}" stroke="{colour}" stroke-width="2" d="{path(line)}"/>')
    parts += [text(f"{h:,.0f} m", (2, height - 16 - (h - low) * per_m)) for h in (low, high)]
    entries, more = _key(key, height + 4, width)
    return document(width, height + 4 + more, "".join(parts) + entries)


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
