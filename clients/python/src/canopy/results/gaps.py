"""The gaps of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from canopy.errors import InvalidInput
from canopy.results import _colours, _words
from canopy.results._answer import MapAnswer
from canopy.results._html import Table
from canopy.results._layer import ABSENT, Columns, Layer, optional, polygon
from canopy.results._panel import KeyEntry, Panel
from canopy.results.radars import Radars, radar_layer, radars_text
from canopy.v1 import radar_pb2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from canopy.v1 import coverage_pb2, geometry_pb2, siting_pb2

_FLOOR_FIELDS = (
    "lowest_agl_m",
    "median_agl_m",
    "highest_agl_m",
    "lowest_amsl_m",
    "median_amsl_m",
    "highest_amsl_m",
)
_TOLD: tuple[str, ...] = (
    "gap_id",
    "area_km2",
    "share",
    "main_cause",
    "departments",
    "airstrip_count",
    "floor_lowest_agl_m",
    "floor_median_agl_m",
    "never_seen_share",
)


class Gaps(MapAnswer):
    """Where a network does not cover an airspace, altitude by altitude, and why."""

    message: coverage_pb2.FindGapsResponse
    # The candidates that would close gaps, where they were asked for.
    suggested: siting_pb2.SuggestSitesResponse | None

    def __init__(
        self,
        message: coverage_pb2.FindGapsResponse,
        notes: Sequence[str] = (),
        *,
        outline: geometry_pb2.Area | None = None,
        suggested: siting_pb2.SuggestSitesResponse | None = None,
    ) -> None:
        """``suggested`` names candidates that would close gaps."""
        more = suggested.warnings if suggested is not None else []
        super().__init__([*message.warnings, *more], message.provenance, notes)
        self.message = message
        self.suggested = suggested
        self._area = outline

    @property
    def bands(self) -> Sequence[coverage_pb2.Band]:
        """The airspace at each altitude, in the order of the request."""
        return self.message.bands

    @property
    def altitudes(self) -> list[str]:
        """The altitudes, as they are asked for: 300m-agl, FL100."""
        return [_words.altitude_id(band.altitude) for band in self.bands]

    @property
    def radars(self) -> Radars:
        """The radars as they entered the computation."""
        return Radars(self.message.radars)

    def to_dataframe(self) -> DataFrame:
        """Return a line for each altitude: what is covered of it, and what is not."""
        return Layer("bands", "Point", _band_columns(self.bands)).dataframe()

    def plot(
        self, altitude: str | None = None, *, ax: Axes | None = None, legend: bool = True
    ) -> Axes:
        """Draw the map of one altitude, such as 300m-agl; the first where not named."""
        from canopy.results import _plot

        panel = self._panel(self._band(altitude))
        return _plot.map_axes(panel, self._about(), ax, legend=legend)

    def plot_all(self) -> list[Axes]:
        """Draw the maps of all altitudes beside each other."""
        from canopy.results import _plot

        return _plot.map_grid(self._panels(), self._about(), None)

    def _draw(self, figure: Figure) -> None:
        from canopy.results import _plot

        if len(self.bands) == 1:
            super()._draw(figure)
        else:
            _plot.map_grid(self._panels(), self._about(), figure)

    def _band(self, altitude: str | None) -> coverage_pb2.Band:
        if altitude is None:
            return self.bands[0]
        for band, name in zip(self.bands, self.altitudes, strict=True):
            if name == altitude.strip().lower() or name == altitude.strip().upper():
                return band
        raise InvalidInput(
            f'altitude "{altitude}" is not in this answer',
            remedy="name one of " + ", ".join(self.altitudes),
        )

    def _title(self) -> str:
        scenario = self.provenance.scenario_id
        over = f"Gaps over {_words.airspace_name(self.provenance)}"
        return over + (f", scenario {scenario}" if scenario else "")

    def _summary(self) -> str:
        shares = [
            f"{_words.percent(b.covered_share)} covered at {_words.altitude_text(b.altitude)}"
            for b in self.bands
        ]
        return ", ".join(shares) + "; " + radars_text(self.message.radars)

    def _layers(self) -> list[Layer]:
        return [_gap_layer(self.bands, self.suggested), radar_layer(self.message.radars)]

    def _panels(self) -> list[Panel]:
        return [self._panel(band) for band in self.bands]

    def _panel(self, band: coverage_pb2.Band) -> Panel:
        layers = [_gap_layer([band], self.suggested), radar_layer(self.message.radars)]
        shown = Panel("", layers[:1], self._outline)
        title = (
            f"{_words.altitude_text(band.altitude)}: {_words.percent(band.covered_share)} covered"
        )
        rest = _rest(band) if self._outline else None
        return Panel(title, layers, self._outline, rest=rest, box=shown.extent())

    def _table(self) -> Table:
        header = ("altitude", "covered km²", "share", "uncovered km²", "share", "gaps", "why")
        lines = [
            (
                _words.altitude_text(b.altitude),
                _words.area(b.covered_area_km2),
                _words.percent(b.covered_share),
                _words.area(b.uncovered_area_km2),
                _words.percent(b.uncovered_share),
                _words.grouped(b.gap_count),
                _words.causes_text(b.causes),
            )
            for b in self.bands
        ]
        return Table(header, lines, len(lines), right=(1, 2, 3, 4, 5))

    def _members(self) -> dict[str, object]:
        members: dict[str, object] = {"bands": [_band_member(band) for band in self.bands]}
        if self.suggested is not None:
            members["candidate_count"] = self.suggested.candidate_count
        return members | self._about().members()


def _rest(band: coverage_pb2.Band) -> KeyEntry:
    """Say what of an airspace is no gap; the answer does not tell where it is ground."""
    if band.underground_area_km2:
        return KeyEntry("covered, or inside the ground", _colours.COVERED_OR_GROUND, "fill")
    return KeyEntry("covered", _colours.COVERED, "fill")


def _gap_layer(
    bands: Sequence[coverage_pb2.Band], suggested: siting_pb2.SuggestSitesResponse | None
) -> Layer:
    gaps = [(band, gap) for band in bands for gap in band.gaps]
    columns, told = _gap_columns(gaps), _TOLD
    if suggested is not None:
        columns |= _suggestion_columns(columns["gap_id"], suggested)
        told += ("suggested_name", "closed_area_km2", "closed_share")
    return Layer(
        "gaps",
        "MultiPolygon",
        columns,
        shapes=[[polygon(gap.boundary)] for _, gap in gaps],
        colours=[_colours.CAUSES.get(cause, _colours.OUTLINE) for cause in columns["main_cause"]],
        key={_words.CAUSE_WORDS[cause]: colour for cause, colour in _colours.CAUSES.items()},
        name_column="gap_id",
        told=told,
        group_column="altitude",
    )


def _gap_columns(gaps: Sequence[tuple[coverage_pb2.Band, coverage_pb2.Gap]]) -> Columns:
    found = [gap for _, gap in gaps]
    return {
        "gap_id": [g.gap_id for g in found],
        "altitude": [_words.altitude_id(band.altitude) for band, _ in gaps],
        "area_km2": [g.area_km2 for g in found],
        "share": [g.share for g in found],
        "lat_deg": [g.point_inside.lat_deg for g in found],
        "lon_deg": [g.point_inside.lon_deg for g in found],
        "departments": ["; ".join(d.name for d in g.departments) for g in found],
        "airstrip_count": [len(g.airstrips) for g in found],
        "airstrips": ["; ".join(a.name for a in g.airstrips) for g in found],
        "main_cause": [_words.cause_name(g.causes[0].cause) if g.causes else "" for g in found],
        **_cause_columns(found),
        **{"floor_" + f: optional([g.floor for g in found], f) for f in _FLOOR_FIELDS},
        "never_seen_share": [g.floor.never_seen_share for g in found],
    }


def _suggestion_columns(
    gap_ids: Sequence[str], suggested: siting_pb2.SuggestSitesResponse
) -> Columns:
    """Return for each gap the candidate that would close most of it, if any does."""
    by_gap = {s.gap_id: s for s in suggested.suggestions}
    found = [by_gap.get(gap_id) for gap_id in gap_ids]
    radars = [s.candidate.radar if s else radar_pb2.Radar() for s in found]
    return {
        "suggested_radar_id": [r.radar_id for r in radars],
        "suggested_name": [r.name for r in radars],
        "suggested_model_id": [r.model_id for r in radars],
        "suggested_lat_deg": [s.candidate.radar.position.lat_deg if s else ABSENT for s in found],
        "suggested_lon_deg": [s.candidate.radar.position.lon_deg if s else ABSENT for s in found],
        "closed_area_km2": [s.closed_area_km2 if s else ABSENT for s in found],
        "closed_share": [s.closed_share if s else ABSENT for s in found],
        "closed_airstrips": ["; ".join(s.airstrip_ids) if s else "" for s in found],
    }


def _cause_columns(gaps: Sequence[coverage_pb2.Gap]) -> Columns:
    shares = [{int(c.cause): c.share for c in g.causes} for g in gaps]
    return {
        name.lower() + "_share": [s.get(number, 0.0) for s in shares]
        for number, name in _words.CAUSE_NAMES.items()
    }


# Columns of bands that stand in the message under the same name.
_BAND_FIELDS = (
    "airspace_area_km2",
    "covered_area_km2",
    "covered_share",
    "uncovered_area_km2",
    "uncovered_share",
    "underground_area_km2",
    "gap_count",
    "airstrips_seen",
    "airstrips_unseen",
)
_BRACKET_FIELDS = ("lowest_covered_share", "highest_covered_share")


def _band_columns(bands: Sequence[coverage_pb2.Band]) -> Columns:
    columns: Columns = {"altitude": [_words.altitude_id(b.altitude) for b in bands]}
    columns |= {field: [getattr(b, field) for b in bands] for field in _BAND_FIELDS}
    columns["main_cause"] = [
        _words.cause_name(b.causes[0].cause) if b.causes else "" for b in bands
    ]
    if any(b.HasField("bracket") for b in bands):
        columns |= {field: [getattr(b.bracket, field) for b in bands] for field in _BRACKET_FIELDS}
    return columns


def _band_member(band: coverage_pb2.Band) -> dict[str, Any]:
    return {name: values[0] for name, values in _band_columns([band]).items()}
