"""Airstrips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy.results import _colours, _words
from canopy.results._answer import MapAnswer
from canopy.results._html import MOST_LINES, Table
from canopy.results._layer import Columns, Layer, optional, place_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from canopy.v1 import airstrip_pb2, geometry_pb2
# What maps tell of an airstrip.
AIRSTRIP_TOLD = ("airstrip_id", "name", "status", "kind", "length_m")


class Airstrips(MapAnswer):
    """Airstrips, and how far they are where a place was asked about."""

    messages: list[airstrip_pb2.Airstrip]
    distances_km: list[float] | None

    def __init__(
        self,
        messages: Sequence[airstrip_pb2.Airstrip],
        distances_km: Sequence[float] | None = None,
        notes: Sequence[str] = (),
        *,
        outline: geometry_pb2.Area | None = None,
    ) -> None:
        super().__init__(notes=notes)
        self.messages = list(messages)
        self.distances_km = None if distances_km is None else list(distances_km)
        self._area = outline

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[airstrip_pb2.Airstrip]:
        return iter(self.messages)

    def _title(self) -> str:
        return "Airstrips"

    def _summary(self) -> str:
        return _words.count(len(self), "airstrip", "airstrips")

    def _layers(self) -> list[Layer]:
        columns = airstrip_columns(self.messages)
        if self.distances_km is not None:
            columns["distance_km"] = self.distances_km
        colours = [_colours.AIRSTRIP] * len(self.messages)
        told = [name for name in (*AIRSTRIP_TOLD, "distance_km") if name in columns]
        return [Layer("airstrips", "Point", columns, colours=colours, told=told)]

    def _table(self) -> Table:
        lines = [
            (
                a.airstrip_id,
                a.name,
                _words.place(a.position),
                ("?" if a.elevation_doubtful else "")
                + _words.metres_or(
                    a.elevation_amsl_m if a.HasField("elevation_amsl_m") else None, ""
                ),
                _words.metres_or(a.length_m if a.HasField("length_m") else None, ""),
                _words.status_word(a.status),
                _words.kilometres(self.distances_km[i]) if self.distances_km else "",
            )
            for i, a in enumerate(self.messages[:MOST_LINES])
        ]
        header = ("id", "name", "where", "elevation", "length", "status", "distance")
        return Table(header, lines, len(self), right=(3, 4, 6))


def airstrip_columns(airstrips: Sequence[airstrip_pb2.Airstrip]) -> Columns:
    return {
        "airstrip_id": [a.airstrip_id for a in airstrips],
        "name": [a.name for a in airstrips],
        **place_columns([a.position for a in airstrips]),
        "elevation_amsl_m": optional(airstrips, "elevation_amsl_m"),
        "length_m": optional(airstrips, "length_m"),
        "status": [_words.status_word(a.status) for a in airstrips],
        "kind": [a.kind for a in airstrips],
        "municipality": [a.municipality for a in airstrips],
        "as_of": [a.as_of for a in airstrips],
        "source": [a.source for a in airstrips],
        "elevation_doubtful": [a.elevation_doubtful for a in airstrips],
    }
