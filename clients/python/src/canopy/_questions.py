"""From arguments to requests: what the questions about coverage share."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from canopy._calls import Terms
from canopy._faults import Places
from canopy._inputs.airspaces import AirspaceInput, AirspaceLike, airspace
from canopy._inputs.airstrips import AirstripsLike, airstrips
from canopy._inputs.sites import Sites, SitesLike, sites
from canopy.errors import InvalidInput
from canopy.v1 import airstrip_pb2, catalog_pb2, radar_pb2
from canopy.v1.coverage_pb2 import AirspaceSelection, CoverageOptions, NetworkSelection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from canopy._progress import Bar

_REACHES = {
    "disc": radar_pb2.REACH_DISC,
    "horizon": radar_pb2.REACH_HORIZON,
    "terrain": radar_pb2.REACH_TERRAIN,
}


T = TypeVar("T", bound="_Arguments")


class _Arguments:
    """Arguments that several questions have, under the same names."""

    @classmethod
    def of(cls: type[T], arguments: dict[str, Any]) -> T:
        """Take what is needed from the arguments of a question."""
        names = [f.name for f in fields(cls)]  # type: ignore[arg-type]
        return cls(**{name: arguments[name] for name in names})


@dataclass(frozen=True, kw_only=True)
class Options(_Arguments):
    """How coverage is computed; what is None is left to the server."""

    reach: str | None
    effective_earth_k: float | None
    min_radars: int | None
    range_km: float | None
    min_range_km: float | None
    min_elevation_deg: float | None
    max_elevation_deg: float | None
    height_limit_amsl_m: float | None
    resolution_arcsec: float | None
    strict_terrain: bool

    def message(self) -> CoverageOptions:
        """Return the options as a message."""
        options = CoverageOptions(
            reach=self._reach(),
            effective_earth_k=self.effective_earth_k,
            min_radars=self.min_radars,
            resolution_arcsec=self.resolution_arcsec,
            strict_terrain=self.strict_terrain,
        )
        limits = radar_pb2.RadarLimits(
            range_km=self.range_km,
            min_range_km=self.min_range_km,
            min_elevation_deg=self.min_elevation_deg,
            max_elevation_deg=self.max_elevation_deg,
            height_limit_amsl_m=self.height_limit_amsl_m,
        )
        if limits.ByteSize():
            options.limits.CopyFrom(limits)
        return options

    def _reach(self) -> radar_pb2.Reach:
        if self.reach is None:
            return radar_pb2.REACH_UNSPECIFIED
        reach = _REACHES.get(self.reach.lower())
        if reach is None:
            raise InvalidInput(
                f'reach "{self.reach}" is not a reach', remedy="want disc, horizon or terrain"
            )
        return reach


@dataclass(frozen=True, kw_only=True)
class Network(_Arguments):
    """Which radars: those of a scenario, others added to them, or others alone."""

    scenario: str | None
    sites: SitesLike | None
    out_of_service: str | Iterable[str] | None

    def needs_scenario(self) -> bool:
        """Tell whether the scenario's radars have to be known here."""
        if self.sites is None:
            return self.out_of_service is not None
        return self.scenario is not None


@dataclass
class Question:
    """Collects the parts of a request, their places and the notes on them."""

    places: Places = field(default_factory=Places)
    notes: list[str] = field(default_factory=list)

    def network(
        self,
        network: Network,
        find_scenario: Callable[[str | None], catalog_pb2.Scenario],
    ) -> NetworkSelection:
        """Return the radars. Those of a scenario are fetched only if changed."""
        own = Sites([], [], []) if network.sites is None else sites(network.sites)
        self.notes += own.notes
        radars, places = list(own.radars), list(own.places)
        if network.needs_scenario():
            scenario = find_scenario(network.scenario)
            radars = list(scenario.radars) + radars
            name = f"scenario {scenario.scenario_id}"
            places = [f"{name}, radar {r.radar_id}" for r in scenario.radars] + places
        for path in ("network.radars", "existing.radars"):
            self.places.items[path] = places.__getitem__
        selection = NetworkSelection(scenario_id=network.scenario or "", radars=radars)
        _take_out(selection, network.out_of_service)
        return selection

    def airspace(self, value: AirspaceLike | None, argument: str = "airspace") -> AirspaceInput:
        """Return the airspace."""
        found = airspace(value, argument)
        self.notes += found.notes
        for path in ("airspace.area.polygons", "area.polygons"):
            self.places.items[path] = found.place
        return found

    def airstrips(
        self, value: AirstripsLike | None, builtin: bool, argument: str = "airstrips"
    ) -> airstrip_pb2.AirstripSelection:
        """Return the airstrips: the built-in list, the user's own, or both."""
        own = airstrips(value, builtin, argument)
        self.notes += own.notes
        self.places.items["airstrips.airstrips"] = own.place
        return own.selection


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parts of a question that have been made into messages."""

    question: Question
    network: NetworkSelection
    options: CoverageOptions
    airspace: AirspaceInput
    airstrips: airstrip_pb2.AirstripSelection
    scenario: str | None
    timeout_s: float

    @property
    def notes(self) -> list[str]:
        """What was done to the input."""
        return self.question.notes

    @property
    def where(self) -> tuple[AirspaceSelection | None, str | None]:
        """The airspace, and the scenario whose airspace stands in for none."""
        return self.airspace.selection, self.scenario

    def terms(self, bar: Bar | None = None) -> Terms:
        """Return the terms of a call."""
        return Terms(self.timeout_s, self.question.places, bar)


def _take_out(selection: NetworkSelection, names: str | Iterable[str] | None) -> None:
    """Mark radars as out of service, by id or by name in any case."""
    wanted = [names] if isinstance(names, str) else list(names or ())
    for name in wanted:
        found = [
            r for r in selection.radars if name.lower() in (r.name.lower(), r.radar_id.lower())
        ]
        if not found:
            known = ", ".join(radar.name for radar in selection.radars)
            raise InvalidInput(
                f'out_of_service: no radar "{name}"',
                remedy=f"want one of {known}",
                reason="RADAR_UNKNOWN",
            )
        for radar in found:
            radar.state = radar_pb2.RADAR_STATE_OUT_OF_SERVICE
