"""What a network loses with its radars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy.results import _words
from canopy.results._answer import MapAnswer
from canopy.results._html import MOST_LINES, Table
from canopy.results._layer import Columns, Layer, place_columns
from canopy.results._panel import Panel, named
from canopy.results.radars import Radars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from pandas import DataFrame

    from canopy.v1 import geometry_pb2, radar_pb2, siting_pb2

# How much of what the network covers is lost with a radar: the least share, its
# colour, and its words.
_STEPS = (
    (0.25, "#7e3b8a", "a quarter or more of the coverage is lost with it"),
    (0.1, "#d55e00", "a tenth or more is lost with it"),
    (0.02, "#e69f00", "a fiftieth or more is lost with it"),
    (0.0, "#56b4e9", "less is lost with it"),
)


class Criticality(MapAnswer):
    """What is lost when each radar alone fails, and what is covered on average."""

    message: siting_pb2.AssessCriticalityResponse

    def __init__(
        self,
        message: siting_pb2.AssessCriticalityResponse,
        notes: Sequence[str] = (),
        *,
        outline: geometry_pb2.Area | None = None,
    ) -> None:
        super().__init__(message.warnings, message.provenance, notes)
        self.message = message
        self._area = outline

    @property
    def altitudes(self) -> list[str]:
        """The altitudes, as they are asked for: 300m-agl, FL100."""
        return [_words.altitude_id(band.altitude) for band in self._found.bands]

    @property
    def radars(self) -> Radars:
        """The radars as they entered the computation."""
        return Radars(self.message.radars)

    @property
    def bands(self) -> DataFrame:
        """A line for each altitude: what all radars cover, and what they do on average."""
        return Layer("bands", "Point", _band_columns(self._found)).dataframe()

    @property
    def losses(self) -> DataFrame:
        """A line for each radar and altitude: what is lost with it, the worst radar first."""
        return Layer("losses", "Point", _loss_columns(self._found)).dataframe()

    @property
    def pair(self) -> DataFrame | None:
        """The two radars that back each other up most, a line an altitude; None for none."""
        if not self._found.HasField("pair"):
            return None
        first, second = self._found.pair.radar_ids
        areas = list(self._found.pair.areas_km2)
        columns: Columns = {
            "altitude": self.altitudes,
            "radar_id": [first] * len(areas),
            "other_radar_id": [second] * len(areas),
            "area_km2": areas,
        }
        return Layer("pair", "Point", columns).dataframe()

    def plot_losses(self, *, ax: Axes | None = None, legend: bool = True) -> Axes:
        """Draw what is lost with each radar, the worst first, a bar an altitude."""
        from canopy.results import _curve

        names = {r.radar_id: r.name for r in self.message.radars}
        return _curve.loss_axes(self._found, names, self._about(), ax, legend=legend)

    @property
    def _found(self) -> siting_pb2.Criticality:
        return self.message.criticality

    def _title(self) -> str:
        scenario = self.provenance.scenario_id
        over = f"Criticality of radars over {_words.airspace_name(self.provenance)}"
        return over + (f", scenario {scenario}" if scenario else "")

    def _summary(self) -> str:
        shares = [
            f"{_words.percent(b.covered_share)} covered at {_words.altitude_text(b.altitude)}, "
            f"{_words.percent(b.expected_covered_share)} on average"
            for b in self._found.bands
        ]
        works = f"each radar works {_words.roughly(self._found.availability)} of the time"
        return "; ".join([*shares, works, *self._pair_text()])

    def _pair_text(self) -> list[str]:
        if not self._found.HasField("pair"):
            return []
        names = {r.radar_id: r.name for r in self.message.radars}
        pair = " and ".join(names.get(i, i) for i in self._found.pair.radar_ids)
        areas = [
            f"{_words.area(km2)} km² at {_words.altitude_text(b.altitude)}"
            for km2, b in zip(self._found.pair.areas_km2, self._found.bands, strict=True)
        ]
        return [f"{pair} back each other up over {', '.join(areas)}"]

    def _layers(self) -> list[Layer]:
        losses = self._found.radars
        colours = [_colour(loss) for loss in losses]
        key = {text: colour for _, colour, text in _STEPS}
        columns = _radar_columns(self._found, self.message.radars)
        return [Layer("radars", "Point", columns, colours=colours, key=key)]

    def _panels(self) -> list[Panel]:
        return [Panel(self._title(), self._layers(), self._outline)]

    def _small_panels(self) -> list[Panel]:
        numbers = [str(i + 1) for i in range(len(self._found.radars))]
        return [named(panel, numbers) for panel in self._panels()]

    def _table(self) -> Table:
        names = {r.radar_id: r.name for r in self.message.radars}
        lines = [
            (
                f"{i}. {names.get(loss.radar_id, loss.radar_id)}",
                *(
                    f"{_words.area(band.lost_area_km2)} km² ({_words.percent(band.lost_share)})"
                    for band in loss.bands
                ),
                _words.grouped(len(loss.airstrip_ids)),
            )
            for i, loss in enumerate(self._found.radars[:MOST_LINES], 1)
        ]
        lost = [f"lost at {_words.altitude_text(b.altitude)}" for b in self._found.bands]
        header = ("without", *lost, "airstrips no longer seen")
        return Table(header, lines, len(self._found.radars), right=range(1, len(header)))

    def _members(self) -> dict[str, object]:
        columns = _band_columns(self._found)
        bands = [
            dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)
        ]
        pair: dict[str, object] = {}
        if self._found.HasField("pair"):
            pair["pair"] = {
                "radar_ids": list(self._found.pair.radar_ids),
                "areas_km2": list(self._found.pair.areas_km2),
            }
        found = {"bands": bands, "availability": self._found.availability}
        return {**found, **pair, **self._about().members()}


def _colour(loss: siting_pb2.RadarLoss) -> str:
    """Return the colour of the largest share that is lost at an altitude."""
    worst = max((b.lost_share for b in loss.bands), default=0.0)
    return next(colour for least, colour, _ in _STEPS if worst >= least)


def _band_columns(found: siting_pb2.Criticality) -> Columns:
    bands = found.bands
    most = max((len(b.area_by_count_km2) for b in bands), default=0)
    fields = (
        "airspace_area_km2",
        "covered_area_km2",
        "covered_share",
        "expected_covered_area_km2",
        "expected_covered_share",
    )
    return {
        "altitude": [_words.altitude_id(b.altitude) for b in bands],
        **{field: [getattr(b, field) for b in bands] for field in fields},
        **{
            f"seen_by_{count}_km2": [
                b.area_by_count_km2[count] if count < len(b.area_by_count_km2) else 0.0
                for b in bands
            ]
            for count in range(most)
        },
    }


def _loss_columns(found: siting_pb2.Criticality) -> Columns:
    lines = [
        (loss, band, altitude)
        for loss in found.radars
        for band, altitude in zip(loss.bands, found.bands, strict=True)
    ]
    return {
        "radar_id": [loss.radar_id for loss, _, _ in lines],
        "altitude": [_words.altitude_id(b.altitude) for _, _, b in lines],
        "lost_km2": [band.lost_area_km2 for _, band, _ in lines],
        "lost_share": [band.lost_share for _, band, _ in lines],
        **{
            f"lost_km2_in_{zone.lower()}": [band.zones_lost_km2[i] for _, band, _ in lines]
            for i, zone in enumerate(found.zones)
        },
        "airstrips": ["; ".join(loss.airstrip_ids) for loss, _, _ in lines],
    }


def _radar_columns(
    found: siting_pb2.Criticality, radars: Sequence[radar_pb2.ResolvedRadar]
) -> Columns:
    """Return what is lost with each radar in one line, as files have it."""
    by_id = {r.radar_id: r for r in radars}
    losses = found.radars
    standing = [by_id[loss.radar_id] for loss in losses]
    columns: Columns = {
        "radar_id": [loss.radar_id for loss in losses],
        "name": [r.name for r in standing],
        **place_columns([r.position for r in standing]),
        "model_id": [r.model_id for r in standing],
    }
    for i, band in enumerate(found.bands):
        altitude = _words.altitude_column(band.altitude)
        lost = [loss.bands[i] for loss in losses]
        columns["lost_km2_" + altitude] = [b.lost_area_km2 for b in lost]
        columns["lost_share_" + altitude] = [b.lost_share for b in lost]
        for z, zone in enumerate(found.zones):
            column = f"lost_km2_{altitude}_in_{zone.lower()}"
            columns[column] = [b.zones_lost_km2[z] for b in lost]
    columns["airstrip_count"] = [len(loss.airstrip_ids) for loss in losses]
    columns["airstrips"] = ["; ".join(loss.airstrip_ids) for loss in losses]
    return columns
