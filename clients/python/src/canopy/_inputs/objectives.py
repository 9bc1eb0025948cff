"""What a plan is to achieve, and what it must keep to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from canopy._inputs.airspaces import AirspaceInput, AirspaceLike, airspace
from canopy._inputs.quantities import AltitudeLike, AltitudesLike, altitudes
from canopy._inputs.tables import as_number
from canopy.errors import InvalidInput
from canopy.v1 import siting_pb2

if TYPE_CHECKING:
    from canopy.v1.coverage_pb2 import AirspaceSelection
    from canopy.v1.geometry_pb2 import Altitude

# Altitudes that count alike, or what each of them counts.
WeightedAltitudesLike: TypeAlias = "AltitudesLike | Mapping[AltitudeLike, float]"
# What zones count, by name; pairs of a zone and what it counts where zones are
# polygons, frames or files.
ZonesLike: TypeAlias = "Mapping[str, float] | Iterable[tuple[AirspaceLike, float]]"
# (area, altitude), or (area, altitude, what a km² of it counts).
AreasLike: TypeAlias = "Iterable[tuple[Any, ...]]"


@dataclass(frozen=True)
class Zone:
    """An area of an objective, and what the caller calls it."""

    place: str
    area: AirspaceInput
    selection: AirspaceSelection
    weight: float | None = None
    altitude: Altitude | None = None


def weighted_altitudes(value: WeightedAltitudesLike | None) -> list[siting_pb2.AltitudeWeight]:
    """Return altitudes with what each counts, if that is said."""
    if not isinstance(value, Mapping):
        listed = altitudes(value, "altitudes")
        return [siting_pb2.AltitudeWeight(altitude=altitude) for altitude in listed]
    return [
        siting_pb2.AltitudeWeight(altitude=altitude, weight=_number(f'altitudes["{name}"]', weight))
        for altitude, (name, weight) in zip(
            altitudes(list(value), "altitudes"), value.items(), strict=True
        )
    ]


def weighted_zones(value: ZonesLike | None) -> list[Zone]:
    """Return zones with what each counts."""
    return [
        _zone(place, zone, _number(place, weight))
        for place, (zone, weight) in _pairs(value, "zones", "(zone, weight)")
    ]


def zones(value: AirspaceLike | Iterable[AirspaceLike] | None) -> list[Zone]:
    """Return zones that count nothing."""
    if value is None:
        return []
    listed = value if isinstance(value, (list, tuple)) else [value]
    return [_zone(_named("zones", i, zone), zone) for i, zone in enumerate(listed)]


def exposed_areas(value: AreasLike | None) -> list[Zone]:
    """Return areas that count at altitudes of their own."""
    if value is None:
        return []
    found = []
    for i, item in enumerate(_listed(value, "areas")):
        place = f"areas[{i}]"
        if not isinstance(item, (list, tuple)) or len(item) not in (2, 3):
            raise InvalidInput(
                f"{place} is not (area, altitude)",
                remedy='write ("vraem", "150m-agl"), or ("vraem", "150m-agl", 2) with a weight',
            )
        (height,) = altitudes([item[1]], place)
        weight = _number(place, item[2]) if len(item) == 3 else None
        found.append(_zone(place, item[0], weight, height))
    return found


def _zone(
    place: str, value: Any, weight: float | None = None, altitude: Altitude | None = None
) -> Zone:
    found = airspace(value, place)
    if found.selection is None:
        raise InvalidInput(f"{place} is None", remedy="give a name of the catalogue, or an area")
    return Zone(place, found, found.selection, weight, altitude)


def count_weights(value: float | Iterable[float] | None) -> list[float]:
    """Return what the first radar that sees a place earns, the second, and so on."""
    if value is None:
        return []
    listed = list(value) if isinstance(value, Iterable) else [value]
    return [_number(f"count_weights[{i}]", weight) for i, weight in enumerate(listed)]


def model_limits(value: Mapping[str, int] | None) -> list[siting_pb2.ModelLimit]:
    """Return how many of each model may be built."""
    return [
        siting_pb2.ModelLimit(model_id=model_id, max_count=_whole(place, count))
        for place, (model_id, count) in _pairs(value, "max_of", "(model, count)")
    ]


def model_costs(value: Mapping[str, float] | None) -> list[siting_pb2.ModelCost]:
    """Return what radars of each model cost."""
    return [
        siting_pb2.ModelCost(model_id=model_id, cost_usd=_number(place, cost))
        for place, (model_id, cost) in _pairs(value, "cost_usd", "(model, US dollars)")
    ]


def availabilities(value: Mapping[str, float] | None) -> list[siting_pb2.RadarAvailability]:
    """Return the share of time that some radars work."""
    return [
        siting_pb2.RadarAvailability(radar_id=radar_id, availability=_number(place, share))
        for place, (radar_id, share) in _pairs(value, "availabilities", "(radar, share)")
    ]


def _pairs(value: Any, argument: str, wanted: str) -> list[tuple[str, tuple[Any, Any]]]:
    """Return pairs, each with its place."""
    if value is None:
        return []
    items = _listed(value.items() if isinstance(value, Mapping) else value, argument)
    for i, item in enumerate(items):
        if not isinstance(item, (list, tuple)) or len(item) != 2:
            raise InvalidInput(
                f"{argument}[{i}] is not {wanted}", remedy=f"give {argument}={_EXAMPLES[argument]}"
            )
    return [(_named(argument, i, item[0]), (item[0], item[1])) for i, item in enumerate(items)]


_EXAMPLES = {
    "zones": '{"vraem": 5}',
    "areas": '[("vraem", "150m-agl")]',
    "max_of": '{"modern-3d": 4}',
    "cost_usd": '{"modern-3d": 17.75e6}',
    "availabilities": '{"mazamari": 0.8}',
}


def _listed(value: Any, argument: str) -> list[Any]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidInput(
            f"{argument}={value!r} cannot be used", remedy=f"give {argument}={_EXAMPLES[argument]}"
        )
    return list(value)


def _named(argument: str, i: int, item: Any) -> str:
    return f'{argument}["{item}"]' if isinstance(item, str) else f"{argument}[{i}]"


def _number(place: str, value: Any) -> float:
    number = as_number(value)
    if number is None:
        raise InvalidInput(f"{place}: {value!r} is not a number", remedy="give a number")
    return number


def _whole(place: str, value: Any) -> int:
    number = _number(place, value)
    if number % 1:
        raise InvalidInput(f"{place}: {value!r} is not a whole number", remedy="give a whole one")
    return int(number)
