"""How a radar looks at a point, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canopy.results import _words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from canopy.v1 import coverage_pb2, radar_pb2


def why(outcome: coverage_pb2.PointOutcome, radars: Mapping[str, radar_pb2.ResolvedRadar]) -> str:
    """Say of each radar, nearest first, whether it sees a point, and if not, why."""
    return " | ".join(_sight(s, radars) for s in outcome.sights)


def nearest(
    outcome: coverage_pb2.PointOutcome, radars: Mapping[str, radar_pb2.ResolvedRadar]
) -> str:
    """Say the same of the nearest radar alone."""
    return _sight(outcome.sights[0], radars) if outcome.sights else ""


def by_id(radars: Sequence[radar_pb2.ResolvedRadar]) -> dict[str, radar_pb2.ResolvedRadar]:
    return {r.radar_id: r for r in radars}


def _sight(sight: coverage_pb2.Sight, radars: Mapping[str, radar_pb2.ResolvedRadar]) -> str:
    radar, away = radars[sight.radar_id], _words.kilometres(sight.distance_km)
    if sight.sees and _words.is_out_of_service(radar.state):
        return f"out of service: {sight.radar_id}, {away} away, would see it"
    if sight.sees:
        return f"seen by {sight.radar_id}, {away} away"
    return _UNSEEN[_words.cause_name(sight.cause)](sight, radar, away)


def _out_of_range(sight: coverage_pb2.Sight, radar: radar_pb2.ResolvedRadar, away: str) -> str:
    limits = radar.limits
    if sight.slant_range_km < limits.min_range_km:
        smallest = _words.plain(limits.min_range_km)
        return f"too near: {away} from {sight.radar_id}, whose smallest range is {smallest} km"
    reach = _words.plain(limits.range_km)
    return f"out of range: {away} from {sight.radar_id}, whose range is {reach} km"


def _outside_sector(sight: coverage_pb2.Sight, radar: radar_pb2.ResolvedRadar, _: str) -> str:
    sector = radar.limits.sector
    return (
        f"outside the sector of {sight.radar_id}: it looks from {_words.plain(sector.from_deg)}° "
        f"to {_words.plain(sector.to_deg)}°, and the point is at {sight.azimuth_deg:.1f}°"
    )


def _below_horizon(sight: coverage_pb2.Sight, _: radar_pb2.ResolvedRadar, away: str) -> str:
    return f"below the horizon of {sight.radar_id}, {away} away{_sees_from(sight)}"


def _above_beam(sight: coverage_pb2.Sight, _: radar_pb2.ResolvedRadar, away: str) -> str:
    limit = sight.ceiling_amsl_m if sight.HasField("ceiling_amsl_m") else None
    up_to = "" if limit is None else f"; it sees up to {_words.metres(limit)} AMSL"
    return f"above the beam of {sight.radar_id}, {away} away{up_to}"


def _terrain(sight: coverage_pb2.Sight, _: radar_pb2.ResolvedRadar, away: str) -> str:
    hidden = f"terrain: hidden from {sight.radar_id}, {away} away"
    if not sight.HasField("crest"):
        return hidden + _sees_from(sight)
    crest = sight.crest
    return (
        f"{hidden}, by a crest of {_words.metres(crest.elevation_amsl_m)} at "
        f"{_words.place(crest.position)}, {_words.kilometres(crest.distance_km)} from the radar"
        + _sees_from(sight)
    )


def _unknown(sight: coverage_pb2.Sight, _: radar_pb2.ResolvedRadar, away: str) -> str:
    return f"not seen by {sight.radar_id}, {away} away"


def _sees_from(sight: coverage_pb2.Sight) -> str:
    if not sight.HasField("floor_amsl_m"):
        return ""
    return f"; it sees from {_words.metres(sight.floor_amsl_m)} AMSL up"


# OUT_OF_SERVICE is never the cause of one radar, which would see the point then.
_UNSEEN = {
    "": _unknown,
    "OUT_OF_RANGE": _out_of_range,
    "OUTSIDE_SECTOR": _outside_sector,
    "BELOW_HORIZON": _below_horizon,
    "ABOVE_BEAM": _above_beam,
    "TERRAIN": _terrain,
    "OUT_OF_SERVICE": _unknown,
}
