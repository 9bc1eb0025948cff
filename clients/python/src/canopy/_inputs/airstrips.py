"""Airstrips of the user's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from canopy._inputs import files, frames
from canopy._inputs.tables import POSITION, Schema, Table, need, of_rows
from canopy.errors import InvalidInput
from canopy.v1 import airstrip_pb2

_SCHEMA: Schema = {
    "name": (),
    **POSITION,
    "airstrip_id": ("id",),
    "elevation_amsl_m": ("elevation_m", "elevation"),
    "length_m": ("length",),
    "status": (),
    "kind": ("type",),
    "municipality": (),
    "as_of": ("date",),
    "source": (),
}

STATUSES = {
    "unknown": airstrip_pb2.AIRSTRIP_STATUS_UNSPECIFIED,
    "active": airstrip_pb2.AIRSTRIP_STATUS_ACTIVE,
    "closed": airstrip_pb2.AIRSTRIP_STATUS_CLOSED,
    "destroyed": airstrip_pb2.AIRSTRIP_STATUS_DESTROYED,
}

# A GeoDataFrame or DataFrame, a CSV or GeoJSON file, GeoJSON as a mapping, or
# mappings with name, lat_deg and lon_deg.
AirstripsLike: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | Iterable[Any] | Any"


@dataclass(frozen=True)
class OwnAirstrips:
    """Airstrips, where each was written, and what was done to them."""

    selection: airstrip_pb2.AirstripSelection
    place: Callable[[int], str] = "airstrips[{}]".format
    notes: list[str] = field(default_factory=list)


def airstrips(value: AirstripsLike | None, builtin: bool, argument: str) -> OwnAirstrips:
    """Return which airstrips are meant: the built-in list, the user's, or both."""
    selection = airstrip_pb2.AirstripSelection(without_builtin=not builtin)
    if value is None:
        return OwnAirstrips(selection)
    table = _table(value, argument)
    need(table, ("name", "lat_deg", "lon_deg"), _SCHEMA, argument)
    positions = table.position_messages()
    selection.airstrips.extend([_airstrip(table, i, at) for i, at in enumerate(positions)])
    return OwnAirstrips(selection, table.place, table.notes)


def statuses(value: str | Iterable[str] | None) -> list[airstrip_pb2.AirstripStatus]:
    """Return the statuses that are named."""
    if value is None:
        return []
    named = [value] if isinstance(value, str) else list(value)
    for name in named:
        if name not in STATUSES:
            known = ", ".join(STATUSES)
            raise InvalidInput(f'status: "{name}" is not a status', remedy=f"want one of {known}")
    return [STATUSES[name] for name in named]


def _table(value: Any, argument: str) -> Table:
    if isinstance(value, (str, os.PathLike)):
        return files.read(value).table(_SCHEMA)
    if frames.is_geoframe(value):
        return frames.points_of_geoframe(value, _SCHEMA, argument)
    if frames.is_frame(value):
        return frames.table_of_frame(value, _SCHEMA, argument)
    if files.is_geojson_mapping(value):
        return files.table_of_features(files.features(value, argument), _SCHEMA)
    rows = [value] if isinstance(value, Mapping) else value
    return _of_items(rows, argument)


def _of_items(rows: Any, argument: str) -> Table:
    listed = list(rows) if isinstance(rows, Iterable) else [rows]
    for i, row in enumerate(listed):
        if not isinstance(row, Mapping):
            raise InvalidInput(
                f"{argument}[{i}] is of type {type(row).__name__}",
                remedy="want a dictionary with name, lat_deg and lon_deg",
            )
    if not listed:
        raise InvalidInput(f"{argument} is empty", remedy="leave it out, or give airstrips")
    return of_rows(listed, _SCHEMA, lambda i: f"{argument}[{i}]")


def _airstrip(table: Table, i: int, position: Any) -> airstrip_pb2.Airstrip:
    name = table.text(i, "name")
    if not name:
        raise table.fault(i, "name", "empty", "every airstrip needs a name")
    return airstrip_pb2.Airstrip(
        airstrip_id=table.text(i, "airstrip_id"),
        name=name,
        position=position,
        elevation_amsl_m=table.number(i, "elevation_amsl_m"),
        length_m=table.number(i, "length_m"),
        status=_status(table, i),
        kind=table.text(i, "kind"),
        municipality=table.text(i, "municipality"),
        as_of=table.text(i, "as_of"),
        source=table.text(i, "source"),
    )


def _status(table: Table, i: int) -> airstrip_pb2.AirstripStatus:
    text = table.text(i, "status")
    status = STATUSES.get(text.lower() or "unknown")
    if status is None:
        raise table.fault(
            i, "status", f'"{text}" is not a status', "want active, closed or destroyed"
        )
    return status
