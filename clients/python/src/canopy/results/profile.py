"""The ray from a radar to a point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from canopy.results import _colours, _html, _sights, _svg, _words
from canopy.results._answer import MapAnswer
from canopy.results._html import Table
from canopy.results._layer import Columns, Layer, optional, place_columns
from canopy.results._panel import KeyEntry
from canopy.results.radars import radar_layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from canopy.v1 import coverage_pb2


class Profile(MapAnswer):
    """Terrain, ray and clearance between a radar and a point."""

    message: coverage_pb2.GetProfileResponse

    def __init__(self, message: coverage_pb2.GetProfileResponse, notes: Sequence[str] = ()) -> None:
        super().__init__(message.warnings, message.provenance, notes)
        self.message = message

    @property
    def outcome(self) -> coverage_pb2.PointOutcome:
        """Whether the point is seen, and if not, why."""
        return self.message.outcome

    @property
    def seen(self) -> bool:
        """Whether the radar sees the point."""
        return self.message.outcome.seen

    @property
    def why(self) -> str:
        """How the radar looks at the point, in words."""
        return _sights.why(self.message.outcome, _sights.by_id([self.message.radar]))

    def plot(self, *, ax: Axes | None = None, legend: bool = True) -> Axes:
        """Draw the terrain, the ray and its first Fresnel zone, seen from the side."""
        from canopy.results import _section

        return _section.profile_axes(self.message, self._about(), ax, legend=legend)

    def _title(self) -> str:
        point = self.message.outcome.point
        return (
            f"From {self.message.radar.name} to {_words.place(point.position)} "
            f"at {_words.altitude_text(point.altitude)}"
        )

    def _summary(self) -> str:
        return ("seen" if self.seen else "NOT SEEN") + "; " + self.why

    def _image(self) -> str:
        samples = self.message.samples
        colour = _colours.SEEN if self.seen else _colours.UNSEEN
        lines = [
            (optional(samples, "terrain_amsl_m"), _colours.GROUND),
            ([s.ray_amsl_m for s in samples], colour),
        ]
        key = [
            KeyEntry("terrain", _colours.GROUND, "fill"),
            KeyEntry("ray, seen" if self.seen else "ray, not seen", colour, "line"),
        ]
        svg = _svg.section(lines, [s.distance_km for s in samples], key)
        return _html.image(svg.encode(), "image/svg+xml", "Profile: " + self._title())

    def _main(self) -> Layer:
        """Return the samples from the radar to the point, at equal distances."""
        samples = self.message.samples
        columns: Columns = {
            "distance_km": [s.distance_km for s in samples],
            **place_columns([s.position for s in samples]),
            "terrain_amsl_m": optional(samples, "terrain_amsl_m"),
            "ray_amsl_m": [s.ray_amsl_m for s in samples],
            "floor_amsl_m": optional(samples, "floor_amsl_m"),
            "fresnel_radius_m": [s.fresnel_radius_m for s in samples],
        }
        return Layer("samples", "Point", columns)

    def _layers(self) -> list[Layer]:
        columns: Columns = {
            "radar_id": [self.message.radar.radar_id],
            "altitude": [_words.altitude_id(self.message.outcome.point.altitude)],
            "seen": [self.seen],
            "why": [self.why],
        }
        colour = _colours.SEEN if self.seen else _colours.UNSEEN
        line = [(s.position.lon_deg, s.position.lat_deg) for s in self.message.samples]
        ray = Layer(
            "rays",
            "LineString",
            columns,
            shapes=[line],
            colours=[colour],
            key={"ray, seen" if self.seen else "ray, not seen": colour},
            name_column="radar_id",
        )
        return [ray, radar_layer([self.message.radar])]

    def _table(self) -> Table:
        lines = [
            ("terrain", ground_text(self.message)),
            ("clearance", clearance_text(self.message)),
        ]
        return Table(("", ""), lines, len(lines))


def ground_text(message: coverage_pb2.GetProfileResponse) -> str:
    """Say between which heights the terrain lies."""
    heights = [s.terrain_amsl_m for s in message.samples if s.HasField("terrain_amsl_m")]
    if not heights:
        return "unknown"
    return f"{_words.grouped(min(heights))} to {_words.metres(max(heights))} AMSL"


def clearance_text(message: coverage_pb2.GetProfileResponse) -> str:
    """Say where the ray comes nearest to the terrain."""
    if not message.HasField("clearance"):
        return "unknown: no terrain is known below the ray"
    clearance = message.clearance
    verdict = "free" if clearance.fresnel_radii >= 0.6 else "less than the 0.6 radii of a free ray"
    if clearance.clearance_m < 0:
        verdict = "blocked"
    text = _words.metres(clearance.clearance_m)
    # The Fresnel zone has no radius at the ends of the ray.
    if math.isfinite(clearance.fresnel_radii):
        text += f" = {clearance.fresnel_radii:.1f} Fresnel radii"
    away = _words.kilometres(clearance.distance_km)
    return f"{text} at the least, {away} from the radar: {verdict}"
