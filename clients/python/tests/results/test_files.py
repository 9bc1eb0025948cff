"""Files are what other programs, and the command itself, write and read."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import geopandas
import pyogrio
import pytest
import shapely

from canopy import errors, results

from . import messages, rfc7946

if TYPE_CHECKING:
    from pathlib import Path

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (messages.gaps(), "gaps"),
        (messages.checks(), "check"),
        (messages.profile(), "profile"),
        (messages.exposures(), "exposures"),
    ],
)
def test_csv_is_that_of_the_command(answer: results.MapAnswer, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.csv"
    answer.save(path)
    recorded = (messages.TESTDATA / path.name).read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8") == recorded


def saved(answer: results.MapAnswer, path: Path) -> dict[str, Any]:
    answer.save(path)
    collection: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return collection


def test_geojson_is_that_of_the_command(tmp_path: Path) -> None:
    ours = saved(messages.gaps(), tmp_path / "gaps.geojson")
    theirs = json.loads((messages.TESTDATA / "gaps.geojson").read_text(encoding="utf-8"))
    for mine, other in zip(ours["features"], theirs["features"], strict=True):
        if other["geometry"]["type"] == "Polygon":
            # The command writes one polygon where a table wants all alike.
            other["geometry"]["coordinates"] = [other["geometry"]["coordinates"]]
            other["geometry"]["type"] = "MultiPolygon"
        other["properties"].pop("marker-symbol", None)
        assert mine == other
    assert ours["warnings"] == theirs["warnings"]
    assert ours["provenance"] == theirs["provenance"]
    for mine, other in zip(ours["bands"], theirs["bands"], strict=True):
        assert {name: mine[name] for name in other} == other


@pytest.mark.parametrize("answer", [*messages.map_answers(), messages.evil_gaps()])
def test_geojson_keeps_to_its_standard(answer: results.MapAnswer, tmp_path: Path) -> None:
    assert rfc7946.faults(saved(answer, tmp_path / "x.geojson")) == []
    assert len(geopandas.read_file(tmp_path / "x.geojson")) >= 1


@pytest.mark.parametrize(
    ("coordinates", "fault"),
    [
        ([[[0, 0], [0, 1], [1, 1], [0, 0]]], "clockwise"),
        ([[[0, 0], [1, 0], [1, 1], [0, 1]]], "open ring"),
        ([[[0, 0], [1, 0], [0, 0]]], "fewer than four"),
        ([[[200, 0], [201, 0], [201, 1], [200, 0]]], "no longitude"),
    ],
)
def test_the_check_of_the_standard_finds_faults(coordinates: Any, fault: str) -> None:
    geometry = {"type": "MultiPolygon", "coordinates": [coordinates]}
    feature = {"type": "Feature", "geometry": geometry, "properties": {}}
    collection = {"type": "FeatureCollection", "features": [feature], "crs": {}}
    found = rfc7946.faults(collection)
    assert any(fault in text for text in found)
    assert "4: a CRS member" in found


def test_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "gaps.gpkg"
    messages.gaps().save(path)
    messages.gaps().save(path)  # once more: the file is replaced
    assert [name for name, _ in pyogrio.list_layers(path)] == ["gaps", "radars"]
    frame = geopandas.read_file(path, layer="gaps")
    assert frame.crs == "EPSG:4326"
    assert frame["gap_id"].tolist() == messages.gaps().to_geodataframe()["gap_id"].tolist()
    metadata = pyogrio.read_info(path, layer="gaps")["dataset_metadata"]
    assert json.loads(metadata["warnings"])[0]["warning_id"] == "terrain.demonstration"
    assert "SRTM30" in json.loads(metadata["provenance"])["terrain"]["name"]


def test_absent_numbers_are_empty_in_files(tmp_path: Path) -> None:
    elevations = messages.elevations()
    elevations.save(tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8") as file:
        assert list(csv.DictReader(file))[1]["elevation_amsl_m"] == ""
    features = saved(elevations, tmp_path / "x.geojson")["features"]
    assert features[1]["properties"]["elevation_amsl_m"] is None
    elevations.save(tmp_path / "x.gpkg")
    assert geopandas.read_file(tmp_path / "x.gpkg")["elevation_amsl_m"].isna().tolist() == [
        False,
        True,
    ]


def test_kml(tmp_path: Path) -> None:
    path = tmp_path / "gaps.kml"
    messages.gaps().save(path)
    document = ElementTree.parse(path).getroot()
    folders = [f.findtext(f"{KML}name") for f in document.iter(f"{KML}Folder")]
    assert folders == ["300m-agl", "FL290", "radars"]
    styles = {f"#{style.get('id')}" for style in document.iter(f"{KML}Style")}
    assert {mark.findtext(f"{KML}styleUrl") for mark in document.iter(f"{KML}Placemark")} <= styles
    assert "DEMONSTRATION" in (document.findtext(f"{KML}Document/{KML}description") or "")
    read = pyogrio.read_dataframe(path, layer="300m-agl")
    gaps = messages.gaps().to_geodataframe()
    ours = gaps[gaps["altitude"] == "300m-agl"].geometry
    assert shapely.equals(shapely.force_2d(read.geometry.to_numpy()), ours.to_numpy()).all()


def test_kml_of_a_ray_and_of_holes(tmp_path: Path) -> None:
    messages.profile().save(tmp_path / "ray.kml")
    assert "<LineString>" in (tmp_path / "ray.kml").read_text(encoding="utf-8")
    messages.evil_gaps().save(tmp_path / "holes.kml")
    text = (tmp_path / "holes.kml").read_text(encoding="utf-8")
    ElementTree.fromstring(text.encode())
    assert text.count("<innerBoundaryIs>") == 1
    assert "<script>" not in text


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's ogrinfo is not there")
@pytest.mark.parametrize("ending", ["gpkg", "geojson", "kml"])
def test_gdal_opens_files(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"exposures.{ending}"
    messages.exposures().save(path)
    command = ["ogrinfo", "-ro", "-al", "-so", str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Feature Count:" in told
    assert "WGS 84" in told


@pytest.mark.parametrize("answer", messages.map_answers())
def test_every_answer_is_saved_in_every_format(answer: results.MapAnswer, tmp_path: Path) -> None:
    for ending in (".csv", ".geojson", ".gpkg", ".kml", ".png"):
        answer.save(tmp_path / f"answer{ending}")
    # Nothing is left of what files were made from.
    assert len(list(tmp_path.iterdir())) == 5


def test_unknown_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        errors.InvalidInput, match=r"x\.shp.*\.csv, \.geojson, \.gpkg, \.kml, \.png"
    ):
        messages.gaps().save(tmp_path / "x.shp")
    with pytest.raises(ValueError, match=r"\.png, \.tif"):
        messages.floor().save(tmp_path / "x.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_stays_where_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "gaps.geojson"
    path.write_text("before", encoding="utf-8")
    gaps = messages.gaps()
    gaps.message.bands[0].gaps[0].area_km2 = float("inf")
    with pytest.raises(ValueError, match="JSON compliant"):
        gaps.save(path)
    assert path.read_text(encoding="utf-8") == "before"
    assert len(list(tmp_path.iterdir())) == 1
