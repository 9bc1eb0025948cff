"""Files and mappings: CSV, and the part of GeoJSON that planners send."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canopy._inputs.tables import POSITION, Schema, Table, column
from canopy.errors import InvalidInput

# Bounds a file; ten thousand airstrips take about one MiB.
_MAX_FILE_BYTES = 64 << 20


@dataclass(frozen=True)
class File:
    """A text of the user's and what it is called."""

    name: str
    text: str

    @property
    def is_geojson(self) -> bool:
        """Tell GeoJSON from CSV, by the ending or by how it begins."""
        return is_geojson_name(self.name) or self.text.lstrip().startswith("{")

    def features(self) -> list[Feature]:
        """Return the features of a GeoJSON."""
        try:
            document = json.loads(self.text)
        except ValueError as error:
            raise InvalidInput(f"{self.name} is not GeoJSON: {error}") from None
        return features(document, self.name)

    def table(self, schema: Schema) -> Table:
        """Return the rows of a CSV or the points of a GeoJSON."""
        if self.is_geojson:
            return table_of_features(self.features(), schema)
        return _table_of_csv(self, schema)


@dataclass(frozen=True)
class Feature:
    """A shape with properties, and its place: "zone.geojson feature 2"."""

    place: str
    kind: str
    coordinates: Any
    properties: Mapping[str, Any]


def read(path: str | os.PathLike[str]) -> File:
    """Return a file that is text, and not too large."""
    shown = os.fspath(path)
    try:
        if Path(path).is_dir():
            raise InvalidInput(f"{shown} is a directory", remedy="name a file")
        size = Path(path).stat().st_size
        if size > _MAX_FILE_BYTES:
            raise InvalidInput(
                f"{shown} has {size >> 20} MiB", remedy=f"at most {_MAX_FILE_BYTES >> 20} are read"
            )
        data = Path(path).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{shown} cannot be read: {error.strerror}") from None
    name = Path(path).name
    try:
        # Spreadsheets put a mark in front of UTF-8.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(
            f"{name} is not UTF-8 text", remedy="save it as CSV UTF-8 or as GeoJSON"
        ) from None
    if not text.strip():
        raise InvalidInput(f"{name} is empty")
    return File(name, text)


def is_geojson_name(name: str) -> bool:
    """Tell whether a name ends as those of GeoJSON files do."""
    return name.lower().endswith((".geojson", ".json"))


def is_geojson_mapping(value: object) -> bool:
    """Tell whether a value is GeoJSON that has been read already."""
    return isinstance(value, Mapping) and isinstance(value.get("type"), str)


def features(document: Any, name: str) -> list[Feature]:
    """Return the features of a collection, of a feature, or of a bare shape."""
    if not is_geojson_mapping(document):
        raise InvalidInput(f'{name} is not GeoJSON: it has no "type"')
    if document["type"] == "FeatureCollection":
        listed = document.get("features") or []
    elif document["type"] == "Feature":
        listed = [document]
    else:
        listed = [{"type": "Feature", "geometry": document}]
    if not listed:
        raise InvalidInput(f"{name} has no features")
    return [feature_of(feature, f"{name} feature {i + 1}") for i, feature in enumerate(listed)]


def feature_of(feature: Any, place: str) -> Feature:
    """Return a feature that has been read, of a point or of polygons."""
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    if not isinstance(geometry, Mapping):
        raise InvalidInput(f"{place}: has no geometry")
    kind = str(geometry.get("type"))
    if kind not in ("Point", "Polygon", "MultiPolygon"):
        raise InvalidInput(
            f"{place}: its geometry is a {kind}", remedy="want a Point, a Polygon or a MultiPolygon"
        )
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, Sequence):
        raise InvalidInput(f"{place}: its geometry has no coordinates")
    return Feature(place, kind, coordinates, feature.get("properties") or {})


def position(coordinates: Any, place: str) -> tuple[float, float]:
    """Return longitude and latitude of a position, of which a height is left."""
    try:
        lon, lat = coordinates[0], coordinates[1]
    except (TypeError, IndexError, KeyError):
        raise InvalidInput(f"{place}: a position has fewer than two numbers") from None
    if not isinstance(lon, (int, float)) or not isinstance(lat, (int, float)):
        raise InvalidInput(f"{place}: a position is not a list of numbers")
    return float(lon), float(lat)


def table_of_features(listed: Sequence[Feature], schema: Schema) -> Table:
    """Return points as a table. The position is that of the geometry."""
    for feature in listed:
        if feature.kind != "Point":
            raise InvalidInput(
                f"{feature.place}: its geometry is a {feature.kind}", remedy="want a Point"
            )
    lonlats = [position(feature.coordinates, feature.place) for feature in listed]
    table = Table(len(listed), {}, {}, lambda i: listed[i].place, "property")
    for spelled in dict.fromkeys(key for feature in listed for key in feature.properties):
        name = column(schema, spelled)
        if name is not None and name not in POSITION:
            values = [feature.properties.get(spelled) for feature in listed]
            _add_column(table, name, spelled, values, listed[0].place)
    table.columns["lon_deg"] = [lon for lon, _ in lonlats]
    table.columns["lat_deg"] = [lat for _, lat in lonlats]
    return table


def _table_of_csv(file: File, schema: Schema) -> Table:
    """Return the rows of a CSV whose first line names the columns."""
    reader = csv.reader(
        file.text.splitlines(keepends=True),
        delimiter=_delimiter(file.text),
        skipinitialspace=True,
        strict=True,
    )
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = next(reader)
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise InvalidInput(f"{file.name} line {reader.line_num}: {error}") from None
    if not rows:
        raise InvalidInput(f"{file.name} holds nothing but its header")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(header):
            raise InvalidInput(
                f"{file.name} line {line}: {len(row)} values, "
                f"but the header names {len(header)} columns"
            )
    table = Table(len(rows), {}, {}, lambda i: f"{file.name} line {lines[i]}")
    for i, spelled in enumerate(header):
        name = column(schema, spelled)
        if name is not None:
            _add_column(table, name, spelled, [row[i] for row in rows], f"{file.name} line 1")
    return table


def _add_column(table: Table, name: str, spelled: str, values: Sequence[Any], source: str) -> None:
    if name in table.columns:
        raise InvalidInput(
            f"{source}: {table.spelled[name]} and {spelled.strip()} mean the same",
            remedy="keep one",
        )
    table.columns[name], table.spelled[name] = values, spelled.strip()


def _delimiter(text: str) -> str:
    """Return what separates names in the first line: spreadsheets write ; too."""
    first = text.split("\n", 1)[0]
    return next((mark for mark in ",;\t" if mark in first), ",")
