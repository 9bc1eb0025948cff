"""Which radars to build, in which order, and how good that provably is."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Literal

from google.protobuf.json_format import MessageToDict

from canopy.results import _colours, _words
from canopy.results._answer import MapAnswer
from canopy.results._html import Table
from canopy.results._layer import ABSENT, Columns, Layer, place_columns
from canopy.results._panel import Panel, named
from canopy.results.candidates import candidate_columns
from canopy.results.criticality import Criticality
from canopy.results.radars import Radars, site_columns
from canopy.v1 import radar_pb2, siting_pb2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from canopy.v1 import geometry_pb2

_STANDS, _BUILT = "stands already", "to be built"
# The fields of a point of the curve, and what files hold beside the radars.
_POINT = ("radar_count", "cost_usd", "objective_km2", "upper_bound_km2")
_MEMBERS = (
    *("objective_km2", "upper_bound_km2", "gap_percent", "possible_km2"),
    *("cost_usd", "seed"),
)
# As much of a name as a legend tells.
_KEY_LETTERS = 46
_TOLD = ("order", "name", "model_id", "cost_usd", "added_objective_km2", "reason")


class Plan(MapAnswer):
    """Which candidates to build, what each adds, and how good the plan provably is.

    It is the network with all of them built: a map, a file, and what other
    questions take as sites.
    """

    message: siting_pb2.PlanNetworkResponse

    def __init__(
        self,
        message: siting_pb2.PlanNetworkResponse,
        notes: Sequence[str] = (),
        *,
        outline: geometry_pb2.Area | None = None,
    ) -> None:
        super().__init__(message.warnings, message.provenance, notes)
        self.message = message
        self._area = outline

    @property
    def objective_km2(self) -> float:
        """What the plan achieves, in km² of the objective, existing radars included."""
        return self.message.objective_km2

    @property
    def upper_bound_km2(self) -> float:
        """What no plan of these candidates can exceed."""
        return self.message.upper_bound_km2

    @property
    def gap_percent(self) -> float:
        """How far the plan may be from the best possible, in percent of the bound."""
        return self.message.gap_percent

    @property
    def cost_usd(self) -> float:
        """What all that is built costs, in US dollars."""
        return self.message.cost_usd

    @property
    def ending(self) -> str:
        """Why the search ended: PROVEN, EXHAUSTED, TIME_LIMIT, CANCELLED, SERVER_STOPPED."""
        name = siting_pb2.PlanEnding.Name(self.message.ending)
        return name.removeprefix("PLAN_ENDING_")

    @property
    def altitudes(self) -> list[str]:
        """The altitudes of the objective, as they are asked for: 300m-agl, FL100."""
        return [_words.altitude_id(band.altitude) for band in self.message.existing.bands]

    @property
    def radars(self) -> Radars:
        """The radars as they entered the computation: the existing ones, then the steps."""
        return Radars(self.message.radars)

    @property
    def steps(self) -> GeoDataFrame:
        """What is built, a line each, in order, with what it adds and closes."""
        return Layer("steps", "Point", _step_columns(self.message)).geodataframe()

    @property
    def sites(self) -> GeoDataFrame:
        """All radars, those that stand and those of the plan, as files of sites have them."""
        return self.to_geodataframe()

    @property
    def curve(self) -> DataFrame:
        """The best that was found for each number of radars, with its bound."""
        return Layer("curve", "Point", self._curve()).dataframe()

    @property
    def gaps(self) -> DataFrame:
        """The gaps of the existing radars that steps speak of, and what closes them."""
        return Layer("gaps", "Point", _gap_columns(self.message)).dataframe()

    @property
    def criticality(self) -> Criticality | None:
        """What is lost when one of all these radars fails; None where that is not known."""
        if not self.message.HasField("criticality"):
            return None
        answer = siting_pb2.AssessCriticalityResponse(
            criticality=self.message.criticality,
            radars=self.message.radars,
            provenance=self.message.provenance,
        )
        return Criticality(answer, outline=self._area)

    def as_sites(self) -> list[radar_pb2.Radar]:
        """Return what other questions are asked with: the network of the plan."""
        return [_site(r) for r in self.message.radars]

    def plot(self, *, ax: Axes | None = None, legend: bool = True) -> Axes:
        """Draw a map of the radars, on axes of yours or on new ones.

        Those that are built bear the number of their step; the legend, to the
        right of it, names them.
        """
        from canopy.results import _plot

        key = {_STANDS: _colours.RADAR} | {
            _short(f"{i} {s.candidate.radar.name}"): _colours.BUILT
            for i, s in enumerate(self.message.steps, 1)
        }
        (panel,) = self._panels()
        return _plot.map_axes(named(panel, self._numbers(), key), self._about(), ax, legend=legend)

    def plot_curve(
        self,
        against: Literal["count", "cost"] = "count",
        *,
        ax: Axes | None = None,
        legend: bool = True,
    ) -> Axes:
        """Draw what is achieved, and what none can exceed, against number or cost."""
        from canopy.results import _curve

        return _curve.curve_axes(self.message, self._about(), against, ax, legend=legend)

    def _title(self) -> str:
        return f"Plan for {_words.airspace_name(self.provenance)}"

    def _summary(self) -> str:
        built = _words.count(len(self.message.steps), "radar", "radars")
        shares = [
            f"{_words.percent(before.covered_share)} → {_words.percent(after.covered_share)} "
            f"at {_words.altitude_text(after.altitude)}"
            # A search that is ended early may leave stages unmeasured.
            for before, after in zip(self.message.existing.bands, self._last().bands, strict=False)
        ]
        parts = [f"{built} for {_words.usd(self.cost_usd)}", ", ".join(shares)]
        return "; ".join([*filter(None, parts), self._how_good()])

    def _how_good(self) -> str:
        why = _words.ENDING_WORDS.get(self.message.ending, "")
        return _words.within(self.gap_percent) + (f" ({why})" if why else "")

    def _last(self) -> siting_pb2.PlanStage:
        """Return what the whole plan achieves."""
        return self.message.steps[-1].stage if self.message.steps else self.message.existing

    def _layers(self) -> list[Layer]:
        radars = self.as_sites()
        steps = {s.candidate.radar.radar_id: i for i, s in enumerate(self.message.steps)}
        order = [steps.get(r.radar_id) for r in radars]
        built = [None if i is None else self.message.steps[i] for i in order]
        columns: Columns = {
            **site_columns(radars),
            "planned": [i is not None for i in order],
            "order": [ABSENT if i is None else float(i + 1) for i in order],
            "reason": [s.candidate.reason if s else "" for s in built],
            "fixed": [s.candidate.fixed if s else False for s in built],
            "cost_usd": [s.candidate.cost_usd if s else ABSENT for s in built],
            **_added_columns(built, self.message.existing.bands),
        }
        layer = Layer(
            "radars",
            "Point",
            columns,
            colours=[_colours.BUILT if s else _colours.RADAR for s in built],
            key={_STANDS: _colours.RADAR, _BUILT: _colours.BUILT},
            told=_TOLD,
            exact=True,
        )
        return [layer]

    def _small_panels(self) -> list[Panel]:
        return [named(panel, self._numbers()) for panel in self._panels()]

    def _numbers(self) -> list[str]:
        """Return the number of the step that builds each radar, or the name of one that stands."""
        numbers = {s.candidate.radar.radar_id: i for i, s in enumerate(self.message.steps, 1)}
        return [str(numbers.get(r.radar_id, r.name)) for r in self.message.radars]

    def _curve(self) -> Columns:
        return {field: [getattr(p, field) for p in self.message.curve] for field in _POINT}

    def _table(self) -> Table:
        models = {step.candidate.radar.model_id for step in self.message.steps}
        heights = [_words.altitude_text(b.altitude) for b in self.message.existing.bands]
        lines = [_line("existing", self.message.existing, len(heights), "", "")]
        for i, step in enumerate(self.message.steps, 1):
            radar = step.candidate.radar
            model = f", {radar.model_id}" if len(models) > 1 else ""
            added = _words.area(step.added_objective_km2)
            cost = _words.usd(step.cost_usd)
            lines.append(_line(f"{i}. {radar.name}{model}", step.stage, len(heights), added, cost))
        header = ("radar", "adds km²", *heights, "of the possible", "cost so far")
        return Table(header, lines, len(lines), right=range(1, len(header)))

    def _members(self) -> dict[str, object]:
        said = {
            name: MessageToDict(message, preserving_proto_field_name=True)
            for name, message in (
                ("existing", self.message.existing),
                ("candidates", self.message.candidates),
            )
        }
        curve = self._curve()
        points = [dict(zip(curve, line, strict=True)) for line in zip(*curve.values(), strict=True)]
        return {
            **{name: getattr(self.message, name) for name in _MEMBERS},
            "ending": self.ending,
            "curve": points,
            **said,
            **self._about().members(),
        }


def _line(
    name: str, stage: siting_pb2.PlanStage, bands: int, added: str, cost: str
) -> tuple[str, ...]:
    shares = [_words.percent(band.covered_share) for band in stage.bands] or [""] * bands
    return (name, added, *shares, _words.percent(stage.objective_share), cost)


def _short(name: str) -> str:
    return textwrap.shorten(name, _KEY_LETTERS, placeholder=" …")


def _site(radar: radar_pb2.ResolvedRadar) -> radar_pb2.Radar:
    """Return a radar as it is asked for, with nothing left to defaults."""
    return radar_pb2.Radar(
        radar_id=radar.radar_id,
        name=radar.name,
        model_id=radar.model_id,
        position=radar.position,
        mast_m=radar.mast_m,
        limits=radar.limits,
        effective_earth_k=radar.effective_earth_k,
        state=radar.state,
    )


def _step_columns(message: siting_pb2.PlanNetworkResponse) -> Columns:
    steps = message.steps
    return {
        "order": list(range(1, len(steps) + 1)),
        **candidate_columns([s.candidate for s in steps]),
        **_added_columns(steps, message.existing.bands),
        "objective_km2": [s.stage.objective_km2 for s in steps],
        "objective_share": [s.stage.objective_share for s in steps],
        "airstrips_seen": [s.stage.airstrips_seen for s in steps],
    }


def _added_columns(
    steps: Sequence[siting_pb2.PlanStep | None], bands: Sequence[siting_pb2.PlanBand]
) -> Columns:
    """Return what each step adds; None adds nothing."""
    return {
        "added_objective_km2": [s.added_objective_km2 if s else ABSENT for s in steps],
        "cost_so_far_usd": [s.cost_usd if s else ABSENT for s in steps],
        **{
            "covered_share_" + _words.altitude_column(band.altitude): [
                _covered_share(s, i) for s in steps
            ]
            for i, band in enumerate(bands)
        },
        "closes_gaps": ["; ".join(c.gap_id for c in s.closes) if s else "" for s in steps],
    }


def _covered_share(step: siting_pb2.PlanStep | None, band: int) -> float:
    """Return what is covered with a step; nothing where that was not measured."""
    bands = step.stage.bands if step else []
    return bands[band].covered_share if band < len(bands) else ABSENT


def _gap_columns(message: siting_pb2.PlanNetworkResponse) -> Columns:
    gaps = message.gaps
    closed: dict[str, list[tuple[Any, Any]]] = {gap.gap_id: [] for gap in gaps}
    for step in message.steps:
        for part in step.closes:
            closed[part.gap_id].append((step.candidate.radar, part))
    return {
        "gap_id": [g.gap_id for g in gaps],
        "altitude": [_words.altitude_id(g.altitude) for g in gaps],
        "area_km2": [g.area_km2 for g in gaps],
        **place_columns([g.point_inside for g in gaps]),
        "departments": ["; ".join(d.name for d in g.departments) for g in gaps],
        "closed_by": ["; ".join(radar.name for radar, _ in closed[g.gap_id]) for g in gaps],
        "closed_area_km2": [sum(part.area_km2 for _, part in closed[g.gap_id]) for g in gaps],
        "closed_share": [sum(part.share for _, part in closed[g.gap_id]) for g in gaps],
    }
