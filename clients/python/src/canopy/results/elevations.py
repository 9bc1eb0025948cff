"""The ground: the elevation model, and its height at places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy.results import _words
from canopy.results._answer import Answer, MapAnswer
from canopy.results._html import MOST_LINES, Table
from canopy.results._layer import Layer, optional, place_columns
from canopy.v1 import provenance_pb2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canopy.v1 import geometry_pb2, terrain_pb2


class Elevations(MapAnswer):
    """The ground elevation at places, in the order in which they were given."""

    messages: list[terrain_pb2.GetElevationsResponse]

    def __init__(
        self,
        messages: Sequence[terrain_pb2.GetElevationsResponse],
        positions: Sequence[geometry_pb2.Position],
        notes: Sequence[str] = (),
    ) -> None:
        warnings = [warning for message in messages for warning in message.warnings]
        terrain = messages[0].terrain
        super().__init__(warnings, provenance_pb2.Provenance(terrain=terrain), notes)
        self.messages = list(messages)
        self._positions = list(positions)

    def __len__(self) -> int:
        return len(self._positions)

    def _title(self) -> str:
        return "Ground elevations"

    def _summary(self) -> str:
        return _words.count(len(self), "place", "places")

    def _layers(self) -> list[Layer]:
        found = [e for message in self.messages for e in message.elevations]
        columns = place_columns(self._positions)
        columns["elevation_amsl_m"] = optional(found, "elevation_amsl_m")
        layer = Layer("elevations", "Point", columns, name_column="elevation_amsl_m")
        return [layer]

    def _table(self) -> Table:
        heights = self._main().columns["elevation_amsl_m"]
        lines = [
            (_words.place(p), _words.metres_or(h, "unknown"))
            for p, h in zip(self._positions[:MOST_LINES], heights, strict=False)
        ]
        return Table(("place", "ground AMSL"), lines, len(self), right=(1,))


class TerrainInfo(Answer):
    """The elevation model that is loaded."""

    message: terrain_pb2.GetTerrainResponse

    def __init__(self, message: terrain_pb2.GetTerrainResponse) -> None:
        super().__init__(message.warnings, provenance_pb2.Provenance(terrain=message.terrain))
        self.message = message

    def _title(self) -> str:
        return "Terrain " + _words.terrain_text(self.message.terrain)

    def _summary(self) -> str:
        return (
            f"{_words.grouped(self.message.columns)} by {_words.grouped(self.message.rows)} posts"
        )

    def _table(self) -> Table:
        terrain = self.message.terrain
        lines = [
            ("box", _box_text(self.message.bounding_box)),
            ("identity", terrain.identity),
            ("source", terrain.source),
            ("licence", terrain.licence),
        ]
        lines = [line for line in lines if line[1]]
        return Table(("", ""), lines, len(lines))


def _box_text(box: geometry_pb2.BoundingBox) -> str:
    south, north, west, east = (
        _words.plain(round(degrees, 4))
        for degrees in (box.south_deg, box.north_deg, box.west_deg, box.east_deg)
    )
    return f"latitude {south} to {north}, longitude {west} to {east}"
