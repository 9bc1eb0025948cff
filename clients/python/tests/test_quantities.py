"""Altitudes are read and refused as the program does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import canopy
from canopy._inputs.quantities import altitude, altitudes, check_position
from canopy.v1.geometry_pb2 import Altitude

ACCEPTED = [
    "300m-agl",
    "1000ft-agl",
    "3000ft-amsl",
    "3.5km-AMSL",
    " 300 m AGL ",
    "-10m-amsl",
    "FL100",
    "fl95",
    "1e3m-agl",
    ".5nmi-agl",
    "2mi-amsl",
]

REFUSED = ["300", "300m", "300yd-agl", "300-agl", "", "NaNm-agl", "FLx", "FLInf", "1000ft", "high"]


@pytest.fixture(scope="module")
def program(binary: Path) -> Path:
    return binary


def run(program: Path, text: str) -> subprocess.CompletedProcess[str]:
    arguments = [f"--point=-12,-70,{text}", "--reach", "disc", "-o", "json"]
    return subprocess.run(
        [program, "check", *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("text", ACCEPTED)
def test_altitudes_are_those_of_the_program(program: Path, text: str) -> None:
    answer = json.loads(run(program, text).stdout)
    wanted = answer["outcomes"][0]["point"]["altitude"]
    read = altitude(text)
    assert {str(read.WhichOneof("level")): getattr(read, str(read.WhichOneof("level")))} == wanted


@pytest.mark.parametrize("text", REFUSED)
def test_refusals_are_those_of_the_program(program: Path, text: str) -> None:
    said = run(program, text).stderr
    with pytest.raises(canopy.InvalidInput) as refused:
        altitude(text)
    assert str(refused.value) in said


@pytest.mark.parametrize("number", [300, 300.0])
def test_bare_numbers_are_refused(number: float) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        altitude(number)  # type: ignore[arg-type]
    assert str(refused.value) == ('altitude "300" has no unit: write 300m-agl, 300m-amsl or FL010')


def test_what_is_no_altitude_at_all() -> None:
    with pytest.raises(canopy.InvalidInput, match="is not an altitude"):
        altitude(object())  # type: ignore[arg-type]


def test_messages_are_taken_as_they_are() -> None:
    level = Altitude(agl_m=5)
    assert altitude(level) is level
    assert altitudes(level, "altitudes") == [level]


def test_several_in_one_text_or_in_a_list() -> None:
    assert altitudes("300m-agl, FL100", "a") == altitudes(["300m-agl", "FL100"], "a")
    assert altitudes(None, "a") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "altitudes is empty: leave it out for the scenario's, or write '300m-agl'"),
        (["FL100", "300"], 'altitudes[1]: altitude "300" has no unit'),
        ("300m-agl,", 'altitudes[1]: altitude "" is not an altitude'),
        (300, 'altitudes[0]: altitude "300" has no unit'),
    ],
)
def test_refused_altitudes_say_which(given: object, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        altitudes(given, "altitudes")  # type: ignore[arg-type]
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("lat", "lon", "said"),
    [
        (95, -69, "are latitude and longitude swapped?"),
        (95, 120, "latitude 95 is beyond ±90: write decimal degrees, south negative"),
        (-12, 200, "longitude 200 is beyond ±180: write decimal degrees, west negative"),
        (8606000, 475000, "convert them to WGS-84 (EPSG:4326)"),
        (float("nan"), 0, "are not numbers"),
        (0, float("inf"), "are not numbers"),
    ],
)
def test_positions_off_the_earth(lat: float, lon: float, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        check_position(lat, lon)
    assert said in str(refused.value)


@pytest.mark.parametrize(("lat", "lon"), [(90, 180), (-90, -180), (0, 0)])
def test_positions_on_the_edge(lat: float, lon: float) -> None:
    check_position(lat, lon)
