"""Points that were checked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from canopy.results import _colours, _sights, _words
from canopy.results._answer import MapAnswer
from canopy.results._html import MOST_LINES, Table
from canopy.results._layer import Columns, Layer, optional, place_columns, uncollected
from canopy.results._panel import Panel, around
from canopy.results.radars import Radars, radar_layer, radars_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canopy.v1 import coverage_pb2, geometry_pb2


class Checks(MapAnswer):
    """Whether points are seen, by whom, from what altitude up, and if not, why.

    The points are in the order in which they were given. Many points are asked
    for in several calls, whose answers are the messages.
    """

    messages: list[coverage_pb2.CheckPointsResponse]

    def __init__(
        self,
        messages: Sequence[coverage_pb2.CheckPointsResponse],
        notes: Sequence[str] = (),
        *,
        outline: geometry_pb2.Area | None = None,
        altitude: geometry_pb2.Altitude | None = None,
    ) -> None:
        """``altitude`` is that of all points, where they have one."""
        warnings = [warning for message in messages for warning in message.warnings]
        super().__init__(warnings, messages[0].provenance, notes)
        self.messages = list(messages)
        self._area = outline
        self._altitude = None if altitude is None else _words.altitude_id(altitude)

    @cached_property
    def outcomes(self) -> list[coverage_pb2.PointOutcome]:
        """The outcome of each point."""
        with uncollected():
            return [outcome for message in self.messages for outcome in message.outcomes]

    @property
    def radars(self) -> Radars:
        """The radars as they entered the computation."""
        return Radars(self.messages[0].radars)

    def __len__(self) -> int:
        return len(self.outcomes)

    @property
    def seen_count(self) -> int:
        """How many of the points are seen."""
        return sum(outcome.seen for outcome in self.outcomes)

    def _title(self) -> str:
        scenario = self.provenance.scenario_id
        return "Points checked" + (f", scenario {scenario}" if scenario else "")

    def _summary(self) -> str:
        total = _words.count(len(self), "point is", "points are")
        seen = f"{_words.grouped(self.seen_count)} of {total} seen"
        return f"{seen}; {radars_text(self.messages[0].radars)}"

    def _layers(self) -> list[Layer]:
        columns = _columns(self.outcomes, self.messages[0], self._altitude)
        colours = [_colours.SEEN if seen else _colours.UNSEEN for seen in columns["seen"]]
        points = Layer(
            "points",
            "Point",
            columns,
            colours=colours,
            key={"seen": _colours.SEEN, "not seen": _colours.UNSEEN},
            name_column="altitude",
        )
        return [points, radar_layer(self.messages[0].radars)]

    def _panels(self) -> list[Panel]:
        """Show the points, and of the radars those that see some, or are nearest."""
        layers = self._layers()
        near = {radar_id for o in self.outcomes for radar_id in o.seen_by}
        near |= {o.sights[0].radar_id for o in self.outcomes if o.sights}
        shown = radar_layer([r for r in self.radars if r.radar_id in near])
        box = around([layers[0], shown], self._outline)
        return [Panel(self._title(), layers, self._outline, box=box)]

    def _table(self) -> Table:
        shown = self.outcomes[:MOST_LINES]
        columns, radars = (
            _columns(shown, self.messages[0], self._altitude),
            _sights.by_id(self.messages[0].radars),
        )
        lines = [
            (
                _words.place(o.point.position),
                _words.altitude_text(o.point.altitude),
                "seen" if o.seen else "NOT SEEN",
                columns["seen_by"][i],
                _words.metres_or(columns["floor_amsl_m"][i], "never"),
                _words.metres_or(columns["floor_agl_m"][i], "never"),
                _sights.nearest(o, radars),
            )
            for i, o in enumerate(shown)
        ]
        header = ("point", "altitude", "", "by", "seen from AMSL", "AGL", "nearest radar")
        return Table(header, lines, len(self), right=(4, 5))


def _columns(
    outcomes: Sequence[coverage_pb2.PointOutcome],
    message: coverage_pb2.CheckPointsResponse,
    altitude: str | None,
) -> Columns:
    points = [o.point for o in outcomes]
    altitudes = [altitude] * len(points) if altitude else _altitude_ids(points)
    return {
        **place_columns([p.position for p in points]),
        "altitude": altitudes,
        "altitude_amsl_m": [o.altitude_amsl_m for o in outcomes],
        "ground_amsl_m": optional(outcomes, "ground_amsl_m"),
        "seen": [o.seen for o in outcomes],
        "seen_by": _seen_by(outcomes, message.provenance.min_radars),
        "floor_amsl_m": optional(outcomes, "floor_amsl_m"),
        "floor_agl_m": optional(outcomes, "floor_agl_m"),
        "ceiling_amsl_m": optional(outcomes, "ceiling_amsl_m"),
        "why": _why(outcomes, message),
    }


def _seen_by(outcomes: Sequence[coverage_pb2.PointOutcome], min_radars: int) -> list[str]:
    """Name the radars; to look into a list that is known to be empty takes its time."""
    if min_radars > 1:
        return ["; ".join(o.seen_by) for o in outcomes]
    return ["; ".join(o.seen_by) if o.seen else "" for o in outcomes]


def _why(
    outcomes: Sequence[coverage_pb2.PointOutcome], message: coverage_pb2.CheckPointsResponse
) -> list[str]:
    """Say how radars look at each point; an answer has sights of all points, or of none."""
    if not (outcomes and outcomes[0].sights):
        return [""] * len(outcomes)
    radars = _sights.by_id(message.radars)
    return [_sights.why(o, radars) for o in outcomes]


def _altitude_ids(points: Sequence[coverage_pb2.Point]) -> list[str]:
    """Write altitudes, each of those that are alike once."""
    altitudes = [p.altitude for p in points]
    keys = [a.SerializeToString() for a in altitudes]
    texts = {
        key: _words.altitude_id(a) for key, a in dict(zip(keys, altitudes, strict=True)).items()
    }
    return [texts[key] for key in keys]
