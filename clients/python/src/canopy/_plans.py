"""From arguments to the request for a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.duration_pb2 import Duration

from canopy._inputs import objectives
from canopy._inputs.candidates import CandidatesInput, FoundInput, candidates
from canopy.errors import InvalidInput
from canopy.v1 import siting_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from canopy._faults import Places
    from canopy._inputs.candidates import CandidatesLike
    from canopy._inputs.objectives import Zone
    from canopy._questions import Asked, Question

_STRIPS = ("airstrips", "max_airstrip_agl_m", "airstrip_weight_km2")


def plan_request(asked: Asked, given: Mapping[str, Any]) -> siting_pb2.PlanNetworkRequest:
    """Return the request that the arguments of a plan make."""
    return siting_pb2.PlanNetworkRequest(
        existing=asked.network,
        airspace=asked.airspace.selection,
        options=asked.options,
        candidates=selection(asked.question, given["candidates"]),
        objective=_objective(asked, given),
        constraints=siting_pb2.PlanConstraints(
            max_count=given["count"],
            budget_usd=given["budget_usd"],
            min_spacing_km=given["min_spacing_km"],
            models=objectives.model_limits(given["max_of"]),
            costs=objectives.model_costs(given["cost_usd"]),
        ),
        effort=siting_pb2.PlanEffort(
            time_limit=_duration(given["time_limit_s"]),
            gap_percent=given["gap_percent"],
            seed=given["seed"],
            without_screening=not given["screening"],
        ),
    )


def check_existing(given: Mapping[str, Any]) -> None:
    """Refuse to take radars out of service where none stand."""
    if given["out_of_service"] is not None and given["scenario"] is None and given["sites"] is None:
        raise InvalidInput(
            "out_of_service has no radars to be chosen from", remedy="name a scenario, or sites"
        )


def selection(question: Question, value: CandidatesLike | None) -> siting_pb2.CandidateSelection:
    """Return candidates, and note where each was written."""
    found: CandidatesInput = candidates(value)
    question.notes += found.notes
    question.places.items["candidates.candidates"] = found.places.__getitem__
    if found.found is not None:
        place_search(question.places, found.found, "candidates.search")
    return found.selection


def place_search(places: Places, found: FoundInput, path: str) -> None:
    """Note where a search was written."""
    places.names[f"{path}.within.airspace_id"] = "within"
    places.items[f"{path}.within.area.polygons"] = found.within.place
    places.items[f"{path}.airstrips.airstrips"] = found.airstrips.place


def place_zones(question: Question, zones: Sequence[Zone], path: str, part: str) -> None:
    """Note where areas were written, each of which is a part of an item of a list."""
    for i, zone in enumerate(zones):
        question.notes += zone.area.notes
        question.places.names[f"{path}[{i}]"] = zone.place
        question.places.names[f"{path}[{i}]{part}.airspace_id"] = zone.place
        question.places.items[f"{path}[{i}]{part}.area.polygons"] = zone.area.place


def _objective(asked: Asked, given: Mapping[str, Any]) -> siting_pb2.PlanObjective:
    zones = objectives.weighted_zones(given["zones"])
    areas = objectives.exposed_areas(given["areas"])
    place_zones(asked.question, zones, "objective.zones", ".zone")
    place_zones(asked.question, areas, "objective.areas", ".area")
    return siting_pb2.PlanObjective(
        altitudes=objectives.weighted_altitudes(given["altitudes"]),
        count_weights=objectives.count_weights(given["count_weights"]),
        zones=[siting_pb2.ZoneWeight(zone=z.selection, weight=z.weight) for z in zones],
        areas=[
            siting_pb2.AreaExposure(area=a.selection, altitude=a.altitude, weight=a.weight)
            for a in areas
        ],
        airstrips=_airstrips(asked, given),
    )


def _airstrips(asked: Asked, given: Mapping[str, Any]) -> siting_pb2.AirstripObjective | None:
    """Return what airstrips count: nothing, unless something is said of them."""
    if all(given[name] is None for name in _STRIPS) and given["builtin_airstrips"]:
        return None
    items = asked.question.places.items
    items["objective.airstrips.airstrips.airstrips"] = items["airstrips.airstrips"]
    return siting_pb2.AirstripObjective(
        airstrips=asked.airstrips,
        max_agl_m=given["max_airstrip_agl_m"],
        weight_km2=given["airstrip_weight_km2"],
    )


def _duration(seconds: float | None) -> Duration | None:
    if seconds is None:
        return None
    made = Duration()
    made.FromNanoseconds(round(seconds * 1e9))
    return made
