"""Radars, wherever they come from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from canopy._inputs import files, frames
from canopy._inputs.tables import POSITION, Schema, Table, need, of_rows
from canopy.errors import InvalidInput
from canopy.v1 import radar_pb2

if TYPE_CHECKING:
    from google.protobuf.message import Message

M = TypeVar("M", bound="Message")

SCHEMA: Schema = {
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


# A GeoDataFrame or DataFrame, a CSV or GeoJSON file, GeoJSON as a mapping, an
# answer with radars such as a plan, or radars: Radar, mappings with the same
# names, or messages of the contract.
SitesLike: TypeAlias = "str | os.PathLike[str] | Radar | Mapping[str, Any] | Iterable[Any] | Any"


@dataclass(frozen=True)
class Sites:
    """Radars, where each was written, and what was done to them."""

    radars: list[radar_pb2.Radar]
    places: list[str]
    notes: list[str]


def sites(value: SitesLike) -> Sites:
    """Return radars as messages."""
    listed = messages(value.as_sites() if hasattr(value, "as_sites") else value, radar_pb2.Radar)
    if listed:
        return Sites(listed, [f"sites[{i}]" for i in range(len(listed))], [])
    table = table_of(value, SCHEMA, "sites")
    positions = table.position_messages()
    radars = [radar(table, i, position) for i, position in enumerate(positions)]
    return Sites(radars, [table.place(i) for i in range(table.length)], table.notes)


def messages(value: Any, kind: type[M]) -> list[M]:
    """Return what are messages already; none where they are not."""
    listed = [value] if isinstance(value, kind) else value
    if isinstance(listed, Sequence) and all(isinstance(message, kind) for message in listed):
        return list(listed)
    return []


def table_of(value: Any, schema: Schema, argument: str) -> Table:
    """Return rows that each have a name and a place at least."""
    table = _table(value, schema, argument)
    need(table, ("name", "lat_deg", "lon_deg"), schema, argument)
    return table


def _table(value: Any, schema: Schema, argument: str) -> Table:
    if isinstance(value, (str, os.PathLike)):
        return files.read(value).table(schema)
    if frames.is_geoframe(value):
        return frames.points_of_geoframe(value, schema, argument)
    if frames.is_frame(value):
        return frames.table_of_frame(value, schema, argument)
    if files.is_geojson_mapping(value):
        return files.table_of_features(files.features(value, argument), schema)
    if isinstance(value, (Radar, Mapping)):
        value = [value]
    return _of_items(value, schema, argument)


def _of_items(value: Any, schema: Schema, argument: str) -> Table:
    if not isinstance(value, Iterable):
        raise InvalidInput(
            f"{argument} is of type {type(value).__name__}",
            remedy=f"want canopy.{_KINDS[argument]}, a dictionary, a GeoDataFrame, "
            "or a CSV or GeoJSON file",
        )
    rows = [_row(item, f"{argument}[{i}]", _KINDS[argument]) for i, item in enumerate(value)]
    if not rows:
        raise InvalidInput(f"{argument} is empty", remedy=f"leave it out for {_ELSE[argument]}")
    return of_rows(rows, schema, lambda i: f"{argument}[{i}]", strict=True)


# What an item of each argument is, and what stands in for none.
_KINDS = {"sites": "Radar", "candidates": "Candidate"}
_ELSE = {"sites": "the radars of the scenario", "candidates": "airports"}


def _row(item: Any, place: str, kind: str) -> Mapping[str, Any]:
    if isinstance(item, Radar):
        return {name: value for name, value in asdict(item).items() if value not in (None, "")}
    if isinstance(item, Mapping):
        return item
    raise InvalidInput(
        f"{place} is of type {type(item).__name__}",
        remedy=f"want a canopy.{kind}, or a dictionary with name, lat_deg and lon_deg",
    )


def radar(table: Table, i: int, position: Any) -> radar_pb2.Radar:
    """Return the radar of a row."""
    name = table.text(i, "name")
    if not name:
        raise table.fault(i, "name", "empty", "every radar needs a name")
    made = radar_pb2.Radar(
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
        made.limits.CopyFrom(limits)
    return made


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
