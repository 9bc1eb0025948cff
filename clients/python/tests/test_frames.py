"""Data frames, shapes and arrays, in whatever coordinate reference system."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

import canopy
from canopy._inputs.airspaces import airspace
from canopy._inputs.airstrips import airstrips
from canopy._inputs.points import places, points
from canopy._inputs.sites import sites

PEM = Point(-69.2282, -12.6131)
UTM = "EPSG:32719"


def frame(geometry: list[Any], crs: str | None = "EPSG:4326", **columns: Any) -> Any:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)


def test_sites_of_a_geodataframe() -> None:
    given = frame(
        [PEM, PEM],
        name=["PEM", "Second"],
        range_km=[400.0, np.nan],
        mast=pd.array([15, pd.NA], dtype="Int64"),
        state=[None, "out of service"],
        comment=["x", "y"],
    )
    given.index = ["a", "b"]
    read = sites(given)
    first, second = read.radars
    assert (first.name, first.limits.range_km, first.mast_m) == ("PEM", 400, 15)
    assert (first.position.lat_deg, first.position.lon_deg) == (-12.6131, -69.2282)
    assert not second.HasField("limits")
    assert not second.HasField("mast_m")
    assert second.state != first.state
    assert read.places == ["sites row a", "sites row b"]
    assert read.notes == []


def test_another_system_is_reprojected_and_said() -> None:
    given = frame([PEM], name=["PEM"]).to_crs(UTM)
    with pytest.warns(UserWarning, match="sites was reprojected from EPSG:32719") as said:
        read = sites(given)
    assert said[0].filename == __file__
    assert read.notes == ["sites was reprojected from EPSG:32719 to EPSG:4326"]
    at = read.radars[0].position
    assert (at.lat_deg, at.lon_deg) == pytest.approx((-12.6131, -69.2282), abs=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84"])
def test_degrees_are_left_alone(crs: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = sites(frame([PEM], crs, name=["PEM"]))
    assert read.radars[0].position.lat_deg == -12.6131


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            frame([PEM], None, name=["PEM"]),
            "sites has no coordinate reference system: "
            "say which it is in: gdf.set_crs('EPSG:4326')",
        ),
        (frame([], name=[]), "sites is empty: it has no rows: was all filtered out?"),
        (frame([PEM], title=["PEM"]), "sites: no column name: there is"),
        (
            frame([LineString([(0, 0), (1, 1)])], name=["A"]),
            "sites row 0: its geometry is a LineString: want a Point",
        ),
        (frame([PEM, None], name=["A", "B"]), "sites row 1: has no geometry: want a Point"),
        (frame([Point()], name=["A"]), "sites row 0: its geometry is a Point"),
        (frame([PEM], name=[None]), "sites row 0: column name: empty: every radar needs a name"),
        (
            frame([PEM], name=["A"], range_km=[1.0], range=[2.0]),
            "sites: columns range_km and range mean the same: keep one",
        ),
        (pd.DataFrame({"name": [], "lat": [], "lon": []}), "sites is empty: it has no rows"),
        (
            pd.DataFrame({"name": ["A"], "lat": [np.nan], "lon": [1.0]}),
            "sites row 0: column lat: empty: want degrees, south negative",
        ),
    ],
)
def test_frames_refused(given: Any, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        sites(given)
    assert str(refused.value).startswith(said)


def test_plain_frames() -> None:
    table = pd.DataFrame({"name": ["Pampa"], "lat": [-12], "lon": [-73.5], "length_m": [800]})
    assert sites(table).radars[0].position.lat_deg == -12
    strip = airstrips(table, True, "airstrips").selection.airstrips[0]
    assert (strip.name, strip.length_m) == ("Pampa", 800)
    assert airstrips(frame([PEM], name=["A"]), True, "own").place(0) == "own row 0"


def test_points() -> None:
    table = pd.DataFrame({"lat_deg": [-12.0, 1.0], "lon_deg": [-73.0, 2.0]})
    for given in (
        table,
        frame([Point(-73, -12), Point(2, 1)]),
        gpd.GeoSeries([Point(-73, -12), Point(2, 1)], crs="EPSG:4326"),
        [Point(-73, -12), Point(2, 1)],
        np.array([[-12, -73], [1, 2]]),
        table.to_numpy(),
    ):
        found = points(given, "300m-agl")
        assert (list(found.lats_deg), list(found.lons_deg)) == ([-12, 1], [-73, 2])
        assert len(found.packed(0, 2)) == 2 * 33
    assert places(Point(-73, -12)).lats_deg == [-12]


def test_points_with_altitudes_of_their_own() -> None:
    given = frame([Point(-73, -12), Point(2, 1)], flight_level=[100, 200])
    assert [level.flight_level for level in points(given, None).altitudes] == [100, 200]


@pytest.mark.parametrize(
    ("given", "source"),
    [
        (frame([Point(-73, -12, 500)]), "points: the heights in its geometries are not used"),
        ([Point(-73, -12, 500)], "points: the heights in its shapes are not used"),
    ],
)
def test_heights_of_shapes_are_not_used_and_that_is_said(given: Any, source: str) -> None:
    with pytest.warns(UserWarning, match=source):
        found = points(given, "300m-agl")
    assert found.notes == [f"{source}: they name no datum"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((2, 3)), "points is an array of 2×3: want N×2"),
        (np.zeros(4), "points is an array of 4: want N×2"),
        ([Polygon()], "points[0] is a Polygon: want a Point that is not empty"),
        ([Point(0, 95)], "points[0]: latitude 95 is beyond ±90"),
        (np.array([[np.nan, 1]]), "points[0]: lat_deg: empty: want degrees"),
    ],
)
def test_points_refused(given: Any, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        points(given, "FL100")
    assert str(refused.value).startswith(said)


def test_airspaces() -> None:
    square = box(-74, -13, -73, -12)
    for given, count in (
        (square, 1),
        (MultiPolygon([square, box(-72, -13, -71, -12)]), 2),
        (frame([square, box(-72, -13, -71, -12)]), 2),
        (gpd.GeoSeries([square], crs="EPSG:4326"), 1),
    ):
        found = airspace(given)
        assert found.selection is not None
        assert len(found.selection.area.polygons) == count
    with_hole = Polygon(square.exterior, [box(-73.6, -12.6, -73.5, -12.5).exterior])
    found = airspace(with_hole)
    assert found.selection is not None
    assert len(found.selection.area.polygons[0].rings) == 2


def test_airspaces_are_reprojected(tmp_path: Path) -> None:
    square = frame([box(-70, -13, -69, -12)]).to_crs(UTM)
    with pytest.warns(UserWarning, match="airspace was reprojected from EPSG:32719"):
        found = airspace(square)
    assert len(found.notes) == 1
    assert found.place(0) == "airspace row 0"
    assert found.selection is not None
    first = found.selection.area.polygons[0].rings[0].positions[0]
    assert abs(first.lat_deg + 13) < 1e-6


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (frame([PEM]), "airspace row 0: its geometry is a Point: an airspace needs polygons"),
        (frame([None, box(0, 0, 1, 1)]), "airspace row 0: has no geometry: leave the row out"),
        (frame([box(0, 0, 1, 1)], None), "airspace has no coordinate reference system"),
        (frame([]), "airspace is empty"),
        (Polygon(), "airspace feature 1: its geometry is empty"),
    ],
)
def test_airspaces_refused(given: Any, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        airspace(given)
    assert str(refused.value).startswith(said)
