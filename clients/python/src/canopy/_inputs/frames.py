"""Data frames, shapes and arrays, known by what they can do."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canopy._inputs.files import Feature, feature_of, position
from canopy._inputs.tables import Schema, Table, is_absent, of_columns
from canopy.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WGS84 = "EPSG:4326"

_PACKAGE = str(Path(__file__).parent.parent)


def is_geoframe(value: object) -> bool:
    """Tell a GeoDataFrame or a GeoSeries."""
    return hasattr(value, "to_crs") and hasattr(value, "geometry")


def is_frame(value: object) -> bool:
    """Tell a DataFrame."""
    return hasattr(value, "columns") and hasattr(value, "iloc")


def is_shape(value: object) -> bool:
    """Tell a shape, of shapely or of another package that says its geometry."""
    # Asked of the type, as shapes make this anew each time that it is read.
    return hasattr(type(value), "__geo_interface__") and not is_geoframe(value)


def is_array(value: object) -> bool:
    """Tell an array of numpy."""
    return hasattr(value, "ndim") and hasattr(value, "tolist") and not hasattr(value, "iloc")


def in_degrees(frame: Any, source: str, notes: list[str]) -> Any:
    """Return a frame in WGS-84, reprojected with a note where it is in another."""
    if len(frame) == 0:
        raise InvalidInput(f"{source} is empty", remedy="it has no rows: was all filtered out?")
    if frame.crs is None:
        raise InvalidInput(
            f"{source} has no coordinate reference system",
            remedy=f"say which it is in: gdf.set_crs('{WGS84}')",
        )
    if frame.crs.equals(WGS84, ignore_axis_order=True):
        return frame
    name = ":".join(frame.crs.to_authority() or ()) or frame.crs.name
    warn(f"{source} was reprojected from {name} to {WGS84}", notes)
    return frame.to_crs(WGS84)


def warn(note: str, notes: list[str]) -> None:
    """Keep a note for the answer, and warn of it at the line of the caller's."""
    notes.append(note)
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    warnings.warn(note, stacklevel=level)


def points_of_geoframe(frame: Any, schema: Schema, source: str) -> Table:
    """Return the points and the columns of a GeoDataFrame in any system."""
    notes: list[str] = []
    frame = in_degrees(frame, source, notes)
    shapes = frame.geometry
    table = _of_frame(frame, schema, source) if is_frame(frame) else _bare(frame, source)
    kinds, empty = shapes.geom_type.tolist(), shapes.is_empty.tolist()
    for i, (kind, hollow) in enumerate(zip(kinds, empty, strict=True)):
        if kind != "Point" or hollow:
            what = "has no geometry" if is_absent(kind) else f"its geometry is a {kind}"
            raise InvalidInput(f"{table.place(i)}: {what}", remedy="want a Point")
    table.columns["lon_deg"], table.columns["lat_deg"] = shapes.x.tolist(), shapes.y.tolist()
    if shapes.has_z.any():
        warn(f"{source}: the heights in its geometries are not used: they name no datum", notes)
    table.notes = notes
    return table


def table_of_frame(frame: Any, schema: Schema, source: str) -> Table:
    """Return the columns of a DataFrame that the schema knows."""
    if len(frame) == 0:
        raise InvalidInput(f"{source} is empty", remedy="it has no rows: was all filtered out?")
    return _of_frame(frame, schema, source)


def _of_frame(frame: Any, schema: Schema, source: str) -> Table:
    def values(i: int) -> Callable[[], Sequence[Any]]:
        return lambda: list(frame.iloc[:, i].tolist())

    named = ((name, values(i)) for i, name in enumerate(frame.columns))
    return of_columns(named, len(frame), schema, _rows(frame.index, source), source)


def _bare(series: Any, source: str) -> Table:
    return Table(len(series), {}, {}, _rows(series.index, source))


def _rows(index: Any, source: str) -> Callable[[int], str]:
    return lambda i: f"{source} row {index[i]}"


def points_of_shapes(shapes: Sequence[Any], source: str) -> Table:
    """Return shapes, which are points in WGS-84, x the longitude, as a table."""
    lonlats = [_lonlat(shape, f"{source}[{i}]") for i, shape in enumerate(shapes)]
    columns: dict[str, Sequence[Any]] = {
        "lat_deg": [lat for _, lat in lonlats],
        "lon_deg": [lon for lon, _ in lonlats],
    }
    table = Table(len(lonlats), columns, {}, lambda i: f"{source}[{i}]", "")
    if any(getattr(shape, "has_z", False) for shape in shapes):
        warn(f"{source}: the heights in its shapes are not used: they name no datum", table.notes)
    return table


def _lonlat(shape: Any, place: str) -> tuple[float, float]:
    geometry = shape.__geo_interface__
    if geometry.get("type") != "Point" or not geometry.get("coordinates"):
        kind = geometry.get("type")
        raise InvalidInput(f"{place} is a {kind}", remedy="want a Point that is not empty")
    return position(geometry["coordinates"], place)


def points_of_array(array: Any, source: str) -> Table:
    """Return an array of rows of latitude and longitude as a table."""
    if array.ndim != 2 or array.shape[1] != 2:
        raise InvalidInput(
            f"{source} is an array of {'×'.join(map(str, array.shape))}",
            remedy="want N×2: latitude and longitude in degrees",
        )
    columns = {"lat_deg": array[:, 0].tolist(), "lon_deg": array[:, 1].tolist()}
    return Table(len(array), dict(columns), {}, lambda i: f"{source}[{i}]", "")


def polygons_of_geoframe(frame: Any, source: str, notes: list[str]) -> list[Feature]:
    """Return the shapes of a GeoDataFrame in any system as features."""
    frame = in_degrees(frame, source, notes)
    place = _rows(frame.index, source)
    return [_feature_of_shape(shape, place(i)) for i, shape in enumerate(frame.geometry)]


def _feature_of_shape(shape: Any, place: str) -> Feature:
    if shape is None or shape.is_empty:
        raise InvalidInput(f"{place}: has no geometry", remedy="leave the row out")
    return feature_of({"geometry": shape.__geo_interface__}, place)
