"""One question asked by the program, over HTTP, and from Python: one answer."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from results import rfc7946

import canopy
from canopy.v1 import coverage_pb2, siting_pb2

POINTS = [(-12.519, -73.829), (-12.6131, -69.2282), (-3.75, -73.25)]
OWN = {"name": "Pichari", "lat_deg": -12.519, "lon_deg": -73.829, "mast_m": 15.0}


@dataclass
class Server:
    """A server that listens on both ports."""

    binary: Path
    address: str
    http: str

    def program(self, *args: str) -> bytes:
        """Return what the program says; 3 is its exit code for a point that is not seen."""
        command = [str(self.binary), *args, "--server", self.address]
        done = subprocess.run(command, check=False, capture_output=True)
        assert done.returncode in (0, 3), done.stderr
        return done.stdout

    def post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self.http + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read()


@pytest.fixture(scope="module")
def server(binary: Path) -> Iterator[Server]:
    command = [str(binary), "serve", "--until-eof", "--operations", "off"]
    command += ["--address", "127.0.0.1:0", "--http-address", "127.0.0.1:0"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stdin is not None
        first, second = process.stderr.readline(), process.stderr.readline()
        try:
            address, http = first.split()[3].rstrip(";"), second.split()[-1]
            yield Server(binary, address, f"http://{http}")
        finally:
            process.stdin.close()


@dataclass
class Question:
    """The same question in three languages."""

    program: list[str]
    path: str
    body: dict[str, Any]
    python: Callable[[canopy.Client], Any]
    answer: type[Any]


def _at(lat_deg: float, lon_deg: float) -> dict[str, Any]:
    return {
        "position": {"lat_deg": lat_deg, "lon_deg": lon_deg},
        "altitude": {"agl_m": 3000},
    }


QUESTIONS = {
    "gaps of a scenario": Question(
        [
            "gaps",
            "--scenario",
            "four-modern",
            "--airspace",
            "vraem",
            "--altitude",
            "300m-agl,FL100",
        ],
        "/v1/gaps",
        {
            "network": {"scenario_id": "four-modern"},
            "airspace": {"airspace_id": "vraem"},
            "altitudes": [{"agl_m": 300}, {"flight_level": 100}],
        },
        lambda client: client.gaps(
            scenario="four-modern", airspace="vraem", altitudes=["300m-agl", "FL100"]
        ),
        coverage_pb2.FindGapsResponse,
    ),
    "gaps of one's own site": Question(
        [
            "gaps",
            "--radar",
            "name=Pichari,lat=-12.519,lon=-73.829,mast=15m",
            "--airspace",
            "peru/cusco",
            "--altitude",
            "1000m-amsl",
            "--k",
            "1.25",
            "--range",
            "250km",
        ],
        "/v1/gaps",
        {
            "network": {
                "radars": [
                    {
                        "name": "Pichari",
                        "position": {"lat_deg": -12.519, "lon_deg": -73.829},
                        "mast_m": 15,
                    }
                ]
            },
            "airspace": {"airspace_id": "peru/cusco"},
            "altitudes": [{"amsl_m": 1000}],
            "options": {"effective_earth_k": 1.25, "limits": {"range_km": 250}},
        },
        lambda client: client.gaps(
            sites=[OWN],
            airspace="peru/cusco",
            altitudes="1000m-amsl",
            effective_earth_k=1.25,
            range_km=250,
        ),
        coverage_pb2.FindGapsResponse,
    ),
    "points": Question(
        ["check", "--scenario", "four-modern"]
        + [f"--point={lat_deg},{lon_deg},3000m-agl" for lat_deg, lon_deg in POINTS],
        "/v1/points:check",
        {
            "network": {"scenario_id": "four-modern"},
            "points": [_at(*place) for place in POINTS],
        },
        lambda client: client.check(points=POINTS, altitude="3000m-agl", scenario="four-modern"),
        coverage_pb2.CheckPointsResponse,
    ),
    "airstrips": Question(
        ["airstrips", "--exposure", "--scenario", "four-modern"],
        "/v1/airstrips:assess",
        {"network": {"scenario_id": "four-modern"}},
        lambda client: client.exposures(scenario="four-modern"),
        coverage_pb2.AssessAirstripsResponse,
    ),
    "a ray": Question(
        [
            "profile",
            "--scenario",
            "four-modern",
            "--from",
            "mazamari",
            "--to=-12.519,-73.829,FL100",
        ],
        "/v1/profile",
        {
            "network": {"scenario_id": "four-modern"},
            "radar_id": "mazamari",
            "point": {
                "position": {"lat_deg": -12.519, "lon_deg": -73.829},
                "altitude": {"flight_level": 100},
            },
        },
        lambda client: client.profile(
            scenario="four-modern", radar_id="mazamari", point=(-12.519, -73.829), altitude="FL100"
        ),
        coverage_pb2.GetProfileResponse,
    ),
    "candidates": Question(
        ["candidates", "--within", "vraem", "--near-access", "25km", "--thin", "15km"],
        "/v1/candidates:find",
        {
            "search": {
                "within": {"airspace_id": "vraem"},
                "near_access_km": 25,
                "thin_km": 15,
            }
        },
        lambda client: client.candidates(within="vraem", near_access_km=25, thin_km=15),
        siting_pb2.FindCandidatesResponse,
    ),
    "criticality": Question(
        [
            *("criticality", "--scenario", "four-modern", "--airspace", "peru/cusco"),
            *("--altitude", "3000m-agl", "--zone", "vraem", "--airstrip-height", "500m-agl"),
            *("--availability", "80%", "--availability", "mazamari=0.5"),
        ],
        "/v1/criticality:assess",
        {
            "network": {"scenario_id": "four-modern"},
            "airspace": {"airspace_id": "peru/cusco"},
            "altitudes": [{"agl_m": 3000}],
            "zones": [{"airspace_id": "vraem"}],
            "max_airstrip_agl_m": 500,
            "availability": 0.8,
            "availabilities": [{"radar_id": "mazamari", "availability": 0.5}],
        },
        lambda client: client.criticality(
            scenario="four-modern",
            airspace="peru/cusco",
            altitudes="3000m-agl",
            zones="vraem",
            max_airstrip_agl_m=500,
            availability=0.8,
            availabilities={"mazamari": 0.5},
        ),
        siting_pb2.AssessCriticalityResponse,
    ),
    "suggestions": Question(
        [
            *("gaps", "--scenario", "four-modern", "--airspace", "vraem"),
            *("--altitude", "1000m-agl", "--suggest", "--near-access", "25km"),
        ],
        "/v1/gaps:suggest",
        {
            "gaps": {
                "network": {"scenario_id": "four-modern"},
                "airspace": {"airspace_id": "vraem"},
                "altitudes": [{"agl_m": 1000}],
            },
            "candidates": {"search": {"near_access_km": 25}},
        },
        lambda client: client.gaps(
            scenario="four-modern",
            airspace="vraem",
            altitudes="1000m-agl",
            suggest=canopy.Search(near_access_km=25),
        ),
        siting_pb2.SuggestSitesResponse,
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_same_answer(server: Server, name: str) -> None:
    question = QUESTIONS[name]
    program = json_format.Parse(server.program(*question.program, "-o", "json"), question.answer())
    http = json_format.Parse(server.post(question.path, question.body), question.answer())
    with canopy.connect(server.address) as client:
        python = question.python(client)
        message = _message(python)
    assert program.ByteSize() > 100
    assert http == program
    assert message == program


def _message(answer: Any) -> Any:
    if getattr(answer, "suggested", None) is not None:
        return answer.suggested
    (message,) = answer.messages if hasattr(answer, "messages") else [answer.message]
    return message


@pytest.mark.parametrize("name", ["candidates", "criticality", "suggestions"])
def test_same_tables(server: Server, name: str, tmp_path: Path) -> None:
    with canopy.connect(server.address) as client:
        QUESTIONS[name].python(client).save(tmp_path / "python.csv")
    program = server.program(*QUESTIONS[name].program, "-o", "csv")
    assert (tmp_path / "python.csv").read_text("utf-8") == program.decode()


PLAN = [
    *("plan", "--count", "3", "--scenario", "tps70-2015", "--airspace", "vraem"),
    *("--altitude", "300m-agl=2,FL100", "--near-access", "25km", "--thin", "15km"),
    *("--zone", "vraem=2", "--airstrip-weight", "100km2", "--min-spacing", "30km"),
    *("--cost", "modern-3d=20M", "--count-weights", "1,0.5", "--seed", "7"),
]


def plan(client: canopy.Client) -> canopy.PlanOperation:
    """Ask the same question as PLAN."""
    return client.start_plan(
        count=3,
        scenario="tps70-2015",
        airspace="vraem",
        altitudes={"300m-agl": 2, "FL100": 1},
        candidates=canopy.Search(near_access_km=25, thin_km=15),
        zones={"vraem": 2},
        airstrip_weight_km2=100,
        min_spacing_km=30,
        cost_usd={"modern-3d": 20e6},
        count_weights=(1, 0.5),
        seed=7,
    )


def test_same_plan(server: Server) -> None:
    """A plan is the same from the program, from Python, and by its name over HTTP."""
    program = json_format.Parse(
        server.program(*PLAN, "-o", "json"), siting_pb2.PlanNetworkResponse()
    )
    with canopy.connect(server.address) as client:
        operation = plan(client)
        python = operation.result()
    with urllib.request.urlopen(f"{server.http}/v1/{operation.name}") as answer:
        told = json.load(answer)
    told["response"].pop("@type")
    http = json_format.ParseDict(told["response"], siting_pb2.PlanNetworkResponse())
    assert len(program.steps) == 3
    assert python.message == program
    assert http == program


def test_same_files_of_a_plan(server: Server, tmp_path: Path) -> None:
    """A plan's files are those of the program, and either is the network of the plan."""
    with canopy.connect(server.address) as client:
        python = plan(client).result()
        python.save(tmp_path / "plan.csv")
        python.save(tmp_path / "plan.geojson")
        assert (tmp_path / "plan.csv").read_bytes() == server.program(*PLAN, "-o", "csv")
        theirs = json.loads(server.program(*PLAN, "-o", "geojson"))
        mine = json.loads((tmp_path / "plan.geojson").read_text("utf-8"))
        for ours, other in zip(mine["features"], theirs["features"], strict=True):
            other["properties"].pop("marker-symbol")
            assert ours == other
        assert mine.keys() == theirs.keys()
        last = [band.covered_area_km2 for band in python.message.steps[-1].stage.bands]
        for sites in (python, python.sites, tmp_path / "plan.csv", tmp_path / "plan.geojson"):
            gaps = client.gaps(sites=sites, airspace="vraem", altitudes=python.altitudes)
            assert [band.covered_area_km2 for band in gaps.bands] == last


def test_same_files(server: Server, tmp_path: Path) -> None:
    """Gaps as GeoJSON and the floor are the same bytes, wherever they come from."""
    asked = ["--scenario", "four-modern", "--airspace", "vraem", "--altitude", "300m-agl"]
    gaps = server.program("gaps", *asked, "-o", "geojson")
    with urllib.request.urlopen(
        f"{server.http}/gaps.geojson?scenario=four-modern&airspace=vraem&altitude=300m-agl"
    ) as answer:
        assert answer.read() == gaps

    path = tmp_path / "program.tif"
    server.program("floor", "--scenario", "tps70-2015", "--compress", "deflate", "--out", str(path))
    floor = path.read_bytes()
    with urllib.request.urlopen(f"{server.http}/floor.tif?scenario=tps70-2015") as answer:
        assert answer.read() == floor
    with canopy.connect(server.address) as client:
        client.floor(scenario="tps70-2015", path=tmp_path / "python.tif")
    assert (tmp_path / "python.tif").read_bytes() == floor


@pytest.mark.parametrize(
    "path",
    [
        "/gaps.geojson?scenario=four-modern&altitude=300m-agl,FL100",
        "/sites.geojson?scenario=four-modern",
        "/airstrips.geojson",
        "/airspaces/peru.geojson",
    ],
)
def test_geojson_of_http(server: Server, path: str) -> None:
    with urllib.request.urlopen(server.http + path) as answer:
        collection = json.load(answer)
    assert collection["features"]
    assert rfc7946.faults(collection) == []


def test_description_of_http(server: Server) -> None:
    """What /openapi.json says is OpenAPI, and has all that this file asks."""
    validator = pytest.importorskip("openapi_spec_validator", reason="a tool of development")
    with urllib.request.urlopen(f"{server.http}/openapi.json") as answer:
        described = json.load(answer)
    validator.validate(described)
    asked = {question.path for question in QUESTIONS.values()} | {"/gaps.geojson", "/floor.tif"}
    assert asked <= described["paths"].keys()
