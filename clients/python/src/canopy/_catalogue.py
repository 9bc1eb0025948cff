"""Questions about what there is: scenarios, models, airspaces, airstrips, terrain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from canopy import results
from canopy._calls import Terms
from canopy._inputs.airstrips import AirstripsLike, statuses
from canopy._inputs.points import PointsLike, place, places
from canopy._inputs.quantities import check_numbers
from canopy._questions import Question
from canopy._session import LIST_TIMEOUT_S, Session
from canopy.errors import InvalidInput
from canopy.v1 import airstrip_pb2, catalog_pb2, terrain_pb2
from canopy.v1.catalog_pb2_grpc import CatalogServiceStub
from canopy.v1.coverage_pb2 import AirspaceSelection
from canopy.v1.terrain_pb2_grpc import TerrainServiceStub

if TYPE_CHECKING:
    from collections.abc import Iterable

    from canopy._inputs.airspaces import AirspaceLike

# As many places as the contract takes in one call, and airstrips in a page.
_BATCH = 10_000
_PAGE = 1_000


class Catalogue(Session):
    """What a server has, apart from what it computes."""

    def scenarios(self) -> results.Scenarios:
        """List the starting points, the default one first."""
        answer = self._catalogue("ListScenarios", catalog_pb2.ListScenariosRequest())
        return results.Scenarios(answer.scenarios)

    def scenario(self, scenario_id: str) -> results.Scenario:
        """Return one starting point: radars, airspace, altitudes, sources."""
        request = catalog_pb2.GetScenarioRequest(scenario_id=scenario_id)
        found = self._catalogue("GetScenario", request).scenario
        airspace = AirspaceSelection(airspace_id=found.airspace_id)
        return results.Scenario(found, outline=self._outline(airspace))

    def radar_models(self) -> results.RadarModels:
        """List the types of radar, with their limits and where these come from."""
        answer = self._catalogue("ListRadarModels", catalog_pb2.ListRadarModelsRequest())
        return results.RadarModels(answer.radar_models)

    def airspaces(self) -> results.Airspaces:
        """List countries, departments and zones, without their outlines."""
        answer = self._catalogue("ListAirspaces", catalog_pb2.ListAirspacesRequest())
        return results.Airspaces(answer.airspaces)

    def airspace(self, airspace_id: str) -> results.Airspace:
        """Return one airspace with its outline, by id or name."""
        request = catalog_pb2.GetAirspaceRequest(airspace_id=airspace_id)
        return results.Airspace(self._catalogue("GetAirspace", request).airspace)

    def airstrips(
        self,
        *,
        near: Any = None,
        count: int | None = None,
        radius_km: float | None = None,
        within: AirspaceLike | None = None,
        own: AirstripsLike | None = None,
        builtin: bool = True,
        status: str | Iterable[str] | None = None,
    ) -> results.Airstrips:
        """List airstrips: all, those near a place, or those within an area.

        ``near`` is (lat, lon) or a point; the ``count`` nearest are returned (10
        if not given), or all within ``radius_km``. ``within`` is a name of the
        catalogue, a polygon or a file. ``own`` are your own airstrips, beside the
        built-in ones unless ``builtin`` is False. ``status`` is active, closed,
        destroyed or unknown, or several of these.
        """
        check_numbers({"count": count, "radius_km": radius_km})
        _check_places(near, count, radius_km, within)
        question = Question()
        which = {
            "airstrips": question.airstrips(own, builtin, "own"),
            "statuses": statuses(status),
        }
        terms = Terms(LIST_TIMEOUT_S, question.places)
        area = question.airspace(within, "within").selection
        if near is not None:
            hits = self._near(which, place(near, "near"), count, radius_km, terms)
        elif area is not None:
            hits = self._within(which, area, terms)
        else:
            hits = [catalog_pb2.AirstripHit(airstrip=a) for a in self._all(which, terms)]
        return results.Airstrips(
            [hit.airstrip for hit in hits],
            [hit.distance_km for hit in hits] if near is not None else None,
            question.notes,
            outline=self._outline(area),
        )

    def _near(
        self,
        which: dict[str, Any],
        at: Any,
        count: int | None,
        radius_km: float | None,
        terms: Terms,
    ) -> list[catalog_pb2.AirstripHit]:
        if radius_km is None:
            nearest = catalog_pb2.FindNearestAirstripsRequest(
                **which, position=at, count=count or 0
            )
            return list(self._catalogue("FindNearestAirstrips", nearest, terms).hits)
        circle = catalog_pb2.Circle(position=at, radius_km=radius_km)
        inside = catalog_pb2.FindAirstripsWithinRequest(**which, circle=circle)
        return list(self._catalogue("FindAirstripsWithin", inside, terms).hits)

    def _within(
        self, which: dict[str, Any], airspace: AirspaceSelection, terms: Terms
    ) -> list[catalog_pb2.AirstripHit]:
        request = catalog_pb2.FindAirstripsWithinRequest(**which)
        terms.places.names["airspace_id"] = "within"
        if airspace.HasField("area"):
            request.area.CopyFrom(airspace.area)
        else:
            request.airspace_id = airspace.airspace_id
        return list(self._catalogue("FindAirstripsWithin", request, terms).hits)

    def _all(self, which: dict[str, Any], terms: Terms) -> list[airstrip_pb2.Airstrip]:
        listed: list[airstrip_pb2.Airstrip] = []
        token = ""
        while True:
            request = catalog_pb2.ListAirstripsRequest(**which, page_size=_PAGE, page_token=token)
            page = self._catalogue("ListAirstrips", request, terms)
            listed.extend(page.airstrips)
            token = page.next_page_token
            if not token:
                return listed

    def terrain(self) -> results.TerrainInfo:
        """Tell which elevation model the server stands on."""
        return results.TerrainInfo(self._ground("GetTerrain", terrain_pb2.GetTerrainRequest()))

    def elevations(self, *, points: PointsLike) -> results.Elevations:
        """Return the ground at places, in metres above mean sea level.

        ``points`` are as those of ``check``, without altitudes.
        """
        question, found = Question(), places(points)
        positions, answers = found.positions(), []
        for start in range(0, len(found), _BATCH):
            question.places.items["positions"] = found.place_from(start)
            some = positions[start : start + _BATCH]
            request = terrain_pb2.GetElevationsRequest(positions=some)
            terms = Terms(LIST_TIMEOUT_S, question.places)
            answers.append(self._ground("GetElevations", request, terms))
        return results.Elevations(answers, positions, found.notes)

    def _catalogue(self, name: str, request: Any, terms: Terms | None = None) -> Any:
        return self._call(CatalogServiceStub, name, request, terms)

    def _ground(self, name: str, request: Any, terms: Terms | None = None) -> Any:
        return self._call(TerrainServiceStub, name, request, terms)


def _check_places(near: Any, count: int | None, radius_km: float | None, within: Any) -> None:
    """Refuse ways to choose airstrips that do not go together."""
    if near is not None and within is not None:
        raise InvalidInput("near and within are both given", remedy="leave one out")
    if count is not None and radius_km is not None:
        raise InvalidInput("count and radius_km are both given", remedy="leave one out")
    if near is None and (count is not None or radius_km is not None):
        raise InvalidInput(
            "count and radius_km need a place", remedy="give near=(lat, lon) as well"
        )
