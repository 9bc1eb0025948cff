"""What planners have becomes messages, or a refusal that says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import canopy
from canopy import Radar
from canopy._inputs.airspaces import airspace
from canopy._inputs.airstrips import airstrips, statuses
from canopy._inputs.points import place, places, point, points
from canopy._inputs.sites import sites
from canopy.v1 import airstrip_pb2, radar_pb2
from canopy.v1.coverage_pb2 import CheckPointsRequest, Point
from canopy.v1.geometry_pb2 import Altitude, Position

PEM = radar_pb2.Radar(
    radar_id="pem",
    name="Puerto Maldonado",
    model_id="an-tps-70",
    position=Position(lat_deg=-12.6131, lon_deg=-69.2282),
    mast_m=15,
    effective_earth_k=1.42,
    state=radar_pb2.RADAR_STATE_OUT_OF_SERVICE,
    limits=radar_pb2.RadarLimits(
        range_km=400,
        min_range_km=1,
        min_elevation_deg=-1,
        max_elevation_deg=20,
        height_limit_amsl_m=30480,
        sector=radar_pb2.Sector(from_deg=30, to_deg=120),
    ),
)

SHORT: dict[str, Any] = {
    "id": "pem",
    "name": "Puerto Maldonado",
    "lat": -12.6131,
    "lon": -69.2282,
    "model": "an-tps-70",
    "mast_m": 15,
    "range_km": 400,
    "min_range_km": 1,
    "min_elevation_deg": -1,
    "max_elevation_deg": 20,
    "height_limit_amsl_m": 30480,
    "sector_from_deg": 30,
    "sector_to_deg": 120,
    "k": 1.42,
    "state": "out of service",
}

AS_RADAR = Radar(
    radar_id="pem",
    name="Puerto Maldonado",
    lat_deg=-12.6131,
    lon_deg=-69.2282,
    model_id="an-tps-70",
    mast_m=15,
    range_km=400,
    min_range_km=1,
    min_elevation_deg=-1,
    max_elevation_deg=20,
    height_limit_amsl_m=30480,
    sector_from_deg=30,
    sector_to_deg=120,
    effective_earth_k=1.42,
    state="out-of-service",
)


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def csv_of(row: dict[str, Any]) -> str:
    return ",".join(row) + "\n" + ",".join(map(str, row.values())) + "\n"


def feature_of(row: dict[str, Any]) -> dict[str, Any]:
    properties = {key: value for key, value in row.items() if key not in ("lat", "lon")}
    geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(AS_RADAR, id="a Radar"),
        pytest.param([AS_RADAR], id="Radars"),
        pytest.param(SHORT, id="a dictionary"),
        pytest.param((row for row in [SHORT]), id="dictionaries"),
        pytest.param(feature_of(SHORT), id="GeoJSON"),
        pytest.param(PEM, id="a message"),
        pytest.param((PEM,), id="messages"),
    ],
)
def test_sites(given: Any) -> None:
    assert sites(given).radars == [PEM]


def test_sites_in_files(tmp_path: Path) -> None:
    for name, text, place_of_it in (
        ("sites.csv", csv_of(SHORT), "sites.csv line 2"),
        ("sites.geojson", json.dumps(feature_of(SHORT)), "sites.geojson feature 1"),
        ("sites.txt", json.dumps(feature_of(SHORT)), "sites.txt feature 1"),
    ):
        read = sites(write(tmp_path, name, text))
        assert read.radars == [PEM]
        assert read.places == [place_of_it]
        assert sites(str(tmp_path / name)).radars == [PEM]


def test_what_is_left_out_stays_unset() -> None:
    bare = sites(Radar(name="A", lat_deg=1, lon_deg=2)).radars[0]
    assert bare == radar_pb2.Radar(name="A", position=Position(lat_deg=1, lon_deg=2))
    assert not bare.HasField("limits")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "sites is empty: leave it out for the radars of the scenario"),
        (7, "sites is of type int: want canopy.Radar, a dictionary"),
        ([7], "sites[0] is of type int: want a canopy.Radar"),
        ({"name": "A", "lat": 1}, "sites: no key lon: there is name, lat: want at least"),
        ({"name": " ", "lat": 1, "lon": 2}, "sites[0]: key name: empty: every radar needs a name"),
        (
            {"name": "A", "lat": 1, "lon": 2, "rnge_km": 4},
            "sites[0]: unknown key 'rnge_km': want one of name, lat_deg",
        ),
        (
            {"name": "A", "lat": 1, "latitude": 1, "lon": 2},
            "sites[0]: lat and latitude mean the same: keep one",
        ),
        (
            {"name": "A", "lat": 1, "lon": 2, "range_km": "400km"},
            'sites[0]: key range_km: "400km" is not a number',
        ),
        (
            {"name": "A", "lat": 1, "lon": 2, "range_km": True},
            'sites[0]: key range_km: "True" is not a number',
        ),
        ({"name": "A", "lat": None, "lon": 2}, "sites[0]: key lat: empty: want degrees, south"),
        ({"name": "A", "lat": 1, "lon": ""}, "sites[0]: key lon: empty: want degrees, west"),
        ({"name": "A", "lat": 95, "lon": -69}, "sites[0]: latitude 95 is beyond ±90"),
        (
            {"name": "A", "lat": 1, "lon": 2, "state": "broken"},
            'sites[0]: key state: "broken" is not a state: want in-service or out-of-service',
        ),
        (
            {"name": "A", "lat": 1, "lon": 2, "sector_from_deg": 3},
            "sites[0]: key sector_to_deg: empty, but sector_from_deg is set",
        ),
        (
            {"name": "A", "lat": 1, "lon": 2, "sector_to_deg": 3},
            "sites[0]: key sector_from_deg: empty, but sector_to_deg is set",
        ),
    ],
)
def test_sites_refused(given: Any, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        sites(given)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", " \n", "a.csv is empty"),
        ("a.csv", "name,lat,lon\n", "a.csv holds nothing but its header"),
        ("a.csv", "name,latt,lon\nA,1,2\n", "airstrips: no column lat: there is name, lon"),
        (
            "a.csv",
            "name,lat,latitude,lon\nA,1,1,2\n",
            "a.csv line 1: lat and latitude mean the same: keep one",
        ),
        ("a.csv", "name,lat,lon\nA,1,2\nB,abc,2\n", 'a.csv line 3: column lat: "abc" is not a'),
        ("a.csv", "name,lat,lon\nA,NaN,2\n", 'a.csv line 2: column lat: "NaN" is not a number'),
        ("a.csv", "name,lat,lon\nA,1_0,2\n", 'a.csv line 2: column lat: "1_0" is not a number'),
        ("a.csv", "name,lat,lon\nA,1,\n", "a.csv line 2: column lon: empty: want degrees, west"),
        ("a.csv", "name,lat,lon\n,1,2\n", "a.csv line 2: column name: empty: every airstrip"),
        ("a.csv", "name,lat,lon\nA,1\n", "a.csv line 2: 2 values, but the header names 3 columns"),
        ("a.csv", "name,lat,lon\nA,95,-70\n", "a.csv line 2: latitude 95 is beyond ±90"),
        (
            "a.csv",
            "name,lat,lon,status\nA,1,2,busy\n",
            'a.csv line 2: column status: "busy" is not a status: want active, closed or destroyed',
        ),
        ("a.csv", 'name,lat,lon\n"A"b,1,2\n', "a.csv line 2: "),
        ("a.csv", b"name,lat,lon\nA\xf1o,1,2\n", "a.csv is not UTF-8 text"),
        ("a.geojson", "name,lat", "a.geojson is not GeoJSON"),
        ("a.geojson", "[1]", 'a.geojson is not GeoJSON: it has no "type"'),
        ("a.json", '{"type":"FeatureCollection"}', "a.json has no features"),
        ("a.json", '{"type":"Feature"}', "a.json feature 1: has no geometry"),
        ("a.json", '{"type":"Point"}', "a.json feature 1: its geometry has no coordinates"),
        (
            "a.json",
            '{"type":"LineString","coordinates":[]}',
            "a.json feature 1: its geometry is a LineString: want a Point, a Polygon",
        ),
        (
            "a.json",
            '{"type":"Polygon","coordinates":[]}',
            "a.json feature 1: its geometry is a Polygon: want a Point",
        ),
        (
            "a.json",
            '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},'
            '"properties":{"name":"A","id":"x","airstrip_id":"y"}}',
            "a.json feature 1: id and airstrip_id mean the same: keep one",
        ),
        ("a.json", '{"type":"Point","coordinates":[1]}', "a.json feature 1: a position has fewer"),
        (
            "a.json",
            '{"type":"Point","coordinates":["1","2"]}',
            "a.json feature 1: a position is not a list of numbers",
        ),
    ],
)
def test_files_refused(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        airstrips(write(tmp_path, name, text), True, "airstrips")
    assert str(refused.value).startswith(said)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(canopy.InvalidInput, match=r"/nowhere/a\.csv cannot be read: No such file"):
        sites("/nowhere/a.csv")
    with pytest.raises(canopy.InvalidInput, match="is a directory: name a file"):
        sites(tmp_path)
    monkeypatch.setattr("canopy._inputs.files._MAX_FILE_BYTES", 4)
    with pytest.raises(canopy.InvalidInput, match=r"has 0 MiB: at most 0 are read"):
        sites(write(tmp_path, "a.csv", "name,lat,lon\n"))


STRIP = airstrip_pb2.Airstrip(
    airstrip_id="x1",
    name="Pampa",
    position=Position(lat_deg=-12.5, lon_deg=-73.8),
    elevation_amsl_m=600,
    length_m=800,
    status=airstrip_pb2.AIRSTRIP_STATUS_DESTROYED,
    as_of="2024-05-01",
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "id,name,lat,lon,elevation_m,length_m,status,date\n"
            "x1,Pampa,-12.5,-73.8,600,800,destroyed,2024-05-01\n",
            2,
        ),
        (
            "airstrip_id,name,lat_deg,lon_deg,elevation_amsl_m,length_m,status,as_of\n"
            "x1,Pampa,-12.5,-73.8,600,800,Destroyed,2024-05-01\n",
            2,
        ),
        (
            "\ufeffid;Name;LAT;Lon;elevation;length;status;date;notes\n\n"
            'x1;Pampa;-12.5;-73.8;600;800;destroyed;2024-05-01;"a; b"\n',
            3,
        ),
        (
            "id\tname\tlat\tlon\televation_m\tlength_m\tstatus\tdate\n"
            "x1\tPampa\t-12.5\t-73.8\t600\t800\tdestroyed\t2024-05-01\n",
            2,
        ),
    ],
    ids=["short names", "the contract's names", "semicolons, a mark, a blank line", "tabs"],
)
def test_airstrips(tmp_path: Path, text: str, line: int) -> None:
    own = airstrips(write(tmp_path, "a.csv", text), False, "airstrips")
    assert list(own.selection.airstrips) == [STRIP]
    assert own.selection.without_builtin
    assert own.place(0) == f"a.csv line {line}"


def test_airstrips_as_dictionaries() -> None:
    row = {"name": "Pampa", "lat": -12.5, "lon": -73.8, "region": "Junín"}
    for given in (row, [row], feature_of(row)):
        assert airstrips(given, True, "own").selection.airstrips[0].name == "Pampa"
    assert not airstrips(None, True, "own").selection.airstrips


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "own is empty"),
        (7, "own[0] is of type int: want a dictionary"),
        ([("Pampa", -12.5, -73.8)], "own[0] is of type tuple: want a dictionary"),
    ],
)
def test_airstrips_refused(given: Any, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        airstrips(given, True, "own")
    assert str(refused.value).startswith(said)


def test_statuses() -> None:
    assert statuses(None) == []
    assert statuses("closed") == [airstrip_pb2.AIRSTRIP_STATUS_CLOSED]
    assert len(statuses(["active", "unknown"])) == 2
    with pytest.raises(canopy.InvalidInput, match='status: "busy" is not a status: want one of'):
        statuses("busy")


SQUARE = [[-74, -13], [-73, -13], [-73, -12], [-74, -13]]


def test_airspaces_of_the_catalogue() -> None:
    found = airspace("peru/madre-de-dios")
    assert found.selection is not None
    assert found.selection.airspace_id == "peru/madre-de-dios"
    assert airspace(None).selection is None


def test_airspaces_of_files_and_mappings(tmp_path: Path) -> None:
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
            {
                "type": "Feature",
                "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]},
            },
        ],
    }
    path = write(tmp_path, "zone.geojson", json.dumps(document))
    for given, name in ((path, "zone"), (str(path), "zone"), (document, "airspace")):
        found = airspace(given)
        assert found.selection is not None
        area = found.selection.area
        assert area.name == name
        assert len(area.polygons) == 3
        assert area.polygons[0].rings[0].positions[0] == Position(lat_deg=-13, lon_deg=-74)
        place_of = "airspace" if given is document else "zone.geojson"
        assert [found.place(i) for i in range(3)] == [f"{place_of} feature {i}" for i in (1, 2, 2)]
        assert airspace(area).place(1) == "airspace polygon 2"


def test_a_file_of_any_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "zone", json.dumps({"type": "Polygon", "coordinates": [SQUARE]}))
    found = airspace("zone").selection
    assert found is not None
    assert len(found.area.polygons) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (7, "airspace is of type int: want a name of the catalogue"),
        ("no-such.geojson", "no-such.geojson cannot be read"),
        (
            {"type": "Point", "coordinates": [1, 2]},
            "airspace feature 1: its geometry is a Point: an airspace needs polygons",
        ),
        (
            {"type": "MultiPolygon", "coordinates": []},
            "airspace feature 1: its geometry is empty: leave it out",
        ),
        (
            {"type": "Polygon", "coordinates": [[[-12, -95]]]},
            "airspace feature 1 (longitude comes first): latitude -95 is beyond ±90: are",
        ),
        (
            {"type": "Polygon", "coordinates": [[[475000, 8606000]]]},
            "airspace feature 1 (longitude comes first): latitude 8606000 and longitude 475000",
        ),
        (
            {"type": "Polygon", "coordinates": [7]},
            "airspace feature 1: a ring is not a list of positions",
        ),
    ],
)
def test_airspaces_refused(given: Any, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        airspace(given)
    assert str(refused.value).startswith(said)


HIGH = Altitude(agl_m=300)


def messages(given: Any, level: str | None) -> list[Point]:
    """Return points as the server will see them."""
    found = points(given, level)
    return list(CheckPointsRequest.FromString(found.packed(0, len(found))).points)


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ([(-12.5, -73.8)], "300m-agl"),
        ((-12.5, -73.8), "300m-agl"),
        ([[-12.5, -73.8]], "300m-agl"),
        ([(-12.5, -73.8, "300m-agl")], None),
        ((-12.5, -73.8, "300m-agl"), None),
        ([{"lat": -12.5, "lon": -73.8}], "300m-agl"),
        ({"lat_deg": -12.5, "lon_deg": -73.8, "altitude_agl_m": 300}, None),
        ([{"lat": "-12.5", "lng": "-73.8", "altitude": "300m-agl"}], None),
        ({"type": "Point", "coordinates": [-73.8, -12.5, 99]}, "300m-agl"),
    ],
)
def test_points(given: Any, level: str | None) -> None:
    wanted = Point(position=Position(lat_deg=-12.5, lon_deg=-73.8), altitude=HIGH)
    assert messages(given, level) == [wanted]
    if not isinstance(given, list):
        assert point(given, level) == wanted


def test_points_of_many_altitudes() -> None:
    rows = [(0.0, 0.0, "300m-agl"), (1.0, 2.0, "FL100"), (-1.0, -2.0, "-10m-amsl")]
    assert [p.altitude for p in messages(rows, None)] == [
        HIGH,
        Altitude(flight_level=100),
        Altitude(amsl_m=-10),
    ]
    found = points([(float(i), 0.0) for i in range(5)], "0m-agl")
    some = CheckPointsRequest.FromString(found.packed(2, 4)).points
    assert [p.position.lat_deg for p in some] == [2, 3]
    assert some[0].altitude.WhichOneof("level") == "agl_m"


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ("altitude", 'altitude: "3000m-amsl"'),
        ("altitude_agl_m", "agl_m"),
        ("altitude_amsl_m", "amsl_m"),
        ("flight_level", "flight_level"),
    ],
)
def test_points_in_files(tmp_path: Path, columns: str, wanted: str) -> None:
    value = "3000m-amsl" if columns == "altitude" else "100"
    path = write(tmp_path, "points.csv", f"lat,lon,{columns}\n-12.5,-73.8,{value}\n")
    level = messages(path, None)[0].altitude.WhichOneof("level")
    assert level == ("amsl_m" if columns == "altitude" else wanted)


@pytest.mark.parametrize(
    ("given", "level", "said"),
    [
        ([], "FL100", "points is empty: give at least one"),
        (7, "FL100", "points is empty"),
        ([(-12.5, -73.8)], None, "points has no altitude: give altitude='300m-agl'"),
        ([(-12.5, -73.8, 300)], None, 'points[0]: altitude: altitude "300" has no unit'),
        ([(-12.5, -73.8, None), (1, 2, "FL9")], None, "points[0]: altitude: missing"),
        ([(-12.5, -73.8, "FL9")], "FL100", "points has altitude, and altitude is given as well"),
        ([(-12.5,)], "FL100", "points[0] is (-12.5,): want (lat, lon) or (lat, lon, '300m-agl')"),
        (["-12,-73"], "FL100", "points[0] is '-12,-73': want (lat, lon)"),
        ([(1, 2), (95, -12)], "FL100", "points[1]: latitude 95 is beyond ±90"),
        ([("a", 2)], "FL100", 'points[0]: lat_deg: "a" is not a number'),
        ([{"lat": 1}], "FL100", "points: no key lon"),
        ([(1, 2)], "100", 'altitude "100" has no unit'),
    ],
)
def test_points_refused(given: Any, level: str | None, said: str) -> None:
    with pytest.raises(canopy.InvalidInput) as refused:
        points(given, level)
    assert str(refused.value).startswith(said)


def test_places() -> None:
    assert place((-12.5, -73.8), "near") == Position(lat_deg=-12.5, lon_deg=-73.8)
    found = places([(1, 2), (3, 4)])
    assert found.positions()[1] == Position(lat_deg=3, lon_deg=4)
    assert found.place_from(1)(0) == "points[1]"
    with pytest.raises(canopy.InvalidInput, match="near has 2 places: give one"):
        place([(1, 2), (3, 4)], "near")
    with pytest.raises(canopy.InvalidInput, match=r"near\[0\]: latitude 95"):
        place((95, -12), "near")
