"""What RFC 7946 asks of a FeatureCollection of the kinds that Canopy writes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def faults(collection: dict[str, Any]) -> list[str]:
    """Return what is wrong, with the section that says so."""
    members = ("coordinates", "geometries", "geometry", "properties")
    found = [f"7.1: a member {member}" for member in members if member in collection]
    if collection.get("type") != "FeatureCollection":
        found.append("3.3: no FeatureCollection")
    if "crs" in collection:
        found.append("4: a CRS member")
    for i, feature in enumerate(collection.get("features", [])):
        found += [f"feature {i}: {fault}" for fault in _feature(feature)]
    return found


def _feature(feature: dict[str, Any]) -> Iterator[str]:
    if feature.get("type") != "Feature" or "geometry" not in feature:
        yield "3.2: no Feature"
        return
    if not isinstance(feature.get("properties"), dict):
        yield "3.2: no properties"
    kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
    if kind == "Point":
        yield from _place(coordinates)
    elif kind == "LineString":
        yield from _line(coordinates)
    elif kind in ("Polygon", "MultiPolygon"):
        for rings in coordinates if kind == "MultiPolygon" else [coordinates]:
            for i, ring in enumerate(rings):
                yield from _ring(ring, outer=i == 0)
    else:
        yield f"a geometry of type {kind}"


def _place(place: list[float]) -> Iterator[str]:
    if len(place) not in (2, 3):
        yield f"3.1.1: {len(place)} numbers in a position"
    elif not (-180 <= place[0] <= 180 and -90 <= place[1] <= 90):
        yield f"4: {place} is no longitude and latitude"


def _line(line: list[list[float]]) -> Iterator[str]:
    if len(line) < 2:
        yield "3.1.4: a line of one position"
    for place in line:
        yield from _place(place)


def _ring(ring: list[list[float]], *, outer: bool) -> Iterator[str]:
    if len(ring) < 4:
        yield "3.1.6: a ring of fewer than four positions"
    if ring[0] != ring[-1]:
        yield "3.1.6: an open ring"
    pairs = pairwise(ring)
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)
    if (area > 0) != outer:
        yield "3.1.6: an outer ring is clockwise" if outer else "3.1.6: a hole is counter-clockwise"
    yield from _line(ring)
