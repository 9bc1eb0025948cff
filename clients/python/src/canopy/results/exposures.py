"""How exposed airstrips are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy.results import _words
from canopy.results._answer import MapAnswer
from canopy.results._html import MOST_LINES, Table
from canopy.results._layer import Columns, Layer, optional
from canopy.results._panel import Panel, around
from canopy.results.airstrips import AIRSTRIP_TOLD, airstrip_columns
from canopy.results.radars import Radars, radar_layer, radars_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canopy.v1 import coverage_pb2, geometry_pb2

# From how high above ground an airstrip is seen: the least, its colour, dark
# where nothing is seen, and its words.
_STEPS = (
    (3000.0, "#7e3b8a", "from above 3,000 m AGL"),
    (1000.0, "#d55e00", "from 1,000 to 3,000 m AGL"),
    (300.0, "#e69f00", "from 300 to 1,000 m AGL"),
    (float("-inf"), "#56b4e9", "from below 300 m AGL"),
)
_NEVER = ("#333333", "at no altitude")
_TOLD = (
    *AIRSTRIP_TOLD,
    *("ground_amsl_m", "floor_agl_m", "floor_amsl_m", "seen_by"),
    *("nearest_radar_id", "nearest_radar_km"),
)


class Exposures(MapAnswer):
    """From what altitude up an aircraft over each airstrip is seen, and by whom."""

    message: coverage_pb2.AssessAirstripsResponse

    def __init__(
        self,
        message: coverage_pb2.AssessAirstripsResponse,
        notes: Sequence[str] = (),
        *,
        outline: geometry_pb2.Area | None = None,
    ) -> None:
        super().__init__(message.warnings, message.provenance, notes)
        self.message = message
        self._area = outline

    @property
    def exposures(self) -> Sequence[coverage_pb2.AirstripExposure]:
        """The exposure of each airstrip, by airstrip_id."""
        return self.message.exposures

    @property
    def radars(self) -> Radars:
        """The radars as they entered the computation."""
        return Radars(self.message.radars)

    def __len__(self) -> int:
        return len(self.exposures)

    def _title(self) -> str:
        scenario = self.provenance.scenario_id
        return "Exposure of airstrips" + (f", scenario {scenario}" if scenario else "")

    def _summary(self) -> str:
        seen = sum(e.HasField("floor_amsl_m") for e in self.exposures)
        total = _words.count(len(self), "airstrip is", "airstrips are")
        return f"{seen} of {total} seen at some altitude; {radars_text(self.message.radars)}"

    def _layers(self) -> list[Layer]:
        columns = _columns(self.exposures)
        airstrips = Layer(
            "airstrips",
            "Point",
            columns,
            colours=[_step(agl_m)[0] for agl_m in columns["floor_agl_m"]],
            key={"seen " + text: colour for _, colour, text in reversed(_STEPS)}
            | {"seen " + _NEVER[1]: _NEVER[0]},
            told=_TOLD,
        )
        return [airstrips, radar_layer(self.message.radars)]

    def _panels(self) -> list[Panel]:
        """Show the airstrips, and of the radars those that are nearest to some."""
        layers = self._layers()
        near = {e.nearest_radar_id for e in self.exposures}
        shown = radar_layer([r for r in self.message.radars if r.radar_id in near])
        box = around([layers[0], shown], self._outline)
        return [Panel(self._title(), layers, self._outline, box=box)]

    def _table(self) -> Table:
        shown = self.exposures[:MOST_LINES]
        columns = _columns(shown)
        lines = [
            (
                e.airstrip.airstrip_id,
                e.airstrip.name,
                _words.metres_or(columns["ground_amsl_m"][i], "unknown"),
                _words.metres_or(columns["floor_agl_m"][i], "never"),
                _words.metres_or(columns["floor_amsl_m"][i], "never"),
                columns["seen_by"][i],
                f"{_words.kilometres(e.nearest_radar_km)} {e.nearest_radar_id}"
                if e.nearest_radar_id
                else "none in service",
            )
            for i, e in enumerate(shown)
        ]
        header = ("id", "name", "ground", "seen from AGL", "AMSL", "by", "nearest radar")
        return Table(header, lines, len(self), right=(2, 3, 4))


def _step(floor_agl_m: float) -> tuple[str, str]:
    """Return the colour and the words of a floor; NaN is at no altitude."""
    for least, colour, text in _STEPS:
        if floor_agl_m >= least:
            return colour, text
    return _NEVER


def _columns(exposures: Sequence[coverage_pb2.AirstripExposure]) -> Columns:
    return {
        **airstrip_columns([e.airstrip for e in exposures]),
        "ground_amsl_m": optional(exposures, "ground_amsl_m"),
        "floor_amsl_m": optional(exposures, "floor_amsl_m"),
        "floor_agl_m": optional(exposures, "floor_agl_m"),
        "seen_by": ["; ".join(e.seen_by) for e in exposures],
        "nearest_radar_id": [e.nearest_radar_id for e in exposures],
        "nearest_radar_km": [e.nearest_radar_km for e in exposures],
    }
