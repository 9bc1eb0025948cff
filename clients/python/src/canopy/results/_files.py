"""Answers as files of other programs."""

from __future__ import annotations

import csv as csv_files
import json
import math
import os
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from canopy.errors import InvalidInput
from canopy.results import _words
from canopy.results._extras import need

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from canopy.results._about import About
    from canopy.results._layer import Layer, Polygon, Ring

# In KML, the share of a map that a fill lets through is told in the first of
# four bytes: aabbggrr.
_FILL_ALPHA = "50"


def save(path: Path, writers: Mapping[str, Callable[[Path], None]]) -> None:
    """Write a file by the writer for its ending, whole or not at all."""
    write = writers.get(path.suffix.lower())
    if write is None:
        endings = ", ".join(sorted(writers))
        raise InvalidInput(f'cannot save as "{path.name}"', remedy=f"end it in one of {endings}")
    part = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix.lower()}")
    try:
        write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def csv(path: Path, layer: Layer) -> None:
    """Write a table in the columns of `canopy -o csv`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv_files.writer(file, lineterminator="\n")
        out.writerow(layer.columns)
        for line in zip(*layer.columns.values(), strict=True):
            out.writerow([_text(value) for value in line])


def _text(value: Any) -> str:
    """Write a value as the command does: booleans in lower case, absent ones empty."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else _words.plain(value)
    return str(value)


def geojson(path: Path, layers: Sequence[Layer], members: Mapping[str, object]) -> None:
    """Write one FeatureCollection (RFC 7946) of all layers."""
    features = [feature for layer in layers for feature in _features(layer)]
    collection = {"type": "FeatureCollection", "features": features, **members}
    text = json.dumps(collection, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _features(layer: Layer) -> list[dict[str, Any]]:
    lines = zip(*layer.columns.values(), strict=True)
    return [
        {
            "type": "Feature",
            "geometry": {"type": layer.kind, "coordinates": coordinates},
            "properties": dict(zip(layer.columns, map(_property, line), strict=True))
            | _looks(layer, i),
        }
        for i, (line, coordinates) in enumerate(zip(lines, layer.coordinates(), strict=True))
    ]


def _property(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _looks(layer: Layer, line: int) -> dict[str, Any]:
    """Return simplestyle properties, which map programs draw by."""
    if not layer.colours:
        return {}
    colour = layer.colour(line)
    if layer.kind == "Point":
        return {"marker-color": colour}
    stroke = {"stroke": colour, "stroke-width": 1.5, "stroke-opacity": 0.9}
    return stroke | ({"fill": colour, "fill-opacity": 0.3} if layer.kind != "LineString" else {})


def geopackage(path: Path, layers: Sequence[Layer], members: Mapping[str, object]) -> None:
    """Write a GeoPackage with a table for each layer."""
    pyogrio = need("pyogrio", 'save("….gpkg")')
    metadata = {name: json.dumps(value, ensure_ascii=False) for name, value in members.items()}
    for i, layer in enumerate(layers):
        pyogrio.write_dataframe(
            layer.geodataframe(),
            path,
            layer=layer.name,
            driver="GPKG",
            append=i > 0,
            dataset_metadata=metadata if i == 0 else None,
        )


def kml(path: Path, layers: Sequence[Layer], about: About) -> None:
    """Write KML with a folder for each layer, or for each group in it.

    GDAL's drivers write no styles that are reached from here, without which
    Google Earth draws gaps as opaque white areas: hence this writer.
    """
    root = ElementTree.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = _put(root, "Document")
    _put(document, "name", about.title)
    _put(document, "description", about.text())
    for colour in dict.fromkeys(layer.colour(i) for layer in layers for i in range(len(layer))):
        _style(document, colour)
    for layer in layers:
        _folders(document, layer)
    ElementTree.indent(root, " ")
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _put(parent: ElementTree.Element, tag: str, text: str = "") -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag)
    element.text = text.translate(_words.CONTROLS) or None
    return element


def _style(document: ElementTree.Element, colour: str) -> None:
    style = _put(document, "Style")
    style.set("id", colour.removeprefix("#"))
    bgr = colour[5:7] + colour[3:5] + colour[1:3]
    _put(_put(style, "IconStyle"), "color", "ff" + bgr)
    line = _put(style, "LineStyle")
    _put(line, "color", "ff" + bgr)
    _put(line, "width", "1.5")
    _put(_put(style, "PolyStyle"), "color", _FILL_ALPHA + bgr)


def _folders(document: ElementTree.Element, layer: Layer) -> None:
    groups = layer.columns.get(layer.group_column, [layer.name] * len(layer))
    folders: dict[str, ElementTree.Element] = {}
    lines = zip(*layer.columns.values(), strict=True)
    for i, (line, shape) in enumerate(zip(lines, layer.coordinates(), strict=True)):
        if groups[i] not in folders:
            folders[groups[i]] = _put(document, "Folder")
            _put(folders[groups[i]], "name", groups[i])
        values = dict(zip(layer.columns, map(_text, line), strict=True))
        mark = _put(folders[groups[i]], "Placemark")
        _put(mark, "name", values.get(layer.name_column, ""))
        _put(mark, "styleUrl", "#" + layer.colour(i).removeprefix("#"))
        _data(mark, values)
        _shape(mark, layer.kind, shape)


def _data(mark: ElementTree.Element, values: Mapping[str, str]) -> None:
    data = _put(mark, "ExtendedData")
    for name, text in values.items():
        if text:
            item = _put(data, "Data")
            item.set("name", name)
            _put(item, "value", text)


def _shape(mark: ElementTree.Element, kind: str, shape: Any) -> None:
    if kind == "MultiPolygon":
        parent = _put(mark, "MultiGeometry")
        for rings in shape:
            _polygon(parent, rings)
        return
    _coordinates(_put(mark, kind), [shape] if kind == "Point" else shape)


def _polygon(parent: ElementTree.Element, rings: Polygon) -> None:
    polygon = _put(parent, "Polygon")
    _put(polygon, "tessellate", "1")
    for i, ring in enumerate(rings):
        boundary = _put(polygon, "innerBoundaryIs" if i else "outerBoundaryIs")
        _coordinates(_put(boundary, "LinearRing"), ring)


def _coordinates(parent: ElementTree.Element, places: Ring) -> None:
    text = " ".join(f"{_words.plain(lon)},{_words.plain(lat)}" for lon, lat in places)
    _put(parent, "coordinates", text)
