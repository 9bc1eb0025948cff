"""Questions about where to put the next radars, and what is lost with those that stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.longrunning import operations_pb2
from google.longrunning.operations_pb2_grpc import OperationsStub

from canopy import results
from canopy._calls import Terms
from canopy._catalogue import Catalogue
from canopy._inputs import objectives, quantities
from canopy._inputs.candidates import Search, search
from canopy._operations import PlanOperation, all_operations, follow
from canopy._plans import check_existing, place_search, place_zones, plan_request
from canopy._progress import Bar
from canopy._questions import Question
from canopy.v1 import siting_pb2
from canopy.v1.siting_pb2_grpc import SitingServiceStub

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from canopy._inputs.airspaces import AirspaceLike
    from canopy._inputs.airstrips import AirstripsLike
    from canopy._inputs.candidates import CandidatesLike
    from canopy._inputs.objectives import AreasLike, WeightedAltitudesLike, ZonesLike
    from canopy._inputs.quantities import AltitudesLike
    from canopy._inputs.sites import SitesLike


class Siting(Catalogue):
    """What a server finds out about sites."""

    def plan(
        self,
        *,
        count: int | None = None,
        budget_usd: float | None = None,
        candidates: CandidatesLike | None = None,
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        airspace: AirspaceLike | None = None,
        altitudes: WeightedAltitudesLike | None = None,
        count_weights: float | Iterable[float] | None = None,
        zones: ZonesLike | None = None,
        areas: AreasLike | None = None,
        airstrips: AirstripsLike | None = None,
        builtin_airstrips: bool = True,
        max_airstrip_agl_m: float | None = None,
        airstrip_weight_km2: float | None = None,
        min_spacing_km: float | None = None,
        max_of: Mapping[str, int] | None = None,
        cost_usd: Mapping[str, float] | None = None,
        time_limit_s: float | None = None,
        gap_percent: float | None = None,
        seed: int = 0,
        screening: bool = True,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        strict_terrain: bool = False,
        progress: bool | None = None,
    ) -> results.Plan:
        """Choose which candidates to build, in which order, and prove how good that is.

        At most ``count`` radars are built, for at most ``budget_usd`` US dollars
        together; one of the two is needed. ``candidates`` are places where they
        could stand: ``canopy.Candidate``, dictionaries, a GeoDataFrame, a CSV or
        GeoJSON file, what ``candidates()`` returns, or a ``canopy.Search`` that has
        Canopy look for them; airports if not given. Radars that stand already are
        those of ``scenario`` and ``sites``; there are none where neither is given.

        What counts is the airspace that is seen, in km². ``altitudes`` may have
        weights: ``{"300m-agl": 2, "FL100": 1}``. With ``count_weights=(1, 0.5)``,
        a second radar that sees a place earns half of what the first one does.
        ``zones={"vraem": 5}`` makes a km² there count five times. ``areas`` count
        at altitudes of their own: ``[("vraem", "150m-agl", 2)]``. Airstrips count
        where ``airstrips`` are given, or how low aircraft over them should be seen
        (``max_airstrip_agl_m``, 300), or what one of them is worth
        (``airstrip_weight_km2``, 1000).

        No two radars stand nearer together than ``min_spacing_km``; at most so
        many are built of a model as ``max_of={"modern-3d": 4}`` says; ``cost_usd``
        tells what radars of a model cost.

        The search ends when the plan is within ``gap_percent`` (0.1) of the best
        possible, when it no longer gets better, or after ``time_limit_s``.
        Interrupting the cell ends it as well. In each case the best plan so far is
        returned, with what none can exceed. The same question with the same
        ``seed`` has the same plan, unless time ends it. With ``screening=False``
        no candidate is ruled out on coarser terrain first.
        """
        return follow(self._start(locals()), progress)

    def start_plan(
        self,
        *,
        count: int | None = None,
        budget_usd: float | None = None,
        candidates: CandidatesLike | None = None,
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        airspace: AirspaceLike | None = None,
        altitudes: WeightedAltitudesLike | None = None,
        count_weights: float | Iterable[float] | None = None,
        zones: ZonesLike | None = None,
        areas: AreasLike | None = None,
        airstrips: AirstripsLike | None = None,
        builtin_airstrips: bool = True,
        max_airstrip_agl_m: float | None = None,
        airstrip_weight_km2: float | None = None,
        min_spacing_km: float | None = None,
        max_of: Mapping[str, int] | None = None,
        cost_usd: Mapping[str, float] | None = None,
        time_limit_s: float | None = None,
        gap_percent: float | None = None,
        seed: int = 0,
        screening: bool = True,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        strict_terrain: bool = False,
    ) -> PlanOperation:
        """Have the server search for a plan, and return at once.

        The arguments are those of ``plan``. The operation tells how far it is,
        ends the search, and returns the plan; ``operation(name)`` comes back to
        it.
        """
        return self._start(locals())

    def _start(self, arguments: dict[str, Any]) -> PlanOperation:
        check_existing(arguments)
        # What radars of each model cost is no number.
        shared = {name: value for name, value in arguments.items() if name != "cost_usd"}
        asked = self._ask(shared | {"min_radars": None, "timeout_s": None})
        request = plan_request(asked, arguments)
        message = self._site("PlanNetwork", request, asked.terms())
        return PlanOperation(self, message, places=asked.question.places, notes=asked.notes)

    def operations(self) -> results.Operations:
        """List the plans that the server searches for or keeps, the newest first."""
        return results.Operations(all_operations(self))

    def operation(self, name: str) -> PlanOperation:
        """Come back to a plan, by the name of its operation."""
        request = operations_pb2.GetOperationRequest(name=name)
        return PlanOperation(self, self._call(OperationsStub, "GetOperation", request))

    def candidates(
        self,
        *,
        near_access_km: float | None = None,
        thin_km: float | None = None,
        within: AirspaceLike | None = None,
        airstrips: AirstripsLike | None = None,
        builtin_airstrips: bool = True,
        at_airstrips: bool = True,
        max_count: int | None = None,
        model_id: str = "",
        mast_m: float | None = None,
        progress: bool | None = None,
    ) -> results.Candidates:
        """Look for places where radars could stand, as ``plan`` does.

        The arguments are those of ``canopy.Search``. What is found can be looked
        at, changed as a GeoDataFrame, and given to ``plan`` and ``gaps``.
        """
        given = {name: value for name, value in locals().items() if name not in _NOT_SEARCHED}
        question, found = Question(), search(Search(**given))
        question.notes += found.notes
        place_search(question.places, found, "search")
        request = siting_pb2.FindCandidatesRequest(search=found.search)
        with Bar(progress, "looking for candidates") as bar:
            terms = Terms(self._timeout_s, question.places, bar)
            answer = self._site("FindCandidates", request, terms)
        outline = self._outline(found.within.selection)
        return results.Candidates(answer, question.notes, outline=outline)

    def criticality(
        self,
        *,
        scenario: str | None = None,
        sites: SitesLike | None = None,
        out_of_service: str | Iterable[str] | None = None,
        airspace: AirspaceLike | None = None,
        altitudes: AltitudesLike | None = None,
        airstrips: AirstripsLike | None = None,
        builtin_airstrips: bool = True,
        max_airstrip_agl_m: float | None = None,
        zones: AirspaceLike | Iterable[AirspaceLike] | None = None,
        availability: float | None = None,
        availabilities: Mapping[str, float] | None = None,
        reach: str | None = None,
        effective_earth_k: float | None = None,
        min_radars: int | None = None,
        range_km: float | None = None,
        min_range_km: float | None = None,
        min_elevation_deg: float | None = None,
        max_elevation_deg: float | None = None,
        height_limit_amsl_m: float | None = None,
        resolution_arcsec: float | None = None,
        strict_terrain: bool = False,
        timeout_s: float | None = None,
        progress: bool | None = None,
    ) -> results.Criticality:
        """Tell what is lost when each radar alone fails, and what is covered on average.

        Airstrips count as seen where an aircraft at ``max_airstrip_agl_m`` (300)
        above them is. ``zones`` are looked at on their own. ``availability`` is the
        share of time that a radar works (0.9, an assumption), each for itself;
        ``availabilities={"mazamari": 0.8}`` has those that differ.
        """
        asked = self._ask(locals())
        looked_at = objectives.zones(zones)
        place_zones(asked.question, looked_at, "zones", "")
        request = siting_pb2.AssessCriticalityRequest(
            network=asked.network,
            airspace=asked.airspace.selection,
            altitudes=quantities.altitudes(altitudes, "altitudes"),
            options=asked.options,
            airstrips=asked.airstrips,
            max_airstrip_agl_m=max_airstrip_agl_m,
            zones=[zone.selection for zone in looked_at],
            availability=availability,
            availabilities=objectives.availabilities(availabilities),
        )
        with Bar(progress, "taking radars away") as bar:
            answer = self._site("AssessCriticality", request, asked.terms(bar))
        return results.Criticality(answer, asked.notes, outline=self._outline(*asked.where))

    def _site(self, name: str, request: Any, terms: Terms) -> Any:
        return self._call(SitingServiceStub, name, request, terms)


# What the arguments of a search are not.
_NOT_SEARCHED = ("self", "progress")
