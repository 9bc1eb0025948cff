"""Radars, as they entered a computation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy.results import _colours, _words
from canopy.results._answer import MapAnswer
from canopy.results._html import MOST_LINES, Table
from canopy.results._layer import ABSENT, Columns, Layer, optional, place_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from canopy.v1 import radar_pb2

# The limits of a radar, as messages and files of sites name them.
LIMITS = (
    "range_km",
    "min_range_km",
    "min_elevation_deg",
    "max_elevation_deg",
    "height_limit_amsl_m",
)


class Radars(MapAnswer):
    """Radars with every default filled in, and their antennas over the terrain."""

    messages: list[radar_pb2.ResolvedRadar]

    def __init__(self, messages: Sequence[radar_pb2.ResolvedRadar]) -> None:
        super().__init__()
        self.messages = list(messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[radar_pb2.ResolvedRadar]:
        return iter(self.messages)

    def _title(self) -> str:
        return "Radars"

    def _summary(self) -> str:
        return radars_text(self.messages)

    def _layers(self) -> list[Layer]:
        return [radar_layer(self.messages)]

    def _table(self) -> Table:
        lines = [
            (
                r.name,
                r.model_id,
                _words.metres(r.mast_m),
                _words.metres(r.antenna_amsl_m),
                _words.kilometres(r.limits.range_km),
                _words.state_word(r.state),
            )
            for r in self.messages[:MOST_LINES]
        ]
        header = ("radar", "model", "mast", "antenna AMSL", "range", "state")
        return Table(header, lines, len(self), right=(2, 3, 4))


def radar_layer(radars: Sequence[radar_pb2.ResolvedRadar]) -> Layer:
    return Layer("radars", "Point", radar_columns(radars), colours=[_colours.RADAR] * len(radars))


def radar_columns(radars: Sequence[radar_pb2.ResolvedRadar]) -> Columns:
    return {
        "radar_id": [r.radar_id for r in radars],
        "name": [r.name for r in radars],
        **place_columns([r.position for r in radars]),
        "model_id": [r.model_id for r in radars],
        "mast_m": [r.mast_m for r in radars],
        "antenna_amsl_m": [r.antenna_amsl_m for r in radars],
        "range_km": [r.limits.range_km for r in radars],
        "state": [_words.state_word(r.state) for r in radars],
    }


def site_columns(radars: Sequence[radar_pb2.Radar]) -> Columns:
    """Return radars in the columns of files of sites."""
    limits = [r.limits for r in radars]
    sectors = [m.sector if m.HasField("sector") else None for m in limits]
    return {
        "radar_id": [r.radar_id for r in radars],
        "name": [r.name for r in radars],
        **place_columns([r.position for r in radars]),
        "model_id": [r.model_id for r in radars],
        "mast_m": optional(radars, "mast_m"),
        **{field: optional(limits, field) for field in LIMITS},
        "sector_from_deg": [ABSENT if s is None else s.from_deg for s in sectors],
        "sector_to_deg": [ABSENT if s is None else s.to_deg for s in sectors],
        "effective_earth_k": optional(radars, "effective_earth_k"),
        "state": [_words.state_word(r.state) for r in radars],
    }


def radars_text(radars: Sequence[radar_pb2.ResolvedRadar]) -> str:
    """Say which radars work, and which do not."""
    working = [r.name for r in radars if not _words.is_out_of_service(r.state)]
    others = [r.name for r in radars if _words.is_out_of_service(r.state)]
    text = _names(working, "in service")
    return text + ("; " + _names(others, "out of service") if others else "")


def _names(names: Sequence[str], state: str) -> str:
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    text = f"{_words.count(len(names), 'radar', 'radars')} {state}"
    return f"{text} ({shown})" if shown else text
