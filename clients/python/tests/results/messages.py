"""Answers that a server gave (record.py), and answers made by hand.

The plan and what belongs to it, candidates, suggestions and criticality, are the
specimens of the server's own tests, which have one of everything.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from google.protobuf import json_format

from canopy import results
from canopy.v1 import (
    airstrip_pb2,
    catalog_pb2,
    coverage_pb2,
    geometry_pb2,
    provenance_pb2,
    radar_pb2,
    siting_pb2,
    terrain_pb2,
)

if TYPE_CHECKING:
    from google.protobuf.message import Message

M = TypeVar("M", bound="Message")

TESTDATA = Path(__file__).parent / "testdata"
FLOOR_TIF = TESTDATA / "floor.tif"
# Markup, and signs that scripts and templates read.
EVIL = "<script>alert(1)</script> & {% raw %} ${x} ` \x01\x1b"


def recorded(name: str, kind: type[M]) -> M:
    text = (TESTDATA / f"{name}.json").read_text(encoding="utf-8")
    return json_format.Parse(text, kind())


def vraem() -> geometry_pb2.Area:
    return recorded("vraem", catalog_pb2.GetAirspaceResponse).airspace.area


def gaps() -> results.Gaps:
    return results.Gaps(recorded("gaps", coverage_pb2.FindGapsResponse), outline=vraem())


def checks() -> results.Checks:
    return results.Checks([recorded("check", coverage_pb2.CheckPointsResponse)], outline=vraem())


def profile() -> results.Profile:
    return results.Profile(recorded("profile", coverage_pb2.GetProfileResponse))


def exposures() -> results.Exposures:
    message = recorded("exposures", coverage_pb2.AssessAirstripsResponse)
    return results.Exposures(message, outline=vraem())


def floor() -> results.Floor:
    return results.Floor(recorded("floor", coverage_pb2.FloorSummary), FLOOR_TIF)


def airstrips() -> results.Airstrips:
    hits = recorded("nearest", catalog_pb2.FindNearestAirstripsResponse).hits
    return results.Airstrips([h.airstrip for h in hits], [h.distance_km for h in hits])


def airspace() -> results.Airspace:
    return results.Airspace(recorded("vraem", catalog_pb2.GetAirspaceResponse).airspace)


def scenarios() -> results.Scenarios:
    return results.Scenarios(recorded("scenarios", catalog_pb2.ListScenariosResponse).scenarios)


def elevations() -> results.Elevations:
    message = recorded("elevations", terrain_pb2.GetElevationsResponse)
    places = [
        geometry_pb2.Position(lat_deg=-12.519, lon_deg=-73.829),
        geometry_pb2.Position(lat_deg=60, lon_deg=20),
    ]
    return results.Elevations([message], places)


def terrain() -> results.TerrainInfo:
    return results.TerrainInfo(recorded("terrain", terrain_pb2.GetTerrainResponse))


def radar_models() -> results.RadarModels:
    message = recorded("radar_models", catalog_pb2.ListRadarModelsResponse)
    return results.RadarModels(message.radar_models)


def airspaces() -> results.Airspaces:
    return results.Airspaces(recorded("airspaces", catalog_pb2.ListAirspacesResponse).airspaces)


def scenario() -> results.Scenario:
    return next(iter(scenarios()))


def plan() -> results.Plan:
    return results.Plan(recorded("plan", siting_pb2.PlanNetworkResponse), outline=vraem())


def criticality() -> results.Criticality:
    message = recorded("criticality", siting_pb2.AssessCriticalityResponse)
    return results.Criticality(message, outline=vraem())


def candidates() -> results.Candidates:
    message = recorded("candidates", siting_pb2.FindCandidatesResponse)
    return results.Candidates(message, outline=vraem())


def suggestions() -> results.Gaps:
    message = recorded("suggestions", siting_pb2.SuggestSitesResponse)
    return results.Gaps(message.gaps, outline=vraem(), suggested=message)


def map_answers() -> list[results.MapAnswer]:
    return [
        gaps(),
        checks(),
        profile(),
        exposures(),
        airstrips(),
        airspace(),
        scenario(),
        elevations(),
        gaps().radars,
        plan(),
        criticality(),
        candidates(),
        suggestions(),
    ]


def answers() -> list[results.Answer]:
    lists = [scenarios(), radar_models(), airspaces(), terrain()]
    return [*map_answers(), floor(), *lists]


def ring(*places: tuple[float, float]) -> geometry_pb2.Ring:
    positions = [geometry_pb2.Position(lon_deg=x, lat_deg=y) for x, y in places]
    return geometry_pb2.Ring(positions=positions)


def holed() -> geometry_pb2.Polygon:
    """Return a square degree with a hole in it."""
    outer = ring((-74, -12), (-73, -12), (-73, -11), (-74, -11), (-74, -12))
    hole = ring((-73.6, -11.6), (-73.6, -11.4), (-73.4, -11.4), (-73.4, -11.6), (-73.6, -11.6))
    return geometry_pb2.Polygon(rings=[outer, hole])


def evil_gaps() -> results.Gaps:
    """Return gaps of which every text is what a page must not believe."""
    gap = coverage_pb2.Gap(
        gap_id=EVIL,
        area_km2=100.5,
        share=0.25,
        boundary=holed(),
        departments=[coverage_pb2.DepartmentShare(name=EVIL)],
        airstrips=[coverage_pb2.GapAirstrip(name=EVIL)],
        causes=[coverage_pb2.CauseShare(cause=coverage_pb2.GAP_CAUSE_TERRAIN, share=1)],
    )
    band = coverage_pb2.Band(altitude=geometry_pb2.Altitude(amsl_m=1500), gaps=[gap], gap_count=1)
    radar = radar_pb2.ResolvedRadar(
        radar_id=EVIL,
        name=EVIL,
        position=geometry_pb2.Position(lat_deg=-11.2, lon_deg=-73.8),
        state=radar_pb2.RADAR_STATE_OUT_OF_SERVICE,
    )
    warning = provenance_pb2.Warning(warning_id="x", message=EVIL, subject=EVIL + "!")
    terrain = provenance_pb2.Terrain(name=EVIL, spacing_arcsec=3)
    message = coverage_pb2.FindGapsResponse(
        bands=[band],
        radars=[radar],
        warnings=[warning],
        provenance=provenance_pb2.Provenance(terrain=terrain, assumptions=[EVIL]),
    )
    area = geometry_pb2.Area(polygons=[geometry_pb2.Polygon(rings=[holed().rings[0]])])
    return results.Gaps(message, [EVIL], outline=area)


def own_airstrip(**fields: object) -> airstrip_pb2.Airstrip:
    where = geometry_pb2.Position(lat_deg=-12, lon_deg=-73)
    return airstrip_pb2.Airstrip(position=where, **fields)  # type: ignore[arg-type]
