"""Radars, wherever they come from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from canopy._inputs import files, frames
from canopy._inputs.tables import POSITION, Schema, Table, need, of_rows
from canopy.errors import InvalidInput
from canopy.v1 import radar_pb2

_SCHEMA: Schema = {
    "name": (),
    **POSITION,
    "radar_id": ("id",),
    "model_id": ("model",),
    "mast_m": ("mast",),
    "range_km": ("range",),
    "min_range_km": (),
    "min_elevation_deg": (),
    "max_elevation_deg": (),
    "height_limit_amsl_m": ("height_limit_m",),
    "sector_from_deg": (),
    "sector_to_deg": (),
    "effective_earth_k": ("k",),
    "state": (),
}

_LIMITS = (
    "range_km",
    "min_range_km",
    "min_elevation_deg",
    "max_elevation_deg",
    "height_limit_amsl_m",
)

_STATES = {
    "": radar_pb2.RADAR_STATE_UNSPECIFIED,
    "in-service": radar_pb2.RADAR_STATE_IN_SERVICE,
    "out-of-service": radar_pb2.RADAR_STATE_OUT_OF_SERVICE,
}


@dataclass(frozen=True, kw_only=True)
class Radar:
    """A radar at a place; what is left out is that of its model.

    Degrees are those of WGS-84. ``mast_m`` is the height of the antenna above
    ground, ``range_km`` the instrumented slant range, ``state`` in-service or
    out-of-service. Sectors run clockwise from true north.
    """

    name: str
    lat_deg: float
    lon_deg: float
    radar_id: str = ""
    model_id: str = ""
    mast_m: float | None = None
    range_km: float | None = None
    min_range_km: float | None = None
    min_elevation_deg: float | None = None
    max_elevation_deg: float | None = None
    height_limit_amsl_m: float | None = None
    sector_from_deg: float | None = None
    sector_to_deg: float | None = None
    effective_earth_k: float | None = None
    state: str = ""


# A GeoDataFrame or DataFrame, a CSV or GeoJSON file, GeoJSON as a mapping, or
# radars: Radar, mappings with the same names, or messages of the contract.
SitesLike: TypeAlias = "str | os.PathLike[str] | Radar | Mapping[str, Any] | Iterable[Any] | Any"


@dataclass(frozen=True)
class Sites:
    """Radars, where each was written, and what was done to them."""

    radars: list[radar_pb2.Radar]
    places: list[str]
    notes: list[str]


def sites(value: SitesLike) -> Sites:
    """Return radars as messages."""
    messages = _messages(value)
    if messages:
        return Sites(messages, [f"sites[{i}]" for i in range(len(messages))], [])
    table = _table(value)
    need(table, ("name", "lat_deg", "lon_deg"), _SCHEMA, "sites")
    return Sites(_radars(table), [table.place(i) for i in range(table.length)], table.notes)


def _messages(value: Any) -> list[radar_pb2.Radar]:
    """Return radars that are messages already; none where they are not."""
    listed = [value] if isinstance(value, radar_pb2.Radar) else value
    if isinstance(listed, Sequence) and all(isinstance(r, radar_pb2.Radar) for r in listed):
        return list(listed)
    return []


def _table(value: Any) -> Table:
    if isinstance(value, (str, os.PathLike)):
        return files.read(value).table(_SCHEMA)
    if frames.is_geoframe(value):
        return frames.points_of_geoframe(value, _SCHEMA, "sites")
    if frames.is_frame(value):
        return frames.table_of_frame(value, _SCHEMA, "sites")
    if files.is_geojson_mapping(value):
        return files.table_of_features(files.features(value, "sites"), _SCHEMA)
    if isinstance(value, (Radar, Mapping)):
        value = [value]
    return _of_items(value)


def _of_items(value: Any) -> Table:
    if not isinstance(value, Iterable):
        raise InvalidInput(
            f"sites is of type {type(value).__name__}",
            remedy="want canopy.Radar, a dictionary, a GeoDataFrame, or a CSV or GeoJSON file",
        )
    rows = [_row(item, i) for i, item in enumerate(value)]
    if not rows:
        raise InvalidInput("sites is empty", remedy="leave it out for the radars of the scenario")
    return of_rows(rows, _SCHEMA, lambda i: f"sites[{i}]", strict=True)


def _row(item: Any, i: int) -> Mapping[str, Any]:
    if isinstance(item, Radar):
        return {name: value for name, value in asdict(item).items() if value not in (None, "")}
    if isinstance(item, Mapping):
        return item
    raise InvalidInput(
        f"sites[{i}] is of type {type(item).__name__}",
        remedy="want a canopy.Radar, or a dictionary with name, lat_deg and lon_deg",
    )


def _radars(table: Table) -> list[radar_pb2.Radar]:
    positions = table.position_messages()
    return [_radar(table, i, position) for i, position in enumerate(positions)]


def _radar(table: Table, i: int, position: Any) -> radar_pb2.Radar:
    name = table.text(i, "name")
    if not name:
        raise table.fault(i, "name", "empty", "every radar needs a name")
    radar = radar_pb2.Radar(
        radar_id=table.text(i, "radar_id"),
        name=name,
        model_id=table.text(i, "model_id"),
        position=position,
        mast_m=table.number(i, "mast_m"),
        effective_earth_k=table.number(i, "effective_earth_k"),
        state=_state(table, i),
    )
    limits = radar_pb2.RadarLimits(
        **{name: table.number(i, name) for name in _LIMITS}, sector=_sector(table, i)
    )
    if limits.ByteSize():
        radar.limits.CopyFrom(limits)
    return radar


def _state(table: Table, i: int) -> radar_pb2.RadarState:
    text = table.text(i, "state")
    state = _STATES.get(text.lower().replace("_", "-").replace(" ", "-"))
    if state is None:
        raise table.fault(
            i, "state", f'"{text}" is not a state', "want in-service or out-of-service"
        )
    return state


def _sector(table: Table, i: int) -> radar_pb2.Sector | None:
    start, end = table.number(i, "sector_from_deg"), table.number(i, "sector_to_deg")
    if start is None and end is None:
        return None
    if start is None:
        raise table.fault(i, "sector_from_deg", "empty, but sector_to_deg is set")
    if end is None:
        raise table.fault(i, "sector_to_deg", "empty, but sector_from_deg is set")
    return radar_pb2.Sector(from_deg=start, to_deg=end)
