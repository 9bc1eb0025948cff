"""What is on one map, whoever draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from canopy.results import _colours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from canopy.results._layer import Layer, Place, Polygon


# How much larger than the things in it an outline may be, to be shown whole.
_MOST_OUTLINE = 3


class Box(NamedTuple):
    """A box in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def aspect(self) -> float:
        """How much longer a degree of latitude is than one of longitude."""
        middle = math.radians((self.south + self.north) / 2)
        return 1 / max(math.cos(middle), 0.01)

    def holds(self, place: Place) -> bool:
        return self.west < place[0] < self.east and self.south < place[1] < self.north

    def close(self, one: Place, other: Place, letters: int) -> bool:
        """Tell whether names of so many letters beside two places would lie over each other."""
        across = abs(one[0] - other[0]) / (self.east - self.west)
        up = abs(one[1] - other[1]) / (self.north - self.south)
        return across < min(0.04 + 0.02 * letters, 0.35) and up < 0.03

    def grown(self, share: float) -> Box:
        """Return a box with a margin, at least a tenth of a degree wide."""
        margin = max(share * max(self.east - self.west, self.north - self.south), 0.05)
        return Box(self.west - margin, self.south - margin, self.east + margin, self.north + margin)


class KeyEntry(NamedTuple):
    """What a colour stands for; a mark is an area, a point, a radar or a line.

    A "fill" is an area in the very colour, which those of layers are a light
    version of.
    """

    text: str
    colour: str
    mark: str


class Raster(NamedTuple):
    """A picture in longitude and latitude, and the box that it fills."""

    pixels: NDArray[np.uint8]
    box: Box


@dataclass(frozen=True)
class Panel:
    """One map.

    The outline of the airspace is the background. Where layers show what is not
    covered, rest says what the rest of it is.
    """

    title: str
    layers: Sequence[Layer]
    outline: Sequence[Polygon] = ()
    rest: KeyEntry | None = None
    # What must be in the picture; all that is on the map where not set.
    box: Box | None = None
    # What lies below the layers.
    raster: Raster | None = None

    def bounds(self) -> Box:
        """Return what a picture shows, with a margin."""
        return (self.box or self.extent() or Box(-180, -85, 180, 85)).grown(0.04)

    @property
    def fill(self) -> str:
        """The colour of the background; none over a raster."""
        if self.raster is not None:
            return "none"
        return self.rest.colour if self.rest is not None else _colours.LAND

    def extent(self) -> Box | None:
        """Return the box around all that is on the map; None around nothing."""
        return box_of(self._places())

    def _places(self) -> Iterator[Place]:
        yield from outline_places(self.outline)
        for layer in self.layers:
            yield from layer_places(layer)

    def key(self) -> list[KeyEntry]:
        entries = [self.rest] if self.rest is not None else []
        for layer in self.layers:
            mark = mark_of(layer)
            if layer.key is None:
                if len(layer):
                    entries.append(KeyEntry(layer.name, layer.colour(0), mark))
                continue
            present = set(layer.colours)
            entries += [
                KeyEntry(text, colour, mark)
                for text, colour in layer.key.items()
                if colour in present
            ]
        return entries


def named(panel: Panel, names: Sequence[str], key: Mapping[str, str] | None = None) -> Panel:
    """Return a map whose first layer has other names, such as numbers, and maybe another key."""
    first = panel.layers[0]
    layer = replace(first, columns=first.columns | {"name": list(names)}, key=key or first.key)
    return replace(panel, layers=[layer, *panel.layers[1:]])


def around(layers: Sequence[Layer], outline: Sequence[Polygon]) -> Box | None:
    """Return a box in which things stand among their surroundings.

    The outline belongs to them, unless it would make them very small.
    """
    box = box_of(place for layer in layers for place in layer_places(layer))
    whole = box_of(outline_places(outline))
    if box is None or whole is None:
        return whole if box is None else box.grown(0.08)
    large = max(whole.east - whole.west, whole.north - whole.south)
    if large > _MOST_OUTLINE * max(box.east - box.west, box.north - box.south):
        return box.grown(0.08)
    return Box(*map(min, box[:2], whole[:2]), *map(max, box[2:], whole[2:]))


def mark_of(layer: Layer) -> str:
    if layer.kind == "Point":
        return "radar" if layer.name == "radars" else "point"
    return "area" if layer.kind == "MultiPolygon" else "line"


def layer_places(layer: Layer) -> Iterator[Place]:
    for coordinates in layer.coordinates():
        if layer.kind == "Point":
            yield coordinates
        elif layer.kind == "LineString":
            yield from coordinates
        else:
            yield from outline_places(coordinates)


def outline_places(polygons: Sequence[Polygon]) -> Iterator[Place]:
    for rings in polygons:
        yield from rings[0]


def box_of(places: Iterator[Place]) -> Box | None:
    """Return the box around places; None around nothing."""
    lons, lats = [], []
    for lon, lat in places:
        lons.append(lon)
        lats.append(lat)
    return Box(min(lons), min(lats), max(lons), max(lats)) if lons else None
