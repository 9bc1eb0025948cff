"""Questions about sites: what arguments become, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import grpc
import pytest
from fakes import FakeServer, abort
from planner import Planner
from results import messages
from shapely.geometry import Point, box

import canopy
from canopy.v1 import airstrip_pb2, siting_pb2


@pytest.fixture
def client(fake: FakeServer) -> Iterator[canopy.Client]:
    with canopy.connect(fake.address) as found:
        yield found


def asked(fake: FakeServer, client: canopy.Client, **question: Any) -> Any:
    """Return the request that a question becomes."""
    planner = Planner(fake, polls=0)
    client.plan(**{"count": 3, **question})
    return planner.request


def test_the_whole_question(fake: FakeServer, client: canopy.Client) -> None:
    square = box(-74, -12, -73, -11)
    request = asked(
        fake,
        client,
        budget_usd=71e6,
        candidates=[canopy.Candidate(name="A", lat_deg=-1, lon_deg=-75, cost_usd=5e6, fixed=True)],
        sites=[canopy.Radar(name="B", lat_deg=-2, lon_deg=-75)],
        airspace="peru",
        altitudes={"300m-agl": 2, "FL100": 1.5},
        count_weights=(1, 0.5),
        zones=[("vraem", 5), (square, 3)],
        areas=[("vraem", "150m-agl"), (square, "FL050", 2)],
        max_airstrip_agl_m=200,
        airstrip_weight_km2=500,
        min_spacing_km=100,
        max_of={"modern-3d": 4},
        cost_usd={"modern-3d": 20e6},
        time_limit_s=90.5,
        gap_percent=1,
        seed=7,
        screening=False,
        resolution_arcsec=60,
    )
    assert request.existing.radars[0].name == "B"
    assert request.airspace.airspace_id == "peru"
    assert request.options.resolution_arcsec == 60
    (candidate,) = request.candidates.candidates
    assert (candidate.radar.name, candidate.cost_usd, candidate.fixed) == ("A", 5e6, True)
    assert not request.candidates.HasField("search")
    objective = request.objective
    assert [(a.altitude.agl_m, a.weight) for a in objective.altitudes] == [(300, 2), (0, 1.5)]
    assert list(objective.count_weights) == [1, 0.5]
    assert [z.weight for z in objective.zones] == [5, 3]
    assert objective.zones[1].zone.area.polygons
    assert [a.HasField("weight") for a in objective.areas] == [False, True]
    assert objective.areas[1].altitude.flight_level == 50
    assert (objective.airstrips.max_agl_m, objective.airstrips.weight_km2) == (200, 500)
    limits = request.constraints
    assert (limits.max_count, limits.budget_usd, limits.min_spacing_km) == (3, 71e6, 100)
    assert (limits.models[0].model_id, limits.models[0].max_count) == ("modern-3d", 4)
    assert limits.costs[0].cost_usd == 20e6
    effort = request.effort
    assert (effort.time_limit.seconds, effort.time_limit.nanos) == (90, 500_000_000)
    assert (effort.gap_percent, effort.seed, effort.without_screening) == (1, 7, True)


def test_what_is_left_out_is_left_to_the_server(fake: FakeServer, client: canopy.Client) -> None:
    request = asked(fake, client)
    search = siting_pb2.CandidateSearch(airstrips=airstrip_pb2.AirstripSelection())
    assert request.candidates == siting_pb2.CandidateSelection(search=search)
    assert request.objective == siting_pb2.PlanObjective()
    assert request.effort == siting_pb2.PlanEffort()
    assert request.constraints == siting_pb2.PlanConstraints(max_count=3)
    assert not request.HasField("airspace")


CANDIDATES_CSV = "name,lat,lon,model,cost,fixed,forbidden,why\nA,-1,-75,modern-3d,5e6,yes,0,power\n"


def test_candidates_of_all_kinds(fake: FakeServer, client: canopy.Client, tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(CANDIDATES_CSV, encoding="utf-8")
    frame = gpd.GeoDataFrame(
        {"name": ["A"], "fixed": [True]}, geometry=[Point(-75, -1)], crs="EPSG:4326"
    )
    found = messages.candidates()
    for value, names in (
        (path, ["A"]),
        (frame, ["A"]),
        ({"name": "A", "lat_deg": -1, "lon_deg": -75, "fixed": "true"}, ["A"]),
        (found, [c.radar.name for c in found]),
        (found.to_geodataframe(), [c.radar.name for c in found]),
    ):
        selection = asked(fake, client, candidates=value).candidates
        assert [c.radar.name for c in selection.candidates] == names
        assert any(c.fixed for c in selection.candidates)
    (read,) = asked(fake, client, candidates=path).candidates.candidates
    assert (read.cost_usd, read.reason, read.forbidden) == (5e6, "power", False)
    assert read.radar.model_id == "modern-3d"


def test_a_search_with_candidates_of_ones_own(fake: FakeServer, client: canopy.Client) -> None:
    own = canopy.Candidate(name="A", lat_deg=-1, lon_deg=-75, forbidden=True)
    search = canopy.Search(
        near_access_km=25, thin_km=40, within="peru/loreto", at_airstrips=False, max_count=9
    )
    selection = asked(fake, client, candidates=[own, search]).candidates
    assert selection.candidates[0].forbidden
    assert (selection.search.near_access_km, selection.search.thin_km) == (25, 40)
    assert selection.search.within.airspace_id == "peru/loreto"
    assert selection.search.without_airstrips
    assert asked(fake, client, candidates=search).candidates.search == selection.search


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"budget_usd": "71M"}, r"budget_usd='71M' cannot be used: give a number, in US dollars"),
        ({"zones": "vraem"}, r"zones='vraem' cannot be used: give zones=\{\"vraem\": 5\}"),
        ({"zones": {"vraem": "5"}}, r'zones\["vraem"\]: \'5\' is not a number'),
        ({"zones": [(None, 5)]}, r"zones\[0\] is None"),
        ({"zones": ["vraem"]}, r"zones\[0\] is not \(zone, weight\)"),
        ({"areas": [("vraem",)]}, r"areas\[0\] is not \(area, altitude\)"),
        ({"areas": [("vraem", "150")]}, r"areas\[0\]\[0\]: altitude \"150\" has no unit"),
        ({"max_of": {"modern-3d": 1.5}}, r"is not a whole number"),
        ({"cost_usd": 5e6}, r"cost_usd=5000000.0 cannot be used"),
        ({"altitudes": {"300": 1}}, r"altitudes\[0\]: altitude \"300\" has no unit"),
        ({"altitudes": {"FL100": "x"}}, r"altitudes\[\"FL100\"\]: 'x' is not a number"),
        ({"count_weights": [1, "x"]}, r"count_weights\[1\]: 'x' is not a number"),
        ({"candidates": []}, r"candidates is empty: leave it out for airports"),
        ({"candidates": 5}, r"candidates is of type int: want canopy.Candidate"),
        ({"candidates": [5]}, r"candidates\[0\] is of type int: want a canopy.Candidate"),
        ({"candidates": [canopy.Search()] * 2}, r"candidates has several searches"),
        (
            {"candidates": canopy.Search(max_count=1.5)},  # type: ignore[arg-type]
            r"max_count=1.5 cannot be used: give a number, a whole one",
        ),
        (
            {"candidates": {"name": "A", "lat": 1, "lon": 2, "fixed": "perhaps"}},
            r'candidates\[0\]: key fixed: "perhaps" is neither true nor false',
        ),
        ({"out_of_service": "Mazamari"}, r"out_of_service has no radars"),
    ],
)
def test_values_refused(client: canopy.Client, question: dict[str, Any], said: str) -> None:
    with pytest.raises(canopy.InvalidInput, match=said):
        client.plan(count=1, **question)


def test_violations_are_told_in_the_callers_words(fake: FakeServer, client: canopy.Client) -> None:
    square = box(-74, -12, -73, -11)
    violations = {
        "candidates.candidates[0].radar.position.lat_deg": "outside of the terrain",
        "constraints.max_count": "5 of 1 candidates: ask for fewer",
        "objective.zones[1].zone.area.polygons[0].rings[0]": "crosses itself",
        "objective.zones[0].zone.airspace_id": "unknown",
        "objective.airstrips.max_agl_m": "wrong",
        "existing.radars[0].mast_m": "wrong",
        "candidates.search.near_access_km": "wrong",
        "effort.gap_percent": "wrong",
    }
    fake.answers["PlanNetwork"] = abort(
        grpc.StatusCode.INVALID_ARGUMENT, "m", "FIELD_INVALID", violations
    )
    with pytest.raises(canopy.InvalidInput) as failed:
        client.plan(
            count=5,
            candidates=[{"name": "A", "lat": 1, "lon": 2}, canopy.Search()],
            sites={"name": "B", "lat": 1, "lon": 2},
            zones=[("vraem", 5), (square, 3)],
        )
    assert [v.field for v in failed.value.violations] == [
        "candidates[0]: lat_deg",
        "count",
        "zones[1] feature 1: rings[0]",
        'zones["vraem"]',
        "max_airstrip_agl_m",
        "sites[0]: mast_m",
        "candidates: near_access_km",
        "gap_percent",
    ]


def test_candidates_are_looked_for(fake: FakeServer, client: canopy.Client) -> None:
    seen: list[Any] = []

    def answer(request: Any, context: Any) -> siting_pb2.FindCandidatesResponse:
        seen.append(request.search)
        return messages.candidates().message

    fake.answers["FindCandidates"] = answer
    own = {"name": "Mine", "lat_deg": -11, "lon_deg": -74}
    found = client.candidates(
        near_access_km=25, within="vraem", airstrips=own, builtin_airstrips=False, mast_m=20
    )
    assert len(found) == 3
    (search,) = seen
    assert search.within.airspace_id == "vraem"
    assert search.airstrips.without_builtin
    assert search.airstrips.airstrips[0].name == "Mine"
    assert (search.near_access_km, search.mast_m, search.HasField("thin_km")) == (25, 20, False)


def test_faults_of_a_search_are_told_in_the_callers_words(
    fake: FakeServer, client: canopy.Client
) -> None:
    violations = {
        "search.near_access_km": "500 is not between 0 and 200",
        "search.within.airspace_id": "unknown airspace",
        "search.airstrips.airstrips[0].position": "wrong",
    }
    fake.answers["FindCandidates"] = abort(
        grpc.StatusCode.INVALID_ARGUMENT, "m", "FIELD_INVALID", violations
    )
    with pytest.raises(canopy.InvalidInput) as failed:
        client.candidates(
            near_access_km=500,
            within="x",
            airstrips={"name": "Mine", "lat_deg": -11, "lon_deg": -74},
        )
    assert [v.field for v in failed.value.violations] == [
        "near_access_km",
        "within",
        "airstrips[0]: position",
    ]


def test_criticality_is_asked_for(fake: FakeServer, client: canopy.Client) -> None:
    seen: list[Any] = []

    def answer(request: Any, context: Any) -> siting_pb2.AssessCriticalityResponse:
        seen.append(request)
        return messages.criticality().message

    fake.answers["AssessCriticality"] = answer
    found = client.criticality(
        scenario="four-modern",
        altitudes=["300m-agl"],
        zones=["vraem", box(-74, -12, -73, -11)],
        availability=0.8,
        availabilities={"mazamari": 0.5},
        max_airstrip_agl_m=100,
    )
    assert found.altitudes == ["300m-agl", "FL100"]
    (request,) = seen
    assert [z.airspace_id for z in request.zones] == ["vraem", ""]
    assert (request.availability, request.max_airstrip_agl_m) == (0.8, 100)
    assert request.availabilities[0].radar_id == "mazamari"
    client.criticality(zones="vraem")
    assert seen[-1].zones[0].airspace_id == "vraem"
    with pytest.raises(canopy.InvalidInput, match=r'availabilities\["mazamari"\]: .* not a number'):
        client.criticality(availabilities={"mazamari": "x"})  # type: ignore[dict-item]
    with pytest.raises(canopy.InvalidInput, match="availability='90%' cannot be used"):
        client.criticality(availability="90%")  # type: ignore[arg-type]


def test_gaps_with_suggestions(fake: FakeServer, client: canopy.Client) -> None:
    seen: list[Any] = []
    message = messages.suggestions().suggested

    def answer(request: Any, context: Any) -> Any:
        seen.append(request)
        return message

    fake.answers["SuggestSites"] = answer
    gaps = client.gaps(airspace="vraem", suggest=canopy.Search(near_access_km=25))
    assert seen[0].gaps.airspace.airspace_id == "vraem"
    assert seen[0].candidates.search.near_access_km == 25
    assert gaps.suggested == message
    violations = {"gaps.network.radars[0].mast_m": "wrong", "candidates.candidates[0]": "wrong"}
    fake.answers["SuggestSites"] = abort(
        grpc.StatusCode.INVALID_ARGUMENT, "m", "FIELD_INVALID", violations
    )
    site = {"name": "A", "lat": 1, "lon": 2}
    with pytest.raises(canopy.InvalidInput) as failed:
        client.gaps(sites=site, suggest=site)
    assert [v.field for v in failed.value.violations] == ["sites[0]: mast_m", "candidates[0]"]


def test_the_network_of_a_plan_is_asked_about(
    fake: FakeServer, client: canopy.Client, tmp_path: Path
) -> None:
    """A plan, its frame and its files are the same radars to the last bit."""
    plan = messages.plan()
    seen: list[Any] = []

    def answer(request: Any, context: Any) -> Any:
        seen.append(request.network)
        return messages.gaps().message

    fake.answers["FindGaps"] = answer
    for ending in ("geojson", "csv"):
        plan.save(tmp_path / f"plan.{ending}")
    for sites in (plan, plan.sites, tmp_path / "plan.geojson", tmp_path / "plan.csv"):
        client.gaps(sites=sites)
    assert [r.name for r in seen[0].radars] == [r.name for r in plan.radars]
    assert all(network.radars[:2] == seen[0].radars[:2] for network in seen)
    assert all(network == seen[0] for network in seen)
