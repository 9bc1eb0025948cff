"""A real server's answers, beside those of the program itself."""

from __future__ import annotations

import json
import subprocess
from inspect import signature
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from shapely.geometry import Point, box

import canopy

PICHARI = canopy.Radar(name="Pichari", lat_deg=-12.519, lon_deg=-73.829, mast_m=15, range_km=400)

SITE = "--radar=name=Pichari,lat=-12.519,lon=-73.829,mast=15m,range=400km"


def told(binary: Path, *arguments: str) -> Any:
    """Return what the program answers."""
    said = subprocess.run(
        [binary, *arguments, "-o", "json"], capture_output=True, text=True, check=False
    )
    assert said.stdout, said.stderr
    return json.loads(said.stdout)


def plain(message: Message) -> Any:
    """Return a message as the program writes it."""
    every = "always_print_fields_with_no_presence"
    if every not in signature(MessageToDict).parameters:
        every = "including_default_value_fields"  # its name in protobuf 4
    options: Any = {every: True}
    return MessageToDict(message, preserving_proto_field_name=True, **options)


def test_gaps_are_those_of_the_program(client: canopy.Client, binary: Path) -> None:
    answer = client.gaps(
        scenario="four-modern",
        sites=PICHARI,
        out_of_service="Mazamari",
        airspace="vraem",
        altitudes=["300m-agl", "FL100"],
        reach="horizon",
        effective_earth_k=1.42,
        min_radars=2,
        range_km=444.48,
        min_range_km=2,
        min_elevation_deg=0.5,
        max_elevation_deg=15,
        height_limit_amsl_m=20000,
        min_area_km2=50,
        tolerance_m=2000,
    )
    wanted = told(
        binary,
        *("gaps", "--scenario", "four-modern", SITE, "--out-of-service", "Mazamari"),
        *("--airspace", "vraem", "--altitude", "300m-agl,FL100", "--reach", "horizon"),
        *("--k", "1.42", "--min-radars", "2", "--range", "444.48km", "--min-range", "2km"),
        *("--min-elevation", "0.5deg", "--max-elevation", "15deg"),
        *("--height-limit", "20000m-amsl", "--min-area", "50km2", "--tolerance", "2km"),
    )
    assert plain(answer.message) == wanted


def test_the_default_is_the_same_question(client: canopy.Client, binary: Path) -> None:
    assert plain(client.gaps().message) == told(binary, "gaps")


def test_gaps_with_their_range(client: canopy.Client, binary: Path) -> None:
    answer = client.gaps(bracket=True, resolution_arcsec=240, altitudes="FL100", airspace="vraem")
    assert answer.message.bands[0].HasField("bracket")
    wanted = told(
        binary,
        *("gaps", "--bracket", "--resolution", "240s", "--altitude", "FL100"),
        *("--airspace", "vraem"),
    )
    assert plain(answer.message) == wanted


def test_missing_terrain_is_refused_where_that_is_asked_for(client: canopy.Client) -> None:
    bounds = client.terrain().message.bounding_box
    edge = canopy.Radar(name="Edge", lat_deg=bounds.south_deg + 0.1, lon_deg=bounds.west_deg + 0.1)
    answer = client.floor(sites=edge)
    assert "terrain.missing" in [warning.id for warning in answer.warnings]
    with pytest.raises(canopy.TerrainMissing) as refused:
        client.floor(sites=edge, strict_terrain=True)
    assert refused.value.reason == "TERRAIN_MISSING"


def test_other_answers_are_those_of_the_program(client: canopy.Client, binary: Path) -> None:
    point = "--point=-12.519,-73.829,3000m-amsl"
    checks = client.check(points=(-12.519, -73.829, "3000m-amsl"), scenario="four-modern")
    assert plain(checks.messages[0]) == told(binary, "check", "--scenario", "four-modern", point)
    profile = client.profile(
        point=(-12.519, -73.829),
        altitude="3000m-amsl",
        scenario="four-modern",
        radar_id="mazamari",
        sample_count=50,
        frequency_mhz=1300,
    )
    wanted = told(
        binary,
        *("profile", "--scenario", "four-modern", "--from", "mazamari", "--samples", "50"),
        *("--frequency", "1300MHz", "--to=-12.519,-73.829,3000m-amsl"),
    )
    assert plain(profile.message) == wanted
    # Another k than others ask for: of a surface that is kept, floors are read.
    exposures = client.exposures(airspace="vraem", effective_earth_k=1.37)
    wanted = told(binary, "airstrips", "--within", "vraem", "--exposure", "--k", "1.37")
    # The program asks for the airstrips first, and names no airspace with them.
    assert plain(exposures.message)["exposures"] == wanted["exposures"]
    assert plain(exposures.message)["radars"] == wanted["radars"]


def test_many_points_go_in_batches_and_come_in_order(client: canopy.Client) -> None:
    many = [(-12.6 + i * 1e-5, -69.2) for i in range(20_003)]
    checks = client.check(points=many, altitude="300m-agl", sights=False)
    assert [len(message.outcomes) for message in checks.messages] == [10_000, 10_000, 3]
    lats = [outcome.point.position.lat_deg for outcome in checks.outcomes]
    assert lats == [lat for lat, _ in many]
    assert not checks.outcomes[0].sights


def test_floors(client: canopy.Client, binary: Path, tmp_path: Path) -> None:
    path = tmp_path / "floor.tif"
    kept = client.floor(path=path, compression="none")
    assert kept.path == path
    subprocess.run(
        [binary, "floor", "--out", tmp_path / "wanted.tif"], check=True, capture_output=True
    )
    assert path.read_bytes() == (tmp_path / "wanted.tif").read_bytes()
    assert [p.name for p in tmp_path.glob("*.part")] == []
    passing = client.floor()
    where = passing.path
    assert where.stat().st_size == passing.summary.geotiff_bytes
    del passing
    assert not where.exists()


def test_own_airstrips(client: canopy.Client) -> None:
    own = gpd.GeoDataFrame({"name": ["Mine"]}, geometry=[Point(-73.8, -12.5)], crs="EPSG:4326")
    alone = client.exposures(airstrips=own, builtin_airstrips=False, sites=PICHARI)
    assert [e.airstrip.name for e in alone.message.exposures] == ["Mine"]
    listed = client.airstrips(own=own)
    assert len(listed) == len(client.airstrips()) + 1
    assert len(client.airstrips(own=own, builtin=False)) == 1
    gaps = client.gaps(airstrips=own, airspace="vraem", altitudes="FL100")
    found = [a.name for g in gaps.message.bands[0].gaps for a in g.airstrips]
    assert "Mine" in found


def test_airstrips(client: canopy.Client, binary: Path) -> None:
    near = client.airstrips(near=(-12.6, -69.2), count=3)
    assert len(near) == 3
    assert near.distances_km == sorted(near.distances_km or [])
    circle = client.airstrips(near=Point(-69.2, -12.6), radius_km=50)
    assert circle.distances_km is not None
    assert max(circle.distances_km) <= 50
    assert len(client.airstrips(near=(-12.6, -69.2))) == 10
    inside = client.airstrips(within="vraem")
    assert inside.distances_km is None
    assert len(inside) == len(told(binary, "airstrips", "--within", "vraem")["hits"])
    assert len(client.airstrips(within=box(-75, -14, -72, -11), status="closed")) < len(
        client.airstrips(within=box(-75, -14, -72, -11))
    )


def test_airstrips_page_by_page(client: canopy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [strip.airstrip_id for strip in client.airstrips()]
    monkeypatch.setattr("canopy._catalogue._PAGE", 50)
    assert [strip.airstrip_id for strip in client.airstrips()] == whole


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"near": (1, 2), "within": "vraem"}, "near and within are both given: leave one out"),
        ({"count": 3}, "count and radius_km need a place: give near=(lat, lon) as well"),
        ({"within": "vraem", "radius_km": 3.0}, "count and radius_km need a place"),
        ({"near": (1, 2), "count": 3, "radius_km": 3}, "count and radius_km are both given"),
        ({"near": (1, 2), "count": "3"}, "count='3' cannot be used: give a number, a whole one"),
        ({"near": (1, 2), "count": -3}, "count: -3 is not between 0 and 1000"),
        ({"near": (1, 2), "radius_km": -3}, "radius_km: -3 is not above 0 and at most 20100"),
        ({"within": "narnia"}, 'within: unknown airspace "narnia": want one of '),
        ({"own": [{"name": "A", "lat": 1, "lon": 2, "length_m": -5}]}, "own[0]: length_m: -5 is"),
    ],
)
def test_airstrips_refused(client: canopy.Client, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        client.airstrips(**arguments)
    assert str(refused.value).startswith(said)


def test_the_catalogue(client: canopy.Client) -> None:
    assert client.scenarios().messages[0].scenario_id == "tps70-2015"
    scenario = client.scenario("four-modern")
    assert len(scenario.message.radars) == 4
    assert "an-tps-70" in [m.model_id for m in client.radar_models()]
    assert "vraem" in [a.airspace_id for a in client.airspaces()]
    area = client.airspace("VRAEM").message.area
    assert area.polygons
    by_area = client.gaps(sites=list(scenario.message.radars), airspace=area, altitudes="FL100")
    assert len(by_area.message.radars) == 4
    assert client.terrain().message.columns > 0


def test_elevations(client: canopy.Client) -> None:
    many = [(-12.6, -69.2)] * 10_001
    found = client.elevations(points=many)
    assert len(found) == 10_001
    assert [len(message.elevations) for message in found.messages] == [10_000, 1]


def test_notes_come_with_the_answer(client: canopy.Client) -> None:
    zone = gpd.GeoDataFrame(geometry=[box(-70, -13, -69, -12)], crs="EPSG:4326").to_crs(32719)
    with pytest.warns(UserWarning, match="airspace was reprojected"):
        answer = client.gaps(airspace=zone, altitudes="FL100")
    assert "airspace was reprojected from EPSG:32719 to EPSG:4326" in [
        warning.message for warning in answer.warnings
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"scenario": "x"}, 'scenario: unknown scenario "x": want one of tps70-2015'),
        ({"reach": "far"}, 'reach "far" is not a reach: want disc, horizon or terrain'),
        ({"altitudes": "300"}, 'altitudes[0]: altitude "300" has no unit'),
        ({"min_radars": 99}, "min_radars: 99 is not between 1 and 16"),
        ({"range_km": 5000}, "range_km: 5000 is not between 0.001 and 1000 km"),
        ({"resolution_arcsec": -1}, "resolution_arcsec: -1 is not above 0"),
        ({"range_km": "400km"}, "range_km='400km' cannot be used: give a number, in km"),
        ({"min_radars": 1.5}, "min_radars=1.5 cannot be used: give a number, a whole one"),
        ({"timeout_s": True}, "timeout_s=True cannot be used: give a number, in seconds"),
        ({"tolerance_m": -1}, "tolerance_m: -1 is not between"),
        ({"out_of_service": "X"}, 'out_of_service: no radar "X": want one of Puerto Maldonado'),
        (
            {"sites": {"name": "A", "lat": -12, "lon": -70, "model": "x"}},
            'sites[0]: model_id: unknown radar model "x"',
        ),
        (
            {"scenario": "four-modern", "sites": {"name": "A", "lat": -12, "lon": -70, "k": 99}},
            "sites[0]: effective_earth_k: 99 is not between 0.5 and 10",
        ),
        (
            {"airspace": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}},
            "airspace feature 1: rings[0]: ",
        ),
        (
            {"airstrips": [{"name": "A", "lat": 1, "lon": 2}, {"name": "", "lat": 1, "lon": 2}]},
            "airstrips[1]: key name: empty: every airstrip needs a name",
        ),
    ],
)
def test_questions_refused(client: canopy.Client, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        client.gaps(**arguments)
    assert str(refused.value).startswith(said)


def test_numbers_of_numpy(client: canopy.Client) -> None:
    numbers: dict[str, Any] = {
        "range_km": np.float32(100),
        "effective_earth_k": np.float64(1.4),
        "min_radars": np.int64(1),
    }
    answer = client.gaps(altitudes="FL100", **numbers)
    assert answer.message.radars[0].limits.range_km == 100


def test_other_questions_refused(client: canopy.Client) -> None:
    with pytest.raises(canopy.InvalidInput, match="want none, deflate or zstd"):
        client.floor(compression="lzw")
    with pytest.raises(canopy.InvalidInput, match=r"points\[1\]: agl_m: -5 is not between"):
        client.check(points=[(1, 2, "5m-agl"), (1, 2, "-5m-agl")])
    with pytest.raises(canopy.NotFound, match='unknown scenario "x": want one of'):
        client.scenario("x")


def test_maps_have_a_background_after_the_connection_has_gone(binary: Path) -> None:
    with canopy.local(binary=binary) as client:
        of_a_zone = client.gaps(airspace="vraem", altitudes="FL100")
        of_all = client.airstrips()
        zone = client.airspace("vraem").message.area
        peru = client.airspace("peru").message.area
    assert of_a_zone._area == zone
    assert of_all._area == peru
