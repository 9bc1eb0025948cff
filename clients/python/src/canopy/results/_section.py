"""A ray over the terrain, seen from the side."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from canopy.results import _colours, _plot, _sights, _words
from canopy.results._layer import optional

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from canopy.results._about import About
    from canopy.v1 import coverage_pb2


def profile_axes(
    message: coverage_pb2.GetProfileResponse, about: About, ax: Axes | None, *, legend: bool
) -> Axes:
    """Draw terrain, ray, Fresnel zone and floor over the distance from the radar."""
    ax = ax or _plot.new_axes(10, 5)
    km = [s.distance_km for s in message.samples]
    terrain_m = optional(message.samples, "terrain_amsl_m")
    ray_m = [s.ray_amsl_m for s in message.samples]
    _frame(ax, km, terrain_m, ray_m)
    _ground(ax, km, terrain_m)
    floor_m = optional(message.samples, "floor_amsl_m")
    ax.plot(km, floor_m, ":", color=_colours.FLOOR, linewidth=1.4, label="seen from here up")
    _ray(ax, message)
    _marks(ax, message)
    _texts(ax, message, about)
    if legend:
        ax.legend(**_plot.BESIDE)
    return ax


def _texts(ax: Axes, message: coverage_pb2.GetProfileResponse, about: About) -> None:
    _plot.titled(ax, about.title, about)
    ax.set_ylabel("metres above mean sea level")
    why = _sights.why(message.outcome, _sights.by_id([message.radar]))
    below = f"km from the radar (k {message.radar.effective_earth_k:.3f})"
    ax.set_xlabel(
        "\n".join([below, *textwrap.wrap(why, 110)]), fontsize=9, color="black", loc="center"
    )
    if about.terrain:
        style: dict[str, Any] = {"fontsize": 8, "color": _plot.terrain_colour(about), "va": "top"}
        ax.text(0.01, 0.98, about.terrain, transform=ax.transAxes, **style)


def _frame(ax: Axes, km: list[float], terrain_m: list[float], ray_m: list[float]) -> None:
    """Show all of the terrain and of the ray; the floor may leave the picture."""
    heights = [h for h in terrain_m + ray_m if not math.isnan(h)]
    low, high = min(heights), max(heights)
    room = max(high - low, 50) * 0.12
    ax.set_ylim(low - room, high + 1.6 * room)
    ax.set_xlim(-0.01 * km[-1], 1.01 * km[-1])
    ax.grid(color="#000000", alpha=0.12, linewidth=0.5)


def _ground(ax: Axes, km: list[float], terrain_m: list[float]) -> None:
    bottom = ax.get_ylim()[0]
    ax.fill_between(km, terrain_m, bottom, color=_colours.GROUND, linewidth=0, label="terrain")
    ax.plot(km, terrain_m, color=_colours.CREST, linewidth=1)


def _ray(ax: Axes, message: coverage_pb2.GetProfileResponse) -> None:
    """Draw the ray solid as far as the terrain lets it, and dashed from there on."""
    samples, seen = message.samples, message.outcome.seen
    colour = _colours.SEEN if seen else _colours.UNSEEN
    km = [s.distance_km for s in samples]
    ray_m = [s.ray_amsl_m for s in samples]
    upper = [s.ray_amsl_m + s.fresnel_radius_m for s in samples]
    lower = [s.ray_amsl_m - s.fresnel_radius_m for s in samples]
    zone = f"first Fresnel zone, {_words.grouped(message.frequency_mhz)} MHz"
    ax.fill_between(km, lower, upper, color=colour, alpha=0.25, linewidth=0, label=zone)
    end = _blocked_at(message) + 1
    label = "ray, seen" if seen else "ray, not seen"
    ax.plot(km[:end], ray_m[:end], color=colour, linewidth=1.8, label=label)
    if end < len(km):
        ax.plot(km[end - 1 :], ray_m[end - 1 :], "--", color=colour, linewidth=1.4)


def _blocked_at(message: coverage_pb2.GetProfileResponse) -> int:
    """Return the first sample in the ground, or the last one."""
    # The radar's own mast stands in the ground of a coarse model.
    for i, s in enumerate(message.samples):
        if i and s.HasField("terrain_amsl_m") and s.ray_amsl_m < s.terrain_amsl_m:
            return i
    return len(message.samples) - 1


def _marks(ax: Axes, message: coverage_pb2.GetProfileResponse) -> None:
    """Mark the radar, the point and the crest that hides it, and name them in the key."""
    first, last, outcome = message.samples[0], message.samples[-1], message.outcome
    antenna = _words.metres(message.radar.antenna_amsl_m)
    radar = f"{message.radar.name},\nantenna {antenna} AMSL"
    ax.plot(first.distance_km, first.ray_amsl_m, "k^", markersize=9, label=radar)
    colour = _colours.SEEN if outcome.seen else _colours.UNSEEN
    aircraft = "aircraft, " + _words.altitude_text(outcome.point.altitude)
    ax.plot(last.distance_km, last.ray_amsl_m, "o", color=colour, markersize=8, label=aircraft)
    for crest in (sight.crest for sight in outcome.sights if sight.HasField("crest")):
        away = _words.kilometres(crest.distance_km)
        text = f"blocking crest,\n{_words.metres(crest.elevation_amsl_m)} at {away}"
        at = (crest.distance_km, crest.elevation_amsl_m)
        ax.plot(*at, "v", color=_colours.CREST, markersize=7, label=text)
