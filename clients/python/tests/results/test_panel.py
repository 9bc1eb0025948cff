"""What maps show."""

from __future__ import annotations

import pytest

from canopy.results._layer import Layer
from canopy.results._panel import Box, Panel, around


def points(*places: tuple[float, float]) -> Layer:
    columns = {"lon_deg": [p[0] for p in places], "lat_deg": [p[1] for p in places]}
    return Layer("points", "Point", columns)


def square(side: float) -> list[list[list[tuple[float, float]]]]:
    return [[[(0, 0), (side, 0), (side, side), (0, side), (0, 0)]]]


def test_a_small_outline_is_shown_whole() -> None:
    assert around([points((1, 1), (3, 2))], square(5)) == Box(0, 0, 5, 5)


def test_of_a_large_outline_what_is_near_is_shown() -> None:
    box = around([points((10, 10), (12, 11))], square(50))
    assert box is not None
    assert box == pytest.approx((9.84, 9.84, 12.16, 11.16))


def test_one_point_has_surroundings() -> None:
    box = around([points((1, 1))], [])
    assert box is not None
    assert box.west < 1 < box.east


def test_nothing_is_shown_as_the_outline_or_the_world() -> None:
    assert around([points()], square(5)) == Box(0, 0, 5, 5)
    world = Panel("", [points()]).bounds()
    assert world.west < -180 < 180 < world.east


def test_degrees_of_longitude_shrink_towards_the_poles() -> None:
    assert Box(0, 59, 1, 61).aspect == pytest.approx(2)
