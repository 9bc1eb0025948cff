"""What money and numbers of radars buy, and what is lost with each radar, as diagrams."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from canopy.errors import InvalidInput
from canopy.results import _plot, _words
from canopy.results._extras import need

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from canopy.results._about import About
    from canopy.v1 import siting_pb2

_FOUND, _BOUND = "#0072b2", "#999999"
# One an altitude, over and over.
_BARS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")


def curve_axes(
    message: siting_pb2.PlanNetworkResponse,
    about: About,
    against: str,
    ax: Axes | None,
    *,
    legend: bool,
) -> Axes:
    """Draw the best that was found, and what none exceeds, over number or cost."""
    if against not in ("count", "cost"):
        raise InvalidInput(f'against "{against}" is not known', remedy="want count or cost")
    ax = ax or _plot.new_axes(8, 4.5)
    points = sorted(message.curve, key=lambda p: p.cost_usd if against == "cost" else 0.0)
    across = [p.cost_usd / 1e6 if against == "cost" else p.radar_count for p in points]
    whole = message.possible_km2 or 1.0
    found = [100 * p.objective_km2 / whole for p in points]
    bound = [100 * p.upper_bound_km2 / whole for p in points]
    ax.fill_between(across, found, bound, color=_BOUND, alpha=0.35, linewidth=0)
    ax.plot(across, bound, "--", color=_BOUND, linewidth=1.2, label="no plan exceeds")
    ax.plot(across, found, "o-", color=_FOUND, markersize=5, label="best that was found")
    ax.set_ylim(bottom=0)
    ax.set_ylabel("% of what is possible")
    _frame(ax, about, legend=legend)
    if against == "count":
        ax.xaxis.set_major_locator(need("matplotlib.ticker", "plot()").MaxNLocator(integer=True))
    below = "US$ million" if against == "cost" else "radars that are built"
    ax.set_xlabel(below, fontsize=9, color="black", loc="center")
    return ax


def loss_axes(
    found: siting_pb2.Criticality,
    names: Mapping[str, str],
    about: About,
    ax: Axes | None,
    *,
    legend: bool,
) -> Axes:
    """Draw the share of what is covered that is lost with each radar, the worst on top."""
    rows = list(found.radars)
    ax = ax or _plot.new_axes(9, 2 + max(0.4, 0.16 * len(found.bands)) * max(len(rows), 2))
    height = 0.8 / max(len(found.bands), 1)
    for i, band in enumerate(found.bands):
        at = [row + (i + 0.5) * height - 0.4 for row in range(len(rows))]
        lost = [100 * loss.bands[i].lost_share for loss in rows]
        label = _words.altitude_text(band.altitude)
        ax.barh(at, lost, height=height, color=_BARS[i % len(_BARS)], label=label)
    told = [textwrap.fill(names.get(r.radar_id, r.radar_id), 30) for r in rows]
    ax.set_yticks(range(len(rows)), told)
    ax.invert_yaxis()
    _frame(ax, about, legend=legend)
    below = "% of what is covered, lost without this radar"
    ax.set_xlabel(below, fontsize=9, color="black", loc="center")
    return ax


def _frame(ax: Axes, about: About, *, legend: bool) -> None:
    """Write title, key, and on which terrain it stands, above what is drawn."""
    _plot.titled(ax, about.title, about)
    ax.grid(color="#000000", alpha=0.12, linewidth=0.5)
    ax.set_axisbelow(True)
    if about.terrain:
        ax.annotate(
            about.terrain,
            (0, 0),
            xytext=(0, -50),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=8,
            color=_plot.terrain_colour(about),
        )
    if legend:
        ax.legend(**_plot.BESIDE)
