"""Places with altitudes, and places alone."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from canopy._inputs import files, frames
from canopy._inputs.quantities import AltitudeLike, altitude, placed
from canopy._inputs.tables import POSITION, Schema, Table, need, of_rows
from canopy.errors import InvalidInput
from canopy.v1.coverage_pb2 import Point
from canopy.v1.geometry_pb2 import Altitude, Position

_PLACES: Schema = POSITION

_SCHEMA: Schema = {
    **POSITION,
    "altitude": (),
    "altitude_agl_m": (),
    "altitude_amsl_m": (),
    "flight_level": (),
}

_LEVELS = {"altitude_agl_m": "agl_m", "altitude_amsl_m": "amsl_m", "flight_level": "flight_level"}

# A GeoDataFrame or DataFrame, points of shapely, (lat, lon) or (lat, lon,
# altitude) tuples, mappings, an N×2 array of latitudes and longitudes, or a CSV
# or GeoJSON file.
PointsLike: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | Iterable[Any] | Any"


@dataclass(frozen=True)
class Points:
    """Points in columns, where each was written, and what was done to them."""

    lats_deg: Sequence[float]
    lons_deg: Sequence[float]
    # One a point, or one for all.
    altitudes: Sequence[Altitude]
    place: Callable[[int], str]
    notes: list[str]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.lats_deg)

    def place_from(self, start: int) -> Callable[[int], str]:
        """Return what tells places of points that are counted from another start."""
        return lambda i: self.place(start + i)

    def positions(self) -> list[Position]:
        """Return the positions as messages."""
        all_places = zip(self.lats_deg, self.lons_deg, strict=True)
        return [Position(lat_deg=lat, lon_deg=lon) for lat, lon in all_places]

    def packed(self, start: int, stop: int) -> bytes:
        """Return some points as the field ``points`` of a CheckPointsRequest.

        A message for each point would take ten times as long, which at ten
        thousand is as long as the server takes.
        """
        lats, lons = self.lats_deg[start:stop], self.lons_deg[start:stop]
        if len(self.altitudes) == 1:
            packer = _Packer(self.altitudes[0])
            return b"".join(map(packer.pack, lats, lons))
        packers: dict[bytes, _Packer] = {}
        parts = []
        for lat, lon, level in zip(lats, lons, self.altitudes[start:stop], strict=True):
            key = level.SerializeToString()
            if key not in packers:
                packers[key] = _Packer(level)
            parts.append(packers[key].pack(lat, lon))
        return b"".join(parts)


class _Packer:
    """Packs points of one altitude in the wire format of protobuf."""

    # The position within a Point: field 1, 18 bytes; in it lat_deg is field 1
    # and lon_deg field 2, both 64 bits wide.
    _POSITION = b"\x0a\x12\x09"
    _LON_DEG = b"\x11"
    _POSITION_BYTES = 20

    def __init__(self, level: Altitude) -> None:
        packed = level.SerializeToString()
        altitude = b"\x12" + bytes([len(packed)]) + packed
        # A point is field 3 of the request.
        point = b"\x1a" + bytes([self._POSITION_BYTES + len(altitude)])
        self._head, self._tail = point + self._POSITION, altitude
        self._struct = struct.Struct(f"<{len(self._head)}sd1sd{len(altitude)}s")

    def pack(self, lat_deg: float, lon_deg: float) -> bytes:
        return self._struct.pack(self._head, lat_deg, self._LON_DEG, lon_deg, self._tail)


def points(value: PointsLike, level: AltitudeLike | None, argument: str = "points") -> Points:
    """Return points, whose altitude is their own, or one for all of them."""
    table = _table(value, _SCHEMA, argument)
    need(table, POSITION, _SCHEMA, argument)
    lats, lons = table.positions()
    altitudes = _altitudes(table, level, argument)
    return Points(lats, lons, altitudes, table.place, table.notes)


def places(value: PointsLike, argument: str = "points") -> Points:
    """Return points of which the altitude does not matter."""
    table = _table(value, _PLACES, argument)
    need(table, POSITION, _PLACES, argument)
    lats, lons = table.positions()
    return Points(lats, lons, (), table.place, table.notes)


def place(value: Any, argument: str) -> Position:
    """Return one place: a (lat, lon) tuple, a point of shapely, a mapping."""
    return _only(places(value, argument), argument).positions()[0]


def point(value: Any, level: AltitudeLike | None) -> Point:
    """Return one point."""
    found = _only(points(value, level, "point"), "point")
    return Point(position=found.positions()[0], altitude=found.altitudes[0])


def _only(found: Points, argument: str) -> Points:
    if len(found) != 1:
        raise InvalidInput(f"{argument} has {len(found)} places", remedy="give one, as (lat, lon)")
    return found


def _table(value: Any, schema: Schema, argument: str) -> Table:
    if isinstance(value, (str, os.PathLike)):
        return files.read(value).table(schema)
    if frames.is_geoframe(value):
        return frames.points_of_geoframe(value, schema, argument)
    if frames.is_frame(value):
        return frames.table_of_frame(value, schema, argument)
    if files.is_geojson_mapping(value):
        return files.table_of_features(files.features(value, argument), schema)
    if frames.is_array(value):
        return frames.points_of_array(value, argument)
    return _of_items(value, schema, argument)


def _of_items(value: Any, schema: Schema, argument: str) -> Table:
    if isinstance(value, Mapping) or frames.is_shape(value) or _is_tuple(value):
        value = [value]
    items = list(value) if isinstance(value, Iterable) else []
    if not items:
        raise InvalidInput(
            f"{argument} is empty", remedy="give at least one, such as (-12.5, -73.8)"
        )
    if all(frames.is_shape(item) for item in items):
        return frames.points_of_shapes(items, argument)
    if all(isinstance(item, Mapping) for item in items):
        return of_rows(items, schema, lambda i: f"{argument}[{i}]")
    return _of_tuples(items, argument)


def _is_tuple(value: Any) -> bool:
    """Tell (lat, lon) from a list of points."""
    return (
        isinstance(value, (tuple, list)) and len(value) in (2, 3) and hasattr(value[0], "__float__")
    )


def _of_tuples(items: Sequence[Any], argument: str) -> Table:
    rows = []
    for i, item in enumerate(items):
        if not isinstance(item, Sequence) or isinstance(item, str) or len(item) not in (2, 3):
            raise InvalidInput(
                f"{argument}[{i}] is {item!r:.60}",
                remedy="want (lat, lon) or (lat, lon, '300m-agl')",
            )
        rows.append(item)
    columns: dict[str, Sequence[Any]] = {
        "lat_deg": [row[0] for row in rows],
        "lon_deg": [row[1] for row in rows],
    }
    if any(len(row) == 3 for row in rows):
        columns["altitude"] = [row[2] if len(row) == 3 else None for row in rows]
    return Table(len(rows), columns, {}, lambda i: f"{argument}[{i}]", "")


def _altitudes(table: Table, level: AltitudeLike | None, argument: str) -> Sequence[Altitude]:
    own = [name for name in _SCHEMA if name not in POSITION and table.has(name)]
    if level is not None:
        if own:
            column = table.spelled.get(own[0], own[0])
            raise InvalidInput(
                f"{argument} has {column}, and altitude is given as well",
                remedy="keep one of them",
            )
        return (altitude(level),)
    if not own:
        raise InvalidInput(
            f"{argument} has no altitude",
            remedy="give altitude='300m-agl', or a column altitude_agl_m, altitude_amsl_m, "
            "flight_level or altitude",
            reason="FIELD_REQUIRED",
        )
    # Many points have few altitudes.
    known: dict[tuple[Any, ...], Altitude] = {}
    cells = zip(*(map(str, table.columns[name]) for name in own), strict=True)
    return [
        known.get(cell) or known.setdefault(cell, _altitude(table, i))
        for i, cell in enumerate(cells)
    ]


def _altitude(table: Table, i: int) -> Altitude:
    if table.has("altitude") and table.text(i, "altitude"):
        try:
            return altitude(table.columns["altitude"][i])
        except InvalidInput as error:
            spelled = table.spelled.get("altitude", "altitude")
            what = f"{table.part} {spelled}".strip()
            raise placed(error, f"{table.place(i)}: {what}") from None
    for name, wire in _LEVELS.items():
        metres = table.number(i, name)
        if metres is not None:
            return Altitude(**{wire: metres})
    raise table.fault(i, "altitude", "missing", "write 3000m-amsl, 300m-agl or FL100")
