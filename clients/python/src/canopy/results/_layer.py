"""Things of one sort in an answer, with their places.

Everything that is drawn or saved is made of layers: a table, column by column,
and what stands for each line on a map. Columns have the names of the contract
and of the files of the command `canopy`; a number that is absent is NaN.
"""

from __future__ import annotations

import gc
import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from canopy.results._extras import need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pandas import DataFrame

    from canopy.v1 import geometry_pb2

Columns: TypeAlias = "dict[str, list[Any]]"
# Longitude and latitude in degrees, as GeoJSON has them.
Place: TypeAlias = "tuple[float, float]"
Ring: TypeAlias = "list[Place]"
Polygon: TypeAlias = "list[Ring]"

ABSENT = math.nan

# Outlines are rounded to about a centimetre.
_DIGITS = 7


@dataclass(frozen=True)
class Layer:
    """Things of one sort.

    Points stand where their columns lat_deg and lon_deg say. Of other kinds,
    shapes has one shape a line: a list of polygons, or of places.
    """

    name: str
    kind: Literal["Point", "MultiPolygon", "LineString"]
    columns: Columns
    shapes: Sequence[Sequence[Any]] = ()
    # One colour a line; all of the layer's own kind look alike without them.
    colours: Sequence[str] = ()
    # What the colours stand for.
    key: Mapping[str, str] | None = None
    # The column that names a thing, and that groups things on maps.
    name_column: str = "name"
    # The columns that a map tells under the pointer; all where none are named.
    told: Sequence[str] = ()
    group_column: str = ""
    # Whether places are written to the last digit, as for sites: a file of them,
    # read back, then asks the very same question.
    exact: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def colour(self, line: int) -> str:
        return self.colours[line] if self.colours else "#000000"

    def coordinates(self) -> Iterator[Any]:
        """Yield what GeoJSON calls coordinates, line by line."""
        if self.kind != "Point":
            yield from self.shapes
            return
        for lon, lat in zip(self.columns["lon_deg"], self.columns["lat_deg"], strict=True):
            yield (lon, lat) if self.exact else (round(lon, _DIGITS), round(lat, _DIGITS))

    def dataframe(self) -> DataFrame:
        frame: DataFrame = need("pandas", "to_dataframe()").DataFrame(self.columns)
        return frame

    def geodataframe(self) -> GeoDataFrame:
        geopandas = need("geopandas", "to_geodataframe()")
        frame: GeoDataFrame = geopandas.GeoDataFrame(
            self.columns, geometry=self._geometries(), crs="EPSG:4326"
        )
        return frame

    def _geometries(self) -> NDArray[np.object_]:
        shapely = need("shapely", "to_geodataframe()")
        if self.kind == "Point":
            points: NDArray[np.object_] = shapely.points(
                self.columns["lon_deg"], self.columns["lat_deg"]
            )
            return points
        numpy = need("numpy", "to_geodataframe()")
        shapes: NDArray[np.object_] = numpy.empty(len(self.shapes), dtype=object)
        make = _multipolygon if self.kind == "MultiPolygon" else shapely.LineString
        shapes[:] = [make(shape) for shape in self.shapes]
        return shapes


def _multipolygon(polygons: Sequence[Polygon]) -> Any:
    shapely = need("shapely", "to_geodataframe()")
    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygons])


def polygon(message: geometry_pb2.Polygon) -> Polygon:
    """Return the rings of a polygon of the contract, wound as RFC 7946 asks."""
    return [
        [(round(p.lon_deg, _DIGITS), round(p.lat_deg, _DIGITS)) for p in ring.positions]
        for ring in message.rings
    ]


def area_polygons(message: geometry_pb2.Area) -> list[Polygon]:
    return [polygon(p) for p in message.polygons]


def optional(messages: Sequence[Any], field: str) -> list[float]:
    """Return a field of each message, NaN where it is not set."""
    return [getattr(m, field) if m.HasField(field) else ABSENT for m in messages]


def place_columns(positions: Sequence[geometry_pb2.Position]) -> Columns:
    return {
        "lat_deg": [p.lat_deg for p in positions],
        "lon_deg": [p.lon_deg for p in positions],
    }


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector of garbage off: it would walk over all messages again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
